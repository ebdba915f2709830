package kinds

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	pb "tbexport/proto"
)

// pngHeader is the start of a PNG file of a size.
func pngHeader(width, height uint32) []byte {
	b := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	b = binary.BigEndian.AppendUint32(b, width)
	return binary.BigEndian.AppendUint32(b, height)
}

// TestPictureHeaders: real encoders' pictures, cut anywhere, have their format and size or none.
func TestPictureHeaders(t *testing.T) {
	files, err := filepath.Glob("testdata/*_*x*.*")
	if err != nil || len(files) < 10 {
		t.Fatal(len(files), err)
	}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var width, height int32
		name := filepath.Base(path)
		name, format, _ := strings.Cut(name[strings.Index(name, "_")+1:], ".")
		if _, err := fmt.Sscanf(name, "%dx%d", &width, &height); err != nil {
			t.Fatal(err)
		}
		if p := newPicture(b, 1, 1); p.Width != width || p.Height != height || p.Format != format {
			t.Errorf("%s: %s of %dx%d", path, p.Format, p.Width, p.Height)
		}
		for n := range min(len(b), 3000) {
			f, w, h, ok := pictureHeader(b[:n:n])
			if ok && (w != width || h != height || f != format) {
				t.Errorf("%s, %d bytes: %s of %dx%d", path, n, f, w, h)
			}
		}
	}
	picture := image.NewPaletted(image.Rect(0, 0, 300, 7), color.Palette{color.Black, color.White})
	for format, write := range map[string]func(*bytes.Buffer) error{
		"png":  func(b *bytes.Buffer) error { return png.Encode(b, picture) },
		"jpeg": func(b *bytes.Buffer) error { return jpeg.Encode(b, picture, nil) },
		"gif":  func(b *bytes.Buffer) error { return gif.Encode(b, picture, nil) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if f, w, h, ok := pictureHeader(b.Bytes()); f != format || w != 300 || h != 7 || !ok {
			t.Errorf("%s: %s of %dx%d, %v", format, f, w, h, ok)
		}
	}
}

// TestDeclaredSize: where a picture does not say its size, what is declared beside it holds.
func TestDeclaredSize(t *testing.T) {
	long := append([]byte("\xff\xd8"), bytes.Repeat([]byte("\xff\xe1\xff\xff"+strings.Repeat("x", 0xffff-2)), 2)...)
	long = append(long, "\xff\xc0\x00\x11\x08\x00\x01\x00\x01\x03\x01\x22\x00"...) // beyond what is looked at
	for _, test := range []struct {
		name          string
		b             []byte
		format        string
		width, height int32
	}{
		{"none", nil, "", 3, 4},
		{"no picture", []byte("hello, this is no picture at all"), "", 3, 4},
		{"SVG", []byte("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"), "", 3, 4},
		{"a PNG cut in its header", pngHeader(9, 9)[:20], "png", 3, 4},
		{"a PNG that lies about its header", append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 40)...), "png", 3, 4},
		{"2x10^9 pixels", pngHeader(2_000_000_000, 1), "png", 2_000_000_000, 1},
		{"more than an int32", pngHeader(1<<31, 1), "png", 3, 4},
		{"a JPEG whose size stands far behind", long, "jpeg", 3, 4},
		{"two letters", []byte("BMW is no bitmap, though it starts like one"), "", 3, 4},
		{"the smallest height", append([]byte("BM............\x28\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x80"), make([]byte, 30)...), "", 3, 4},
		{"rows that go down", append([]byte("BM............\x28\x00\x00\x00\x05\x00\x00\x00\xfe\xff\xff\xff"), make([]byte, 30)...), "bmp", 5, 2},
	} {
		want := Picture{test.b, test.width, test.height, test.format}
		check := func(p Picture) {
			if !bytes.Equal(p.Bytes, want.Bytes) || p.Width != want.Width || p.Height != want.Height || p.Format != want.Format {
				t.Errorf("%s: %s of %dx%d", test.name, p.Format, p.Width, p.Height)
			}
		}
		pictures, err := DecodeImage(texts(t, []int64{3}, "3", "4", string(test.b)))
		if err != nil || len(pictures) != 1 {
			t.Fatal(pictures, err)
		}
		check(pictures[0])
		old, err := DecodeOldImage(encode(t, &pb.Image{Width: 3, Height: 4, EncodedImageString: test.b}))
		if err != nil {
			t.Fatal(err)
		}
		check(old)
	}
	if pictures, err := DecodeImage(texts(t, []int64{2}, "3", "4")); err != nil || len(pictures) != 0 {
		t.Errorf("no pictures: %v, %v", pictures, err)
	}
}

