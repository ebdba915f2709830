package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// measure COMMAND... runs the command, which has nothing to say on standard output, and prints the most memory that it
// had at a time, in KiB.
//
// The kernel counts with a process what the one that starts it had: this program is small when it does so, a test
// binary amid its tests is not.
func measure() {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
}
