package main

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tbexport/eventfile/eventfiletest"
)

// imagesLog is an event file with an image of some width at each step, and a step that a restart wrote again.
func imagesLog(widths ...int) []byte {
	events := []eventfiletest.Event{eventfiletest.Version(firstTime)}
	for i, width := range widths {
		image := eventfiletest.Tensor("picture", "images", nil, stringsOf(nil, "1", "1", pngOf(width, 1)))
		events = append(events, eventfiletest.Summary(firstTime+float64(i), int64(i), image, eventfiletest.Text("t", "x")))
	}
	return eventfiletest.File(events...)
}

// TestSQLExtractNightly: the same command every night. The files and the manifest are those of one extraction of the
// logs as they are then, those that are the same stay as they were, and every path in the table leads to its file.
func TestSQLExtractNightly(t *testing.T) {
	logs, dir := t.TempDir(), t.TempDir()
	file, files := filepath.Join(dir, "runs.db"), filepath.Join(dir, "files")
	night := func(change eventfiletest.Tree, flags ...string) outcome {
		t.Helper()
		eventfiletest.Write(t, logs, change)
		return mustCall(t, slices.Concat([]string{"sqlite", logs, "-o", file, "--extract", files}, flags)...)
	}
	whole := func(want int, flags ...string) {
		t.Helper()
		checkPaths(t, file, want)
		fresh := filepath.Join(t.TempDir(), "fresh")
		mustCall(t, slices.Concat([]string{"extract", logs, "-o", fresh, "--table", "images,audio"}, flags)...)
		for table, lines := range manifestOf(t, fresh) {
			if got := manifestOf(t, files)[table]; mustJSON(t, got) != mustJSON(t, lines) {
				t.Errorf("%s\n%v, want\n%v", table, got, lines)
			}
		}
		if got, want := len(tree(t, files)), len(tree(t, fresh)); got != want+1 {
			t.Errorf("%d files, want %d and mine", got, want)
		}
	}
	night(eventfiletest.Tree{"a/" + eventFileName: imagesLog(1, 2), "b/" + eventFileName: imagesLog(3)})
	mine, first := filepath.Join(files, "images", "a", "mine"), filepath.Join(files, "images", "a", "picture", "0_0.png")
	if err := os.WriteFile(mine, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(first)
	if err != nil {
		t.Fatal(err)
	}
	wantMatch(t, night(nil).err, "2 skipped")
	whole(3)
	wantMatch(t, night(eventfiletest.Tree{"a/" + eventFileName: imagesLog(1, 7, 4), "c/" + eventFileName: imagesLog(5)}).err, "1 created, 1 completed, 1 skipped")
	whole(5)
	if after, err := os.Stat(first); err != nil || !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Error("a file that stays the same was written again")
	}
	// A run that is not chosen keeps its files; one whose name is like another's gets other paths, and its rows do, too.
	night(eventfiletest.Tree{"B/" + eventFileName: imagesLog(6)}, "--run", "B", "--run", "c")
	checkPaths(t, file, 6)
	night(nil)
	whole(6)
	night(eventfiletest.Tree{"a/" + eventFileName: imagesLog(9)}) // written from the beginning
	whole(4)
	night(nil, "--tag", "picture", "--steps", "1:", "--run", "a") // and no value is chosen
	checkPaths(t, file, 4)
	night(nil)
	whole(4)
	if _, err := os.Stat(mine); err != nil {
		t.Error(err)
	}
}

// TestSQLExtractOthers: files that rows of runs name which are not read this time stay, also where a run of another logdir
// has the same name, where the logs are gone, and with --overwrite.
func TestSQLExtractOthers(t *testing.T) {
	one, other, dir := t.TempDir(), t.TempDir(), t.TempDir()
	file, files := filepath.Join(dir, "runs.db"), filepath.Join(dir, "files")
	begun := eventfiletest.File(eventfiletest.Version(firstTime + 1)) // another first record is another source
	eventfiletest.Write(t, one, eventfiletest.Tree{"Run/" + eventFileName: imagesLog(1, 2), "gone/" + eventFileName: imagesLog(3)})
	eventfiletest.Write(t, other, eventfiletest.Tree{"run/" + eventFileName: slices.Concat(begun, imagesLog(4)), "new/" + eventFileName: imagesLog(5)})
	write := func(logs, want string, rows int, flags ...string) outcome {
		t.Helper()
		o := mustCall(t, slices.Concat([]string{"sqlite", logs, "-o", file, "--extract", files}, flags)...)
		wantMatch(t, o.err, want)
		checkPaths(t, file, rows)
		return o
	}
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	write(one, "2 created", 3)
	eventfiletest.Write(t, other, eventfiletest.Tree{"Run/" + eventFileName: slices.Concat(begun, imagesLog(7))})
	write(other, "3 created", 6)
	write(one, "1 completed, 1 skipped", 6) // Run and run: both get the hash
	for range 2 {
		write(one, "2 skipped", 6)
		write(other, "3 skipped", 6)
	}
	eventfiletest.Write(t, one, eventfiletest.Tree{"Run/" + eventFileName: imagesLog(1, 2, 6)})
	if err := os.RemoveAll(filepath.Join(one, "gone")); err != nil {
		t.Fatal(err)
	}
	write(one, "1 completed", 7)
	o := write(other, "3 skipped", 7, "--overwrite")
	wantMatch(t, o.err, "files: brought up to date, and not written anew: of its files the database names 4 of runs that are not read now")
}

