package graphics

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// picture is of a few colours, or of very many.
func picture(width, height int, many bool) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	random := rand.New(rand.NewPCG(1, 2))
	few := []color.NRGBA{{0, 0, 0, 255}, {255, 255, 255, 255}, {255, 0, 0, 255}, {0, 128, 255, 255}}
	for y := range height {
		for x := range width {
			c := few[(x/3+y)%len(few)]
			if many {
				c = color.NRGBA{uint8(random.Uint32()), uint8(random.Uint32()), uint8(random.Uint32()), 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// lyingPNG is a sound one whose header says another size.
func lyingPNG(t testing.TB, width, height uint32) []byte {
	t.Helper()
	b := pngOf(t, picture(4, 4, false))
	binary.BigEndian.PutUint32(b[16:], width)
	binary.BigEndian.PutUint32(b[20:], height)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		env  string
		want Protocol
	}{
		{"", None}, {"TERM=xterm-256color", None}, {"TERM=dumb KITTY_WINDOW_ID=1", None},
		{"TERM=xterm-kitty", Kitty}, {"TERM=xterm-256color KITTY_WINDOW_ID=1", Kitty}, {"TERM=xterm-ghostty", Kitty},
		{"TERM=tmux-256color KITTY_WINDOW_ID=1", None}, {"TERM=screen", None}, {"TERM=xterm-kitty TMUX=/tmp/x", None},
		{"TERM=xterm-256color TERM_PROGRAM=iTerm.app", ITerm2}, {"TERM=xterm-256color LC_TERMINAL=iTerm2", ITerm2},
		{"TERM=xterm-256color TERM_PROGRAM=WezTerm", ITerm2}, {"TERM=xterm TERM_PROGRAM=mintty", ITerm2},
		{"TERM=xterm-256color TERM_PROGRAM=vscode", None}, {"TERM=xterm-256color TERM_PROGRAM=Apple_Terminal", None},
		{"TERM=foot", Sixel}, {"TERM=foot-extra", Sixel}, {"TERM=footer", None}, {"TERM=mlterm-256color", Sixel},
	} {
		env := make(map[string]string)
		for _, pair := range strings.Fields(c.env) {
			name, value, _ := strings.Cut(pair, "=")
			env[name] = value
		}
		if got := Detect(func(name string) string { return env[name] }); got != c.want {
			t.Errorf("%s: got %v, want %v", c.env, got, c.want)
		}
	}
	for _, name := range Protocols() {
		if p, ok := Parse(name); !ok || p.String() != name {
			t.Errorf("%s: %v, %v", name, p, ok)
		}
	}
	if _, ok := Parse("ansi"); ok {
		t.Error("ansi is no protocol")
	}
}

func TestDecode(t *testing.T) {
	m := picture(7, 5, false)
	var asGIF, asJPEG bytes.Buffer
	if err := errors.Join(gif.Encode(&asGIF, m, nil), jpeg.Encode(&asJPEG, m, nil)); err != nil {
		t.Fatal(err)
	}
	for format, b := range map[string][]byte{"png": pngOf(t, m), "gif": asGIF.Bytes(), "jpeg": asJPEG.Bytes()} {
		got, err := Decode(b, format)
		if err != nil || got.Bounds().Size() != m.Bounds().Size() {
			t.Errorf("%s: %v", format, err)
		}
	}
	for name, c := range map[string]struct {
		format string
		b      []byte
		want   error // nil: any
	}{
		"2x10^9 pixels":  {"png", lyingPNG(t, 2_000_000_000, 1), ErrTooLarge},
		"square":         {"png", lyingPNG(t, 65535, 65535), ErrTooLarge},
		"just too large": {"png", lyingPNG(t, 4097, 4096), ErrTooLarge},
		"lies":           {"png", lyingPNG(t, 4, 400), nil},
		"cut":            {"png", pngOf(t, m)[:60], nil},
		"a large GIF":    {"gif", append([]byte("GIF89a\xff\xff\xff\xff\x00\x00\x00"), 0x3b), ErrTooLarge},
		"none":           {"", nil, ErrFormat},
		"text":           {"png", []byte("hello"), nil},
		"behind another": {"webp", []byte("RIFF\x00\x00\x00\x00WEBPmore\x00\x00\x00\x00VP8X"), ErrFormat},
		"of a frame":     {"webp", []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), ErrFormat},
	} {
		if got, err := Decode(c.b, c.format); got != nil || err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: got an image: %v, %v", name, got != nil, err)
		}
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct{ w, h, width, height, wantW, wantH int }{
		{8, 8, 800, 600, 192, 192}, {100, 50, 800, 600, 100, 50}, {1600, 600, 800, 600, 800, 300}, {10, 3000, 800, 600, 2, 600},
		{3000, 1, 800, 600, 800, 1}, {8, 8, 20, 600, 16, 16}, {90, 2, 800, 600, 180, 4},
	} {
		got := Fit(picture(c.w, c.h, false), c.width, c.height).Bounds()
		if got != image.Rect(0, 0, c.wantW, c.wantH) {
			t.Errorf("%+v: got %v", c, got)
		}
	}
	small := picture(4, 4, false)
	large := Fit(small, 800, 600)
	if large.At(47, 48) != small.At(0, 1) || large.At(48, 47) != small.At(1, 0) {
		t.Error("pixels are no squares")
	}
}

// TestEncode: what a terminal reads is the picture; with sixels, which have 256 colours
// of 101 shades each, about it.
func TestEncode(t *testing.T) {
	for name, m := range map[string]*image.NRGBA{"few colours": picture(70, 50, false), "many colours": picture(64, 65, true)} {
		for _, p := range []Protocol{Kitty, ITerm2, Sixel} {
			b, err := Encode(p, m)
			if err != nil {
				t.Fatal(err)
			}
			s, ok := strings.CutSuffix(string(b), "\n")
			if !ok {
				t.Errorf("%s: no end of the line", p)
			}
			var got image.Image
			switch p {
			case Kitty:
				got = decodePNG(t, unchunked(t, s))
			case ITerm2:
				got = decodePNG(t, regexp.MustCompile(`^\x1b]1337;File=inline=1;size=\d+:([A-Za-z0-9+/=]+)\x07$`).FindStringSubmatch(s)[1])
			case Sixel:
				got = decodeSixel(t, s)
			}
			if got.Bounds() != m.Bounds() {
				t.Fatalf("%s, %s: %v", name, p, got.Bounds())
			}
			if p == Sixel && name == "many colours" {
				continue // dithered
			}
			for y := range m.Bounds().Dy() {
				for x := range m.Bounds().Dx() {
					if !near(got.At(x, y), m.At(x, y)) {
						t.Fatalf("%s, %s: %v at %d, %d, want %v", name, p, got.At(x, y), x, y, m.At(x, y))
					}
				}
			}
		}
	}
	if b, err := Encode(None, picture(1, 1, false)); b != nil || err != nil {
		t.Errorf("none: %q, %v", b, err)
	}
}

func near(a, b color.Color) bool {
	r, g, bl, _ := a.RGBA()
	r2, g2, bl2, _ := b.RGBA()
	off := func(x, y uint32) bool { return max(x, y)-min(x, y) > 0x300 }
	return !off(r, r2) && !off(g, g2) && !off(bl, bl2)
}

// unchunked is the payload of kitty's pieces.
func unchunked(t *testing.T, s string) (payload string) {
	t.Helper()
	piece := regexp.MustCompile(`\x1b_G([^;\x1b]*)(?:;([A-Za-z0-9+/=]*))?\x1b\\`)
	for i, match := range piece.FindAllStringSubmatch(s, -1) {
		if i == 0 && !strings.Contains(match[1], "a=T") {
			t.Errorf("it is not displayed: %q", match[1])
		}
		payload += match[2]
	}
	if rest := piece.ReplaceAllString(s, ""); rest != "" {
		t.Errorf("outside of the protocol: %q", rest)
	}
	return payload
}

func decodePNG(t *testing.T, encoded string) image.Image {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// FuzzDecode: nothing that a log holds makes it panic, and what it gives can be shown.
func FuzzDecode(f *testing.F) {
	f.Add("png", pngOf(f, picture(4, 4, false)))
	f.Add("png", lyingPNG(f, 65535, 65535))
	f.Add("gif", []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
	f.Add("bmp", []byte("BM"))
	f.Add("webp", []byte("RIFF\x00\x00\x00\x00WEBPVP8 "))
	f.Fuzz(func(t *testing.T, format string, b []byte) {
		m, err := Decode(b, format)
		if err != nil {
			return
		}
		if n := m.Bounds().Dx() * m.Bounds().Dy(); n <= 0 || n > MostPixels {
			t.Errorf("%d pixels", n)
		}
		if _, err := Encode(Sixel, Fit(m, 40, 30)); err != nil {
			t.Error(err)
		}
	})
}
