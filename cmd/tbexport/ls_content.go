package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"

	"tbexport/eventfile/inventory"
	"tbexport/eventfile/kinds"
	"tbexport/internal/ui"
)

// contentWidth is what the words of a tag's content may take of a screen.
const contentWidth = 28

// showContent is what the headers of a tag's last value say, in a few words.
func showContent(s ui.Screen, t *inventory.Tag) string {
	words := contentWords(t)
	if t.Content.Varies && words != "" {
		words += ", varies"
	}
	if n := t.Content.Damaged; n > 0 {
		words = strings.TrimPrefix(words+", "+humanize.Comma(n)+" damaged", ", ")
	}
	if s.Width > 0 {
		words = s.Shorten(words, contentWidth)
	}
	return words
}

func contentWords(t *inventory.Tag) string {
	if _, isGraph := kinds.GraphOf(t.Kind.String()); isGraph {
		return ""
	}
	return headerWords(&t.Content.Header, t.Content.MeshPart, t.DType)
}

// headerWords says what a header does; dtype is that of a tensor.
func headerWords(h *kinds.Header, part kinds.MeshPart, dtype string) string {
	switch h.Counts {
	case kinds.Texts:
		words := ui.Counted(h.Count, "text")
		if len(h.Shape) > 1 {
			words += " " + shapeWords(h.Shape)
		}
		return words
	case kinds.Pictures:
		return soMany(h.Count, "image", pictureWords(h.Width, h.Height, h.Format))
	case kinds.Clips:
		return soMany(h.Count, "clip", clipWords(&h.Clip))
	case kinds.Charts:
		return ui.Counted(h.Count, "chart")
	case kinds.Buckets:
		return ui.Counted(h.Count, "bucket")
	case kinds.Thresholds:
		return ui.Counted(h.Count, "threshold")
	case kinds.Meshes:
		return soMany(h.Count, "mesh", meshPartWords(part, h.Points))
	}
	if !h.Ranked {
		return ""
	}
	return strings.TrimSpace(dtype + " " + shapeWords(h.Shape))
}

// soMany says of what there are so many, by what the first is; that may not be
// known.
func soMany(n int64, what, first string) string {
	switch {
	case n == 1 && first != "":
		return first
	case n == 0 || first == "":
		return ui.Counted(n, what)
	}
	return humanize.Comma(n) + " x " + first
}

// pictureWords is empty for a picture of no known form.
func pictureWords(width, height int32, format string) string {
	if format == "" {
		return ""
	}
	return fmt.Sprintf("%dx%d %s", width, height, format)
}

// clipWords is empty for a clip whose rate is not known.
func clipWords(c *kinds.ClipHeader) string {
	if !c.Known {
		return ""
	}
	words := fmt.Sprintf("%s kHz, %d ch", strconv.FormatFloat(c.SampleRate/1000, 'g', 4, 64), c.Channels)
	if c.SampleRate > 0 {
		words = strconv.FormatFloat(float64(c.Frames)/c.SampleRate, 'g', 3, 64) + " s, " + words
	}
	return words
}

func meshPartWords(part kinds.MeshPart, points int64) string {
	switch part {
	case kinds.Faces:
		return ui.Counted(points, "face")
	case kinds.Colors:
		return ui.Counted(points, "color")
	case kinds.Vertices:
		if points != 1 {
			return humanize.Comma(points) + " vertices"
		}
		return "1 vertex"
	}
	return ui.Counted(points, "point")
}

// shapeWords is a shape as numpy shows it.
func shapeWords(shape []int64) string {
	sizes := make([]string, len(shape))
	for i, n := range shape {
		sizes[i] = strconv.FormatInt(n, 10)
	}
	return "[" + strings.Join(sizes, ",") + "]"
}
