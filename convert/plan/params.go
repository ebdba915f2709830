package plan

import (
	"fmt"
	"unicode/utf8"

	"tbexport/eventfile/hparams"
)

// LongParamError says that a param is longer than the destination keeps.
type LongParamError struct {
	Run, Name     string
	Length, Limit int // in characters
}

func (e *LongParamError) Error() string {
	return fmt.Sprintf("run %s: the hyperparameter %q has %d characters, of at most %d", e.Run, e.Name, e.Length,
		e.Limit)
}

// addParams adds the hparams of a source. One that an earlier source has with
// the same value is the same.
func (p *Planner) addParams(r *Run, s *Source, names *scope, apart string) error {
	if s.HParams == nil || s.HParams.Start == nil {
		return nil
	}
	for _, h := range s.HParams.Start.Params {
		if err := p.addParam(r, s.Run.Name, h, names, apart); err != nil {
			return err
		}
	}
	return nil
}

// addParam adds an hparam that was found in a run.
func (p *Planner) addParam(r *Run, from string, h hparams.HParam, names *scope, apart string) error {
	value := p.rules.param(h)
	if r.hasParam(h.Name, value) {
		return nil
	}
	wanted, err := names.name("", h.Name, apart)
	if err != nil {
		return err
	}
	param := Param{HParam: h, Wanted: wanted, Value: value}
	if length := utf8.RuneCountInString(value); p.rules.LongestParam > 0 && length > p.rules.LongestParam {
		if p.options.LongParams == RefuseLongParams {
			return &LongParamError{from, h.Name, length, p.rules.LongestParam}
		}
		param.shorten(p.rules.LongestParam, p.options.LongParams)
	}
	r.Params = append(r.Params, param)
	return nil
}

// shorten makes a param fit as it is asked for.
func (p *Param) shorten(limit int, long LongParams) {
	if long != SkipLongParams {
		p.Full = p.Value
	}
	p.Value = Cut(p.Value, limit)
	p.Omitted = long != TruncateLongParams
}

func (r *Run) hasParam(name, value string) bool {
	for i := range r.Params {
		if p := &r.Params[i]; p.HParam.Name == name && (p.Value == value || p.Full == value) {
			return true
		}
	}
	return false
}
