package mlflow

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"path"
	"strings"

	"tbexport/convert"
	"tbexport/convert/plan"
)

// Where media are among a run's artifacts. The page takes every file directly in
// images for a picture of its grid, and shows none where one is called otherwise.
const (
	gridDir  = "images"
	mediaDir = "media"
)

// mediaDirs are where the media of a form are; of pictures, those that the grid
// does not show.
var mediaDirs = map[convert.Form]string{
	convert.FormImages:     mediaDir + "/images",
	convert.FormText:       mediaDir + "/text",
	convert.FormAudio:      mediaDir + "/audio",
	convert.FormHistograms: mediaDir + "/histograms",
	convert.FormPRCurves:   mediaDir + "/pr_curves",
}

// MediaForms are the forms of values that become artifacts, pictures first.
func MediaForms() []convert.Form {
	return []convert.Form{convert.FormImages, convert.FormText, convert.FormAudio, convert.FormHistograms,
		convert.FormPRCurves}
}

// longestImageKey is how many characters of a key the name of a file has room for.
const longestImageKey = 140

// imageKey is what pictures of a tag are called in MLflow's image grid: the tag
// itself, or the nearest of letters, digits and "_-./ " with the mark of the tag.
func imageKey(name string) string {
	key := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("_-./ ", r):
			return r
		}
		return '_'
	}, strings.ReplaceAll(name, "..", "__"))
	if key != name || key == "" || len(key) > longestImageKey {
		key = plan.Marked(key, name, longestImageKey)
	}
	return key
}

// gridName is what MLflow's log_image would call a picture, without extension. The
// page finds key, step and time in it. Where values have several pictures, their
// keys end with the index.
func gridName(v *plan.MediaValue, index int) string {
	key := imageKey(v.Media.Name)
	if len(v.Media.Items) > 1 {
		key = fmt.Sprintf("%s/%d", key, index)
	}
	key = strings.ReplaceAll(key, "/", "~")
	return fmt.Sprintf("%s/%s+step+%d+timestamp+%d+%s", gridDir, key, v.Step, milliseconds(v.WallTime),
		itemID(v, index))
}

// thumbnailName is that of the small picture of a gridName.
func thumbnailName(name string) string { return name + "+compressed.webp" }

// itemID is a UUID (RFC 9562, version 8) of an item of a value: always the same,
// and not that of another one.
func itemID(v *plan.MediaValue, index int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %x %d %d", v.Media.ID, v.Step, math.Float64bits(v.WallTime), v.Again,
		index))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	id := hex.EncodeToString(sum[:16])
	return strings.Join([]string{id[:8], id[8:12], id[12:16], id[16:20], id[20:]}, "-")
}

// longestMediaPath is how long a tag is in a path, in bytes.
const longestMediaPath = 400

// mediaPath is the path of a tag's media below the artifacts: its own parts where
// the store takes them, or else the nearest with its mark.
func mediaPath(m *plan.Media) string {
	parts := strings.Split(m.Name, "/")
	for i, part := range parts {
		switch part {
		case "", ".", "..":
			parts[i] = "_"
		}
		parts[i] = cutBytes(parts[i], longestPart-len(".json")-plan.MarkLength)
	}
	name := artifactName(strings.Join(parts, "/"))
	if name != m.Name || len(name) > longestMediaPath {
		name = strings.TrimRight(cutBytes(name, longestMediaPath), "/") + plan.Mark(m.Name)
	}
	return path.Join(mediaDirs[m.Form], name)
}

// stepNames give the names of a tag's files, by step and index.
type stepNames map[[2]int64]int

// take gives the name of the next file of a step.
func (s stepNames) take(v *plan.MediaValue, index int) string {
	at := [2]int64{v.Step, int64(index)}
	s[at]++
	name := fmt.Sprintf("%s/step_%09d", mediaPath(v.Media), v.Step)
	if len(v.Media.Items) > 1 || index > 0 {
		name += fmt.Sprintf("_%d", index)
	}
	if n := s[at]; n > 1 {
		name += fmt.Sprintf("~%d", n)
	}
	return name
}
