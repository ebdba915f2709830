package sqlmodel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"iter"
	"slices"
	"strings"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile"
	"tbexport/eventfile/event"
	"tbexport/eventfile/kinds"
)

// valueTable is a table of values that are no points, or the rows in it of one kind.
// seq is the value's place among those of its tag, over all sources that have it.
type valueTable struct {
	name    string
	form    convert.Form
	kind    string   // the column of that name; empty: there is none
	columns []string // but for run_id, kind and path
}

func valueTables() []valueTable {
	media := []string{"tag", "seq", "position", "step", "wall_time", "format", "bytes", "sha256"}
	return []valueTable{
		{"text", convert.FormText, "", []string{"tag", "seq", "position", "step", "wall_time", "value"}},
		{"histogram", convert.FormHistograms, "",
			[]string{"tag", "seq", "bucket", "step", "wall_time", "left_edge", "right_edge", "count"}},
		{"media", convert.FormImages, "image", media},
		{"media", convert.FormAudio, "audio", media},
	}
}

// forms are those of the values that the tables have rows of.
func forms() []convert.Form {
	return []convert.Form{convert.FormText, convert.FormHistograms, convert.FormImages, convert.FormAudio}
}

// has reports whether a run may have rows in the table.
func (t *valueTable) has(r *plan.Run) bool {
	for _, s := range r.Sources {
		if s.Has(t.form) {
			return true
		}
	}
	return false
}

// hasMedia reports whether a run has pictures or sound.
func hasMedia(r *plan.Run) bool {
	for _, t := range valueTables() {
		if t.kind != "" && t.has(r) {
			return true
		}
	}
	return false
}

// values writes the rows of the tables of values.
func (w *writer) values(ctx context.Context, id int64, r *plan.RunResult) error {
	for _, t := range valueTables() {
		if !t.has(r.Run) {
			continue
		}
		first, columns := []any{id}, []string{"run_id"}
		if t.kind != "" {
			first, columns = append(first, t.kind), append(columns, "kind")
		}
		columns = append(columns, t.columns...)
		if t.kind != "" {
			columns = append(columns, "path")
		}
		rows := func(yield func([]any, error) bool) {
			for row, err := range valueRows(ctx, w.tx.Number, r, t, w.options.Read) {
				if err != nil {
					yield(nil, err)
					return
				}
				all := append(slices.Clone(first), row.columns...)
				if t.kind != "" {
					all = append(all, w.options.Files.path(row, t.form))
				}
				if !yield(all, nil) {
					return
				}
			}
		}
		if err := w.tx.Insert(ctx, t.name, columns, rows); err != nil {
			return err
		}
	}
	return nil
}

// Files are those that pictures and sound were extracted to, by what they are of, in
// the order of the values; nil: they were not.
type Files map[FileOf][]File

// FileOf says what files are of: a form, and a TensorBoard run and tag.
type FileOf struct {
	Form     convert.Form
	Run, Tag string
}

// File is a file and the SHA-256 of its bytes, in hexadecimal digits.
type File struct{ Path, SHA256 string }

// OtherFiles are the paths in media of the runs that are not in a plan.
func OtherFiles(ctx context.Context, d Database, p *plan.Plan) (paths []string, err error) {
	planned := make(map[string]bool, len(p.Runs))
	for _, r := range p.Runs {
		planned[string(sourceID(r))] = true
	}
	err = d.Transaction(ctx, "", func(tx Tx) error {
		paths = nil
		return tx.Query(ctx, func(scan func(...any) error) error {
			var id []byte
			var path string
			err := scan(&id, &path)
			if !planned[string(id)] {
				paths = append(paths, path)
			}
			return err
		}, "SELECT source_id, media.path FROM media JOIN run USING (run_id) WHERE media.path IS NOT NULL")
	})
	return paths, err
}

// path is the file of a row. A log that has grown since it was extracted may have
// others: those have none.
func (f Files) path(row *valueRow, form convert.Form) any {
	files := f[FileOf{form, row.run, row.tag}]
	if row.nth < len(files) && files[row.nth].SHA256 == row.sum {
		return withoutNUL(files[row.nth].Path)
	}
	return nil
}

// byRun are the files by TensorBoard run; nil for nil.
func (f Files) byRun() map[string][]File {
	if f == nil {
		return nil
	}
	all := make(map[string][]File)
	for of, files := range f {
		all[of.Run] = append(all[of.Run], files...)
	}
	return all
}

