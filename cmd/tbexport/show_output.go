package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"tbexport/convert"
	"tbexport/convert/extract"
	"tbexport/convert/output"
	"tbexport/eventfile/tensor"
	"tbexport/internal/chart"
	"tbexport/internal/ui"
)

// toFiles reports whether what is shown goes to files.
func (s *showFlags) toFiles() bool { return s.png != "" || s.svg != "" || s.output != "" }

// checkOutputs checks the flags that say where what is shown goes.
func (s *showFlags) checkOutputs(c console) error {
	switch {
	case !s.toFiles() && max(s.look.width, s.height) > mostCells:
		return usagef("a chart has at most %d columns and lines, not %d by %d", mostCells, s.look.width, s.height)
	case s.follow && s.toFiles():
		return usagef("--follow draws in the terminal: leave --png and --svg out")
	case s.follow && !c.outIsTerminal():
		return usagef("--follow draws again and again: it needs a terminal")
	case s.output != "" && (s.png != "" || s.svg != ""):
		return usagef("-o writes what is shown to one file: leave --png and --svg out")
	case (s.png == "-" || s.svg == "-" || s.output == "-") && c.outIsTerminal():
		return usagef("a picture is nothing for a terminal: give a FILE, or send it to another program")
	case s.png == "-" && s.svg == "-":
		return usagef("only one of --png and --svg can go to standard output")
	case s.toFiles() && !(pictureSide(s.look.width) && pictureSide(s.height)):
		return usagef("a picture has 200 to 20000 dots a chart in width and height, not %d by %d", s.look.width,
			s.height)
	case s.png != "" && s.png != "-" && sameFile(s.png, s.svg):
		return usagef("--png and --svg both name %s", s.png)
	}
	if err := checkPicture("--png", s.png, ".png", s.overwrite); err != nil {
		return err
	}
	if err := checkPicture("--svg", s.svg, ".svg", s.overwrite); err != nil {
		return err
	}
	return checkFile("-o", s.output, s.overwrite)
}

// pictureSide reports whether a chart of a picture may have so many dots; 0 is
// for as many as it takes.
func pictureSide(dots int) bool { return dots == 0 || dots >= 200 && dots <= 20000 }

// mostCells is the most columns, and lines, of a chart in the terminal.
const mostCells = 5000

// picture draws to files.
func (s *showFlags) picture(c console, charts []chart.Chart) error {
	if n := len(charts); n > chart.MostPanels {
		return usagef("%d tags are too many for one picture: choose with --tag, or draw them --together", n)
	}
	size := chart.Size{Width: s.look.width, Height: s.height}
	for _, picture := range []struct {
		path string
		draw func(*output.File) error
	}{
		{s.png, func(f *output.File) error { return chart.PNG(f, charts, size) }},
		{s.svg, func(f *output.File) error { return chart.SVG(f, charts, size) }},
	} {
		if picture.path == "" {
			continue
		}
		if err := writeOutput(c, picture.path, s.overwrite, picture.draw); err != nil {
			return err
		}
		if !s.quiet && picture.path != "-" {
			c.say("%s -> %s", ui.Counted(int64(len(charts)), "chart"), picture.path)
		}
	}
	return nil
}

// toFile writes what is shown to --output: charts as a picture, by the name's
// ending, or the one value as its file.
func (p *presenter) toFile(c console, charts []chart.Chart, values []showable) error {
	switch {
	case len(charts) > 0 && len(values) > 0:
		return usagef("-o takes charts, or one image, clip, text, tensor or graph: choose with --table or --tag")
	case len(charts) > 0:
		return p.chartsToFile(c, charts)
	case len(values) > 1:
		return usagef("-o takes one value, and there are %d: choose with --run, --tag and --steps, or take tbexport "+
			"extract LOGDIR -o DIR", len(values))
	}
	v := &values[0]
	if err := p.read(v); err != nil {
		return err
	}
	items, err := filesOf(v)
	if err != nil {
		return err
	}
	switch n := len(items); {
	case n > 0 && p.index >= n:
		return usagef("--index %d: there is no number %d: the value has %d", p.index, p.index, n)
	case n > 0 && p.index != everyItem:
		items = items[p.index : p.index+1]
	case n == 0:
		return usagef("-o has nothing to write: the value is empty, or of no kind that is one file; tbexport extract " +
			"LOGDIR -o DIR writes meshes")
	case n > 1:
		return usagef("-o takes one item, and the value has %d: choose with --index", n)
	}
	return p.itemToFile(c, &items[0])
}

// chartsToFile draws charts as the ending of --output says.
func (p *presenter) chartsToFile(c console, charts []chart.Chart) error {
	switch strings.ToLower(filepath.Ext(p.output)) {
	case ".png":
		p.png = p.output
	case ".svg":
		p.svg = p.output
	default:
		return usagef("-o %s: charts are drawn to a name that ends in .png or .svg, or with --png - or --svg -",
			p.output)
	}
	return p.picture(c, charts)
}

// filesOf are the items of a value as files.
func filesOf(v *showable) (files []extract.File, err error) {
	switch v.form {
	case convert.FormText:
		t, err := v.value.Text()
		for _, s := range t.Texts {
			files = append(files, extract.Text([]byte(s)))
		}
		return files, err
	case convert.FormImages:
		pictures, err := v.value.Pictures()
		for _, picture := range pictures {
			files = append(files, extract.Picture(picture))
		}
		return files, err
	case convert.FormAudio:
		clips, err := v.value.Clips()
		for _, clip := range clips {
			files = append(files, extract.Clip(clip))
		}
		return files, err
	case convert.FormGraphs:
		_, b, err := v.value.Graph()
		return []extract.File{extract.Graph(b)}, err
	case convert.FormTensors:
		t, err := tensor.Decode(v.value.Value.Tensor)
		if err != nil {
			return nil, err
		}
		file, err := extract.Tensor(&t, v.value.Value.Tensor)
		return []extract.File{file}, err
	}
	return nil, nil
}

// itemToFile writes an item under a name that says what it is.
func (p *presenter) itemToFile(c console, item *extract.File) error {
	ending := strings.TrimPrefix(strings.ToLower(filepath.Ext(p.output)), ".")
	if ending == "jpeg" {
		ending = "jpg"
	}
	known := []string{"png", "jpg", "gif", "bmp", "webp", "svg", "wav", "npy", "pb", "json"}
	if p.output != "-" && ending != item.Ext && slices.Contains(known, ending) {
		return usagef("-o %s: the file would not be what its name says: end it in .%s", p.output, item.Ext)
	}
	size := int64(0)
	err := writeOutput(c, p.output, p.overwrite, func(f *output.File) error {
		for _, part := range item.Parts {
			size += int64(len(part))
			if _, err := f.Write(part); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && !p.quiet && p.output != "-" {
		c.say("%s -> %s", ui.Size(size), p.output)
	}
	return err
}

// writeOutput writes a file, whole or not at all; - is standard output.
func writeOutput(c console, path string, overwrite bool, write func(*output.File) error) error {
	if path == "-" {
		return write(output.Stream(c.out))
	}
	file, err := output.Create(path, output.FileOptions{Overwrite: overwrite})
	if err != nil {
		return err
	}
	if err = write(file); err == nil {
		err = file.Commit()
	}
	if err != nil {
		if abort := file.Abort(); abort != nil {
			return fmt.Errorf("%w (and cleaning up: %v)", err, abort)
		}
	}
	return err
}
