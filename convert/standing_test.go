package convert

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/event"
)

// TestStanding: values that are read when all runs have been are those that Values
// gives.
func TestStanding(t *testing.T) {
	store := dirstore.New(dirstore.Logdir{Path: filepath.Join("..", "testdata", "logs", "kinds")})
	runs, _, err := store.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o := Options{NoSeries: true, Forms: []Form{FormText, FormHistograms, FormImages, FormMeshes, FormTensors, FormGraphs, FormEvents}}
	said := func(v *Value) string {
		held := string(v.Event.Body())
		if v.Value != nil {
			held = string(v.Value.Raw())
		}
		return fmt.Sprintf("%q %v %d %v %s %q %v: %q", v.Tag, v.NoTag, v.Step, v.WallTime, v.Plugin, v.Content, v.Event.What == event.WhatSummary, held)
	}
	var want, got []string
	var later []*Value
	_, err = Each(t.Context(), runs, o, func(_ context.Context, in *Input) error {
		for _, form := range o.Forms {
			for v, err := range in.Values(form) {
				if err != nil {
					return err
				}
				want = append(want, said(v))
			}
			for v, err := range in.Standing(form) {
				if err != nil {
					return err
				}
				later = append(later, v)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	reader := eventfile.NewValueReader(store)
	defer reader.Close()
	for _, v := range later {
		if err := v.Read(t.Context(), reader); err != nil {
			t.Fatal(err)
		}
		got = append(got, said(v))
	}
	if len(want) < 100 || !slices.Equal(got, want) {
		t.Errorf("got %d values, want %d, or others", len(got), len(want))
	}
}
