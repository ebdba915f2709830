package wandb

import (
	"encoding/json"
	"math"
	"strconv"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// Field numbers of wandb_internal.proto, of what is written or read here.
const (
	recordNum, recordHistory, recordSummary, recordFiles = 1, 2, 3, 6
	recordMetric, recordRun, recordExit, recordHeader    = 12, 17, 18, 21

	runID, runEntity, runProject, runConfig, runGroup = 1, 2, 3, 4, 6
	runName, runNotes, runTags, runStart              = 8, 9, 10, 17

	historyItem, historyStep = 1, 2
	stepNum                  = 1
	updateItem               = 1 // of a config and of a summary
	itemKey, itemNested      = 1, 2
	itemJSON                 = 16
	metricName, metricGlob   = 1, 2
	metricStep               = 4
	metricOptions            = 6
	optionSync, optionSet    = 1, 3
	exitCode, exitRuntime    = 1, 2
	headerVersion            = 1
	versionProducer          = 1
	timeSeconds, timeNanos   = 1, 2
	filesItem, filePath      = 1, 1
)

// message is an encoded protobuf message under way.
type message []byte

func (m message) text(field protowire.Number, text string) message {
	if text == "" {
		return m
	}
	return protowire.AppendString(protowire.AppendTag(m, field, protowire.BytesType), text)
}

func (m message) number(field protowire.Number, n int64) message {
	return protowire.AppendVarint(protowire.AppendTag(m, field, protowire.VarintType), uint64(n))
}

func (m message) message(field protowire.Number, inner message) message {
	return protowire.AppendBytes(protowire.AppendTag(m, field, protowire.BytesType), inner)
}

// item adds a key with its value, in any message that has such.
func (m message) item(field protowire.Number, key string, value []byte) message {
	var inner message
	inner = protowire.AppendString(protowire.AppendTag(inner, itemKey, protowire.BytesType), key)
	return m.message(field, inner.message(itemJSON, value))
}

// time adds a time in seconds since 1970.
func (m message) time(field protowire.Number, seconds float64) message {
	t := time.UnixMicro(int64(math.Round(seconds * 1e6)))
	return m.message(field, message(nil).number(timeSeconds, t.Unix()).number(timeNanos, int64(t.Nanosecond())))
}

// appendJSON appends a number as W&B reads it: NaN and the infinities bare.
func appendJSON(b []byte, v float64) []byte {
	switch {
	case v != v:
		return append(b, "NaN"...)
	case math.IsInf(v, 1):
		return append(b, "Infinity"...)
	case math.IsInf(v, -1):
		return append(b, "-Infinity"...)
	case v == 0 && math.Signbit(v):
		return append(b, "-0.0"...) // as an integer it would have no sign
	}
	return strconv.AppendFloat(b, v, 'g', -1, 64)
}

// jsonText is a text as JSON.
func jsonText(text string) []byte {
	b, err := json.Marshal(text)
	if err != nil {
		return []byte(`""`) // there is no text that cannot be marshalled
	}
	return b
}

// parseJSON is the inverse of appendJSON.
func parseJSON(text string) (float64, error) {
	switch text {
	case "NaN":
		return math.NaN(), nil
	case "Infinity":
		return math.Inf(1), nil
	case "-Infinity":
		return math.Inf(-1), nil
	}
	return strconv.ParseFloat(text, 64)
}
