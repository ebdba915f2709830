// Package rowtext turns records into text formats that have one line a row, on all cores and in order.
//
// A format says how rows and values are written (a Syntax); this package compiles the columns of a record once, cuts
// its rows into pieces, lets goroutines format the pieces into large buffers and writes these in row order. The
// bytes do not depend on the number of goroutines.
package rowtext
