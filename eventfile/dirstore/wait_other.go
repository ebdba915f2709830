//go:build !unix

package dirstore

// doNotWait is nothing where a file's kind, asked before, is all there is to go by.
const doNotWait = 0
