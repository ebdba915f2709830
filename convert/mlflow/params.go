package mlflow

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// longestParam is the most characters of a parameter's value; the server cuts
// what is longer.
const longestParam = 6000

// LongParamError says that a parameter is longer than the server keeps.
type LongParamError struct {
	Run, Name string
	Length    int
}

func (e *LongParamError) Error() string {
	return fmt.Sprintf("run %s: the hyperparameter %q has %d characters, and MLflow keeps %d: choose --long-params truncate, artifact or skip",
		e.Run, e.Name, e.Length, longestParam)
}

// addParams adds the hyperparameters of a source. One that an earlier source
// has with the same value is the same.
func (r *RunPlan) addParams(s *Source, names *scope, apart string, long LongParams) error {
	if s.HParams == nil || s.HParams.Start == nil {
		return nil
	}
	for _, h := range s.HParams.Start.Params {
		// No database but SQLite keeps a NUL.
		value := strings.ReplaceAll(h.String(), "\x00", "")
		if r.hasParam(h.Name, value) {
			continue
		}
		key, err := names.name("", h.Name, apart)
		if err != nil {
			return err
		}
		param := Param{Name: h.Name, Key: key, Value: value}
		if length := utf8.RuneCountInString(value); length > longestParam {
			if long == RefuseLongParams {
				return &LongParamError{s.Run.Name, h.Name, length}
			}
			param.Full, param.Value = value, cutText(value, longestParam)
			param.Omitted = long != TruncateLongParams
			if long == SkipLongParams {
				param.Full = ""
			}
		}
		r.Params = append(r.Params, param)
	}
	return nil
}

func (r *RunPlan) hasParam(name, value string) bool {
	for _, p := range r.Params {
		if p.Name == name && (p.Value == value || p.Full == value) {
			return true
		}
	}
	return false
}
