package main

import (
	"github.com/spf13/pflag"

	"tbexport/internal/ui"
)

// lookFlags are those of every verb that shows something to people.
type lookFlags struct {
	width int
	color string
}

func (l *lookFlags) add(f *pflag.FlagSet) {
	f.IntVar(&l.width, "width", 0, "lay out for `N` columns (default: those of the terminal; no limit without one)")
	f.StringVar(&l.color, "color", "auto", "auto: colours on a terminal, if NO_COLOR is not set; always; never")
}

// screen reads the flags, the environment and the terminal.
func (l *lookFlags) screen(c console) (ui.Screen, error) {
	if l.width < 0 {
		return ui.Screen{}, usagef("--width %d: not a number of columns", l.width)
	}
	mode, ok := map[string]ui.ColourMode{"auto": ui.ColourAuto, "always": ui.ColourAlways,
		"never": ui.ColourNever}[l.color]
	if !ok {
		return ui.Screen{}, usagef("--color %s: want auto, always or never", l.color)
	}
	return ui.NewScreen(c.out, l.width, mode), nil
}

func addVerbose(f *pflag.FlagSet, verbose *bool) {
	f.BoolVarP(verbose, "verbose", "v", false, "name every damaged file and stretch")
}

// newProgress begins to draw a bar on c's error stream, if that is a terminal.
// The bytes will be read as often as there are passes.
func newProgress(c console, quiet bool, bytes func() int64, passes int64) *ui.Progress {
	if quiet || !c.errIsTerminal() {
		return ui.NewProgress(nil, 0)
	}
	return ui.NewProgress(c.err, bytes()*passes)
}
