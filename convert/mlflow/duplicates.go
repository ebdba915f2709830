package mlflow

import (
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
func (m *migration) readTwins() {
	m.copies, m.twins = make(map[string]int), make(map[*plan.Run]*serverRun)
	sizes := make(map[size]int)
	there := make(map[string][]*serverRun)
	for _, same := range m.index {
		run := same[0]
		if content := run.tag(tagContent); content != "" && (!run.deleted() || m.options.Deleted == KeepDeleted) {
			there[content] = append(there[content], run)
			files, _ := strconv.Atoi(run.tag(tagFiles))
			bytes, _ := strconv.ParseInt(run.tag(tagBytes), 10, 64)
			sizes[size{files, bytes}]++
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
			if content, err := m.contentOf(r); err == nil && content != "" {
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
			n, _ := strconv.Atoi(run.tag(tagCopies))
			planned = max(planned, n)
		}
		if len(twins) >= planned {
			m.twins[r] = twins[0]
		} else {
			there[content] = append(twins, twins[0]) // r is one of them
		}
	}
}

// contentOf is that of the plan's run, read once.
func (m *migration) contentOf(r *plan.Run) (content string, err error) {
	o := m.opened[r]
	if o.content == "" {
		o.content, err = r.Content()
	}
	return o.content, err
}
