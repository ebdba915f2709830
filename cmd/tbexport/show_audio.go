package main

import (
	"io"

	"tbexport/eventfile/kinds"
	"tbexport/internal/ui"
)

// clips says of the sound of a value what it is.
func (p *presenter) clips(w io.Writer, v *showable) error {
	clips, err := v.value.Clips()
	if err != nil {
		return err
	}
	if len(clips) == 0 {
		_, err := io.WriteString(w, p.heading(v)+": no clip\n")
		return err
	}
	p.pending["audio"] = true
	for i := range clips {
		if !p.wants(i) {
			continue
		}
		line := p.heading(v) + numbered(i, len(clips)) + ": " + p.describeClip(&clips[i]) + "\n"
		if _, err := io.WriteString(w, line); err != nil {
			return err
		}
	}
	return nil
}

func (p *presenter) describeClip(c *kinds.Clip) string {
	words := clipWords(&kinds.ClipHeader{Known: c.Known, SampleRate: c.SampleRate, Channels: c.Channels,
		Frames: c.Frames})
	if words == "" {
		words = "no audio that is known"
	}
	words += ", " + ui.Size(int64(len(c.Bytes)))
	if c.Label != "" {
		words += "\n" + p.visible(c.Label)
	}
	return words
}
