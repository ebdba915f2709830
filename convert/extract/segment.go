package extract

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// longest is how many bytes a segment has at most: all file systems take as many.
const longest = 100

// hashDigits are those of the SHA-256 that tells names apart, and allDigits all of
// them, for names that were made to have the same first ones.
const (
	hashDigits = 8
	allDigits  = 2 * sha256.Size
)

// Segment names a directory after a run or tag, whatever that is called: letters
// and digits in NFC and "._ -" stay, all else is %XX, byte by byte, and so is what
// would name another directory, or nothing on Windows. What is longer than 100
// bytes is cut, and ends in "~" and eight digits of the name's SHA-256.
func Segment(name string) string {
	s := escape(name)
	if len(s) <= longest {
		return s
	}
	return hashed(name, hashDigits)
}

// hashed is the segment of a name that needs more than its letters: so many digits
// of its hash.
func hashed(name string, digits int) string {
	s := escape(name)
	if most := longest - 1 - digits; len(s) > most {
		s = cut(s, most)
	}
	sum := sha256.Sum256([]byte(name))
	return s + "~" + hex.EncodeToString(sum[:])[:digits]
}

// numbered is a segment with a number, which no name's own segment ends in.
func numbered(s string, n int) string {
	number := fmt.Sprintf("~%d", n)
	if most := longest - len(number); len(s) > most {
		s = cut(s, most)
	}
	return s + number
}

// cut shortens a segment, and keeps letters and escapes whole.
func cut(s string, most int) string {
	for !utf8.RuneStart(s[most]) {
		most--
	}
	if i := strings.LastIndexByte(s[:most], '%'); i >= 0 && i > most-3 {
		most = i
	}
	return s[:most]
}

func escape(name string) string {
	text := norm.NFC.String(name)
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		part := text[i : i+size]
		i += size
		switch {
		case r == utf8.RuneError && size == 1, !plain(r), i == len(text) && (r == '.' || r == ' '),
			size == i && isDevice(text):
			percent(&b, part)
		default:
			b.WriteString(part)
		}
	}
	if b.Len() == 0 {
		return "%"
	}
	return b.String()
}

func plain(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("._ -", r)
}

func percent(b *strings.Builder, part string) {
	for i := range len(part) {
		fmt.Fprintf(b, "%%%02X", part[i])
	}
}

// isDevice reports whether Windows takes a name for a device, as it does whatever
// extension it has.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	stem = strings.TrimRight(stem, " ")
	switch stem {
	case "con", "prn", "aux", "nul", "conin$", "conout$":
		return true
	}
	for _, port := range []string{"com", "lpt"} {
		digit, ok := strings.CutPrefix(stem, port)
		if ok && strings.Contains("0123456789¹²³", digit) && utf8.RuneCountInString(digit) == 1 {
			return true
		}
	}
	return false
}

// segments gives each of some names, which stand in one directory, a segment of
// its own, also where the file system does not tell upper from lower case: all
// names that it would take for one get the hash.
func segments(names []string) map[string]string {
	given := make(map[string]string, len(names))
	for _, name := range names {
		given[name] = Segment(name)
	}
	tellApart(given, hashDigits)
	tellApart(given, allDigits)
	return given
}

// tellApart gives all names whose segments are equal but for case so many digits.
func tellApart(given map[string]string, digits int) {
	fold := cases.Fold()
	alike := make(map[string]int, len(given))
	for _, s := range given {
		alike[fold.String(s)]++
	}
	for name, s := range given {
		if alike[fold.String(s)] > 1 {
			given[name] = hashed(name, digits)
		}
	}
}
