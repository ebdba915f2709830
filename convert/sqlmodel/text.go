package sqlmodel

import (
	"strings"

	"tbexport/convert/plan"
	"tbexport/eventfile/hparams"
)

// Rules take every name and param as it is, but for NUL.
func Rules() plan.Rules {
	return plan.Rules{Counted: forms(), Key: withoutNUL,
		Param: func(h hparams.HParam) string { return withoutNUL(h.String()) }}
}

// withoutNUL is a text as it is stored.
func withoutNUL(text string) string { return strings.ReplaceAll(text, "\x00", "") }

// NULs is how many texts of a plan lose a NUL, but for names, which Plan.Changed
// has, and for the texts of summaries.
func NULs(p *plan.Plan) (n int) {
	for _, r := range p.Runs {
		if strings.Contains(r.Name, "\x00") {
			n++
		}
		for i := range r.Params {
			if strings.Contains(r.Params[i].HParam.Text, "\x00") {
				n++
			}
		}
	}
	return n
}
