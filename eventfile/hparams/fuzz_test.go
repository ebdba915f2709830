package hparams

import (
	"testing"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"

	"tbexport/eventfile/event"
	"tbexport/eventfile/internal/build"
	pb "tbexport/proto"
)

// FuzzHParams: whatever a payload holds, its names are text, in order and each
// there once; every value has a text; and the same record again says the same.
func FuzzHParams(f *testing.F) {
	var e event.Event
	for _, raw := range build.Payloads(f) {
		if event.Decode(raw, &e) != nil {
			continue
		}
		for i := range e.Values {
			if string(e.Values[i].Plugin) == "hparams" {
				f.Add(e.Values[i].PluginContent)
			}
		}
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		var data pb.HParamsPluginData
		if proto.Unmarshal(payload, &data) != nil {
			return
		}
		var c Collector
		for _, tag := range []string{tagExperiment, tagSessionStart, tagSessionEnd} {
			if c.take(tag, &data) && (!c.take(tag, &data) || c.counts.Disagreeing > 0) {
				t.Fatalf("%s: the same record again disagrees", tag)
			}
		}
		h := c.HParams()
		if h == nil {
			return
		}
		if h.Start != nil {
			wantParams(t, h.Start.Params)
		}
		if h.Experiment != nil {
			for _, info := range h.Experiment.HParams {
				for _, p := range info.Discrete {
					wantText(t, p.String())
				}
			}
		}
	})
}

func wantParams(t *testing.T, params []HParam) {
	t.Helper()
	for i, p := range params {
		if i > 0 && params[i-1].Name >= p.Name {
			t.Fatalf("hparam %q stands before %q", params[i-1].Name, p.Name)
		}
		wantText(t, p.Name)
		wantText(t, p.String())
	}
}

func wantText(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Fatalf("not UTF-8: %q", s)
	}
}
