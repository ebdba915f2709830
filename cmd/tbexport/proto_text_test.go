package main

import (
	"io"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"tbexport/eventfile"
	pb "tbexport/proto"
)

// TestProtoText: protobuf's own reader gets the event back from the text. It
// knows a tensor as bytes only, so those are left out.
func TestProtoText(t *testing.T) {
	runs, _, err := eventfile.Find(eventfile.Logdir{Path: testdata(t, "logs")})
	if err != nil {
		t.Fatal(err)
	}
	r := eventfile.NewReader(false)
	defer r.Close()
	compared := 0
	for _, run := range runs {
		for _, path := range run.Files {
			if err := r.Open(path); err != nil {
				t.Fatal(err)
			}
			for {
				e, err := r.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					continue // damage is what other tests are about
				}
				want, err := e.Proto()
				text := string(appendProtoText(nil, e.Raw()))
				if err != nil || strings.Contains(text, " tensor {") {
					continue
				}
				var got pb.Event
				if err := prototext.Unmarshal([]byte(text), &got); err != nil {
					// Fields that are there twice, or unknown, are for people only.
					if strings.Contains(err.Error(), "is repeated") || strings.Contains(err.Error(), "unknown field") ||
						strings.Contains(err.Error(), "already set") || strings.Contains(err.Error(), "cannot specify field") {
						continue
					}
					t.Fatalf("%s at %d: %v\n%s", path, r.Offset(), err, text)
				}
				if !proto.Equal(&got, want) {
					t.Errorf("%s at %d:\n%s\nreads back as\n%v", path, r.Offset(), text, &got)
				}
				compared++
			}
		}
	}
	if compared < 4000 {
		t.Errorf("compared %d events only", compared)
	}
}

func TestProtoTextOfOddBytes(t *testing.T) {
	for _, c := range []struct{ name, raw, want string }{
		{"unknown fields", "\xa2\x06\x02hi\xa8\x06\x05\xb5\x06\x01\x00\x00\x00\xb9\x06\x01\x00\x00\x00\x00\x00\x00\x00",
			"100: \"hi\"\n101: 5\n102: 0x00000001\n103: 0x0000000000000001\n"},
		{"broken", "\x10\x05\x09\x01", "step: 5\n# undecodable: \"\\t\\001\"\n"},
		{"escapes", "\x1a\x06\"\\\n\x1b\x80a", "file_version: \"\\\"\\\\\\n\\033\\200a\"\n"},
		{"not finite", "\x09\x00\x00\x00\x00\x00\x00\xf8\x7f", "wall_time: nan\n"},
		{"packed", "\x2a\x10\x0a\x0e\x42\x0c\x08\x01\x2a\x08\x00\x00\x80\x3f\x00\x00\x80\xff",
			"summary {\n  value {\n    tensor {\n      dtype: DT_FLOAT\n      float_val: [1, -inf]\n    }\n  }\n}\n"},
		{"packed and broken", "\x2a\x09\x0a\x07\x42\x05\x2a\x03\x00\x00\x80",
			"summary {\n  value {\n    tensor {\n      float_val: \"\\000\\000\\200\"\n    }\n  }\n}\n"},
		{"negative", "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "step: -1\n"},
		{"empty", "", ""},
	} {
		want := strings.ReplaceAll(c.want, `\t\001`, `\011\001`)
		if got := string(appendProtoText(nil, []byte(c.raw))); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, want)
		}
	}
}
