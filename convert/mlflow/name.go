package mlflow

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longestName is the most characters of a key (mlflow/utils/validation.py).
const longestName = 250

// cleanName gives the name that MLflow takes for one that it may refuse, and
// the name itself where it takes it: NFC, an underscore for each refused
// character, and its own path normal form. Different names may become the
// same: see names.
func cleanName(name string) string {
	if validName(name) {
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
	if utf8.RuneCountInString(cleaned) > longestName {
		cleaned = markedName(cleaned, name)
	}
	return cleaned
}

// markedName puts the mark of the original behind a name, which is cut to make
// room for it.
func markedName(name, original string) string {
	return cutText(name, longestName-markLength) + mark(original)
}

// markLength is that of a mark, in bytes.
const markLength = 9

// mark is eight digits of the hash of a name.
func mark(name string) string {
	sum := sha256.Sum256([]byte(name))
	return "_" + hex.EncodeToString(sum[:4])
}

// validName says whether MLflow takes a name of a metric or parameter
// (mlflow/utils/validation.py, on a server that is not on Windows).
func validName(name string) bool {
	if name == "" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > longestName {
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

// cutText gives the first n characters of a text.
func cutText(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}
