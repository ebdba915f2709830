package kinds

import (
	"reflect"
	"testing"
)

// TestBroken: what is broken is decoded as far as it goes.
func TestBroken(t *testing.T) {
	if image := DecodeImage([]byte("\x08\x04\x10\x03\x22\x02ab\x22\x7f")); !reflect.DeepEqual(image, Image{3, 4, []byte("ab")}) {
		t.Errorf("image: %+v", image)
	}
	audio := DecodeAudio([]byte("\x0d\x00\x00\xfa\x45\x10\x01\x18\x05\x22\x02ab\x2a\x09audio/wav"))
	if !reflect.DeepEqual(audio, Audio{8000, 1, 5, "audio/wav", []byte("ab")}) {
		t.Errorf("audio: %+v", audio)
	}
	one := "\x00\x00\x00\x00\x00\x00\xf0\x3f"
	histogram := DecodeHistogram([]byte("\x09" + one + "\x11" + one + "\x19" + one + "\x32\x08" + one + "\x3a\x08" + one + "\x39" + one))
	if !reflect.DeepEqual(histogram, Histogram{Min: 1, Max: 1, Num: 1, Limits: []float64{1}, Counts: []float64{1, 1}}) {
		t.Errorf("histogram: %+v", histogram)
	}
}

// FuzzDecode: no bytes make a decoder fail.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x08\x04\x10\x03\x22\x02ab\x22\x7f"))
	f.Add([]byte("\x32\x08\x00\x00\x00\x00\x00\x00\xf0\x3f"))
	f.Fuzz(func(t *testing.T, b []byte) {
		image, audio := DecodeImage(b), DecodeAudio(b)
		if len(image.Encoded) > len(b) || len(audio.Encoded) > len(b) || len(audio.Type) > len(b) {
			t.Error("longer than what it is of")
		}
		if h := DecodeHistogram(b); len(h.Limits)+len(h.Counts) > len(b)/8+1 {
			t.Errorf("%d limits and %d counts in %d bytes", len(h.Limits), len(h.Counts), len(b))
		}
	})
}
