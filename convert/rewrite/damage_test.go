package rewrite

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tbexport/convert"
	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/eventfiletest"
	"tbexport/eventfile/memstore"
	"tbexport/internal/peers"
)

// find lists the runs of a logdir.
func find(t testing.TB, dir string) []eventfile.Run {
	t.Helper()
	runs, _, err := dirstore.New(dirstore.Logdir{Path: dir}).Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

// repair repairs a logdir into a new directory.
func repair(t testing.TB, logdir string, o Options) (out string, r *Result) {
	t.Helper()
	out = filepath.Join(t.TempDir(), "out")
	r, err := Run(t.Context(), logdir, find(t, logdir), out, o)
	if err != nil {
		t.Fatal(err)
	}
	return out, r
}

// damageOf is what reading a logdir with all its values finds, a line each, without the path.
func damageOf(t testing.TB, dir string) (lines []string, records int64) {
	t.Helper()
	report, err := convert.Verify(t.Context(), find(t, dir), convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range report.Runs {
		for _, f := range run.Files {
			records += f.Records
			lines = append(lines, damageLines(dir, f)...)
		}
	}
	return lines, records
}

func damageLines(dir string, f *eventfile.FileStats) (lines []string) {
	for _, d := range f.Damage {
		lines = append(lines, strings.TrimPrefix(d.Error(), dir))
	}
	return lines
}

// tensorBoard holds what TensorBoard reads of a logdir to the records that are in it.
func tensorBoard(t *testing.T, dir string, want int64) {
	t.Helper()
	cmd := exec.Command(peers.Python(t, peers.Readers), "-W", "ignore", "-P", filepath.Join(peers.Root(t), "testdata/peers/tensorboard_records.py"), dir)
	out, err := cmd.CombinedOutput()
	var records int64
	if _, scan := fmt.Sscan(string(out), &records); err != nil || scan != nil || records != want {
		t.Errorf("TensorBoard reads %q, %v; there are %d records", out, err, want)
	}
}

// brokenValues are values whose messages do not decode or contradict themselves.
func brokenValues() map[string]eventfiletest.Value {
	field := func(tag string, key byte, body string) eventfiletest.Value {
		return append(eventfiletest.Value{10, byte(len(tag))}, tag+string([]byte{key, byte(len(body))})+body...)
	}
	tensor := func(plugin, b string) eventfiletest.Value {
		return eventfiletest.Tensor(plugin, plugin, nil, []byte(b))
	}
	return map[string]eventfiletest.Value{
		"scalar tensor":                  tensor("scalars", "\x08"),
		"scalar of a shape that lies":    tensor("scalars", "\x08\x01\x12\x04\x12\x02\x08\x02\x2a\x0c000011112222"),
		"text":                           tensor("text", "\x08"),
		"text of a shape that lies":      tensor("text", "\x08\x07\x12\x04\x12\x02\x08\x02\x42\x01a\x42\x01b\x42\x01c"),
		"histogram of a shape that lies": tensor("histograms", "\x08\x01\x12\x08\x12\x02\x08\x02\x12\x02\x08\x03\x2a\x08numbers!"),
		"layout":                         tensor("custom_scalars", "\x08\x07\x42\x02\x12\x7f"),
		"image":                          field("i", 0x22, "\x08"),
		"old histogram":                  field("h", 0x2a, "\x09"),
		"old histogram, unequal":         field("h", 0x2a, "\x32\x08numbers!"),
		"audio":                          field("a", 0x32, "\x08"),
		"tensor of no plugin":            field("x", 0x42, "\x08"),
		"tensor of a handle":             field("x", 0x42, "\x72\x01\x08"),
		"hparams":                        eventfiletest.Tensor("p", "hparams", []byte("\x0a\x7f"), []byte("\x08\x01")),
		"mesh":                           eventfiletest.Tensor("m", "mesh", []byte("\x0a\x7f"), []byte("\x08\x01")),
		"metadata":                       field("y", 0x4a, "\x0a\x7f"),
	}
}

// TestRunLeavesOutTheValue: of an event only the value that does not decode is left out, Verify and Run name the same
// damage, and TensorBoard reads all of what is left.
func TestRunLeavesOutTheValue(t *testing.T) {
	in, want := make(eventfiletest.Tree), make(eventfiletest.Tree)
	for name, broken := range brokenValues() {
		file := func(values ...eventfiletest.Value) []byte {
			first, last := eventfiletest.Scalar("a", 1), eventfiletest.Double("b", 2)
			return eventfiletest.File(eventfiletest.Version(1), eventfiletest.Summary(2, 1, first),
				eventfiletest.Summary(3, 2, append(append([]eventfiletest.Value{first}, values...), last)...),
				eventfiletest.Summary(4, 3, values...), eventfiletest.Summary(5, 4, last))
		}
		in[name+"/tfevents"], want[name+"/tfevents"] = file(broken), file()
	}
	logdir := eventfiletest.Logdir(t, in)
	out, result := repair(t, logdir, Options{})
	for name, content := range want {
		got, err := os.ReadFile(filepath.Join(out, name))
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: %d bytes, not %d; %v", name, len(got), len(content), err)
		}
	}
	lines, _ := damageOf(t, logdir)
	var repaired []string
	for _, f := range result.Files {
		repaired = append(repaired, damageLines(logdir, f)...)
		if n := len(f.Damage); n != 2 {
			t.Errorf("%s: %d damages", f.Path, n)
		}
	}
	if strings.Join(lines, "\n") != strings.Join(repaired, "\n") {
		t.Errorf("Verify says\n%s\nRun says\n%s", strings.Join(lines, "\n"), strings.Join(repaired, "\n"))
	}
	if lines, _ := damageOf(t, out); len(lines) > 0 {
		t.Errorf("repaired, and still damaged: %s", lines)
	}
	tensorBoard(t, out, int64(5*len(in)))
}

// TestRunSavesWhatIsLeftOut: every byte is in the output or saved, and the points stay what they were.
func TestRunSavesWhatIsLeftOut(t *testing.T) {
	logdir := filepath.Join(t.TempDir(), "logs")
	if err := os.CopyFS(logdir, os.DirFS(filepath.Join(peers.Root(t), "testdata", "damaged"))); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"gzip", "text", "README.md"} { // no files of records
		if err := os.RemoveAll(filepath.Join(logdir, other)); err != nil {
			t.Fatal(err)
		}
	}
	before := files(t, logdir)
	saved := filepath.Join(t.TempDir(), "saved")
	out, result := repair(t, logdir, Options{SaveDamaged: saved})
	if after := files(t, logdir); len(after) != len(before) {
		t.Error("the input was changed")
	}
	total := func(files map[string][]byte) (n int64) {
		for _, b := range files {
			n += int64(len(b))
		}
		return n
	}
	if got, want := total(files(t, out)), total(before); got != result.Bytes || got+result.LeftOut != want {
		t.Errorf("%d bytes written (%d said), %d left out, of %d", got, result.Bytes, result.LeftOut, want)
	}
	for name, stretch := range files(t, saved) {
		file, offset, _ := strings.Cut(name, "@")
		var at int
		if _, err := fmt.Sscan(offset, &at); err != nil || !bytes.HasPrefix(before[file][at:], stretch) {
			t.Errorf("%s is not what stands there in %s", name, file)
		}
	}
	lines, records := damageOf(t, out)
	if len(lines) > 0 || records != result.Records {
		t.Errorf("%d records, not %d; %s", records, result.Records, lines)
	}
	if got, want := points(t, out), points(t, logdir); got != want || got == 0 {
		t.Errorf("%d points, not %d", got, want)
	}
	tensorBoard(t, out, records)
}

