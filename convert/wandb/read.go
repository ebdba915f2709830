package wandb

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/convert/plan"
	"tbexport/convert/rows"
)

// found is what the first record of a run's file says; empty: there is none, or
// it is not of this package and this run.
type found struct {
	digest string
	place  *Place // where the run is synced to; nil: not known
}

// find looks at what is at a run's place.
func (w *writer) find(r *plan.RunResult) (found, error) {
	file, err := os.Open(filepath.Join(r.Where, fileName(r.Run)))
	if errors.Is(err, os.ErrNotExist) {
		return found{}, nil
	}
	if err != nil {
		return found{}, err
	}
	defer file.Close()
	log, err := newLogReader(file)
	if err != nil {
		return found{}, nil // of somebody else
	}
	record, err := log.next()
	if err != nil {
		return found{}, nil
	}
	var f stored
	if err := f.take(record); err != nil {
		return found{}, nil
	}
	words := strings.Fields(f.producer)
	if len(words) != 3 || words[0] != producer || words[1] != r.Run.SourceID {
		return found{}, nil
	}
	if record, err = log.next(); err == nil {
		err = f.take(record)
	}
	if err != nil {
		return found{digest: words[2]}, nil
	}
	return found{words[2], &f.place}, nil
}

// stored is what a file says of its run beside the history.
type stored struct {
	producer string
	id, name string
	place    Place
	group    string
	config   map[string]string // JSON by key
	counted  bool
	exit     int64
	ended    bool
	summary  map[string]string
}

// take takes what is in a record, but for history.
func (s *stored) take(record []byte) error {
	return fields(record, func(num protowire.Number, v field) (err error) {
		switch num {
		case recordHeader:
			s.producer, err = textIn(v.bytes, headerVersion, versionProducer)
		case recordRun:
			return s.takeRun(v.bytes)
		case recordMetric:
			s.counted = true
		case recordSummary:
			s.summary, err = items(v.bytes)
		case recordExit:
			s.ended = true
			return fields(v.bytes, func(num protowire.Number, v field) error {
				if num == exitCode {
					s.exit = int64(v.number)
				}
				return nil
			})
		}
		return err
	})
}

func (s *stored) takeRun(run []byte) error {
	return fields(run, func(num protowire.Number, v field) (err error) {
		switch num {
		case runID:
			s.id = string(v.bytes)
		case runName:
			s.name = string(v.bytes)
		case runEntity:
			s.place.Entity = string(v.bytes)
		case runProject:
			s.place.Project = string(v.bytes)
		case runGroup:
			s.group = string(v.bytes)
		case runConfig:
			s.config, err = items(v.bytes)
		}
		return err
	})
}

// items are those of a config or a summary.
func items(update []byte) (map[string]string, error) {
	all := make(map[string]string)
	err := fields(update, func(num protowire.Number, v field) error {
		if num != updateItem {
			return nil
		}
		key, below, value, err := item(v.bytes)
		if below == nil {
			all[string(key)] = string(value)
		}
		return err
	})
	return all, err
}

// item is a key with its JSON. below is the key of a part of a value; nil: the
// value is whole.
func item(b []byte) (key, below, value []byte, err error) {
	err = fields(b, func(num protowire.Number, v field) error {
		switch {
		case num == itemNested && key != nil:
			below = append(below[:len(below):len(below)], v.bytes...)
		case num == itemKey, num == itemNested:
			key = v.bytes
		case num == itemJSON:
			value = v.bytes
		}
		return nil
	})
	return key, below, value, err
}

// addText adds an item of media to the texts of its row.
func addText(texts []rows.Text, key, below, value []byte) []rows.Text {
	if n := len(texts); n == 0 || texts[n-1].Key != string(key) {
		texts = append(texts, rows.Text{Key: string(key)})
	}
	text := &texts[len(texts)-1].Text
	if *text != "" {
		*text += ", "
	}
	*text += string(below) + " " + string(value)
	return texts
}

