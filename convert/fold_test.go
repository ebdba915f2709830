package convert

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tbexport/eventfile"
	"tbexport/eventfile/hparams"
)

// foldables reads runs in the form "NAME[: word...]", where the words are tags
// with a point, or with several if a "*" follows, "#start" for a session, "#g/t" for a metric t of group g of its experiment
// ("#/t" for one without a group), "#experiment" for one without metrics, and
// "#others", and "#part" for what is to be a part.
func foldables(lines ...string) (runs []Foldable) {
	for _, line := range lines {
		name, words, _ := strings.Cut(line, ": ")
		stats, part := &RunStats{Run: name}, false
		h, tags := new(hparams.HParams), []*eventfile.Tag(nil)
		for _, w := range strings.Fields(words) {
			group, tag, metric := strings.Cut(strings.TrimPrefix(w, "#"), "/")
			switch {
			case w[0] != '#':
				tag := &eventfile.Tag{Name: strings.TrimSuffix(w, "*"), Points: 1}
				if tag.Name != w {
					tag.Points++
				}
				tags = append(tags, tag)
			case w == "#start":
				h.Start = new(hparams.SessionStart)
			case w == "#others":
				stats.NotExported = map[string]int64{"images": 1}
			case w == "#part":
				part = true
			default:
				if h.Experiment == nil {
					h.Experiment = new(hparams.Experiment)
				}
				if metric {
					h.Experiment.Metrics = append(h.Experiment.Metrics, hparams.MetricInfo{Group: group, Tag: tag})
				}
			}
		}
		if h.Start == nil && h.Experiment == nil {
			h = nil
		}
		run := newFoldable(h, stats, tags)
		run.Part = part
		runs = append(runs, run)
	}
	return runs
}

