package graphics

import (
	"fmt"
	"image"
	"image/color"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// decodeSixel draws what a terminal would: DCS, raster attributes, colours in
// percent, and rows of six dots.
func decodeSixel(t *testing.T, s string) *image.NRGBA {
	t.Helper()
	parts := regexp.MustCompile(`^\x1bP[0-9;]*q"1;1;(\d+);(\d+)([^\x1b]*)\x1b\\$`).FindStringSubmatch(s)
	if parts == nil {
		t.Fatalf("no sixels: %.80q", s)
	}
	m := image.NewNRGBA(image.Rect(0, 0, atoi(t, parts[1]), atoi(t, parts[2])))
	colours, now := make(map[int]color.NRGBA), 0
	x, y, times := 0, 0, 1
	for b := parts[3]; b != ""; {
		switch c := b[0]; {
		case c == '$':
			x = 0
		case c == '-':
			x, y = 0, y+6
		case c == '!':
			n := strings.IndexFunc(b[1:], func(r rune) bool { return r < '0' || r > '9' })
			times = atoi(t, b[1:1+n])
			b = b[n:]
		case c == '#':
			var r, g, blue int
			digits := regexp.MustCompile(`^#[0-9;]+`).FindString(b)
			if n, _ := fmt.Sscanf(digits, "#%d;2;%d;%d;%d", &now, &r, &g, &blue); n == 4 {
				colours[now] = color.NRGBA{percent(r), percent(g), percent(blue), 0xff}
			}
			b = b[len(digits)-1:]
		case c >= '?' && c <= '~':
			for ; times > 0; times-- {
				for bit := range 6 {
					if (c-'?')>>bit&1 == 1 {
						m.SetNRGBA(x, y+bit, colours[now])
					}
				}
				x++
			}
			times = 1
		default:
			t.Fatalf("%q among sixels", c)
		}
		b = b[1:]
	}
	return m
}

func percent(n int) uint8 { return uint8((n*255 + 50) / 100) }

func atoi(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
