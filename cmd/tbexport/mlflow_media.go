package main

import (
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/convert/mlflow"
	"tbexport/convert/plan"
	"tbexport/internal/ui"
)

// mlflowMedia are the flags on images and other media.
type mlflowMedia struct {
	media     string
	maxImages int64
}

// defaultMaxImages is about what MLflow's page shows of a run in good time.
const defaultMaxImages = 5000

func (m *mlflowMedia) add(f *pflag.FlagSet) {
	f.StringVar(&m.media, "media", "all",
		"all: images for MLflow's image grid, texts, audio clips, and tables of histograms and PR curves; images; none")
	f.Int64Var(&m.maxImages, "max-images", defaultMaxImages, "at most `N` images a run, evenly over the steps; 0: all")
}

func (m *mlflowMedia) readPlan(o *plan.Options) error {
	if m.maxImages < 0 {
		return usagef("--max-images %d: not a number of images", m.maxImages)
	}
	o.MostImages = m.maxImages
	return choose("--media", m.media, []string{"all", "images", "none"}, func(i int) {
		o.Media = [][]convert.Form{mlflow.MediaForms(), {convert.FormImages}, nil}[i]
	})
}

// mediaNotes are lines on the media of a plan.
func mediaNotes(p *plan.Plan, t mlflow.Totals, l mlflow.Limits) (lines []string) {
	var parts []string
	for _, part := range []struct {
		n    int64
		name string
	}{{t.Images, "image"}, {t.Texts, "text"}, {t.Clips, "clip"}, {t.Tables, "table"}} {
		if part.n > 0 {
			parts = append(parts, ui.Counted(part.n, part.name))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	lines = append(lines,
		fmt.Sprintf("media: %s, %s", strings.Join(parts, ", "), humanize.IBytes(uint64(t.MediaBytes))))
	runs := int64(0)
	for _, r := range p.Runs {
		if kept, all := r.Images(); kept < all {
			runs++
		}
	}
	if runs > 0 {
		lines = append(lines, fmt.Sprintf("%s of %s images are sent, evenly over the steps; the others of %s are in "+
			"the event files only (--max-images)",
			humanize.Comma(t.Images), humanize.Comma(t.AllImages), ui.Counted(runs, "run")))
	}
	if l.NoGrid && t.Images > 0 {
		lines = append(lines, "the server has no image grid that takes these images: they are artifacts (MLflow 2.19 "+
			"and later shows them step by step)")
	}
	return lines
}

// sayMedia says what of the media is not as people may look for it.
func sayMedia(c console, r *mlflow.Result) {
	var sum mlflow.MediaResult
	for _, run := range r.Runs {
		sum.Plain += run.Media.Plain
		sum.Unlisted += run.Media.Unlisted
		sum.LeftOut += run.Media.LeftOut
	}
	var l noteLines
	l.add(sum.Plain, "1 image cannot be decoded here, or is very large: it is an artifact in media/images, and not "+
		"in the image grid",
		"%s images cannot be decoded here, or are very large: they are artifacts in media/images, and not in the "+
			"image grid")
	l.add(sum.LeftOut, "1 histogram or curve is not in its table, which would be too large for MLflow's page",
		"%s histograms and curves are not in their tables, which would be too large for MLflow's page")
	l.are(sum.Unlisted, "table", "shown as text: MLflow has no room to list more tables of a run")
	for _, line := range l {
		c.say("%s", line)
	}
}

// mediaSent words how many media were sent; empty: none.
func mediaSent(r *mlflow.Result) string {
	n, bytes := int64(0), int64(0)
	for _, run := range r.Runs {
		n, bytes = n+run.Media.Sent, bytes+run.Media.Bytes
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" and %s of media, %s,", ui.Counted(n, "file"), humanize.IBytes(uint64(bytes)))
}