func TestFoldRuns(t *testing.T) {
	const child = "1636363636.12345: #start #/acc acc"
	for name, c := range map[string]struct {
		runs []string
		want string
	}{
		"torch":                       {[]string{"exp: loss", "exp/" + child}, "exp/1636363636.12345>exp"},
		"torch at the root":           {[]string{".: loss", child}, "1636363636.12345>."},
		"torch at a named root":       {[]string{"old/.: loss", "old/" + child}, "old/1636363636.12345>old/."},
		"torch without metrics":       {[]string{"exp: loss", "exp/1636363636.5: #start"}, "exp/1636363636.5>exp"},
		"parent after a dash":         {[]string{"exp: loss", "exp-2: loss", "exp/" + child}, "exp/1636363636.12345>exp"},
		"two children":                {[]string{"exp: loss", "exp/1636363636.1: #start", "exp/1636363637.1: #start"}, "several exp/1636363636.1 several exp/1636363637.1"},
		"a child of each of two":      {[]string{"a: loss", "a/1636363636.1: #start", "b: loss", "b/1636363636.1: #start"}, "a/1636363636.1>a b/1636363636.1>b"},
		"parent without points":       {[]string{"exp", "exp/" + child}, "exp/1636363636.12345>exp"},
		"only an experiment above":    {[]string{"exp: #/acc", "exp/" + child}, "none exp"},
		"no parent":                   {[]string{"exp/" + child}, ""},
		"grandparent only":            {[]string{"exp: loss", "exp/trials/" + child}, ""},
		"parent is a session":         {[]string{"exp: #start loss", "exp/" + child}, ""},
		"child with a curve":          {[]string{"exp: loss", "exp/" + child + " loss*"}, ""},
		"child with a point more":     {[]string{"exp: loss", "exp/" + child + " loss"}, "exp/1636363636.12345>exp"},
		"child with a named curve":    {[]string{"exp: loss", "exp/" + child + "*"}, "exp/1636363636.12345>exp"},
		"child with images":           {[]string{"exp: loss", "exp/" + child + " #others"}, ""},
		"child without a session":     {[]string{"exp: loss", "exp/1636363636.1: #/acc acc"}, ""},
		"child with another name":     {[]string{"exp: loss", "exp/trial: #start acc"}, "exp/trial>exp"},
		"another name, a curve":       {[]string{"exp: loss", "exp/trial: #start acc*"}, ""},
		"another name, images":        {[]string{"exp: loss", "exp/trial: #start acc #others"}, ""},
		"another name, empty parent":  {[]string{"exp", "exp/trial: #start acc"}, ""},
		"another name, two sessions":  {[]string{"exp: loss", "exp/a: #start acc", "exp/b: #start loss*"}, ""},
		"another name, in a session":  {[]string{"exp: #start loss", "exp/trial: #start acc"}, ""},
		"another name, further down":  {[]string{"exp: loss", "exp/a/trial: #start acc"}, ""},
		"a time beside another name":  {[]string{"exp: loss", "exp/a: #start acc*", "exp/" + child}, "exp/1636363636.12345>exp"},
		"child named with an integer": {[]string{"exp: loss", "exp/1636363636: #start #/acc acc*"}, ""},
		"child named as a version":    {[]string{"exp: loss", "exp/1.5: #start #/acc acc*"}, ""},
		"parts":                       {[]string{"exp: loss", "exp/" + child + " #part", "exp/x: loss #part"}, "exp/1636363636.12345>exp none exp/x"},
		"parts of parts":              {[]string{".: loss", "a: #start loss* #part", "a/train: loss #part", "a/test: loss"}, "none a none a/train"},
		"only an experiment":          {[]string{".: #/loss", "a: loss"}, "none ."},
		"Keras":                       {[]string{".: #train/loss #validation/loss", "run-0: #start", "run-0/train: loss", "run-0/validation: loss", "run-1: #start", "run-1/train: loss"}, "run-0/train>run-0:train/ run-0/validation>run-0:validation/ run-1/train>run-1:train/ none ."},
		"Keras without experiment":    {[]string{"run-0: #start", "run-0/train: loss"}, "run-0/train>run-0:train/"},
		"Keras without metrics":       {[]string{".: #experiment", "run-0: #start", "run-0/train: loss"}, "run-0/train>run-0:train/ none ."},
		"Keras, other groups":         {[]string{".: #validation/loss", "run-0: #start", "run-0/test: loss"}, "none ."},
		"Keras, train as validation":  {[]string{".: #validation/loss", "run-0: #start", "run-0/train: loss", "run-0/validation: loss"}, "run-0/train>run-0:train/ run-0/validation>run-0:validation/ none ."},
		"Keras, its own experiment":   {[]string{".: #validation/loss", "run-0: #start #train/loss", "run-0/train: loss"}, "run-0/train>run-0:train/ none ."},
		"Keras, nearest experiment":   {[]string{".: #validation/loss", "a: #train/loss", "a/run-0: #start", "a/run-0/train: loss"}, "a/run-0/train>a/run-0:train/ none . none a"},
		"Keras at the root":           {[]string{".: #start", "train: loss"}, "train>.:train/"},
		"Keras at a named root":       {[]string{"old/.: #start", "old/train: loss"}, "old/train>old/.:train/"},
		"deep group":                  {[]string{"run-0: #start", "run-0/e/train: loss"}, "run-0/e/train>run-0:e/train/"},
		"group without points":        {[]string{"run-0: #start", "run-0/train"}, ""},
		"session below a session":     {[]string{"a: #start", "a/b: #start", "a/b/train: loss"}, "a/b/train>a/b:train/"},
		"a run between":               {[]string{"a: #start", "a/b: loss", "a/b/train: loss"}, "a/b>a:b/ a/b/train>a:b/train/"},
		"prefix that is no parent":    {[]string{"run-1: #start", "run-10/train: loss"}, ""},
		"Keras below torch":           {[]string{"exp: loss", "exp/" + child, "exp/1636363636.12345/x: loss"}, "exp/1636363636.12345>exp"},
		"any below torch":             {[]string{"exp: loss", "exp/1636363636.5: #start", "exp/1636363636.5/x: loss"}, "exp/1636363636.5>exp exp/1636363636.5/x>exp:x/"},
		"no sessions":                 {[]string{".: loss", "train: loss", "validation: loss"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			runs := foldables(c.runs...)
			folds := FoldRuns(runs)
			var got []string
			for _, f := range folds.Folds {
				word := fmt.Sprintf("%s>%s", runs[f.Run].Run, runs[f.Into].Run)
				if f.Prefix != "" {
					word += ":" + f.Prefix
				}
				got = append(got, word)
			}
			for _, i := range folds.Several {
				got = append(got, "several "+runs[i].Run)
			}
			for _, i := range folds.LeftOut {
				got = append(got, "none "+runs[i].Run)
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("got  %q\nwant %q", s, c.want)
			}
		})
	}
}

// The outcome must not depend on the order of the runs.
func TestFoldRunsInAnyOrder(t *testing.T) {
	runs := foldables("exp/1636363636.1: #start", "run-0/train: loss", "run-0: #start", "exp: loss")
	want := []Fold{{Run: 0, Into: 3}, {Run: 1, Into: 2, Prefix: "train/"}}
	if got := FoldRuns(runs).Folds; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// hparams beside others are no reason to keep a run apart; images are.
func TestNewFoldable(t *testing.T) {
	h := &hparams.HParams{Start: new(hparams.SessionStart)}
	for kind, others := range map[string]bool{"hparams": false, "images": true} {
		stats := &RunStats{Run: "a"}
		stats.NotExported = map[string]int64{kind: 1}
		f := newFoldable(h, stats, []*eventfile.Tag{{Name: "loss", Points: 1}})
		if f.Run != "a" || f.HParams != h || !f.Points || f.Curves || f.Others != others {
			t.Errorf("%s: %+v", kind, f)
		}
	}
}
