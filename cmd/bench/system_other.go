//go:build !linux && !darwin

package main

import (
	"math"
	"os"
)

// peakMemory is not known here.
func peakMemory(*os.ProcessState) int64 { return 0 }

// freeBytes is not known here: making a logdir fails where there is no room.
func freeBytes(string) (int64, error) { return math.MaxInt64, nil }