// checkPaths holds the paths in a database against the files there.
func checkPaths(t *testing.T, file string, want int) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("SELECT path, sha256 FROM media")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var path, sum string
		if err := rows.Scan(&path, &sum); err != nil {
			t.Fatal(err)
		}
		if got := sha256.Sum256(mustRead(t, path)); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s is not the file of its row", path)
		}
	}
	if err := rows.Err(); err != nil || n != want {
		t.Errorf("%d rows, want %d; %v", n, want, err)
	}
}

// TestSQLExtractVerify: verify looks at the files that the table names.
func TestSQLExtractVerify(t *testing.T) {
	logs, dir := t.TempDir(), t.TempDir()
	file, files := filepath.Join(dir, "runs.db"), filepath.Join(dir, "files")
	eventfiletest.Write(t, logs, eventfiletest.Tree{"a/" + eventFileName: imagesLog(1, 2)})
	mustCall(t, "sqlite", logs, "-o", file, "--extract", files)
	mustCall(t, "sqlite", "verify", logs, "-o", file)
	image := filepath.Join(files, "images", "a", "picture", "1_0.png")
	before := mustRead(t, image)
	for want, change := range map[string]func() error{
		"none": func() error { return os.Remove(image) },
		"4 bytes of SHA-256 3fd30542fe3f61b14bd4a4b2dc0b6fb30fa6f63ebce52dd1778aaa8c4dc02cff": func() error {
			return os.WriteFile(image, []byte("mine"), 0o666)
		},
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
		o := call("sqlite", "verify", logs, "-o", file)
		if o.status != statusLost {
			t.Errorf("status %d", o.status)
		}
		wantMatch(t, o.err, "run a: file \""+image+"\": in the logs "+fmt.Sprint(len(before))+" bytes of SHA-256 [0-9a-f]{64}, there "+want)
	}
	if err := os.WriteFile(image, before, 0o666); err != nil {
		t.Fatal(err)
	}
	mustCall(t, "sqlite", "verify", logs, "-o", file)
}

// TestSQLExtractForeign: other people's directories and files are refused before the database is written.
func TestSQLExtractForeign(t *testing.T) {
	logs, dir := t.TempDir(), t.TempDir()
	file, files := filepath.Join(dir, "runs.db"), filepath.Join(dir, "files")
	eventfiletest.Write(t, logs, eventfiletest.Tree{"a/" + eventFileName: imagesLog(1)})
	eventfiletest.Write(t, files, eventfiletest.Tree{"thesis.tex": nil})
	refused := func(want string) {
		t.Helper()
		o := call("sqlite", logs, "-o", file, "--extract", files)
		if o.status != statusFailed || !strings.Contains(o.err, want) {
			t.Errorf("status %d\n%s", o.status, o.err)
		}
	}
	refused("files: holds no earlier output that could be brought up to date: choose another name")
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the database was written", err)
	}
	if err := os.RemoveAll(files); err != nil {
		t.Fatal(err)
	}
	mustCall(t, "sqlite", logs, "-o", file, "--extract", files)
	image := filepath.Join("images", "a", "picture", "0_0.png")
	eventfiletest.Write(t, files, eventfiletest.Tree{image: []byte("mine")})
	refused("files: not brought up to date, since it holds images/a/picture/0_0.png, which is not an earlier output: move it away")
	if err := os.Remove(filepath.Join(files, image)); err != nil {
		t.Fatal(err)
	}
	mustCall(t, "sqlite", logs, "-o", file, "--extract", files)
	checkPaths(t, file, 1)
	eventfiletest.Write(t, files, eventfiletest.Tree{"manifest.csv": []byte("mine")})
	refused("files: not brought up to date, since it holds manifest.csv, which is not an earlier output: move it away")
}
