package mlflow

import (
	"fmt"
	"regexp"
	"strings"
)

// Rules are the user's own changes of tags on their way to keys.
type Rules struct {
	// StripPrefixes are taken off the tags; of several that fit, the first.
	StripPrefixes []string
	// Renames are applied one after another, behind StripPrefixes.
	Renames []Rename
}

// Rename replaces what an expression matches.
type Rename struct {
	Match *regexp.Regexp
	// Replace may refer to groups of the match as $1 or ${name}.
	Replace string
}

// ParseRename reads REGEX=REPLACEMENT. The last equals sign divides them: a
// replacement cannot hold one, as no key can.
func ParseRename(text string) (Rename, error) {
	at := strings.LastIndexByte(text, '=')
	if at <= 0 {
		return Rename{}, fmt.Errorf("%q: want REGEX=REPLACEMENT", text)
	}
	re, err := regexp.Compile(text[:at])
	return Rename{re, text[at+1:]}, err
}

// apply gives the tag after the rules.
func (r *Rules) apply(tag string) string {
	for _, prefix := range r.StripPrefixes {
		if rest, ok := strings.CutPrefix(tag, prefix); ok && rest != "" {
			tag = rest
			break
		}
	}
	for _, rename := range r.Renames {
		tag = rename.Match.ReplaceAllString(tag, rename.Replace)
	}
	return tag
}
