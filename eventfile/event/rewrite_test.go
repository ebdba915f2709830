package event

import (
	"bytes"
	"testing"

	"tbexport/eventfile/internal/build"
)

// FuzzRewrite: what is written of any bytes is sound and spelled, is written again as
// it is, and holds the values that were decoded; what is sound and spelled stays.
func FuzzRewrite(f *testing.F) {
	for _, p := range build.Payloads(f) {
		f.Add(p)
	}
	for _, e := range oddEvents(f) {
		f.Add(e.raw)
	}
	all := func(v *Value) []byte { return v.Raw() }
	f.Fuzz(func(t *testing.T, raw []byte) {
		out, err := Rewrite(raw, all)
		if err != nil {
			return
		}
		sound, spelled := message(eventMessage).sound(out, 0)
		if !sound || !spelled {
			t.Fatalf("%x is written as %x", raw, out)
		}
		if was, right := message(eventMessage).sound(raw, 0); was && right && !bytes.Equal(raw, out) {
			t.Fatalf("%x is sound, and written as %x", raw, out)
		}
		if again, err := Rewrite(out, all); err != nil || !bytes.Equal(again, out) {
			t.Fatalf("%x is written as %x, %v", out, again, err)
		}
		var before, after Event
		if Decode(raw, &before) != nil {
			return
		}
		if err := Decode(out, &after); err != nil || after.Undecodable > 0 || after.Step != before.Step || !sameFloat(after.WallTime, before.WallTime) {
			t.Fatalf("%x is written as %x, %v", raw, out, err)
		}
		sounds := 0
		for i := range before.Values {
			if before.Values[i].Sound() {
				sounds++
			}
		}
		if before.What == WhatSummary && after.What == WhatSummary && sounds != len(after.Values) {
			t.Fatalf("%x has %d sound values; written as %x it has %d", raw, sounds, out, len(after.Values))
		}
	})
}

// TestRewrite: only what is refused or broken goes, and only bytes that are not UTF-8 are spelled anew.
func TestRewrite(t *testing.T) {
	summary := func(values ...[]byte) []byte {
		return join([]byte{9, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, keyStep, 0x80, 0x00}, bytesField(eventSummary, join(values...)...), bytesField(99, 1, 2))
	}
	v := func(tag string) []byte {
		return bytesField(1, join(bytesField(1, []byte(tag)...), bytesField(4, 0x22, 1, 7))...)
	}
	for _, c := range []struct{ name, raw, want string }{
		{"nothing", string(summary(v("a"), v("b"))), string(summary(v("a"), v("b")))},
		{"refused", string(summary(v("a"), v("refused"), v("b"))), string(summary(v("a"), v("b")))},
		{"broken", string(summary(v("a"), bytesField(1, join(bytesField(1, 'x'), bytesField(4, 8))...), v("b"))), string(summary(v("a"), v("b")))},
		{"spelled", string(summary(v("a\xff"))), string(summary(v("a\ufffd")))},
	} {
		got, err := Rewrite([]byte(c.raw), func(v *Value) []byte {
			if string(v.Tag) == "refused" {
				return nil
			}
			return v.Raw()
		})
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %x, %v, want %x", c.name, got, err, c.want)
		}
	}
	if _, err := Rewrite([]byte("\x09\x00"), nil); err != ErrNothingLeft {
		t.Errorf("half a time: %v", err)
	}
}
