package extract

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/cases"
)

// earlierLines are those of the manifest of a directory that is brought up to date. A
// line is valid until the next one.
func (d *Dir) earlierLines() iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		text, err := d.out.Earlier(ManifestName)
		if err != nil || text == nil {
			if err != nil {
				yield(nil, err)
			}
			return
		}
		lines := csv.NewReader(strings.NewReader(string(text)))
		lines.ReuseRecord = true
		if line, err := lines.Read(); err != nil || !slices.Equal(line, manifestColumns()) {
			yield(nil, fmt.Errorf("%s: is not the manifest of extracted files", ManifestName))
			return
		}
		for {
			line, err := lines.Read()
			if errors.Is(err, io.EOF) || !yield(line, err) || err != nil {
				return
			}
		}
	}
}

// nameRuns names the directories of the runs, and tells them from those of runs that
// are there from before.
func (d *Dir) nameRuns(runs []string) error {
	names := make(map[string]bool, len(runs))
	for _, run := range runs {
		names[run] = true
	}
	for line, err := range d.earlierLines() {
		if err != nil {
			return err
		}
		if !names[line[1]] {
			names[strings.Clone(line[1])] = true
		}
	}
	d.runs = segments(slices.Collect(maps.Keys(names)))
	d.avoidTaken(runs)
	return nil
}

// avoidTaken gives the runs whose directories hold taken files others, with a number.
func (d *Dir) avoidTaken(runs []string) {
	fold, full := cases.Fold(), make(map[string]bool)
	for path := range d.taken {
		if _, rest, ok := strings.Cut(path, "/"); ok {
			segment, _, _ := strings.Cut(rest, "/")
			full[fold.String(segment)] = true
		}
	}
	for _, run := range runs {
		segment := d.runs[run]
		for n := 2; full[fold.String(segment)]; n++ {
			segment = numbered(d.runs[run], n)
		}
		d.runs[run] = segment
	}
}

// keepOthers keeps the files from before but for those of runs that files are written
// of: of the tables, which are written anew. Taken ones stay.
func (d *Dir) keepOthers() error {
	for line, err := range d.earlierLines() {
		if err != nil {
			return err
		}
		table, _, _ := strings.Cut(line[0], "/")
		anew := d.written[line[1]] && slices.Contains(d.tables, table) && !d.taken[line[0]]
		if anew || !d.out.Keep(line[0]) {
			continue
		}
		if err := d.lines.Write(line); err != nil {
			return err
		}
	}
	return nil
}
