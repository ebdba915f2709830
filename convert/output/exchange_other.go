//go:build !linux

package output

import (
	"errors"
)

// exchange swaps two directories in one step, which only Linux can.
func exchange(a, b string) error { return errors.ErrUnsupported }
