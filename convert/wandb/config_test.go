package wandb

import (
	"math"
	"testing"

	"tbexport/eventfile/hparams"
)

// hparams keep their types.
func TestConfig(t *testing.T) {
	for want, h := range map[string]hparams.HParam{
		"0.1": {Kind: hparams.Number, Number: 0.1}, "64": {Kind: hparams.Number, Number: 64}, "1e-05": {Kind: hparams.Number, Number: 1e-5},
		`NaN`: {Kind: hparams.Number, Number: math.NaN()}, `-Infinity`: {Kind: hparams.Number, Number: math.Inf(-1)},
		"true": {Kind: hparams.Bool, Bool: true}, "false": {Kind: hparams.Bool}, `"adam"`: {Kind: hparams.String, Text: "adam"},
		`"\u0000\n"`: {Kind: hparams.String, Text: "\x00\n"}, "[1,2]": {Kind: hparams.List, Text: "[1,2]"}, "null": {},
	} {
		if got := string(config(h)); got != want {
			t.Errorf("%+v is %s, want %s", h, got, want)
		}
	}
}
