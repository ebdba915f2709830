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

// Choice is a choice of names by globs and regular expressions, both of which a
// name must satisfy. Of globs, one must match, and none of those that a leading !
// marks. Of regular expressions, one must match somewhere in the name.
//
// A glob that is the name of one of the names to choose from is that name, and no
// pattern; one that is no valid pattern is only ever a name, and not to be
// excluded. As a pattern, *
// stays between two slashes, and ** goes across them, also within a name.
type Choice struct {
	wanted, excluded []glob
	expressions      []*regexp.Regexp
}

// glob is one glob, without its !.
type glob struct {
	text     string
	patterns []string // any of which matches; none: it is only a name
}

// New makes a choice; nil, which chooses all names, where there are neither globs
// nor expressions. It fails with a *GlobError or a *RegexpError.
func New(globs, expressions []string) (*Choice, error) {
	if len(globs) == 0 && len(expressions) == 0 {
		return nil, nil
	}
	c := new(Choice)
	for _, text := range globs {
		pattern, excluded := strings.CutPrefix(text, "!")
		g := newGlob(pattern)
		switch {
		case !excluded:
			c.wanted = append(c.wanted, g)
		case g.patterns == nil:
			return nil, &GlobError{text}
		default:
			c.excluded = append(c.excluded, g)
		}
	}
	for _, text := range expressions {
		re, err := regexp.Compile(text)
		if err != nil {
			return nil, &RegexpError{text, err}
		}
		c.expressions = append(c.expressions, re)
	}
	return c, nil
}

// Candidate says whether the choice chooses the name, whatever other names there
// are to choose from.
func (c *Choice) Candidate(name string) bool {
	if c == nil {
		return true
	}
	for _, g := range c.excluded {
		if g.text == name {
			return false
		}
	}
	return c.positive(name, nil)
}

// Among gives the choice from these names.
func (c *Choice) Among(names []string) func(name string) bool {
	if c == nil {
		return func(string) bool { return true }
	}
	exact := c.exact(names)
	return func(name string) bool { return c.positive(name, exact) && !anyGlob(c.excluded, name, exact) }
}

// Excludes gives the names that a ! leaves out, of these.
func (c *Choice) Excludes(names []string) func(name string) bool {
	if c == nil {
		return func(string) bool { return false }
	}
	exact := c.exact(names)
	return func(name string) bool { return anyGlob(c.excluded, name, exact) }
}

// positive is the choice without those that a ! excludes.
func (c *Choice) positive(name string, exact map[string]bool) bool {
	return (len(c.wanted) == 0 || anyGlob(c.wanted, name, exact)) &&
		(len(c.expressions) == 0 || anyRegexp(c.expressions, name))
}

// exact are the globs that are one of the names.
func (c *Choice) exact(names []string) map[string]bool {
	all := everyExact(c.wanted, c.excluded)
	exact := make(map[string]bool)
	for _, name := range names {
		if all[name] {
			exact[name] = true
		}
	}
	return exact
}

func everyExact(lists ...[]glob) map[string]bool {
	all := make(map[string]bool)
	for _, list := range lists {
		for _, g := range list {
			all[g.text] = true
		}
	}
	return all
}

func newGlob(text string) glob {
	g := glob{text: text}
	if doublestar.ValidatePattern(text) {
		g.patterns = []string{text}
		if across := crossing(text); across != text {
			g.patterns = append(g.patterns, across)
		}
	}
	return g
}

// match says whether the glob is the name or matches it; exact holds it where it
// is to be a name only.
func (g *glob) match(name string, exact map[string]bool) bool {
	if g.text == name {
		return true
	}
	if exact[g.text] {
		return false
	}
	for _, p := range g.patterns {
		if doublestar.MatchUnvalidated(p, name) {
			return true
		}
	}
	return false
}

// crossing is a pattern in which each ** that is a part of a name crosses slashes,
// as doublestar has it only for one that stands alone between two.
func crossing(pattern string) string {
	var b strings.Builder
	class := false
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\' && i+1 < len(pattern):
			b.WriteByte(c)
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case strings.HasPrefix(pattern[i:], "**"):
			stars := i
			for i+1 < len(pattern) && pattern[i+1] == '*' {
				i++
			}
			begins, ends := stars == 0 || pattern[stars-1] == '/', i+1 == len(pattern) || pattern[i+1] == '/'
			if begins && ends {
				b.WriteString("**")
			} else {
				b.WriteString("{*,*/**/*}")
			}
			continue
		}
		b.WriteByte(pattern[i])
	}
	return b.String()
}

func anyGlob(globs []glob, name string, exact map[string]bool) bool {
	for i := range globs {
		if globs[i].match(name, exact) {
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
