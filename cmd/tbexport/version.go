package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// version is what the linker says: -ldflags "-X main.version=1.2.3".
var version string

// programVersion is the version of the program, which files it writes say, too:
// the linker's, or that of the module it was built from, or "devel".
func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := strings.TrimPrefix(info.Main.Version, "v"); v != "" && v != "(devel)" {
			return v
		}
	}
	return "devel"
}

func newVersion(c console) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  noArgs,
		RunE:  func(*cobra.Command, []string) error { return sayVersion(c) },
	}
}

func sayVersion(c console) error {
	_, err := fmt.Fprintf(c.out, "tbexport %s (%s, %s/%s)\n", programVersion(), runtime.Version(), runtime.GOOS,
		runtime.GOARCH)
	return err
}

func noArgs(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%q is one word too many", args[0])
	}
	return nil
}
