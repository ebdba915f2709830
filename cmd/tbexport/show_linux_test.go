package main

import (
	"bytes"
	"encoding/base64"
	bits "encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/creack/pty"
	"google.golang.org/protobuf/proto"

	pb "tbexport/proto"
)

// pictureLog is a log with a picture, and with one that says that it is of 2x10^9
// pixels.
func pictureLog(t *testing.T) (dir string, m image.Image) {
	t.Helper()
	picture := image.NewNRGBA(image.Rect(0, 0, 6, 4))
	for i := range 24 {
		picture.SetNRGBA(i%6, i/6, color.NRGBA{uint8(i * 10), uint8(255 - i*10), uint8(i % 2 * 255), 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	huge := bytes.Clone(b.Bytes())
	bits.BigEndian.PutUint32(huge[16:], 2_000_000_000)
	bits.BigEndian.PutUint32(huge[20:], 1)
	bits.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	value := func(tag string, encoded []byte) *pb.Summary_Value {
		message, err := proto.Marshal(&pb.Image{EncodedImageString: encoded})
		if err != nil {
			t.Fatal(err)
		}
		return &pb.Summary_Value{Tag: []byte(tag), Value: &pb.Summary_Value_Image{Image: message}}
	}
	dir = t.TempDir()
	event, err := proto.Marshal(&pb.Event{Step: 7, What: &pb.Event_Summary{Summary: &pb.Summary{
		Value: []*pb.Summary_Value{value("huge", huge), value("none", []byte("\x1b[31mno picture")), value("picture", b.Bytes())}}}})
	if err != nil {
		t.Fatal(err)
	}
	mustWriteLog(t, filepath.Join(dir, eventFileName), func(e *eventWriter) error { return e.records.Write(event) })
	return dir, picture
}

// onScreen gives what show writes to a terminal of such an environment.
func onScreen(t *testing.T, env []string, args ...string) string {
	t.Helper()
	cmd, stderr := command(t, append([]string{"show"}, args...)...)
	cmd.Env = []string{"LC_ALL=C.UTF-8", "NO_COLOR=1", "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
	cmd.Env = append(cmd.Env, env...)
	seen, err := onTerminal(t, cmd, func(terminal *os.File) {
		if err := pty.Setsize(terminal, &pty.Winsize{Rows: 30, Cols: 100}); err != nil {
			t.Fatal(err)
		}
		cmd.Stdout = terminal
	})
	wantStatus(t, err, statusDone, stderr)
	return strings.ReplaceAll(seen, "\r\n", "\n")
}

// TestPicturesOnTerminals: a terminal that is known to show pictures gets the picture, made larger by a whole number, in
// its own protocol, and nothing else that acts on it.
func TestPicturesOnTerminals(t *testing.T) {
	dir, want := pictureLog(t)
	for name, c := range map[string]struct {
		env      []string
		args     []string
		sequence string
	}{
		"kitty":          {env: []string{"TERM=xterm-kitty", "KITTY_WINDOW_ID=1"}, sequence: `\x1b_G[^\x1b]*\x1b\\`},
		"iTerm2":         {env: []string{"TERM=xterm-256color", "TERM_PROGRAM=iTerm.app"}, sequence: `\x1b]1337;[^\x1b\x07]*\x07`},
		"sixel":          {env: []string{"TERM=foot"}, sequence: `\x1bP[^\x1b]*\x1b\\`},
		"sixel, if told": {env: []string{"TERM=xterm-256color"}, args: []string{"--graphics", "sixel"}, sequence: `\x1bP[^\x1b]*\x1b\\`},
		"tmux":           {env: []string{"TERM=tmux-256color", "KITTY_WINDOW_ID=1", "TMUX=/tmp/t"}},
		"unknown":        {env: []string{"TERM=xterm-256color"}},
		"none, if told":  {env: []string{"TERM=xterm-kitty"}, args: []string{"--graphics", "none"}},
	} {
		t.Run(name, func(t *testing.T) {
			seen := onScreen(t, c.env, append(c.args, dir, "--table", "images")...)
			if c.sequence != "" {
				sequences := regexp.MustCompile(c.sequence)
				shown := strings.Join(sequences.FindAllString(seen, -1), "")
				seen = sequences.ReplaceAllString(seen, "")
				checkShown(t, shown, want)
			}
			lines := []string{"huge, step 7: 2000000000x1 png, ", "none, step 7: no image that is known, 15 B", "picture, step 7: 6x4 png, "}
			if c.sequence != "" {
				lines = append(lines, "not drawn: it has more than 16 million pixels", "15 B; not drawn: not of a format that is decoded")
			}
			for _, line := range lines {
				if !strings.Contains(seen, line) {
					t.Errorf("no %q in %q", line, seen)
				}
			}
			if strings.Contains(seen, "\x1b") {
				t.Errorf("outside of the picture: %q", seen)
			}
		})
	}
}

// checkShown reads what is in a protocol's sequences back.
func checkShown(t *testing.T, shown string, want image.Image) {
	t.Helper()
	const times = 32 // 192 dots for six pixels
	if size := regexp.MustCompile(`^\x1bP[0-9;]*q"1;1;(\d+);(\d+)`).FindStringSubmatch(shown); size != nil {
		// Sixels are decoded dot by dot in the tests of package graphics.
		if size[1] != strconv.Itoa(6*times) || size[2] != strconv.Itoa(4*times) {
			t.Errorf("sixels of %s by %s", size[1], size[2])
		}
		return
	}
	var encoded string
	for _, piece := range regexp.MustCompile(`\x1b(?:_G[^;\x1b]*;|]1337;File=[^:]*:)([A-Za-z0-9+/=]*)`).FindAllStringSubmatch(shown, -1) {
		encoded += piece[1]
	}
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != image.Rect(0, 0, 6*times, 4*times) {
		t.Fatalf("a picture of %v", got.Bounds())
	}
	for i := range 24 {
		x, y := i%6, i/6
		if c := color.NRGBAModel.Convert(got.At(x*times+times/2, y*times+times/2)); c != want.At(x, y) {
			t.Errorf("%v at %d, %d, want %v", c, x, y, want.At(x, y))
		}
	}
}
