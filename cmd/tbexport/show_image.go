package main

import (
	"errors"
	"io"
	"strconv"

	"tbexport/eventfile/kinds"
	"tbexport/internal/graphics"
	"tbexport/internal/ui"
)

// The dots that a terminal's column and line are taken for.
const (
	columnDots = 8
	lineDots   = 16
)

// pictures shows the pictures of a value: what they are, and, where the terminal
// can, themselves.
func (p *presenter) pictures(w io.Writer, v *showable) error {
	pictures, err := v.value.Pictures()
	if err != nil {
		return err
	}
	if len(pictures) == 0 {
		_, err := io.WriteString(w, p.heading(v)+": no image\n")
		return err
	}
	for i := range pictures {
		if !p.wants(i) {
			continue
		}
		line := p.heading(v) + numbered(i, len(pictures)) + ": " + describe(&pictures[i])
		drawing, remark := p.draw(&pictures[i])
		if remark != "" {
			line += "; " + remark
		}
		if _, err := io.WriteString(w, line+"\n"); err != nil {
			return err
		}
		if _, err := w.Write(drawing); err != nil {
			return err
		}
	}
	return nil
}

// describe says what a picture is by its header.
func describe(picture *kinds.Picture) string {
	words := pictureWords(picture.Width, picture.Height, picture.Format)
	if words == "" {
		words = "no image that is known"
	}
	return words + ", " + ui.Size(int64(len(picture.Bytes)))
}

// draw gives a picture in the terminal's protocol, if it has one, or says why it is
// not drawn.
func (p *presenter) draw(picture *kinds.Picture) (drawing []byte, remark string) {
	if p.protocol == graphics.None {
		p.pending["images"] = true
		return nil, ""
	}
	m, err := graphics.Decode(picture.Bytes, picture.Format)
	switch {
	case errors.Is(err, graphics.ErrTooLarge):
		p.pending["images"] = true
		return nil, "not drawn: it has more than " + strconv.Itoa(graphics.MostPixels>>20) + " million pixels"
	case err != nil:
		p.pending["images"] = true
		return nil, "not drawn: " + ui.Visible(err.Error())
	}
	width, height := max(p.screen.Width, 20)*columnDots, max(p.screen.Height-4, 8)*lineDots
	drawing, err = graphics.Encode(p.protocol, graphics.Fit(m, width, height))
	if err != nil {
		return nil, "not drawn: " + ui.Visible(err.Error())
	}
	return drawing, ""
}
