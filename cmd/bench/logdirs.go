package main

import (
	"fmt"
	"path/filepath"
)

// A logdir is one that this program makes: runs of the same shape, one event
// file each, in which every step logs every tag.
type logdir struct {
	letter            string
	about             string
	runs, tags, steps int
	tensors           bool // values are TF2's tensors, with metadata on each; else simple_value
	imageBytes        int  // of one image a step; 0: none
}

// logdirs are those of the comparisons; growth makes more of A's kind.
type logdirs struct{ a, b, c, d, e, f, g, h logdir }

func newLogdirs(quick bool) logdirs {
	l := logdirs{
		a: logdir{letter: "A", about: "one event a value", runs: 50, tags: 10, steps: 2000},
		b: logdir{letter: "B", about: "ten times A", runs: 500, tags: 10, steps: 2000},
		c: logdir{letter: "C", about: "TF2's tensors", runs: 50, tags: 10, steps: 2000, tensors: true},
		d: logdir{letter: "D", about: "scalars among images", runs: 10, tags: 10, steps: 2000, imageBytes: 106_000},
		e: logdir{letter: "E", about: "many small runs", runs: 10_000, tags: 10, steps: 10},
		f: logdir{letter: "F", about: "one long run", runs: 1, tags: 10, steps: 3_000_000},
		g: logdir{letter: "G", about: "many tags", runs: 1, tags: 250_000, steps: 4},
		h: logdir{letter: "H", about: "2 GiB of images", runs: 1, steps: 10_240, imageBytes: 200 << 10},
	}
	if quick {
		l.b.runs = 100
		l.d.runs = 1
		l.e.runs = 1000
		l.f.steps = 100_000
		l.g.tags = 25_000
		l.h.steps = 1024
	}
	return l
}

func (l logdir) points() int { return l.runs * l.tags * l.steps }

// bytes is about what the logdir takes on disk.
func (l logdir) bytes() int64 {
	value := 46
	if l.tensors {
		value = 76
	}
	return int64(l.points())*int64(value) + int64(l.runs)*int64(l.steps)*int64(l.imageBytes)
}

// path is that of the logdir below dir. It tells the shape and the version of
// the generator, so that what an earlier bench made is not taken for another.
func (l logdir) path(dir string) string {
	name := fmt.Sprintf("v%d-%dx%dx%d", generatorVersion, l.runs, l.tags, l.steps)
	if l.tensors {
		name += "-tensors"
	}
	if l.imageBytes > 0 {
		name += fmt.Sprintf("-images%d", l.imageBytes)
	}
	return filepath.Join(dir, "logdirs", name)
}

func (l logdir) String() string {
	return fmt.Sprintf("%s: %s; %s runs x %s tags x %s steps = %s points, %.0f MB",
		l.letter, l.about, thousands(l.runs), thousands(l.tags), thousands(l.steps), thousands(l.points()),
		float64(l.bytes())/1e6)
}

// thousands writes n with commas.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
