//go:build !unix

package wandb

import (
	"context"
)

// lock takes no lock: of two that write one run at once, one fails.
func lock(context.Context, string, func()) (release func(), err error) { return func() {}, nil }
