package series

import "testing"

func TestParseRestarts(t *testing.T) {
	for _, want := range []Restarts{KeepRestarts, StepRestarts, SessionRestarts} {
		if got, err := ParseRestarts(want.String()); err != nil || got != want {
			t.Errorf("ParseRestarts(%q) = %v, %v", want, got, err)
		}
	}
	if _, err := ParseRestarts("Keep"); err == nil || err.Error() != `Keep: want keep, step or session` {
		t.Errorf("error: %v", err)
	}
}

// TestSampleIndex picks of huge series without an overflow.
func TestSampleIndex(t *testing.T) {
	s := sampler{n: 1 << 31, total: 1 << 40}
	if first, last := s.index(0), s.index(s.n-1); first != 0 || last != s.total-1 {
		t.Errorf("first %d, last %d of %d", first, last, s.total)
	}
	for k := int64(1); k < 1000; k++ {
		if s.index(k) <= s.index(k-1) {
			t.Fatalf("index(%d) = %d after %d", k, s.index(k), s.index(k-1))
		}
	}
}
