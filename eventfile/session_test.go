package eventfile

import "testing"

func TestParseVersion(t *testing.T) {
	for text, want := range map[string]float64{
		"brain.Event:2": 2, "brain.Event:1": 1, "brain.Event:2.5": 2.5, "brain.Event: 2 ": 2, "3": 3,
		"brain.Event:": -1, "": -1, "brain.Event:two": -1, "brain.Event:1brain.Event:2": 2,
	} {
		if got := parseVersion([]byte(text)); got != want {
			t.Errorf("parseVersion(%q) = %v, not %v", text, got, want)
		}
	}
}
