package main

import (
	"io"
	"strings"

	"tbexport/eventfile/kinds"
)

// text shows the texts of a value: Markdown as it is. Those of a matrix are rows of
// a table, if each is one line.
func (p *presenter) text(w io.Writer, v *showable) error {
	t, err := v.value.Text()
	if err != nil {
		return err
	}
	var out strings.Builder
	out.WriteString(p.heading(v) + "\n")
	switch {
	case len(t.Texts) == 0:
		out.WriteString("no text\n")
	case p.index == everyItem && isTable(&t):
		p.textTable(&out, &t)
	default:
		p.texts(&out, t.Texts)
	}
	out.WriteString("\n")
	_, err = io.WriteString(w, out.String())
	return err
}

// isTable reports whether texts are a matrix of lines.
func isTable(t *kinds.Text) bool {
	for _, s := range t.Texts {
		if strings.ContainsAny(s, "\r\n") {
			return false
		}
	}
	return len(t.Shape) == 2 && t.Shape[1] > 1
}

// textTable writes a matrix as Markdown does, but for a head.
func (p *presenter) textTable(out *strings.Builder, t *kinds.Text) {
	columns := int(t.Shape[1])
	for i, s := range t.Texts {
		if i%columns == 0 {
			out.WriteString("|")
		}
		out.WriteString(" " + p.visible(s) + " |")
		if i%columns == columns-1 {
			out.WriteString("\n")
		}
	}
}

// texts writes texts below each other, with numbers where there are several.
func (p *presenter) texts(out *strings.Builder, texts []string) {
	for i, s := range texts {
		if !p.wants(i) {
			continue
		}
		if len(texts) > 1 {
			out.WriteString(strings.TrimPrefix(numbered(i, len(texts)), ", ") + ":\n")
		}
		out.WriteString(strings.TrimSuffix(p.visible(s), "\n") + "\n")
	}
}

// visible is a text such that it acts on no terminal: lines end and tabs are spaces
// as people mean them, and all else that is not to be seen is escaped.
func (p *presenter) visible(text string) string {
	return p.screen.Text(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\t", "    "))
}