func TestOldAudio(t *testing.T) {
	got, err := DecodeOldAudio(encode(t, &pb.Audio{SampleRate: 44100.5, NumChannels: 2, LengthFrames: 1 << 40, EncodedAudioString: []byte("x"), ContentType: []byte("audio/\xff")}))
	want := Clip{Bytes: []byte("x"), ContentType: "audio/\uFFFD", Known: true, SampleRate: 44100.5, Channels: 2, Frames: 1 << 40}
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAudio(t *testing.T) {
	whole := wav(8000, 2, 100)
	listed := append(whole[:12:12], "LIST\x03\x00\x00\x00abc\x00"...) // a chunk of an odd length before the others
	listed = append(listed, whole[12:]...)
	for _, test := range []struct {
		name string
		clip string
		want Clip
	}{
		{"whole", string(whole), Clip{ContentType: "audio/wav", Known: true, SampleRate: 8000, Channels: 2, Frames: 100}},
		{"a chunk more", string(listed), Clip{ContentType: "audio/wav", Known: true, SampleRate: 8000, Channels: 2, Frames: 100}},
		{"cut in its samples", string(whole[:44+41]), Clip{ContentType: "audio/wav", Known: true, SampleRate: 8000, Channels: 2, Frames: 10}},
		{"cut after 36 bytes", string(whole[:36]), Clip{ContentType: "audio/wav", Known: true, SampleRate: 8000, Channels: 2}},
		{"cut after 30 bytes", string(whole[:30]), Clip{ContentType: "audio/wav"}},
		{"no sound", "ID3", Clip{}},
		{"empty", "", Clip{}},
	} {
		test.want.Bytes = []byte(test.clip)
		got, err := DecodeAudio(texts(t, []int64{1}, test.clip))
		if err != nil || fmt.Sprint(got) != fmt.Sprint([]Clip{test.want}) {
			t.Errorf("%s: %+v, %v", test.name, got, err)
		}
		test.want.Label, test.want.Labelled = "*\uFFFD*", true
		got, err = DecodeAudio(texts(t, []int64{1, 2}, test.clip, "*\xff*"))
		if err != nil || fmt.Sprint(got) != fmt.Sprint([]Clip{test.want}) {
			t.Errorf("%s, labelled: %+v, %v", test.name, got, err)
		}
	}
	if clips, err := DecodeAudio(texts(t, []int64{0, 2})); err != nil || len(clips) != 0 {
		t.Errorf("no clips: %v, %v", clips, err)
	}
}

// TestKeepsBytes: pictures, sound and graphs are not copied.
func TestKeepsBytes(t *testing.T) {
	big := make([]byte, 4<<20)
	tensors := texts(t, []int64{3}, "1", "1", string(big))
	graph := texts(t, nil, string(big))
	oldImage, oldAudio := encode(t, &pb.Image{EncodedImageString: big}), encode(t, &pb.Audio{EncodedAudioString: big})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err1 := DecodeImage(tensors)
	_, err2 := DecodeAudio(tensors)
	_, err3 := DecodeGraph(graph)
	_, err4 := DecodeOldImage(oldImage)
	_, err5 := DecodeOldAudio(oldAudio)
	runtime.ReadMemStats(&after)
	for _, err := range []error{err1, err2, err3, err4, err5} {
		if err != nil {
			t.Error(err)
		}
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 100_000 {
		t.Errorf("%d bytes allocated for five values of 4 MB", n)
	}
}

// FuzzOldImage: DecodeOldImage reads what proto.Unmarshal reads.
func FuzzOldImage(f *testing.F) {
	f.Add(encode(f, &pb.Image{Width: 3, Height: -4, Colorspace: 1, EncodedImageString: []byte("\xff\xd8\xff")}))
	f.Add(encode(f, &pb.Image{EncodedImageString: pngHeader(5, 6)}))
	f.Fuzz(func(t *testing.T, b []byte) {
		var m pb.Image
		bad := proto.Unmarshal(b, &m)
		p, err := DecodeOldImage(b)
		if (err != nil) != (bad != nil) {
			t.Fatalf("%v, but proto.Unmarshal: %v", err, bad)
		}
		if want := newPicture(m.EncodedImageString, m.Width, m.Height); err == nil && fmt.Sprint(p) != fmt.Sprint(want) {
			t.Fatalf("%v, want %v", p, want)
		}
	})
}

// FuzzOldAudio: DecodeOldAudio reads what proto.Unmarshal reads.
func FuzzOldAudio(f *testing.F) {
	f.Add(encode(f, &pb.Audio{SampleRate: 8000, NumChannels: 1, LengthFrames: 2, EncodedAudioString: []byte("RIFF"), ContentType: []byte("audio/wav")}))
	f.Fuzz(func(t *testing.T, b []byte) {
		var m pb.Audio
		bad := proto.Unmarshal(b, &m)
		c, err := DecodeOldAudio(b)
		if (err != nil) != (bad != nil) {
			t.Fatalf("%v, but proto.Unmarshal: %v", err, bad)
		}
		if err == nil && (!bytes.Equal(c.Bytes, m.EncodedAudioString) || c.Frames != m.LengthFrames || int64(c.Channels) != m.NumChannels && m.NumChannels == int64(int32(m.NumChannels)) ||
			c.SampleRate != float64(m.SampleRate) && m.SampleRate == m.SampleRate) {
			t.Fatalf("%v, want %v", c, &m)
		}
	})
}
