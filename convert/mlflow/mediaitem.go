package mlflow

import (
	"bytes"
	"context"
	"net/http"
	"strings"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile/kinds"
)

// mediaItem is one artifact that is made of media.
type mediaItem struct {
	name    string
	content []byte // valid until the next item
	table   bool
	// Of a picture that MLflow's image grid is to show: where its small picture
	// goes, and where it goes itself if there can be none.
	thumbnail, plain string
}

// mediaItems gives the artifacts of a run's media, one after another. there are
// the names and sizes of those that are on the server.
func (m *migration) mediaItems(ctx context.Context, r *plan.Run, there map[string]int64,
	yield func(mediaItem) error) error {
	var steps stepNames
	var last *plan.Media
	place, err := m.room.read(ctx, r)
	if err != nil {
		return err
	}
	defer place.leave()
	wanted, err := m.choosePictures(ctx, r, there)
	if err != nil {
		return err
	}
	for v, err := range m.plan.MediaValues(ctx, r, m.readOptions(), filesForms(m.plan.Options.Media)...) {
		if err != nil {
			return err
		}
		if v.Media != last {
			last, steps = v.Media, make(stepNames)
		}
		switch v.Media.Form {
		case convert.FormImages:
			err = m.pictureItems(v, steps, wanted, yield)
		case convert.FormAudio:
			err = clipItems(v, steps, yield)
		case convert.FormText:
			var text kinds.Text
			if text, err = v.Text(); err == nil {
				err = yield(mediaItem{name: steps.take(v, 0) + ".md", content: markdown(text)})
			}
		}
		if err != nil {
			return err
		}
	}
	return m.tableItems(ctx, r, yield)
}

// filesForms are those of forms whose items are files each.
func filesForms(forms []convert.Form) (files []convert.Form) {
	for _, f := range forms {
		if f == convert.FormImages || f == convert.FormAudio || f == convert.FormText {
			files = append(files, f)
		}
	}
	return files
}

func (m *migration) pictureItems(v *plan.MediaValue, steps stepNames, wanted pictureChoice,
	yield func(mediaItem) error) error {
	return m.eachPicture(v, steps, func(index int, item mediaItem) error {
		if !wanted.has(v.Media, index, v.Nth[index]) {
			return nil
		}
		return yield(item)
	})
}

// eachPicture gives the pictures of a value.
func (m *migration) eachPicture(v *plan.MediaValue, steps stepNames,
	yield func(index int, item mediaItem) error) error {
	pictures, err := v.Pictures()
	if err != nil {
		return err
	}
	for i, p := range pictures[:min(len(pictures), len(v.Nth))] {
		plain := steps.take(v, i) + "." + pictureExtension(p)
		item := mediaItem{name: plain, content: p.Bytes}
		if !m.options.Limits.NoGrid {
			grid := gridName(v, i)
			item = mediaItem{name: grid + gridExtension(p), content: p.Bytes, thumbnail: thumbnailName(grid),
				plain: plain}
		}
		if err := yield(i, item); err != nil {
			return err
		}
	}
	return nil
}

// gridExtension is one of the two that the page's grid knows. It is no matter to
// browsers and to MLflow's own client: they look at the bytes.
func gridExtension(p kinds.Picture) string {
	if p.Format == "webp" {
		return ".webp"
	}
	return ".png"
}

func pictureExtension(p kinds.Picture) string {
	switch p.Format {
	case "png", "gif", "bmp", "webp":
		return p.Format
	case "jpeg":
		return "jpg"
	}
	return "bin"
}

func clipItems(v *plan.MediaValue, steps stepNames, yield func(mediaItem) error) error {
	clips, err := v.Clips()
	if err != nil {
		return err
	}
	for i, c := range clips {
		extension := ".bin"
		if http.DetectContentType(c.Bytes) == "audio/wave" {
			extension = ".wav"
		}
		if err := yield(mediaItem{name: steps.take(v, i) + extension, content: c.Bytes}); err != nil {
			return err
		}
	}
	return nil
}

// markdown is a text itself, or a table of several, whose last dimension goes
// across, as TensorBoard shows them.
func markdown(text kinds.Text) []byte {
	if len(text.Texts) == 1 {
		return []byte(text.Texts[0])
	}
	across := 1
	if n := len(text.Shape); n > 1 {
		across = max(1, int(text.Shape[n-1]))
	}
	var b bytes.Buffer
	cell := strings.NewReplacer("|", `\|`, "\r\n", "<br>", "\n", "<br>")
	b.WriteString(strings.Repeat("| ", across) + "|\n" + strings.Repeat("|---", across) + "|\n")
	for i, s := range text.Texts {
		b.WriteString("| " + cell.Replace(s) + " ")
		if (i+1)%across == 0 {
			b.WriteString("|\n")
		}
	}
	return b.Bytes()
}

// pictureChoice says which pictures of a run are wanted, of those of which not all
// are.
type pictureChoice map[*plan.Media][]map[int64]bool

func (c pictureChoice) has(m *plan.Media, index int, nth int64) bool {
	all, limited := c[m]
	return !limited || all[index][nth]
}

// choosePictures chooses the pictures, where there are more than are to be kept:
// those that are there, and some more if there are not enough.
func (m *migration) choosePictures(ctx context.Context, r *plan.Run, there map[string]int64) (pictureChoice, error) {
	kept, all := r.Images()
	if kept == all {
		return nil, nil
	}
	present := make(map[*plan.Media][][]int64)
	choice := make(pictureChoice)
	for _, x := range r.Media {
		if x.Quota != nil {
			present[x], choice[x] = make([][]int64, len(x.Items)), make([]map[int64]bool, len(x.Items))
		}
	}
	if len(there) > 0 {
		var steps stepNames
		var last *plan.Media
		for v, err := range m.plan.MediaValues(ctx, r, m.readOptions(), convert.FormImages) {
			if err != nil {
				return nil, err
			}
			if v.Media != last {
				last, steps = v.Media, make(stepNames)
			}
			err = m.eachPicture(v, steps, func(i int, item mediaItem) error {
				_, inGrid := there[item.name]
				_, beside := there[item.plain]
				if of := present[v.Media]; of != nil && (inGrid || beside) {
					of[i] = append(of[i], v.Nth[i])
				}
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
	}
	for x, of := range present {
		for i, numbers := range of {
			choice[x][i] = make(map[int64]bool)
			for _, n := range append(plan.Choose(x.Items[i], x.Quota[i], numbers), numbers...) {
				choice[x][i][n] = true
			}
		}
	}
	return choice, nil
}
