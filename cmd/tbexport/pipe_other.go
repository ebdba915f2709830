//go:build !linux

package main

import "io"

// widenPipe does nothing: pipes have a size of their own.
func widenPipe(io.Writer) {}
