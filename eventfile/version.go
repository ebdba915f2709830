package eventfile

import (
	"bytes"
	"strconv"
	"strings"
)

// parseVersion is the number behind "brain.Event:", or -1 where there is none
// (tensorboard/backend/event_processing/event_util.py, ParseFileVersion).
func parseVersion(fileVersion []byte) float64 {
	text := fileVersion
	if i := bytes.LastIndex(fileVersion, []byte("brain.Event:")); i >= 0 {
		text = fileVersion[i+len("brain.Event:"):]
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(string(text)), 64)
	if err != nil {
		return -1
	}
	return v
}
