package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// The tests of this file run the built program, for what only a process of its own shows.

// command is a call of the built program, with what it says in stderr.
func command(t testing.TB, args ...string) (cmd *exec.Cmd, stderr *bytes.Buffer) {
	t.Helper()
	cmd = exec.Command(binary(t), args...)
	stderr = new(bytes.Buffer)
	cmd.Stderr = stderr
	return cmd, stderr
}

// status is the exit status in what Run or Wait returned.
func status(t testing.TB, err error) int {
	t.Helper()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	t.Fatal(err)
	return 0
}

func wantStatus(t testing.TB, err error, want int, stderr *bytes.Buffer) {
	t.Helper()
	if got := status(t, err); got != want {
		t.Fatalf("status %d, want %d\n%s", got, want, stderr)
	}
}

// verbs are those that write to standard output.
var verbs = []string{"parquet", "csv", "jsonl", "arrow"}

// TestFullStandardOutput: a stream that takes nothing more is an error.
func TestFullStandardOutput(t *testing.T) {
	for _, line := range append(slices.Clone(verbs), "runs --csv", "runs --json", "mlflow --dry-run", "wandb -o w --dry-run", "csv -o /dev/stdout") {
		t.Run(line, func(t *testing.T) {
			full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer full.Close()
			cmd, stderr := command(t, append(strings.Fields(line), testdata(t, "logs", "sample"))...)
			cmd.Stdout = full
			wantStatus(t, cmd.Run(), statusFailed, stderr)
			if said := stderr.String(); strings.Count(said, "\n") != 1 || !strings.HasSuffix(said, ": no space left on device\n") {
				t.Errorf("said %q", said)
			}
		})
	}
}

// onSmallDisk runs a shell script in which $DISK is a file system of one MiB that nobody else sees, and $TBEXPORT the
// program.
func onSmallDisk(t *testing.T, script string, args ...string) (stdout string) {
	t.Helper()
	options := "-m"
	if os.Getuid() != 0 {
		options = "-Urm" // as root of a user namespace
	}
	disk := t.TempDir()
	script = `set -e; mount -t tmpfs -o size=1m tmpfs "$DISK"; ` + script
	cmd := exec.Command("unshare", append([]string{options, "sh", "-c", script, "sh"}, args...)...)
	cmd.Env = append(os.Environ(), "DISK="+disk, "TBEXPORT="+binary(t))
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, &out, &stderr)
	}
	return strings.ReplaceAll(out.String(), disk, "DISK")
}