func points(t *testing.T, dir string) (n int64) {
	t.Helper()
	report, err := convert.Verify(t.Context(), find(t, dir), convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range report.Runs {
		n += run.Points
	}
	return n
}

// files are those below a directory, by their paths.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := make(map[string][]byte)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(d.Name(), "tfevents") {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err == nil {
			all[filepath.ToSlash(rel)], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestRunOfMutations: whatever whole records hold, TensorBoard reads what a repair writes to its end.
func TestRunOfMutations(t *testing.T) {
	random := rand.New(rand.NewPCG(14, 16))
	in := make(eventfiletest.Tree)
	for i, run := range find(t, filepath.Join(peers.Root(t), "testdata", "logs")) {
		payloads := [][]byte{eventfiletest.Version(1)}
		for _, path := range run.Files {
			for _, p := range payloadsOf(t, path, 20) {
				for range 5 {
					payloads = append(payloads, mutate(random, p))
				}
			}
		}
		in[fmt.Sprintf("%d/tfevents", i)] = eventfiletest.File(payloads...)
	}
	logdir := eventfiletest.Logdir(t, in)
	out, result := repair(t, logdir, Options{})
	lines, records := damageOf(t, out)
	if len(lines) > 0 || records != result.Records || records < 2000 {
		t.Errorf("%d records, not %d; %d damages: %q", records, result.Records, len(lines), lines)
	}
	again, second := repair(t, out, Options{})
	if second.Repaired > 0 || second.Bytes != result.Bytes {
		t.Errorf("%s is not %s: %d files were repaired", again, out, second.Repaired)
	}
	tensorBoard(t, out, records)
}

// payloadsOf are those of the first records of a file.
func payloadsOf(t testing.TB, path string, most int) (payloads [][]byte) {
	t.Helper()
	f, err := dirstore.New().Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := eventfile.NewReader(eventfile.ReaderOptions{})
	r.Reset(t.Context(), path, f)
	for e, err := range r.Events() {
		if err == nil && len(payloads) < most && len(e.Raw()) < 10_000 {
			payloads = append(payloads, bytes.Clone(e.Raw()))
		}
	}
	return payloads
}

// mutate changes a few bytes behind the time and step.
func mutate(random *rand.Rand, p []byte) []byte {
	p = bytes.Clone(p)
	for range random.IntN(3) + 1 {
		if len(p) < 14 {
			break
		}
		i := 9 + random.IntN(len(p)-9)
		switch random.IntN(4) {
		case 0:
			p[i] ^= 1 << random.IntN(8)
		case 1:
			p[i] = byte(random.Uint32())
		case 2:
			p = append(p[:i], p[i+1:]...)
		case 3:
			p[i] |= 0x80
		}
	}
	return p
}

// FuzzRun: what is written of any payload holds no damage, and is written again as it is.
func FuzzRun(f *testing.F) {
	for _, v := range brokenValues() {
		f.Add([]byte(eventfiletest.Summary(1, 2, v, eventfiletest.Scalar("a", 1))))
	}
	f.Add([]byte(eventfiletest.Summary(1, 2, eventfiletest.Scalar("a\xff", 1), eventfiletest.Text("t\xfe", "\xfd"))))
	f.Fuzz(func(t *testing.T, payload []byte) {
		repaired, damage := repairedOf(t, payload)
		if repaired == nil {
			return
		}
		again, left := repairedOf(t, repaired)
		if left > 0 || !bytes.Equal(again, repaired) {
			t.Fatalf("%x (%d damages) is repaired to %x, and that (%d) to %x", payload, damage, repaired, left, again)
		}
	})
}

// repairedOf repairs an event; nil: nothing of it is left.
func repairedOf(t *testing.T, payload []byte) (repaired []byte, damage int) {
	r := eventfile.NewReader(eventfile.ReaderOptions{CheckValues: true, OtherRecords: true})
	store := new(memstore.Store)
	store.Write("x", eventfiletest.File(eventfiletest.Version(1), payload), time.Time{})
	file, err := store.Open(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	r.Reset(t.Context(), "x", file)
	for _, err := range r.Events() {
		if err != nil {
			damage++
			continue
		}
		repaired = nil
		if b, err := r.Repaired(); err == nil {
			repaired = bytes.Clone(b)
		}
	}
	if r.Stats().Records < 2 {
		return nil, damage
	}
	return repaired, damage
}
