// Package ui is what a program says to people in a terminal: a screen and its
// width and colours, tables and grids that fit it, numbers and times as they
// are read, text from elsewhere made safe to print, a bar for long work, and
// frames that are drawn over each other. It writes only where it is asked to.
package ui
