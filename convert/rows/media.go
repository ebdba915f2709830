package rows

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile/kinds"
)

// MediaForms are those of the values that trackers with a history take beside
// points: pictures and sounds as files, and histograms.
func MediaForms() []convert.Form {
	return []convert.Form{convert.FormImages, convert.FormAudio, convert.FormHistograms}
}

// MediaKeys gives the keys of the media of a run: key makes one of a name, and where
// that is a series' or another's, it ends with the form.
func MediaKeys(r *plan.Run, key func(name string) string) map[*plan.Media]string {
	taken := make(map[string]bool, len(r.Series)+len(r.Media))
	for _, s := range r.Series {
		taken[s.Key] = true
	}
	keys := make(map[*plan.Media]string, len(r.Media))
	for _, m := range r.Media {
		k := key(m.Name)
		for taken[k] {
			k += "." + string(m.Form)
		}
		taken[k], keys[m] = true, k
	}
	return keys
}

// File is a picture or a sound.
type File struct {
	Bytes []byte // part of the value
	// End is the end of its name, as "png", that tells its format.
	End string
	// Sum is the SHA-256 of the bytes, in hex.
	Sum string
}

func newFile(b []byte, end string) File {
	sum := sha256.Sum256(b)
	return File{b, end, hex.EncodeToString(sum[:])}
}

// Pictures are those of a value that a browser shows, each with its file; leftOut
// is how many others there are.
func Pictures(v *convert.Value) (pictures []kinds.Picture, files []File, leftOut int64, err error) {
	all, err := v.Pictures()
	for _, p := range all {
		switch p.Format {
		case "png", "jpeg", "gif", "bmp", "webp":
			pictures, files = append(pictures, p),
				append(files, newFile(p.Bytes, strings.Replace(p.Format, "jpeg", "jpg", 1)))
		default:
			leftOut++
		}
	}
	return pictures, files, leftOut, err
}

// Clips are those of a value that a browser plays, likewise.
func Clips(v *convert.Value) (clips []kinds.Clip, files []File, leftOut int64, err error) {
	all, err := v.Clips()
	for _, c := range all {
		end, ok := soundEnd(c.ContentType)
		if !ok || len(c.Bytes) == 0 {
			leftOut++
			continue
		}
		clips, files = append(clips, c), append(files, newFile(c.Bytes, end))
	}
	return clips, files, leftOut, err
}

// soundEnd is the end of the names of files of a type of sound.
func soundEnd(contentType string) (end string, ok bool) {
	switch contentType {
	case "audio/wav", "audio/wave", "audio/x-wav":
		return "wav", true
	case "audio/mpeg", "audio/mp3":
		return "mp3", true
	case "audio/ogg", "audio/flac", "audio/aac":
		return strings.TrimPrefix(contentType, "audio/"), true
	}
	return "", false
}

// Name is a name of the file that depends on what is in it: so two of one name are
// one.
func (f *File) Name(step int64) string { return fmt.Sprintf("%d_%s.%s", step, f.Sum[:20], f.End) }

// longestPath is the most characters of a name in a path, which are at most four
// bytes each.
const longestPath = 50

// SafePath is a name as a path below some directory that every file system takes.
// Its slashes are directories.
func SafePath(name string) string {
	var parts []string
	for part := range strings.SplitSeq(plan.Cut(name, longestPath), "/") {
		part = strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._- ", r) {
				return r
			}
			return '_'
		}, part)
		if part = strings.Trim(part, ". "); part == "" {
			part = "_"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "/")
}

// Compare compares the file with the one at a place, which is called name.
func (f *File) Compare(name, place string) []plan.Difference {
	d := plan.Difference{What: "file", Key: name, Expected: fmt.Sprintf("%d bytes, SHA-256 %s", len(f.Bytes), f.Sum)}
	file, err := os.Open(place)
	if errors.Is(err, fs.ErrNotExist) {
		return []plan.Difference{d}
	}
	var n int64
	h := sha256.New()
	if err == nil {
		n, err = io.Copy(h, file)
		err = errors.Join(err, file.Close())
	}
	switch d.Got = fmt.Sprintf("%d bytes, SHA-256 %x", n, h.Sum(nil)); {
	case err != nil:
		d.Got = err.Error()
	case d.Got == d.Expected:
		return nil
	}
	return []plan.Difference{d}
}
