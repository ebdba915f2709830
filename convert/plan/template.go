package plan

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Template makes a name of what is known of a run.
type Template struct {
	text string
}

// The fields of templates. A param is {params.NAME}.
const (
	FieldPath     = "path"     // of the run, below the logdir
	FieldBasename = "basename" // its last part
	FieldParent   = "parent"   // the last part of the directory above it
	FieldTop      = "top"      // its first part; the logdir's name for what is directly in the logdir
	FieldLogdir   = "logdir"   // the name of the logdir
	FieldDate     = "date"     // its start, in UTC, as 2024-12-31
)

var templateField = regexp.MustCompile(`\{[^{}]*\}`)

// ParseTemplate reads a text with fields in braces, of which fields are known; a
// field that ends with a dot stands for all that begin so.
func ParseTemplate(text string, fields ...string) (*Template, error) {
	for _, field := range templateField.FindAllString(text, -1) {
		name := field[1 : len(field)-1]
		known := func(f string) bool {
			if strings.HasSuffix(f, ".") {
				return strings.HasPrefix(name, f) && name != f
			}
			return name == f
		}
		if !slices.ContainsFunc(fields, known) {
			return nil, fmt.Errorf("%q: no such field as %s; there are {%s}", text, field, strings.Join(fields, "}, {"))
		}
	}
	if text == "" {
		return nil, fmt.Errorf("no text")
	}
	return &Template{text}, nil
}

// FieldParams stands for the params in ParseTemplate.
const FieldParams = "params."

// Varies says whether runs may get different texts.
func (t *Template) Varies() bool { return t != nil && templateField.MatchString(t.text) }

// Name is the text for a run of the plan. Of a field that the run has nothing
// of, nothing is left.
func (t *Template) Name(p *Plan, r *Run) string {
	return templateField.ReplaceAllStringFunc(t.text,
		func(field string) string { return p.field(r, field[1:len(field)-1]) })
}

func (p *Plan) field(r *Run, field string) string {
	switch field {
	case FieldPath:
		return p.pathName(r)
	case FieldBasename:
		return path.Base(p.pathName(r))
	case FieldParent:
		if dir := path.Dir(r.Path); dir != "." {
			return path.Base(dir)
		}
		return p.Options.logdirName()
	case FieldTop:
		return p.top(r)
	case FieldLogdir:
		return p.Options.logdirName()
	case FieldDate:
		if r.Start == 0 {
			return ""
		}
		return time.UnixMilli(milliseconds(r.Start)).UTC().Format(time.DateOnly)
	}
	name := strings.TrimPrefix(field, FieldParams)
	for i := range r.Params {
		if q := &r.Params[i]; q.HParam.Name == name || q.Key == name {
			return q.Value
		}
	}
	return ""
}

// top is the first directory of a run that is in one below the logdir, or has
// runs nested in it; else the name of the logdir.
func (p *Plan) top(r *Run) string {
	first, _, deep := strings.Cut(r.Path, "/")
	if !deep && !slices.ContainsFunc(p.Runs, func(child *Run) bool { return child.Parent == r }) {
		return p.Options.logdirName()
	}
	return first
}

// pathName is the path of a run, and of the logdir itself its name.
func (p *Plan) pathName(r *Run) string {
	if r.Path == "." {
		return p.Options.logdirName()
	}
	return r.Path
}

func (o *Options) logdirName() string {
	if o.LogdirName == "" {
		return "logdir"
	}
	return o.LogdirName
}

// nameRuns gives the runs the names that are asked for. Their keys are those of
// their params already.
func (p *Plan) nameRuns() {
	if p.Options.RunName == nil && len(p.Options.RenameRuns) == 0 {
		return
	}
	for _, r := range p.Runs {
		name := r.Name
		if t := p.Options.RunName; t != nil {
			name = t.Name(p, r)
		}
		for _, rename := range p.Options.RenameRuns {
			name = rename.Match.ReplaceAllString(name, rename.Replace)
		}
		if name = strings.TrimSpace(strings.ToValidUTF8(name, "\uFFFD")); name != "" {
			r.Name = p.rules.shortName(name)
		}
	}
}

// AlikeNames finds the runs whose names begin with the same n characters, and
// differ after them: how many of them there are at most, and how they begin.
func (p *Plan) AlikeNames(n int) (runs int, beginning string) {
	names := make(map[string]map[string]bool)
	for _, r := range p.Runs {
		if begin := Cut(r.Name, n); begin != r.Name {
			if names[begin] == nil {
				names[begin] = make(map[string]bool)
			}
			names[begin][r.Name] = true
		}
	}
	for begin, same := range names {
		if len(same) > runs || len(same) == runs && begin < beginning {
			runs, beginning = len(same), begin
		}
	}
	if runs < 2 {
		return 0, ""
	}
	return runs, beginning
}
