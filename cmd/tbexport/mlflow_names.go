package main

import (
	"cmp"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"tbexport/convert/mlflow"
	"tbexport/convert/plan"
)

// mlflowNames are the flags on what runs are called in MLflow, and where they are.
type mlflowNames struct {
	experimentID   string
	runName        string
	renameRuns     []string
	renameParams   []string
	setTags        []string
	experimentTags []string
	description    string
}

func (n *mlflowNames) add(f *pflag.FlagSet) {
	f.StringVar(&n.experimentID, "experiment-id", "", "`ID` of the experiment, in place of its name")
	f.StringVar(&n.runName, "run-name", "path", "name of a run: path, basename, or a `TEMPLATE` of {path}, "+
		"{basename}, {parent}, {top}, {logdir}, {date}, {params.NAME}")
	f.StringArrayVar(&n.renameRuns, "rename-run", nil,
		"`REGEX=TEXT`: replace matches in the names of runs (repeatable)")
	f.StringArrayVar(&n.renameParams, "rename-param", nil,
		"`REGEX=TEXT`: replace matches in the names of params (repeatable)")
	f.StringArrayVar(&n.setTags, "set-tag", nil, "`KEY=VALUE`: give the runs a tag (repeatable)")
	f.StringArrayVar(&n.experimentTags, "experiment-tag", nil, "`KEY=VALUE`: give the experiment a tag (repeatable)")
	f.StringVar(&n.description, "description", "", "`TEXT` in Markdown, before what tbexport says of a run")
}

// readPlan fills what is of the plan.
func (n *mlflowNames) readPlan(o *plan.Options, args []string) (err error) {
	if o.RenameRuns, err = parseRenames("--rename-run", n.renameRuns); err != nil {
		return err
	}
	if o.RenameParams, err = parseRenames("--rename-param", n.renameParams); err != nil {
		return err
	}
	o.LogdirName = logdirName(args)
	text := n.runName
	switch text {
	case "path", "":
		return nil
	case "basename":
		text = "{" + plan.FieldBasename + "}"
	}
	o.RunName, err = plan.ParseTemplate(text, plan.FieldPath, plan.FieldBasename, plan.FieldParent, plan.FieldTop,
		plan.FieldLogdir, plan.FieldDate, plan.FieldParams)
	if err != nil {
		return usagef("--run-name %v", err)
	}
	return nil
}

func parseRenames(flag string, texts []string) (renames []plan.Rename, err error) {
	for _, text := range texts {
		rename, err := plan.ParseRename(text)
		if err != nil {
			return nil, usagef("%s %v", flag, err)
		}
		renames = append(renames, rename)
	}
	return renames, nil
}

// readOptions fills what is of the migration.
func (n *mlflowNames) readOptions(o *mlflow.Options) (err error) {
	o.Description = strings.TrimSpace(n.description)
	if len([]rune(o.Description)) > mostDescription {
		return usagef("--description has more than %d characters", mostDescription)
	}
	if o.Tags, err = parseTags("--set-tag", n.setTags); err == nil {
		o.ExperimentTags, err = parseTags("--experiment-tag", n.experimentTags)
	}
	for _, tag := range o.Tags {
		if tag.Key == "mlflow.user" {
			o.User = tag.Value
		}
	}
	return err
}

// mostDescription leaves room for what tbexport says of a run.
const mostDescription = 3000

func parseTags(flag string, texts []string) (tags []mlflow.Tag, err error) {
	for _, text := range texts {
		tag, err := mlflow.ParseTag(text)
		if err != nil {
			return nil, usagef("%s %v", flag, err)
		}
		tags = append(tags, tag)
	}
	return tags, nil
}

// logdirName is what the logdir is called where it is to be named.
func logdirName(args []string) string {
	for _, arg := range args {
		if at, err := filepath.Abs(arg); err == nil {
			return cmp.Or(strings.Trim(filepath.Base(at), `/\`), "logdir")
		}
	}
	return "logdir"
}

// experimentTemplate is the template that the name of the experiment is; nil: it
// is a name.
func experimentTemplate(name string) *plan.Template {
	if !strings.Contains(name, "{"+plan.FieldTop+"}") && !strings.Contains(name, "{"+plan.FieldLogdir+"}") {
		return nil
	}
	t, err := plan.ParseTemplate(name, plan.FieldTop, plan.FieldLogdir)
	if err != nil {
		return nil
	}
	return t
}

// checkExperiment refuses a name with braces that are no fields: it would be made as
// it is.
func checkExperiment(name string) error {
	if _, err := plan.ParseTemplate(name, plan.FieldTop, plan.FieldLogdir); name != "" && err != nil {
		return usagef("--experiment %v", err)
	}
	return nil
}

// tableCharacters is about what MLflow's table shows of a run's name.
const tableCharacters = 24

// alikeNote says that names cannot be told apart in MLflow's table, and what to
// give; empty: they can.
func alikeNote(p *plan.Plan) []string {
	runs, beginning := p.AlikeNames(tableCharacters)
	if runs == 0 {
		return nil
	}
	common := beginning[:strings.LastIndexByte(beginning, '/')+1]
	remedy := "--run-name basename shows the last part of each"
	seen := make(map[string]bool)
	for _, r := range p.Runs {
		base := r.Path[strings.LastIndexByte(r.Path, '/')+1:]
		if p.Options.RunName != nil || seen[base] || len(base) > tableCharacters {
			remedy = "--rename-run '^" + renameLiteral(cmp.Or(common, beginning)) + "=' leaves that out"
		}
		seen[base] = true
	}
	return []string{plural(int64(runs), "the name of 1 run begins", "the names of %s runs begin") +
		" with " + quotedText(beginning) + ", and MLflow's table shows little more (" + remedy + ")"}
}
