package trackio

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/convert/rows"
)

// mediaDir is the directory of pictures and sounds below that of the projects.
const mediaDir = "media"

// temporaryPrefix begins the names of files that are being written.
const temporaryPrefix = ".tbexport-"

// mediaFile is a picture or a sound.
type mediaFile struct {
	path string // below mediaDir, with slashes
	rows.File
}

// runFiles is the directory of the files of a run of a name, below mediaDir, with slashes.
func runFiles(project, name string) string { return path.Join(project, rows.SafePath(name)) }

// media are the values of a run that are no points, on their way into its rows.
type media struct {
	rows.Spool // of what values are in the JSON of rows
	run        *plan.RunResult
	dir        string // of the run's files, as runFiles
	keys       map[*plan.Media]string
	// keep is called for each file.
	keep func(*mediaFile) error
}

// newMedia gives those of a run that has a name in the project.
func newMedia(r *plan.RunResult, name string, o *Options, keep func(*mediaFile) error) *media {
	return &media{Spool: rows.Spool{Dir: o.Read.TempDir}, run: r, dir: runFiles(o.Project, name),
		keys: rows.MediaKeys(r.Run, key), keep: keep}
}

// adder adds values to rows; nil: there are none.
func (m *media) adder(all iter.Seq2[*plan.MediaValue, error]) func(rows.Adder) error {
	if len(m.run.Run.Media) == 0 {
		return nil
	}
	return func(add rows.Adder) error {
		for v, err := range all {
			var text []byte
			if err == nil {
				text, err = m.value(v)
			}
			if err != nil {
				return err
			}
			if len(text) == 0 {
				continue
			}
			m.run.Media.Values++
			at, err := m.Spool.Add(text)
			if err == nil {
				err = add(v.Media, v.Step, v.WallTime, at)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// value is what the JSON of a row has of a value: nothing where nothing of it can
// be shown. Trackio's page shows one picture or sound a key.
func (m *media) value(v *plan.MediaValue) (text []byte, err error) {
	var files []rows.File
	var captions []string
	var leftOut int64
	kind := "trackio.image"
	switch v.Media.Form {
	case convert.FormHistograms:
		return m.histogram(v)
	case convert.FormImages:
		_, files, leftOut, err = rows.Pictures(v.Value)
		captions = make([]string, len(files))
	case convert.FormAudio:
		kind = "trackio.audio"
		clips, sounds, n, failed := rows.Clips(v.Value)
		files, leftOut, err = sounds, n, failed
		for _, c := range clips {
			captions = append(captions, c.Label)
		}
	}
	m.run.Media.LeftOut += leftOut
	for i := 0; i < len(files) && err == nil; i++ {
		name := m.keys[v.Media]
		if len(v.Media.Items) > 1 {
			name = fmt.Sprintf("%s/%d", name, i)
		}
		f := mediaFile{path.Join(m.dir, files[i].Name(v.Step)), files[i]}
		caption := "null"
		if captions[i] != "" {
			caption = quote(captions[i])
		}
		if len(text) > 0 {
			text = append(text, ',')
		}
		text = fmt.Appendf(text, `%s:{"_type":%q,"file_path":%s,"caption":%s}`, quote(name), kind, quote(f.path),
			caption)
		m.run.Media.Files++
		m.run.Media.FileBytes += int64(len(f.Bytes))
		err = m.keep(&f)
	}
	return text, err
}

func (m *media) histogram(v *plan.MediaValue) ([]byte, error) {
	h, err := v.Histogram()
	if err != nil {
		return nil, err
	}
	b, ok := rows.BucketsOf(&h)
	if !ok {
		m.run.Media.LeftOut++
		return nil, nil
	}
	if b.Limit(rows.MostBuckets) {
		m.run.Media.Coarser++
	}
	text := fmt.Appendf(nil, `%s:{"_type":"trackio.histogram","bins":`, quote(m.keys[v.Media]))
	text = append(appendNumbers(text, b.Edges), `,"values":`...)
	return append(appendNumbers(text, b.Counts), '}'), nil
}

func appendNumbers(text []byte, all []float64) []byte {
	text = append(text, '[')
	for i, x := range all {
		if i > 0 {
			text = append(text, ',')
		}
		text = appendNumber(text, x)
	}
	return append(text, ']')
}

// texts are what a row is to say of its media.
func (m *media) texts(row *rows.Row) (texts []rows.Text, err error) {
	for i := range row.Media {
		text, err := m.Get(row.Media[i].At)
		if err != nil {
			return nil, err
		}
		var stored rows.Stored
		if err := parseRow("{"+string(text)+"}", &stored, make(map[string]string)); err != nil {
			return nil, err
		}
		texts = append(texts, stored.Media...)
	}
	return texts, nil
}

// keepFile writes a picture or a sound below a directory, unless it is there with
// these bytes.
func keepFile(dir string, f *mediaFile) error {
	to := filepath.Join(dir, mediaDir, filepath.FromSlash(f.path))
	if there, err := os.ReadFile(to); err == nil && bytes.Equal(there, f.Bytes) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(to), temporaryPrefix+"*")
	if err != nil {
		return err
	}
	_, err = temp.Write(f.Bytes)
	if err = errors.Join(err, temp.Chmod(0o644), temp.Close()); err == nil {
		err = os.Rename(temp.Name(), to)
	}
	if err != nil {
		var of *fs.PathError
		if errors.As(err, &of) { // a name that is there no more says nothing
			err = fmt.Errorf("%s: %w", to, of.Err)
		}
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}