// TestFullDisk: on a disk that is too small the old output stays, whole, or none appears; and nothing else is left.
func TestFullDisk(t *testing.T) {
	log := filepath.Join(t.TempDir(), eventFileName)
	mustWriteLog(t, log, steps(400_000, "loss")) // more than a MiB in any format
	for _, args := range [][]string{
		{"parquet"}, {"parquet", "--partition-by", "run"}, {"csv"}, {"csv", "--wide"}, {"jsonl"}, {"arrow"}, {"arrow", "--file"},
	} {
		for _, old := range []string{"", "old"} {
			t.Run(strings.Join(args, " ")+" "+old, func(t *testing.T) {
				// The old output of a directory is one of an earlier export.
				script := `at="$DISK/out"; case "$1" in *partition*) at="$DISK/out/run=./part-0.parquet";; esac
					case "$2$1" in
					old*partition*) "$TBEXPORT" parquet "$3" --partition-by run -o "$DISK/out" -q; cp "$at" "$DISK/before" ;;
					old*) echo old > "$at" ;;
					esac
					log=$4; shift 4
					set +e; "$TBEXPORT" "$@" "$log" -o "$DISK/out" --overwrite 2>&1; echo "status $?"
					cd "$DISK"; if [ -e before ]; then cmp "$at" before && rm before && echo same; fi
					find . -mindepth 1 | sort; if [ -f out ]; then cat out; fi; exit 0`
				small := testdata(t, "logs", "restarts", "no-start")
				got := onSmallDisk(t, script, append([]string{strings.Join(args, " "), old, small, log}, args...)...)
				out := "DISK/out"
				if slices.Contains(args, "--partition-by") {
					out = "DISK/out/run=./part-0.parquet"
				}
				want := "tbexport: error: " + out + ": no space left on device\nstatus 1\n"
				switch {
				case old != "" && slices.Contains(args, "--partition-by"):
					want += "same\n./out\n./out/run=.\n./out/run=./part-0.parquet\n"
				case old != "":
					want += "./out\nold\n"
				}
				if got != want {
					t.Errorf("got:\n%s\nwant:\n%s", got, want)
				}
			})
		}
	}
	t.Run("report", func(t *testing.T) {
		got := onSmallDisk(t, `dd if=/dev/zero of="$DISK/fill" bs=1024 count=1020 2>/dev/null
			set +e; "$TBEXPORT" csv "$1" --report "$DISK/report" 2>&1 >/dev/null | grep -v points; ls -A "$DISK"`, testdata(t, "logs", "odd"))
		if !strings.Contains(got, "DISK/report: no space left on device") || !strings.HasSuffix(got, "\nfill\n") {
			t.Error(got)
		}
	})
	t.Run("extract", func(t *testing.T) {
		pictures := badLogdir(t, map[string]badInput{"text-of-50-mb": badTexts()["text-of-50-mb"]})
		got := onSmallDisk(t, `set +e; "$TBEXPORT" extract "$1" -o "$DISK/files" 2>&1; echo "status $?"; ls -A "$DISK"`, pictures)
		if want := "tbexport: error: DISK/files/text/text-of-50-mb/t/1_0.txt: no space left on device\nstatus 1\n"; got != want {
			t.Errorf("got:\n%s\nwant:\n%s", got, want)
		}
	})
	t.Run("temp-dir", func(t *testing.T) {
		long := filepath.Join(t.TempDir(), eventFileName)
		mustWriteLog(t, long, steps(2_000_000, "loss"))
		got := onSmallDisk(t, `set +e; "$TBEXPORT" csv "$1" --temp-dir "$DISK" -o "$2/out.csv" 2>&1; echo "status $?"; ls -A "$DISK" "$2"`, long, t.TempDir())
		said, left, ok := strings.Cut(got, ": no space left on device\nstatus 1\n")
		if !ok || !strings.HasPrefix(said, "tbexport: error: temporary file for a long run: ") {
			t.Errorf("said %q", got)
		}
		if strings.Contains(left, "out.csv") || strings.Contains(left, "tbexport-") {
			t.Errorf("left behind: %s", left)
		}
	})
}

// TestBrokenPipe: a reader that has seen enough ends the program, quietly and well.
func TestBrokenPipe(t *testing.T) {
	log := filepath.Join(t.TempDir(), eventFileName)
	mustWriteLog(t, log, steps(2_000_000, "loss"))
	for _, verb := range verbs {
		t.Run(verb, func(t *testing.T) {
			cmd, stderr := command(t, verb, log)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if _, err := bufio.NewReader(out).Peek(4); err != nil {
				t.Error(err)
			}
			_ = out.Close()
			wantStatus(t, cmd.Wait(), statusDone, stderr)
			if stderr.Len() > 0 {
				t.Errorf("said %q", stderr)
			}
		})
	}
}

