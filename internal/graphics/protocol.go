package graphics

import (
	"strings"
)

// Protocol is how a terminal is given pictures.
type Protocol uint8

// The protocols. None is that of terminals that show no pictures, or of which that
// is not known.
const (
	None Protocol = iota
	Kitty
	ITerm2
	Sixel
)

// Protocols are the names of the protocols.
func Protocols() []string { return []string{"none", "kitty", "iterm2", "sixel"} }

// String is the protocol's name.
func (p Protocol) String() string { return Protocols()[p] }

// Parse reads a protocol's name.
func Parse(name string) (p Protocol, ok bool) {
	for i, other := range Protocols() {
		if name == other {
			return Protocol(i), true
		}
	}
	return None, false
}

// Detect tells a terminal's protocol by the variables of its environment. Within
// tmux and screen, which let no pictures through by themselves, it is None.
func Detect(env func(name string) string) Protocol {
	term, program := env("TERM"), strings.ToLower(env("TERM_PROGRAM"))
	begins := func(names ...string) bool {
		for _, name := range names {
			if term == name || strings.HasPrefix(term, name+"-") {
				return true
			}
		}
		return false
	}
	switch {
	case term == "" || begins("dumb", "tmux", "screen") || env("TMUX") != "" || env("STY") != "":
		return None
	case env("KITTY_WINDOW_ID") != "" || begins("xterm-kitty", "xterm-ghostty") || program == "ghostty":
		return Kitty
	case program == "iterm.app" || env("LC_TERMINAL") == "iTerm2" || program == "wezterm" || program == "mintty" ||
		begins("mintty"):
		return ITerm2
	case begins("foot", "mlterm", "contour", "yaft") || strings.Contains(term, "sixel"):
		return Sixel
	}
	return None
}
