package wandb

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"tbexport/convert/plan"
)

// longestProject is how many characters W&B takes of a project's name.
const longestProject = 128

// CheckProject says why W&B takes no project of a name. Empty is none, which it takes.
func CheckProject(name string) error {
	if i := strings.IndexAny(name, `/\#?%:`); i >= 0 {
		return fmt.Errorf(`project %q: W&B takes no / \ # ? %% : in a name, and this one has %c`, name, name[i])
	}
	if n := utf8.RuneCountInString(name); n > longestProject {
		return fmt.Errorf("project %q: W&B takes at most %d characters, and this name has %d", name, longestProject, n)
	}
	return nil
}

// Place is where runs are synced to; what is empty is up to who syncs.
type Place struct{ Entity, Project string }

// String names the project, with its entity where there is one.
func (p Place) String() string {
	switch {
	case p == Place{}:
		return "none"
	case p.Entity == "":
		return fmt.Sprintf("%q", p.Project)
	}
	return fmt.Sprintf("%q", p.Entity+"/"+p.Project)
}

// Moves counts the runs of a plan that Write would write again because they are in
// another place than the options say, by that place. It reads the beginnings of files.
func Moves(p *plan.Plan, o Options) (map[Place]int64, error) {
	w := &writer{plan: p, options: o}
	if err := w.list(); err != nil {
		return nil, err
	}
	moves := make(map[Place]int64)
	for _, r := range p.Runs {
		if _, ok := w.there[ID(r)]; !ok || len(r.Sources) == 0 {
			continue
		}
		there, err := w.find(&plan.RunResult{Run: r, Where: w.place(r)})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(w.place(r)), err)
		}
		if there.place != nil && *there.place != (Place{o.Entity, o.Project}) {
			moves[*there.place]++
		}
	}
	return moves, nil
}
