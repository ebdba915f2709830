package extract

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"tbexport/convert/output"
)

// ManifestName is the manifest's name in the directory.
const ManifestName = "manifest.csv"

// Item is where a file is from.
type Item struct {
	Table    string
	Run, Tag string
	What     string // of what has no tag, in the tag's place
	Step     int64
	Index    int64 // of the table's row
}

// Dir is a directory of files under way. Its methods are for one goroutine at a
// time.
type Dir struct {
	out      *output.Dir
	runs     map[string]string // their segments
	manifest *output.File
	lines    *csv.Writer
	tables   []string
	taken    map[string]bool
	files    map[string]int64 // by table
	written  map[string]bool  // runs that have files

	// Of the run and table that Begin was last called for.
	path     string            // TABLE/RUN
	tags     map[string]string // their segments
	tag      string            // the last one's path
	given    map[place]int     // in tag: how many files
	untagged map[place]int     // of what has no tag, which comes in any order
}

type place struct {
	what        string
	step, index int64
}

// New begins the files of some runs and tables, which are all that Begin will be
// called for, in a directory that is committed or aborted with them. In one that is
// brought up to date, the files of other runs and tables stay, and of runs of which
// nothing is written. So do those in taken, paths in the directory, whatever run they
// are of: one of the same name gets a directory of another name.
func New(out *output.Dir, runs, tables []string, taken map[string]bool) (*Dir, error) {
	d := &Dir{out: out, tables: tables, taken: taken, files: make(map[string]int64), written: make(map[string]bool)}
	err := d.nameRuns(runs)
	if err == nil {
		d.manifest, err = out.File(ManifestName)
	}
	if err != nil {
		return nil, errors.Join(err, out.Abort())
	}
	d.lines = csv.NewWriter(d.manifest)
	return d, d.lines.Write(manifestColumns())
}

func manifestColumns() []string { return []string{"path", "run", "tag", "step", "index", "sha256"} }

// Begin begins the files of a run and table, with these tags. No run and table is
// begun twice.
func (d *Dir) Begin(table, run string, tags []string) {
	d.path, d.tags, d.tag, d.untagged = table+"/"+d.runs[run], segments(tags), "", make(map[place]int)
}

// Write writes a file of the run and table begun, and returns its path in the
// directory, with slashes. The items of a tag come one after another; those without a
// tag in any order.
func (d *Dir) Write(item Item, f File) (path string, err error) {
	path = d.name(&item) + "." + f.Ext
	if !d.out.KeepSame(path, f.Parts...) {
		if err := d.write(path, f); err != nil {
			return "", err
		}
	}
	sum := sha256.New()
	for _, part := range f.Parts {
		sum.Write(part)
	}
	d.files[item.Table]++
	d.written[item.Run] = true
	return path, d.lines.Write([]string{
		path, item.Run, item.Tag, strconv.FormatInt(item.Step, 10), strconv.FormatInt(item.Index, 10),
		hex.EncodeToString(sum.Sum(nil)),
	})
}

func (d *Dir) write(path string, f File) error {
	out, err := d.out.File(path)
	if err != nil {
		return err
	}
	for _, part := range f.Parts {
		if _, err := out.Write(part); err != nil {
			return errors.Join(err, out.Abort())
		}
	}
	if err := out.Commit(); err != nil {
		return errors.Join(err, out.Abort())
	}
	return nil
}

// name is an item's path without extension.
func (d *Dir) name(item *Item) string {
	tag, given := d.path+"/%"+item.What, d.untagged
	if item.What == "" {
		if tag = d.path + "/" + d.tags[item.Tag]; tag != d.tag {
			d.tag, d.given = tag, make(map[place]int)
		}
		given = d.given
	}
	at := place{item.What, item.Step, item.Index}
	given[at]++
	name := fmt.Sprintf("%s/%d_%d", tag, item.Step, item.Index)
	if n := given[at]; n > 1 {
		name += fmt.Sprintf("~%d", n)
	}
	return name
}

// Commit makes the directory appear, or brings it up to date, and returns how many
// files of each table Write had, be they written or there already.
func (d *Dir) Commit() (files map[string]int64, err error) {
	if err := d.keepOthers(); err != nil {
		return nil, err
	}
	d.lines.Flush()
	if err = d.lines.Error(); err == nil {
		err = d.manifest.Commit()
	}
	if err == nil {
		err = d.out.Commit()
	}
	return d.files, err
}

// Kept is output.Dir's.
func (d *Dir) Kept() []string { return d.out.Kept() }

// Abort leaves nothing behind. After a successful Commit it does nothing.
func (d *Dir) Abort() error { return errors.Join(d.manifest.Abort(), d.out.Abort()) }
