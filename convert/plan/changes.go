package plan

import (
	"fmt"
	"regexp"
	"strings"
)

// Changes are the user's own changes of tags on their way to keys.
type Changes struct {
	// StripPrefixes are taken off the tags; of several that fit, the first.
	StripPrefixes []string
	// Renames are applied one after another, after StripPrefixes.
	Renames []Rename
}

// Rename replaces what an expression matches.
type Rename struct {
	Match *regexp.Regexp
	// Replace may refer to groups of the match as $1 or ${name}.
	Replace string
}

// ParseRename reads REGEX=REPLACEMENT. The last equals sign divides them: a
// replacement cannot hold one.
func ParseRename(text string) (Rename, error) {
	at := strings.LastIndexByte(text, '=')
	if at <= 0 {
		return Rename{}, fmt.Errorf("%q: want REGEX=REPLACEMENT", text)
	}
	re, err := regexp.Compile(text[:at])
	return Rename{re, text[at+1:]}, err
}

// apply gives the tag after the changes.
func (c *Changes) apply(tag string) string {
	for _, prefix := range c.StripPrefixes {
		if rest, ok := strings.CutPrefix(tag, prefix); ok && rest != "" {
			tag = rest
			break
		}
	}
	for _, rename := range c.Renames {
		tag = rename.Match.ReplaceAllString(tag, rename.Replace)
	}
	return tag
}
