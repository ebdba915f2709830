package wandb

import (
	"iter"
	"math"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/convert/plan"
	"tbexport/convert/rows"
)

// history writes the records of a file.
type history struct {
	log     *logWriter
	num     int64 // of records
	counted bool
	start   float64
	keys    map[*plan.Series]*column
	media   *media

	done     int64 // rows
	lastStep int64
	lastTime float64

	stepKey, timeKey, runKey, globalKey message
	items, inner, outer                 message // under way
	value                               []byte
}

// column is a series: its key, encoded, and its last value.
type column struct {
	key  message
	last float64
}

func newKey(key string) message {
	return protowire.AppendString(protowire.AppendTag(nil, itemKey, protowire.BytesType), key)
}

// record writes a record, with its number.
func (h *history) record(m message) error {
	h.num++
	h.outer = append(message(nil).number(recordNum, h.num), m...)
	return h.log.write(h.outer)
}

// define has the charts drawn over TensorBoard's step.
func (h *history) define() error {
	set := message(nil).number(optionSet, 1)
	step := message(nil).text(metricName, globalStep).message(metricOptions, set)
	if err := h.record(message(nil).message(recordMetric, step)); err != nil {
		return err
	}
	return h.record(message(nil).message(recordMetric, message(nil).text(metricGlob, "*").text(metricStep, globalStep).
		message(metricOptions, set.number(optionSync, 1))))
}

// rows writes a record for each row.
func (h *history) rows(all iter.Seq2[*rows.Row, error], progress func(int64)) error {
	h.stepKey, h.timeKey, h.runKey, h.globalKey = newKey("_step"), newKey("_timestamp"), newKey("_runtime"),
		newKey(globalStep)
	points := int64(0)
	for row, err := range all {
		if err != nil {
			return err
		}
		if err := h.row(row); err != nil {
			return err
		}
		if points += int64(len(row.Points)); points >= 1<<14 && progress != nil {
			progress(points)
			points = 0
		}
	}
	if progress != nil && points > 0 {
		progress(points)
	}
	return nil
}

// row writes a row.
func (h *history) row(row *rows.Row) error {
	step := row.Step
	if h.counted {
		step = h.done
	}
	h.items = h.items[:0]
	for i := range row.Points {
		p := &row.Points[i]
		c := h.keys[p.Series]
		if c == nil {
			c = &column{key: newKey(p.Series.Key)}
			h.keys[p.Series] = c
		}
		c.last = p.Value
		h.value = appendJSON(h.value[:0], p.Value)
		h.item(c.key)
	}
	for i := range row.Media {
		m := &row.Media[i]
		items, err := h.media.Get(m.At)
		if err != nil {
			return err
		}
		h.items = append(h.items, items...)
		h.media.last[m.Media] = m.At
	}
	if h.counted {
		h.integer(h.globalKey, row.Step)
	}
	if time := row.Time(); !math.IsNaN(time) {
		h.lastTime = max(h.lastTime, time)
		h.value = appendJSON(h.value[:0], time)
		h.item(h.timeKey)
		h.value = appendJSON(h.value[:0], runtime(h.start, time))
		h.item(h.runKey)
	}
	h.integer(h.stepKey, step)
	h.lastStep = step
	h.done++
	h.items = h.items.message(historyStep, message(h.inner[:0]).number(stepNum, step))
	return h.write(recordHistory)
}

// runtime is how long a run had run, in seconds.
func runtime(start, now float64) float64 {
	if start <= 0 || now < start {
		return 0
	}
	return now - start
}

func (h *history) integer(key message, n int64) {
	h.value = strconv.AppendInt(h.value[:0], n, 10)
	h.item(key)
}

// item adds an item of the value.
func (h *history) item(key message) {
	h.items = protowire.AppendTag(h.items, historyItem, protowire.BytesType)
	h.items = protowire.AppendVarint(h.items,
		uint64(len(key)+protowire.SizeTag(itemJSON)+protowire.SizeBytes(len(h.value))))
	h.items = append(h.items, key...)
	h.items = protowire.AppendBytes(protowire.AppendTag(h.items, itemJSON, protowire.BytesType), h.value)
}

// write writes a record of the items.
func (h *history) write(field protowire.Number) error {
	h.num++
	h.outer = message(h.outer[:0]).number(recordNum, h.num).message(field, h.items)
	return h.log.write(h.outer)
}

// file has a file uploaded.
func (h *history) file(f *mediaFile) error {
	return h.record(message(nil).message(recordFiles,
		message(nil).message(filesItem, message(nil).text(filePath, f.path))))
}

// end writes the summary, which is the last value of every key, and the end.
func (h *history) end(r *plan.Run) error {
	h.items = h.items[:0]
	for _, s := range r.Series {
		if c := h.keys[s]; c != nil {
			h.value = appendJSON(h.value[:0], c.last)
			h.item(c.key)
		}
	}
	for _, m := range r.Media {
		if at, ok := h.media.last[m]; ok {
			items, err := h.media.Get(at)
			if err != nil {
				return err
			}
			h.items = append(h.items, items...)
		}
	}
	if h.done > 0 {
		h.integer(h.stepKey, h.lastStep)
	}
	if h.lastTime > 0 {
		h.value = appendJSON(h.value[:0], h.lastTime)
		h.item(h.timeKey)
		h.value = appendJSON(h.value[:0], runtime(h.start, h.lastTime))
		h.item(h.runKey)
	}
	if err := h.write(recordSummary); err != nil {
		return err
	}
	seconds := int64(min(runtime(r.Start, r.End), math.MaxInt32))
	return h.record(message(nil).message(recordExit,
		message(nil).number(exitCode, code(r)).number(exitRuntime, seconds)))
}
