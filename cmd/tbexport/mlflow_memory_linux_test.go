package main

import (
	"bytes"
	"image"
	"image/png"
	"math/rand/v2"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/convert/mlflow/mlflowtest"
	"tbexport/eventfile/eventfiletest"
)

// TestMemoryLargePictures: pictures of as many pixels as are decoded, which do not compress, go into the image grid of a real
// server one by one.
func TestMemoryLargePictures(t *testing.T) {
	server := mlflowtest.Start(t, mlflowtest.Options{Args: []string{"--workers", "2"}})
	logs := t.TempDir()
	noise := image.NewNRGBA(image.Rect(0, 0, 4096, 2048))
	random := rand.NewChaCha8([32]byte{})
	var events []eventfiletest.Event
	for step := range 4 {
		_, _ = random.Read(noise.Pix)
		var encoded bytes.Buffer
		encoder := png.Encoder{CompressionLevel: png.NoCompression}
		if err := encoder.Encode(&encoded, noise); err != nil {
			t.Fatal(err)
		}
		field := protowire.AppendBytes(protowire.AppendTag(nil, 4, protowire.BytesType), encoded.Bytes())
		events = append(events, eventfiletest.Summary(1000+float64(step), int64(step), eventfiletest.Image("noise", field)))
	}
	eventfiletest.Write(t, logs, eventfiletest.Tree{"a/" + eventFileName: eventfiletest.File(events...)})
	place := []string{logs, "--tracking-uri", server.URL, "--experiment", "large"}
	wantPeak(t, 256, append([]string{"mlflow"}, place...)...)
	wantPeak(t, 256, append([]string{"mlflow", "verify"}, place...)...)
}
