package mlflow

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// cleanName gives the name that MLflow takes for one that it may refuse, and
// the name itself where it takes it: NFC, an underscore for each refused
// character, and its own path normal form. How long it is does not count.
// Different names may become the same: the plan marks them.
func cleanName(name string) string {
	if validKey(name) {
		return name
	}
	replaced := strings.Map(func(r rune) rune {
		if validRune(r) {
			return r
		}
		return '_'
	}, norm.NFC.String(name))
	parts := strings.Split(replaced, "/")
	kept := parts[:0]
	for _, part := range parts {
		if part != "" && part != "." && part != ".." {
			kept = append(kept, part)
		}
	}
	cleaned := strings.Join(kept, "/")
	if strings.HasPrefix(cleaned, "..") {
		cleaned = "_" + cleaned[1:]
	}
	if cleaned == "" {
		cleaned = "_"
	}
	return cleaned
}

// validKey says whether MLflow takes a name of a metric or parameter, but for
// its length (mlflow/utils/validation.py, on a server that is not on Windows).
func validKey(name string) bool {
	if name == "" || !utf8.ValidString(name) {
		return false
	}
	for _, r := range name {
		if !validRune(r) {
			return false
		}
	}
	return path.Clean(name) == name && name != "." && name[0] != '/' && !strings.HasPrefix(name, "..")
}

// validRune is Python's [/\w.\- :].
func validRune(r rune) bool {
	return strings.ContainsRune("/_.- :", r) || unicode.IsLetter(r) || unicode.IsNumber(r)
}