// hasFiles reports whether the rows of a run have its files, and no others.
func (w *writer) hasFiles(ctx context.Context, id int64, r *plan.Run) (bool, error) {
	if w.byRun == nil || !hasMedia(r) {
		return true, nil
	}
	left, same := make(map[string]string), true
	for _, s := range r.Sources {
		for _, file := range w.byRun[s.Run.Name] {
			left[withoutNUL(file.Path)] = file.SHA256
		}
	}
	err := w.tx.Query(ctx, func(scan func(...any) error) error {
		var path, sum string
		if err := scan(&path, &sum); err != nil {
			return err
		}
		same = same && left[path] == sum
		delete(left, path)
		return nil
	}, "SELECT coalesce(path, ''), sha256 FROM media WHERE run_id = $1", id)
	return same && len(left) == 0, err
}

// valueRow is a row in the columns of its table. The rest is of media: what it is of,
// and which of the files of that is its.
type valueRow struct {
	columns       []any
	run, tag, sum string
	nth           int
}

// errEnough ends a reading whose rows are not wanted any more.
var errEnough = errors.New("enough")

// valueRows are the rows of a run in a table of values, but for run_id. What they
// are is added up in the result.
func valueRows(ctx context.Context, number func(float64) any, r *plan.RunResult, t valueTable,
	read convert.ReadOptions) iter.Seq2[*valueRow, error] {
	return func(yield func(*valueRow, error) bool) {
		seqs := make(map[string]int64) // by the tag as it is stored
		for _, s := range r.Run.Sources {
			if !s.Has(t.form) {
				continue
			}
			give := func(_ context.Context, in *convert.Input) error {
				return sourceRows(in, s, r, t, seqs, number, yield)
			}
			o := convert.Options{Store: s.Store, Jobs: 1, NoSeries: true, Forms: []convert.Form{t.form}, Read: read}
			_, err := convert.Each(ctx, []eventfile.Run{s.Run}, o, give)
			if errors.Is(err, errEnough) {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// sourceRows yields the rows of one source.
func sourceRows(in *convert.Input, s *plan.Source, r *plan.RunResult, t valueTable, seqs map[string]int64,
	number func(float64) any, yield func(*valueRow, error) bool) error {
	nth := make(map[string]int) // by tag
	for v, err := range in.Values(t.form) {
		if err != nil {
			return err
		}
		rows, nul, err := rowsOf(number, t.form, v)
		if err != nil {
			return err
		}
		if nul || strings.Contains(v.Tag, "\x00") {
			r.NULs++
		}
		r.AddOtherRows(t.name, int64(len(rows)))
		tag := valueTag(s, v.Tag)
		seq := seqs[tag]
		seqs[tag]++
		for i, columns := range rows {
			row := &valueRow{run: in.Run.Name, tag: v.Tag, nth: nth[v.Tag]}
			row.columns = append([]any{tag, seq, int64(i), v.Step, number(v.WallTime)}, columns...)
			if t.kind != "" {
				row.sum, _ = columns[len(columns)-1].(string)
			}
			nth[v.Tag]++
			if !yield(row, nil) {
				return errEnough
			}
		}
	}
	return nil
}

func valueTag(s *plan.Source, tag string) string {
	if s.Prefix != "" {
		tag = s.Prefix + "/" + tag
	}
	return withoutNUL(tag)
}

// rowsOf are the last columns of the rows of a value. nul: a text lost one.
func rowsOf(number func(float64) any, form convert.Form, v *convert.Value) (rows [][]any, nul bool, err error) {
	switch form {
	case convert.FormText:
		text, err := kinds.DecodeText(v.Value.Tensor)
		for _, t := range text.Texts {
			kept := withoutNUL(t)
			nul = nul || kept != t
			rows = append(rows, []any{kept})
		}
		return rows, nul, err
	case convert.FormHistograms:
		h, err := histogram(v)
		for i, count := range h.Count {
			rows = append(rows, []any{number(h.Left[i]), number(h.Right[i]), number(count)})
		}
		return rows, false, err
	case convert.FormImages:
		pictures, err := v.Pictures()
		for _, p := range pictures {
			rows = append(rows, medium(p.Format, p.Bytes))
		}
		return rows, false, err
	default:
		clips, err := v.Clips()
		for _, c := range clips {
			rows = append(rows, medium(c.ContentType, c.Bytes))
		}
		return rows, false, err
	}
}

func histogram(v *convert.Value) (kinds.Histogram, error) {
	if v.Value.Field == event.FieldHisto {
		return kinds.DecodeOldHistogram(v.Value.Message)
	}
	return kinds.DecodeHistogram(v.Value.Tensor)
}

// medium is a picture or clip in its columns.
func medium(format string, b []byte) []any {
	sum := sha256.Sum256(b)
	return []any{orNull(format), int64(len(b)), hex.EncodeToString(sum[:])}
}
