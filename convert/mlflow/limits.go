package mlflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tbexport/convert/mlflow/rest"
	"tbexport/convert/plan"
)

// Limits are what a tracking server takes. The zero value is MLflow 2.19 and
// later on SQLite or PostgreSQL.
type Limits struct {
	Version string // of the server; empty: not known
	// NoColon: a colon in a key is refused, or was when the experiment was begun.
	NoColon bool
	// ShortParams: a param has at most 500 characters, not LongestParam.
	ShortParams bool
	// NoGrid: the page has no grid of pictures, or one that takes no names but those
	// that its own server mistakes: before MLflow 2.19.
	NoGrid bool
	// IgnoresCase: keys that are equal but for case, accents and spaces at the end
	// are one, as on MySQL.
	IgnoresCase bool
}

// MostParam is the most characters of a param.
func (l Limits) MostParam() int {
	if l.ShortParams {
		return shortParam
	}
	return LongestParam
}

// LimitsOf are the limits of a server's version, as "2.14.3", on a database that
// tells keys apart by case.
func LimitsOf(version string) (Limits, error) {
	number, ok := versionNumber(version)
	if !ok {
		return Limits{}, fmt.Errorf("%q: want a version of MLflow, as 2.14.3", version)
	}
	return Limits{Version: version, NoColon: number < takesColon, ShortParams: number < takesLongParams,
		NoGrid: number < hasGrid}, nil
}

// The versions from which on something is surely taken, and until which it
// surely is not, as major*1000 + minor (mlflow/utils/validation.py).
const (
	takesColon      = 2017
	refusesColon    = 2015
	takesLongParams = 2008
	hasGrid         = 2019
)

var versionWords = regexp.MustCompile(`^v?(\d{1,4})\.(\d{1,3})(\.|[a-z]|$)`)

func versionNumber(version string) (int, bool) {
	words := versionWords.FindStringSubmatch(strings.TrimSpace(version))
	if words == nil {
		return 0, false
	}
	major, _ := strconv.Atoi(words[1])
	minor, _ := strconv.Atoi(words[2])
	return major*1000 + minor, true
}

// Ask finds out what a server takes, and what the experiment of that name, or of
// that ID where the name is empty, was begun with. It changes nothing there. A
// server that does not tell its version is asked with calls that it refuses,
// and learnt from its words.
func Ask(ctx context.Context, client *rest.Client, experiment, id string) (Limits, error) {
	c := &server{client}
	l, err := c.limits(ctx)
	if err != nil {
		return l, err
	}
	return c.limitsOf(ctx, l, experiment, id)
}

// AskEach is Ask for several experiments, by their names. own is what the server
// takes of an experiment that is begun.
func AskEach(ctx context.Context, client *rest.Client,
	experiments []string) (own Limits, each map[string]Limits, err error) {
	c := &server{client}
	if own, err = c.limits(ctx); err != nil {
		return own, nil, err
	}
	each = make(map[string]Limits, len(experiments))
	for _, name := range experiments {
		if each[name], err = c.limitsOf(ctx, own, name, ""); err != nil {
			return own, nil, err
		}
	}
	return own, each, nil
}

// limitsOf adds to those of a server what an experiment was begun with.
func (c *server) limitsOf(ctx context.Context, l Limits, experiment, id string) (Limits, error) {
	e, err := c.findExperiment(ctx, experiment, id)
	if err == nil {
		err = l.named(e, experiment)
	}
	if e != nil && e.rules == rulesWithoutColon {
		l.NoColon = true
	}
	return l, err
}

// limits are those of the server.
func (c *server) limits(ctx context.Context) (l Limits, err error) {
	version, err := c.version(ctx)
	if err != nil {
		return l, err
	}
	if number, ok := versionNumber(version); ok {
		l, _ = LimitsOf(version)
		if number > refusesColon && number < takesColon {
			l.NoColon, err = c.refusesColon(ctx)
		}
	} else if l.NoColon, err = c.refusesColon(ctx); err == nil {
		l.NoGrid = l.NoColon // which is older still
		l.ShortParams, err = c.refusesLongParams(ctx)
	}
	if err != nil {
		return l, err
	}
	l.IgnoresCase, err = c.ignoresCase(ctx)
	return l, err
}

