package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"

	"tbexport/convert/mlflow"
	"tbexport/convert/plan"
	"tbexport/internal/match"
	"tbexport/internal/ui"
)

// mlflowFiles are the flags on the files beside the logs, and on best values.
type mlflowFiles struct {
	include    []string
	includeMax string
	paramsFrom []string
	best       []string
}

func (m *mlflowFiles) add(f *pflag.FlagSet) {
	f.StringArrayVar(&m.include, "include", nil,
		"keep these files of a run's directory, too, as hparams.yaml or '*.ckpt' (`GLOB`, repeatable)")
	f.StringVar(&m.includeMax, "include-max", "100MiB", "leave out files above `SIZE` of --include; 0: none")
	f.StringArrayVar(&m.paramsFrom, "params-from", nil, "make params of the values in these YAML or JSON files, as "+
		"hparams.yaml or '.hydra/config.yaml' (`GLOB`, repeatable)")
	f.StringArrayVar(&m.best, "best", nil,
		"add best/NAME and best_step/NAME, as 'metrics.val_loss:min' (`METRIC:min|max`, repeatable)")
}

func (m *mlflowFiles) readPlan(o *plan.Options) (err error) {
	if o.Include, err = fileGlobs("--include", m.include); err != nil {
		return err
	}
	if o.ParamsFrom, err = fileGlobs("--params-from", m.paramsFrom); err != nil {
		return err
	}
	size, err := humanize.ParseBytes(m.includeMax)
	if m.includeMax != "" && (err != nil || size > 1<<62) {
		return usagef("--include-max %s: want a size, as 100MiB", m.includeMax)
	}
	o.IncludeMax = int64(size)
	for _, text := range m.best {
		best, err := parseBest(text)
		if err != nil {
			return usagef("--best %v", err)
		}
		o.Best = append(o.Best, best)
	}
	return nil
}

// parseBest reads metrics.NAME:min or :max. The name may be a glob, and "metrics."
// may be left out.
func parseBest(text string) (plan.Best, error) {
	at := strings.LastIndexByte(text, ':')
	if at <= 0 || text[at+1:] != "min" && text[at+1:] != "max" {
		return plan.Best{}, fmt.Errorf("%q: want metrics.NAME:min or metrics.NAME:max", text)
	}
	names, err := match.New([]string{strings.TrimPrefix(text[:at], "metrics.")}, nil)
	if err != nil {
		return plan.Best{}, err
	}
	return plan.Best{Names: func(name string) bool { return names.Among([]string{name})(name) },
		Max: text[at+1:] == "max"}, nil
}

// fileGlobs chooses files by their paths below a run; a glob without a slash
// stands for files of that name in any directory.
func fileGlobs(flag string, globs []string) (func(string) bool, error) {
	whole := make([]string, len(globs))
	for i, glob := range globs {
		name, not := strings.CutPrefix(glob, "!")
		if !strings.Contains(name, "/") {
			name = "**/" + name
		}
		if whole[i] = strings.TrimPrefix(name, "./"); not {
			whole[i] = "!" + whole[i]
		}
	}
	chosen, err := match.New(whole, nil)
	if err != nil {
		return nil, usagef("%s %v", flag, err)
	}
	if chosen == nil {
		return nil, nil
	}
	return func(name string) bool { return chosen.Among([]string{name})(name) }, nil
}

// fileNotes are lines on the files beside the logs, and on best values.
func fileNotes(p *plan.Plan) (lines []string) {
	for i, f := range p.TooLarge {
		if i == mostNames {
			lines = append(lines, fmt.Sprintf("and %d more files above --include-max", len(p.TooLarge)-i))
			break
		}
		lines = append(lines, fmt.Sprintf("%s has %s, and is left out (--include-max %s takes it)", f.Path,
			humanize.IBytes(uint64(f.Bytes)),
			strings.ReplaceAll(humanize.IBytes(uint64(f.Bytes)+uint64(f.Bytes)/20), " ", "")))
	}
	if p.Options.ParamsFrom != nil && p.ParamFiles == 0 {
		lines = append(lines, "no file in the runs' directories has a name that --params-from gives")
	}
	if p.Options.Include != nil && p.IncludedFiles == 0 {
		lines = append(lines, "no file in the runs' directories has a name that --include gives")
	}
	if len(p.Options.Best) > 0 && !hasBest(p) {
		lines = append(lines, "no metric has a name that --best gives (--dry-run --json lists them)")
	}
	return lines
}

func hasBest(p *plan.Plan) bool {
	for _, r := range p.Runs {
		for _, s := range r.Series {
			if s.BestOf != nil {
				return true
			}
		}
	}
	return false
}

// sayFileProblems says which files beside the logs could not be read, and reports
// whether there were any.
func sayFileProblems(c console, p *plan.Plan, quiet bool) bool {
	for i, problem := range p.Problems {
		if quiet {
			break
		}
		if i == mostNames {
			c.say("warning: and %d more files", len(p.Problems)-i)
			break
		}
		c.say("warning: %v", problem)
	}
	return len(p.Problems) > 0
}

// sayUnkept says which artifacts the server refused, and what helps.
func sayUnkept(c console, r *mlflow.Result) {
	var large, refused, before int64
	var largest int64
	var first mlflow.UnkeptFile
	var of string
	for _, run := range r.Runs {
		for _, f := range run.Unkept {
			switch {
			case f.TooLarge():
				large++
				largest = max(largest, f.Bytes)
			case f.Err == nil:
				before++
			default:
				if refused++; refused == 1 {
					first, of = f, run.Plan.Path
				}
			}
		}
	}
	if large > 0 {
		size := humanize.IBytes(uint64(largest))
		c.say("%s not kept: the server, or a proxy before it, takes none of that size; raise its limit "+
			"(nginx: client_max_body_size) and run this again, or give --artifacts none (of --include: --include-max)",
			plural(large, "1 file of "+size+" is", "%s files of up to "+size+" are"))
	}
	if refused > 0 {
		c.say("%s refused by the server and not kept (run this again to try again, or give --artifacts none); the "+
			"first, %s of run %s: %v", plural(refused, "1 file was", "%s files were"), first.Name, of, first.Err)
	}
	if before > 0 {
		c.say("%s refused when the run was migrated, and left out (tag tbexport.artifacts_missing)",
			plural(before, "1 file was", "%s files were"))
	}
}

func quotedText(text string) string { return fmt.Sprintf("%q", text) }

// renameLiteral is an expression that matches a text, for a flag in quotes.
func renameLiteral(text string) string {
	return strings.ReplaceAll(regexp.QuoteMeta(text), "'", ".")
}

// fileCount words how many files are kept.
func fileCount(t mlflow.Totals) string {
	text := ui.Counted(int64(t.Files-t.Included), "event file")
	if t.Included > 0 {
		text += " and " + ui.Counted(int64(t.Included), "other file")
	}
	return text
}
