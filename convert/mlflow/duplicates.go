package mlflow

import (
	"context"
	"fmt"
	"strconv"

	"tbexport/convert/plan"
)

// Duplicates says what becomes of a run whose event files are those of a run
// that is there.
type Duplicates uint8

// The choices. SkipDuplicates makes no other run of it.
const (
	SkipDuplicates Duplicates = iota
	CreateDuplicates
)

// size is what copies have in common that is known without reading them.
type size struct {
	files int
	bytes int64
}

func sizeOf(r *plan.Run) size {
	files, bytes := r.EventFiles()
	return size{files, bytes}
}

// readTwins finds the runs of the plan that are not there, but whose files are
// those of a run that is there. Runs of one plan may be copies of each other,
// and are made all the same: how many of them there were, the runs say.
func (m *migration) readTwins(ctx context.Context) {
	m.copies, m.twins = make(map[string]int), make(map[*plan.Run]*serverRun)
	sizes := make(map[size]int)
	there := make(map[string][]*serverRun)
	for _, same := range m.index {
		run := same[0]
		if c := contentOn(run); c.digest != "" && (!run.deleted() || m.options.Deleted == KeepDeleted) {
			there[c.digest] = append(there[c.digest], run)
			sizes[c.size]++
		}
	}
	missing := false
	for _, r := range m.plan.Runs {
		missing = missing || len(m.index[r.SourceID]) == 0
		sizes[sizeOf(r)]++
	}
	if !missing {
		return
	}
	for _, r := range m.plan.Runs {
		if sizes[sizeOf(r)] > 1 {
			// A file that is gone fails its own run, later.
			if content, err := m.contentOf(ctx, r); err == nil && content != "" {
				m.copies[content]++
			}
		}
	}
	if m.options.Duplicates == CreateDuplicates {
		return
	}
	for _, r := range m.plan.Runs {
		content := m.opened[r].content
		twins := there[content]
		if content == "" || len(twins) == 0 || len(m.index[r.SourceID]) > 0 {
			continue
		}
		planned := 1
		for _, run := range twins {
			planned = max(planned, contentOn(run).copies)
		}
		if len(twins) >= planned {
			m.twins[r] = twins[0]
		} else {
			there[content] = append(twins, twins[0]) // r is one of them
		}
	}
}

// contentOf is that of the plan's run, read once.
func (m *migration) contentOf(ctx context.Context, r *plan.Run) (content string, err error) {
	o := m.opened[r]
	if o.content == "" {
		o.content, err = r.Content(ctx)
	}
	return o.content, err
}

// content is what the tag tagContent says of a run's event files.
type content struct {
	digest string // the same for the same bytes; empty: not known
	size   size
	copies int // runs of the plan that had the same files
}

// contentTag is the value of that tag: the digest, files, bytes, and copies if
// there are several.
func (m *migration) contentTag(r *plan.Run, digest string) string {
	s := sizeOf(r)
	text := fmt.Sprintf("%s %d %d", digest, s.files, s.bytes)
	if n := m.copies[digest]; n > 1 {
		text += fmt.Sprintf(" %d", n)
	}
	return text
}

// contentOn reads it. Earlier versions had a tag for each part.
func contentOn(run *serverRun) (c content) {
	n, _ := fmt.Sscan(run.tag(tagContent), &c.digest, &c.size.files, &c.size.bytes, &c.copies)
	if n == 1 {
		c.size.files, _ = strconv.Atoi(run.tag(oldFiles))
		c.size.bytes, _ = strconv.ParseInt(run.tag(oldBytes), 10, 64)
		c.copies, _ = strconv.Atoi(run.tag(oldCopies))
	}
	return c
}
