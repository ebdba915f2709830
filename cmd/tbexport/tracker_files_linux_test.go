package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestTrackersFullDisk: where a disk of a MiB is full, one line says so, no run is
// half there, and what was written before is good.
func TestTrackersFullDisk(t *testing.T) {
	log := t.TempDir()
	for _, run := range []string{"a", "b", "c"} {
		mustWriteLog(t, filepath.Join(log, run, eventFileName), steps(300, "loss"))
	}
	mustWriteLog(t, filepath.Join(log, "d", eventFileName), steps(400_000, "loss"))
	for verb, c := range map[string]struct{ to, said, verify string }{
		"wandb":   {"-o $DISK/out", ".wandb: no space left on device\n", " 3 verified, 1 missing; 900 points in 900 rows compared"},
		"trackio": {"--project p --trackio-dir $DISK/out", "DISK/out/p.db: the disk is full\n", " 3 verified, 1 missing; 900 points in 900 rows compared"},
	} {
		t.Run(verb, func(t *testing.T) {
			script := `set +e; "$TBEXPORT" "$1" "$2" -q ` + c.to + ` 2>&1; echo "status $?"
				"$TBEXPORT" "$1" verify "$2" ` + c.to + ` 2>&1; ls -A "$DISK/out"; exit 0`
			got := onSmallDisk(t, script, verb, log)
			said, rest, ok := strings.Cut(got, "tbexport: stopped: 3 of 4 runs done; run it again to go on\nstatus 1\n")
			if !ok || !strings.HasPrefix(said, "tbexport: error: DISK/out/") || !strings.HasSuffix(said, c.said) || strings.Count(said, "\n") != 1 {
				t.Errorf("said %q", got)
			}
			if !strings.Contains(rest, "run d: not there\n") || !strings.Contains(rest, c.verify) || strings.Contains(rest, "tbexport-") {
				t.Errorf("left %q", rest)
			}
		})
	}
}