// textIn is a text below a message.
func textIn(b []byte, path ...protowire.Number) (text string, err error) {
	err = fields(b, func(num protowire.Number, v field) error {
		if num != path[0] {
			return nil
		}
		if len(path) == 1 {
			text = string(v.bytes)
			return nil
		}
		text, err = textIn(v.bytes, path[1:]...)
		return err
	})
	return text, err
}

// field is a value of a message: a varint, or bytes.
type field struct {
	number uint64
	bytes  []byte
}

// fields calls f for every varint and every bytes of a message.
func fields(b []byte, f func(protowire.Number, field) error) error {
	for len(b) > 0 {
		num, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return protowire.ParseError(n)
		}
		b = b[n:]
		var v field
		switch kind {
		case protowire.VarintType:
			v.number, n = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			v.bytes, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(num, kind, b)
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		b = b[n:]
		if kind == protowire.VarintType || kind == protowire.BytesType {
			if err := f(num, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// history gives the rows of a log, and takes what else it holds. The steps of
// rows must grow.
func (s *stored) history(log *logReader) iter.Seq2[*rows.Stored, error] {
	return func(yield func(*rows.Stored, error) bool) {
		r := rowReader{names: make(map[string]string), last: math.MinInt64}
		for {
			record, err := log.next()
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
			body, err := bytesIn(record, recordHistory)
			if err == nil && body == nil {
				err = s.take(record)
			}
			if err == nil && body != nil {
				err = r.read(body, s.counted)
			}
			if err != nil {
				yield(nil, fmt.Errorf("a record before offset %d: %w", log.place(), err))
				return
			}
			if body != nil && !yield(&r.row, nil) {
				return
			}
		}
	}
}

// bytesIn are the bytes of a field; nil: there is none.
func bytesIn(b []byte, want protowire.Number) (found []byte, err error) {
	err = fields(b, func(num protowire.Number, v field) error {
		if num == want {
			found = v.bytes
			if found == nil {
				found = []byte{}
			}
		}
		return nil
	})
	return found, err
}

// rowReader reads the rows of a history.
type rowReader struct {
	row   rows.Stored
	last  int64             // step of W&B
	names map[string]string // keys, each once
}

func (r *rowReader) read(body []byte, counted bool) error {
	r.row.Time, r.row.Values, r.row.Media = noTime, r.row.Values[:0], r.row.Media[:0]
	var step, global int64
	err := fields(body, func(num protowire.Number, v field) error {
		switch num {
		case historyStep:
			return fields(v.bytes, func(num protowire.Number, v field) error {
				if num == stepNum {
					step = int64(v.number)
				}
				return nil
			})
		case historyItem:
			key, below, value, err := item(v.bytes)
			if err == nil && below != nil {
				r.row.Media = addText(r.row.Media, key, below, value)
				return nil
			}
			if err != nil {
				return err
			}
			return r.item(key, value, counted, &global)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case step <= r.last:
		return fmt.Errorf("step %d comes after step %d", step, r.last)
	}
	r.last, r.row.Step = step, step
	if counted {
		r.row.Step = global
	}
	return nil
}

func (r *rowReader) item(key, value []byte, counted bool, global *int64) (err error) {
	switch {
	case counted && string(key) == globalStep:
		*global, err = strconv.ParseInt(string(value), 10, 64)
		return err
	case string(key) == "_timestamp":
		time, err := parseJSON(string(value))
		r.row.Time = timeText(time)
		return err
	case len(key) > 0 && key[0] == '_':
		return nil
	}
	name, ok := r.names[string(key)]
	if !ok {
		name = string(key)
		r.names[name] = name
	}
	number, err := parseJSON(string(value))
	r.row.Values = append(r.row.Values, rows.Value{Key: name, Value: number})
	return err
}

// noTime stands for a row without a time.
const noTime = "no time"

// timeText is a time in the form to compare.
func timeText(seconds float64) string {
	if math.IsNaN(seconds) {
		return noTime
	}
	return strconv.FormatFloat(seconds, 'f', -1, 64)
}
