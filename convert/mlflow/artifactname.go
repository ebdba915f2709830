package mlflow

import (
	"path"
	"strings"
	"unicode/utf8"

	"tbexport/convert/plan"
)

// artifactNames are the paths of artifacts in one directory that are given
// away already.
type artifactNames map[string]bool

// take gives a path that the artifact store takes, and that nothing else was
// given. Of two paths that would become one, the later one ends with a hash of
// itself.
func (n artifactNames) take(original string) string {
	name := artifactName(original)
	for again := original; n[name]; again += "'" {
		dir, base := path.Split(artifactName(original))
		name = dir + cutBytes(base, longestPart-plan.MarkLength) + plan.Mark(again)
	}
	n[name] = true
	return name
}

// longestPart is the most bytes that a file system takes for a name.
const longestPart = 255

// artifactName replaces what the artifact store refuses in a path, or takes
// for something else: the server decodes a percent sign with two digits as
// often as it meets one, so that gpu%2Fevents would become a directory.
func artifactName(original string) string {
	name := strings.Map(func(r rune) rune {
		if r == '#' || r == '%' || r < ' ' || r == 0x7f {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(strings.ReplaceAll(original, "..", "__"), "_"))
	parts := strings.Split(name, "/")
	for i, part := range parts {
		if len(part) > longestPart {
			parts[i] = cutBytes(part, longestPart-plan.MarkLength) + plan.Mark(part)
		}
	}
	return strings.Join(parts, "/")
}

// cutBytes gives as much of the beginning of a text as n bytes hold, in whole
// characters.
func cutBytes(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