// TestUnreadable: what the user may not read is named, and everything else is exported.
func TestUnreadable(t *testing.T) {
	base := filepath.Join(sharedDir(t), "unreadable")
	out := filepath.Join(base, "out") // where the program may write, whoever it is
	for _, dir := range []string{"logs/good", "logs/closed-dir/below", "logs/closed-file", "all-closed/run", "closed-root", "out", "locked"} {
		if err := os.MkdirAll(filepath.Join(base, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{"logs/good", "logs/closed-dir/below", "logs/closed-file", "all-closed/run", "closed-root"} {
		mustWriteLog(t, filepath.Join(base, dir, eventFileName), steps(3, "loss"))
	}
	for path, mode := range map[string]os.FileMode{
		"logs/closed-dir": 0, "logs/closed-file/" + eventFileName: 0, "all-closed/run/" + eventFileName: 0, "closed-root": 0, "out": 0o777, "locked": 0o555,
	} {
		if err := os.Chmod(filepath.Join(base, path), mode); err != nil {
			t.Fatal(err)
		}
		if mode == 0 {
			t.Cleanup(func() { _ = os.Chmod(filepath.Join(base, path), 0o755) })
		}
	}
	call := func(t *testing.T, want int, args ...string) (stdout, said string) {
		t.Helper()
		cmd, stderr := command(t, args...)
		cmd.Dir = base
		if os.Getuid() == 0 { // whom no permission stops
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		var out bytes.Buffer
		cmd.Stdout = &out
		wantStatus(t, cmd.Run(), want, stderr)
		return out.String(), timeless(stderr.String())
	}
	size := func(path string) int64 {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	one := size(filepath.Join(base, "logs/good", eventFileName))

	stdout, said := call(t, statusLost, "csv", "logs")
	if want := "run,tag,step,wall_time,value\n" +
		"good,loss,0,1700000000.0,0.0\n" +
		"good,loss,1,1700000000.125,0.6180339455604553\n" +
		"good,loss,2,1700000000.25,0.23606795072555542\n"; stdout != want {
		t.Errorf("exported:\n%s\nwant:\n%s", stdout, want)
	}
	if want := "tbexport: warning: logs/closed-dir: permission denied\n" +
		"tbexport: warning: logs/closed-file/" + eventFileName + ": permission denied\n" +
		fmt.Sprintf("tbexport: 3 points of 2 runs, %d B in 2 files -> standard output, 0.00 s; 1 file not readable\n", one); said != want {
		t.Errorf("said:\n%s\nwant:\n%s", said, want)
	}
	// What could not be read beside the runs that are chosen is said, and no loss.
	if _, said := call(t, statusDone, "csv", "logs", "--run", "good"); !strings.Contains(said, "logs/closed-dir: permission denied") {
		t.Errorf("said:\n%s", said)
	}
	call(t, statusLost, "csv", "logs", "--run", "closed-dir/**", "--run", "good")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"csv", "closed-root"}, "tbexport: error: closed-root: permission denied\n"},
		{[]string{"csv", "closed-root/" + eventFileName}, "tbexport: error: closed-root/" + eventFileName + ": permission denied\n"},
		{[]string{"csv", "all-closed"}, "tbexport: error: all-closed/run/" + eventFileName + ": permission denied\n"},
		{[]string{"csv", "all-closed", "-o", "out/closed.csv"}, "tbexport: error: all-closed/run/" + eventFileName + ": permission denied\n"},
		{[]string{"csv", "logs", "--strict", "-o", "out/strict.csv"}, "tbexport: error: logs/closed-dir: permission denied\n"},
		{[]string{"csv", "logs/good", "-o", "locked/out.csv"}, "tbexport: error: locked/out.csv: permission denied\n"},
		{[]string{"csv", "logs/good", "-o", "out/good.csv", "--report", "locked/report.json"}, "tbexport: error: locked/report.json: permission denied\n"},
		{[]string{"parquet", "logs/good", "-o", "locked/out", "--partition-by", "run"}, "tbexport: error: locked/out: permission denied\n"},
		{[]string{"extract", "logs/good", "-o", "locked/files"}, "tbexport: error: locked/files: permission denied\n"},
		{[]string{"csv", "logs/good", "-o", "out/good.csv", "--extract", "locked/files"}, "tbexport: error: locked/files: permission denied\n"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			if _, said := call(t, statusFailed, c.args...); said != c.want {
				t.Errorf("said %q, want %q", said, c.want)
			}
		})
	}
	if left := entries(t, out); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// startBig starts an export of the big log into a new directory and waits until it is at work there.
func startBig(t *testing.T, dir string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	before := len(entries(t, dir))
	cmd, stderr := command(t, append(args, bigLog(t), "--temp-dir", t.TempDir())...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for wait := time.Now(); len(entries(t, dir)) == before; time.Sleep(time.Millisecond) {
		if time.Since(wait) > time.Minute {
			_ = cmd.Process.Kill()
			t.Fatalf("nothing appeared in the output's directory: %v\n%s", cmd.Wait(), stderr)
		}
	}
	time.Sleep(200 * time.Millisecond) // well inside the work, which takes seconds
	return cmd, stderr
}

// TestInterrupt: Ctrl-C, a polite kill, and a terminal that is closed end an export with status 130 and leave nothing.
func TestInterrupt(t *testing.T) {
	// A signal that this process ignores, as below nohup, is ignored by those that it starts.
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		for _, args := range [][]string{{"parquet", "-o", "out"}, {"parquet", "--partition-by", "run", "-o", "out"}, {"csv", "-o", "out.csv.gz"}} {
			t.Run(signal.String()+" "+strings.Join(args, " "), func(t *testing.T) {
				dir := t.TempDir()
				args := slices.Clone(args)
				args[len(args)-1] = filepath.Join(dir, args[len(args)-1])
				cmd, stderr := startBig(t, dir, args...)
				if err := cmd.Process.Signal(signal); err != nil {
					t.Fatal(err)
				}
				begin := time.Now()
				wantStatus(t, cmd.Wait(), statusInterrupted, stderr)
				if took := time.Since(begin); took > 3*time.Second {
					t.Errorf("took %v to end", took)
				}
				if want := "tbexport: interrupted, no file was written\n"; stderr.String() != want {
					t.Errorf("said %q, want %q", stderr, want)
				}
				if left := entries(t, dir); len(left) > 0 {
					t.Errorf("left behind: %q", left)
				}
			})
		}
	}
}

// TestKill: a program that is killed has not touched the old output, and is no obstacle to the next.
func TestKill(t *testing.T) {
	for _, args := range [][]string{{"csv"}, {"parquet", "--partition-by", "run"}} {
		for _, old := range []bool{false, true} {
			t.Run(fmt.Sprint(args, old), func(t *testing.T) {
				dir := t.TempDir()
				out := filepath.Join(dir, "out")
				args := append(slices.Clone(args), "-o", out, "--overwrite")
				small := append(slices.Clone(args), testdata(t, "logs", "restarts"), "-q")
				before := []string{}
				if old {
					mustCall(t, small...)
					before = tree(t, dir)
				}
				cmd, stderr := startBig(t, dir, args...)
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
				if got := status(t, cmd.Wait()); got != -1 {
					t.Fatalf("status %d: it was done before the kill\n%s", got, stderr)
				}
				after := slices.DeleteFunc(tree(t, dir), func(line string) bool { return strings.HasPrefix(line, ".tbexport-") })
				if !slices.Equal(after, before) {
					t.Errorf("before:\n%s\nafter:\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
				}
				mustCall(t, small...)
			})
		}
	}
}

// onTerminal runs the program with standard output or error, or both, on a terminal, and returns what is seen there.
func onTerminal(t *testing.T, cmd *exec.Cmd, connect func(terminal *os.File)) (string, error) {
	t.Helper()
	screen, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer screen.Close()
	if err := pty.Setsize(screen, &pty.Winsize{Rows: 24, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	connect(terminal)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := terminal.Close(); err != nil {
		t.Fatal(err)
	}
	seen := make(chan []byte)
	go func() {
		b, _ := io.ReadAll(screen) // ends with EIO when the program has
		seen <- b
	}()
	err = cmd.Wait()
	return string(<-seen), err
}

// TestTerminalOutput: text may go to a terminal, bytes may not.
func TestTerminalOutput(t *testing.T) {
	for _, verb := range verbs {
		t.Run(verb, func(t *testing.T) {
			cmd, stderr := command(t, verb, testdata(t, "logs", "restarts", "no-start"))
			seen, err := onTerminal(t, cmd, func(terminal *os.File) { cmd.Stdout = terminal })
			if verb == "csv" || verb == "jsonl" {
				wantStatus(t, err, statusDone, stderr)
				if !strings.Contains(seen, "only-first") {
					t.Errorf("on the terminal: %q", seen)
				}
				return
			}
			wantStatus(t, err, statusUsage, stderr)
			if seen != "" || !strings.Contains(stderr.String(), "is binary: give -o FILE, or send it to another program\n") {
				t.Errorf("on the terminal: %q; said: %q", seen, stderr)
			}
		})
	}
}

// TestProgress: a bar for work of over a second, on a terminal, gone at the end; nothing of it elsewhere.
func TestProgress(t *testing.T) {
	log := bigLog(t)
	csv := func(log string, more ...string) *exec.Cmd {
		// Compression makes the work last for a few seconds on any machine.
		args := []string{"csv", log, "-o", filepath.Join(t.TempDir(), "out.csv.gz")}
		cmd, _ := command(t, append(args, more...)...)
		return cmd
	}
	t.Run("terminal", func(t *testing.T) {
		t.Parallel()
		cmd := csv(log, "--run", "group-[01]/**")
		seen, err := onTerminal(t, cmd, func(terminal *os.File) { cmd.Stderr = terminal })
		wantStatus(t, err, statusDone, bytes.NewBufferString(seen))
		for _, part := range []string{"reading", "%", "MiB/s", "["} {
			if !strings.Contains(seen, part) {
				t.Errorf("no %q on the terminal: %.300q", part, seen)
			}
		}
		// The bar draws over itself; what stays on the screen is the closing line.
		lines := strings.Split(strings.TrimSpace(seen), "\n")
		last := lines[len(lines)-1]
		last = last[strings.LastIndexAny(last, "\r")+1:]
		if len(lines) != 1 || !strings.HasPrefix(last, "tbexport: 2,000,000 points of 100 runs") {
			t.Errorf("%d lines, the last is %q", len(lines), last)
		}
	})
	t.Run("quiet", func(t *testing.T) {
		t.Parallel()
		cmd := csv(log, "--run", "group-[01]/**", "--quiet")
		seen, err := onTerminal(t, cmd, func(terminal *os.File) { cmd.Stderr = terminal })
		wantStatus(t, err, statusDone, bytes.NewBufferString(seen))
		if seen != "" {
			t.Errorf("on the terminal: %.300q", seen)
		}
	})
	t.Run("short", func(t *testing.T) {
		cmd := csv(testdata(t, "logs", "restarts"))
		seen, err := onTerminal(t, cmd, func(terminal *os.File) { cmd.Stderr = terminal })
		wantStatus(t, err, statusDone, bytes.NewBufferString(seen))
		if strings.Contains(seen, "reading") || !strings.Contains(seen, "points of") {
			t.Errorf("on the terminal: %.300q", seen)
		}
	})
	t.Run("pipe", func(t *testing.T) {
		t.Parallel()
		cmd := csv(log, "--run", "group-[01]/**")
		stderr := new(bytes.Buffer)
		cmd.Stderr = stderr
		wantStatus(t, cmd.Run(), statusDone, stderr)
		if said := timeless(stderr.String()); strings.Count(said, "\n") != 1 || strings.ContainsAny(said, "\r\x1b") {
			t.Errorf("said %q, want one line", said)
		}
	})
}
