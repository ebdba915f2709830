package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/internal/ui"
)

// mediaFlag is --media: which values are carried over beside scalars.
type mediaFlag struct{ word string }

func (m *mediaFlag) add(f *pflag.FlagSet) {
	f.StringVar(&m.word, "media", "all", "all: images, audio clips and histograms; images; none")
}

// read gives the forms of the word, of all that there are.
func (m *mediaFlag) read(all []convert.Form) (forms []convert.Form, err error) {
	err = choose("--media", m.word, []string{"all", "images", "none"}, func(i int) {
		forms = [][]convert.Form{all, {convert.FormImages}, nil}[i]
	})
	return forms, err
}

// mediaCounts are how many images, clips and histograms a plan has, in words,
// each after a comma; empty: it has none.
func mediaCounts(p *plan.Plan) string {
	counts := make(map[convert.Form]int64)
	for _, r := range p.Runs {
		for _, m := range r.Media {
			kept, _ := m.Count()
			counts[m.Form] += kept
		}
	}
	var b strings.Builder
	for _, kind := range []struct {
		form convert.Form
		word string
	}{{convert.FormImages, "image"}, {convert.FormAudio, "clip"}, {convert.FormHistograms, "histogram"}} {
		if n := counts[kind.form]; n > 0 {
			fmt.Fprintf(&b, ", %s", ui.Counted(n, kind.word))
		}
	}
	return b.String()
}

// trackerMediaNotes are lines about what of media is not as it is in the logs.
func trackerMediaNotes(m plan.MediaDocument) []string {
	var l noteLines
	l.add(m.LeftOut, "1 image, clip or histogram is empty or of no form that can be shown there, and is left out "+
		"(tbexport extract takes it as it is)",
		"%s images, clips or histograms are empty or of no form that can be shown there, and are left out (tbexport "+
			"extract takes them as they are)")
	l.add(m.Coarser, "1 histogram has more than 512 buckets: neighbours become one",
		"%s histograms have more than 512 buckets: neighbours become one")
	return l
}
