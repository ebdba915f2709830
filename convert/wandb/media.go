package wandb

import (
	"fmt"
	"iter"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/convert/rows"
	"tbexport/eventfile/kinds"
)

// filesDir is the directory below a run's whose files are uploaded.
const filesDir = "files"

// mediaFile is a file of filesDir.
type mediaFile struct {
	path string
	rows.File
}

// encoded is a value as W&B has it: the items of a row of the history, and files.
// There are none where nothing of it can be shown.
type encoded struct {
	key    string
	items  message
	files  []mediaFile
	result plan.MediaResult
}

// encode makes e what W&B has of a value.
func (e *encoded) encode(key string, v *plan.MediaValue) (err error) {
	e.key, e.items, e.files, e.result = key, e.items[:0], e.files[:0], plan.MediaResult{}
	switch v.Media.Form {
	case convert.FormImages:
		err = e.pictures(v)
	case convert.FormAudio:
		err = e.clips(v)
	case convert.FormHistograms:
		err = e.histogram(v)
	}
	if len(e.items) > 0 {
		e.result.Values = 1
	}
	e.result.Files = int64(len(e.files))
	for i := range e.files {
		e.result.FileBytes += int64(len(e.files[i].Bytes))
	}
	return err
}

// add adds an item below the key.
func (e *encoded) add(field string, value []byte) {
	var item message
	item = protowire.AppendString(protowire.AppendTag(item, itemNested, protowire.BytesType), e.key)
	item = protowire.AppendString(protowire.AppendTag(item, itemNested, protowire.BytesType), field)
	e.items = e.items.message(historyItem, item.message(itemJSON, value))
}

func (e *encoded) number(field string, n int64) { e.add(field, strconv.AppendInt(nil, n, 10)) }

func (e *encoded) text(field, text string) { e.add(field, jsonText(text)) }

// file adds the items by which W&B finds a file.
func (e *encoded) file(f *mediaFile) {
	e.text("path", f.path)
	e.text("sha256", f.Sum)
	e.number("size", int64(len(f.Bytes)))
}

// take keeps files, and gives them their paths.
func (e *encoded) take(kind string, v *plan.MediaValue, files []rows.File) {
	for _, f := range files {
		e.files = append(e.files,
			mediaFile{fmt.Sprintf("media/%s/%s_%s", kind, rows.SafePath(e.key), f.Name(v.Step)), f})
	}
}

// pictures are one as itself, several as a list.
func (e *encoded) pictures(v *plan.MediaValue) error {
	pictures, files, leftOut, err := rows.Pictures(v.Value)
	e.result.LeftOut = leftOut
	if err != nil || len(files) == 0 {
		return err
	}
	e.take("images", v, files)
	if len(files) == 1 {
		e.text("_type", "image-file")
		e.file(&e.files[0])
	} else {
		e.text("_type", "images/separated")
		e.number("count", int64(len(files)))
		e.add("filenames", list(e.files, func(b []byte, f *mediaFile) []byte { return append(b, jsonText(f.path)...) }))
	}
	e.text("format", files[0].End)
	e.number("width", int64(pictures[0].Width))
	e.number("height", int64(pictures[0].Height))
	return nil
}

// clips are one as itself, several as a list.
func (e *encoded) clips(v *plan.MediaValue) error {
	clips, files, leftOut, err := rows.Clips(v.Value)
	e.result.LeftOut = leftOut
	if err != nil || len(files) == 0 {
		return err
	}
	e.take("audio", v, files)
	if len(files) == 1 {
		e.text("_type", "audio-file")
		e.file(&e.files[0])
		if clips[0].Label != "" {
			e.text("caption", clips[0].Label)
		}
		return nil
	}
	e.text("_type", "audio")
	e.number("count", int64(len(files)))
	e.add("audio", list(e.files, func(b []byte, f *mediaFile) []byte {
		return fmt.Appendf(b, `{"_type":"audio-file","path":%s,"sha256":"%s","size":%d}`, jsonText(f.path), f.Sum,
			len(f.Bytes))
	}))
	e.add("captions", list(clips, func(b []byte, c *kinds.Clip) []byte { return append(b, jsonText(c.Label)...) }))
	return nil
}

// histogram takes one whose edges and counts are finite.
func (e *encoded) histogram(v *plan.MediaValue) error {
	h, err := v.Histogram()
	if err != nil {
		return err
	}
	b, ok := rows.BucketsOf(&h)
	if !ok {
		e.result.LeftOut++
		return nil
	}
	if b.Limit(rows.MostBuckets) {
		e.result.Coarser++
	}
	number := func(b []byte, x *float64) []byte { return appendJSON(b, *x) }
	e.text("_type", "histogram")
	e.add("values", list(b.Counts, number))
	e.add("bins", list(b.Edges, number))
	return nil
}

// list is a list as JSON.
func list[T any](all []T, add func([]byte, *T) []byte) []byte {
	b := []byte{'['}
	for i := range all {
		if i > 0 {
			b = append(b, ',')
		}
		b = add(b, &all[i])
	}
	return append(b, ']')
}

// media are the values of a run that are no points, on their way into its rows.
type media struct {
	rows.Spool // of the items of values
	run        *plan.RunResult
	keys       map[*plan.Media]string
	last       map[*plan.Media]int64 // places of those of the greatest steps
	value      encoded
	// keep is called for each file.
	keep func(*mediaFile) error
}

func newMedia(r *plan.RunResult, dir string, keep func(*mediaFile) error) *media {
	return &media{
		Spool: rows.Spool{Dir: dir}, run: r, keys: rows.MediaKeys(r.Run, key), last: make(map[*plan.Media]int64),
		keep: keep,
	}
}

// add adds those that are read to the rows.
func (m *media) add(values iter.Seq2[*plan.MediaValue, error], add rows.Adder) error {
	for v, err := range values {
		if err == nil {
			err = m.value.encode(m.keys[v.Media], v)
		}
		if err != nil {
			return err
		}
		m.run.Media.Add(m.value.result)
		for i := range m.value.files {
			if err := m.keep(&m.value.files[i]); err != nil {
				return err
			}
		}
		if len(m.value.items) == 0 {
			continue
		}
		at, err := m.Spool.Add(m.value.items)
		if err == nil {
			err = add(v.Media, v.Step, v.WallTime, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
