//go:build !linux

package main

// measure is only for tests that run on Linux.
func measure() { panic("the memory of a process is measured on Linux only") }
