package main

import (
	"fmt"

	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/eventfile/hparams"
)

// hparamsFlag says what counts of hparams that a run says twice.
type hparamsFlag struct{ word string }

func (h *hparamsFlag) add(f *pflag.FlagSet) {
	f.StringVar(&h.word, "hparams", "last", "hparams that a run logged more than once: last, all names with their "+
		"last\nvalues; first, the first record alone, as TensorBoard shows")
}

func (h *hparamsFlag) read() (hparams.Precedence, error) {
	for _, by := range []hparams.Precedence{hparams.LastWins, hparams.FirstWins} {
		if h.word == by.String() {
			return by, nil
		}
	}
	return 0, usagef("--hparams %s: want last or first", h.word)
}

// changeNotes are lines about what the hparams records of a run say differently.
func changeNotes(runs []*convert.RunStats, by hparams.Precedence) (lines []string) {
	n := 0
	for _, run := range runs {
		for _, c := range run.Changes {
			if n++; n <= mostNotes {
				lines = append(lines, "run "+run.Run+": "+changeWords(c, by))
			}
		}
	}
	if n > mostNotes {
		lines = append(lines,
			fmt.Sprintf("and %s more that their runs log differently", humanize.Comma(int64(n-mostNotes))))
	}
	return lines
}

func changeWords(c hparams.Change, by hparams.Precedence) string {
	what := "the " + c.Name
	if c.Param {
		what = "hparam " + c.Name
	}
	used := "the last is used (--hparams first takes the first)"
	if by == hparams.FirstWins {
		used = "the first is used (--hparams first)"
	}
	if c.Added {
		return fmt.Sprintf("%s was logged later, as %s: left out (--hparams first)", what, c.Last)
	}
	return fmt.Sprintf("%s was logged as %s and later as %s: %s", what, c.First, c.Last, used)
}
