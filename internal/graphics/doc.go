// Package graphics shows pictures on terminals that can.
//
//	Decode ──▶ image, if it is of a size to be shown ──Fit──▶ for the screen ──Encode──▶ the terminal's protocol
//
// What a picture's file holds never gets to the terminal: it is decoded, and encoded
// again. What a terminal can is taken from the environment: to ask it would hang
// where nobody answers.
package graphics
