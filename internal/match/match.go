// Package match chooses names by globs and regular expressions.
package match

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// GlobError says that a glob is none.
type GlobError struct{ Glob string }

func (e *GlobError) Error() string { return fmt.Sprintf("%s: not a valid glob", e.Glob) }

// RegexpError says that a regular expression is none.
type RegexpError struct {
	Regexp string
	Err    error
}

func (e *RegexpError) Error() string {
	var of *syntax.Error
	if errors.As(e.Err, &of) {
		return fmt.Sprintf("%s: not a valid regular expression: %s: %s", e.Regexp, of.Code, of.Expr)
	}
	return fmt.Sprintf("%s: %v", e.Regexp, e.Err)
}

func (e *RegexpError) Unwrap() error { return e.Err }

// Names makes a choice of names of globs and regular expressions, both of which
// a name must satisfy; nil where there are none. Of globs, one must match, and
// none of those that a leading ! marks; ** matches across /. Of regular
// expressions, one must match somewhere in the name. It fails with a *GlobError
// or a *RegexpError.
func Names(globs, expressions []string) (func(name string) bool, error) {
	if len(globs) == 0 && len(expressions) == 0 {
		return nil, nil
	}
	var wanted, excluded []string
	for _, glob := range globs {
		pattern, exclude := strings.CutPrefix(glob, "!")
		if !doublestar.ValidatePattern(pattern) {
			return nil, &GlobError{glob}
		}
		if exclude {
			excluded = append(excluded, pattern)
		} else {
			wanted = append(wanted, pattern)
		}
	}
	var compiled []*regexp.Regexp
	for _, text := range expressions {
		re, err := regexp.Compile(text)
		if err != nil {
			return nil, &RegexpError{text, err}
		}
		compiled = append(compiled, re)
	}
	return func(name string) bool {
		return (len(wanted) == 0 || anyGlob(wanted, name)) && !anyGlob(excluded, name) &&
			(len(compiled) == 0 || anyRegexp(compiled, name))
	}, nil
}

func anyGlob(patterns []string, name string) bool {
	for _, p := range patterns {
		if doublestar.MatchUnvalidated(p, name) {
			return true
		}
	}
	return false
}

func anyRegexp(expressions []*regexp.Regexp, name string) bool {
	for _, re := range expressions {
		if re.MatchString(name) {
			return true
		}
	}
	return false
}

// Literal is the glob that matches name and nothing else.
func Literal(name string) string {
	var b strings.Builder
	for i, r := range name {
		if strings.ContainsRune(`*?[]{}\`, r) || i == 0 && r == '!' {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