// version is the server's; empty: it does not tell.
func (c *server) version(ctx context.Context) (string, error) {
	var version string
	into := func(body io.Reader) error {
		text, err := io.ReadAll(io.LimitReader(body, 64))
		version = strings.TrimSpace(string(text))
		return err
	}
	err := c.Do(ctx, &rest.Call{Method: http.MethodGet, Path: "version", Into: into, Tries: 3})
	if api := new(rest.APIError); errors.As(err, &api) && api.Status != http.StatusUnauthorized {
		return "", nil // MLflow before 2, or something before the server that knows only the API
	}
	if _, ok := versionNumber(version); !ok {
		version = ""
	}
	return version, err
}

// nobody is the ID of a run that no server has: what a call about it may not say
// is refused before the run is looked for, and nothing is written.
var nobody = strings.Repeat("0", 32)

func (c *server) refusesColon(ctx context.Context) (bool, error) {
	return c.refuses(ctx, map[string]any{"run_id": nobody,
		"metrics": []map[string]any{{"key": "a:b", "value": 0, "timestamp": 0, "step": 0}}})
}

func (c *server) refusesLongParams(ctx context.Context) (bool, error) {
	return c.refuses(ctx, map[string]any{"run_id": nobody, "params": []pair{{"a", strings.Repeat("a", shortParam+1)}}})
}

// refuses says whether a log-batch call is refused for what it says.
func (c *server) refuses(ctx context.Context, body map[string]any) (bool, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return false, err
	}
	err = c.Do(ctx, &rest.Call{Method: http.MethodPost, Path: rest.API + "runs/log-batch", Body: text, Tries: 3})
	if api := new(rest.APIError); errors.As(err, &api) {
		return api.Code == "INVALID_PARAMETER_VALUE" && !strings.Contains(api.Message, nobody), nil
	}
	return false, err
}

// ignoresCase says whether the server's database finds the experiment that every
// server begins with by its name in other letters.
func (c *server) ignoresCase(ctx context.Context) (bool, error) {
	const name = "dEFAULT"
	var answer struct{ Experiment Experiment }
	err := c.Do(ctx, &rest.Call{
		Method: http.MethodGet, Path: rest.API + "experiments/get-by-name",
		Query: url.Values{"experiment_name": {name}}, Into: rest.JSON(&answer), Tries: 3,
	})
	if api := new(rest.APIError); errors.As(err, &api) {
		return false, nil
	}
	got := answer.Experiment.Name
	return got != name && strings.EqualFold(got, name), err
}

// The values of the experiment's tag that records the rules its keys were begun
// with: so the same tag has the same key when the server is of another version.
const (
	tagRules          = "tbexport.key_rules"
	rulesWithColon    = "2"
	rulesWithoutColon = "2 without colon"
)

func (l Limits) rules() string {
	if l.NoColon {
		return rulesWithoutColon
	}
	return rulesWithColon
}

// Rules are those of a server of these limits, for a plan.
func (l Limits) Rules() plan.Rules {
	rules := plan.Rules{
		Key: l.cleanName, LongestKey: longestKey, LongestName: longestName, LongestParam: l.MostParam(),
		Param:            param,
		NewFileNames:     func() func(string) string { return newFileName(make(artifactNames)) },
		NewIncludedNames: func() func(string) string { return newIncludedName(make(artifactNames)) },
		NewTally:         func() plan.Tally { return new(tally) },
	}
	if l.IgnoresCase {
		rules.Fold = foldKey
	}
	return rules
}

// foldKey is what keys have in common that are one to MySQL's and MariaDB's
// collations: neither case nor accents nor spaces at the end count.
func foldKey(key string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(key))
	return strings.TrimRight(plain, " ")
}

// cleanName is cleanName for a server that may refuse colons.
func (l Limits) cleanName(name string) string {
	if l.NoColon {
		name = strings.ReplaceAll(name, ":", "_")
	}
	return cleanName(name)
}
