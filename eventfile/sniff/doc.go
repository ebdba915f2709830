// Package sniff says what a file is that lies where an event file should: by its
// first bytes, and by the payload of its first record. Its answers are words that
// end the sentence "this is ...".
package sniff
