package prototext_test

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	googletext "google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/prototext"
	"tbexport/internal/peers"
	pb "tbexport/proto"
)

// TestProtoText: protobuf's own reader gets the event back from the text. It
// knows a tensor as bytes only, so those are left out.
func TestProtoText(t *testing.T) {
	store := dirstore.New(dirstore.Logdir{Path: filepath.Join(peers.Root(t), "testdata", "logs")})
	runs, _, err := store.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := eventfile.NewReader(eventfile.ReaderOptions{})
	compared := 0
	for _, run := range runs {
		for _, path := range run.Files {
			f, err := store.Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			r.Reset(t.Context(), path, f)
			for {
				e, err := r.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					continue // damage is what other tests are about
				}
				want := new(pb.Event)
				err = proto.Unmarshal(e.Raw(), want)
				text := string(prototext.Append(nil, e.Raw()))
				if err != nil || strings.Contains(text, " tensor {") {
					continue
				}
				var got pb.Event
				if err := googletext.Unmarshal([]byte(text), &got); err != nil {
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
