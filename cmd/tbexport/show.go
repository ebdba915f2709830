package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tbexport/convert"
	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/internal/chart"
	"tbexport/internal/graphics"
	"tbexport/internal/ui"
)

// showFlags are those of show.
type showFlags struct {
	selection selectionFlags
	smooth    float64
	axis      string
	log       bool
	together  bool
	follow    bool
	png, svg  string
	output    string
	overwrite bool
	table     string
	index     int // of an item; negative: all
	graphics  string
	height    int
	jobs      int
	verbose   bool
	quiet     bool
	look      lookFlags

	// What the flags come to.
	scalars  bool
	forms    []convert.Form
	protocol graphics.Protocol
}

func newShow(c console) *cobra.Command {
	var s showFlags
	cmd := &cobra.Command{
		Use:     "show LOGDIR...",
		GroupID: groupLook,
		Short:   "Draw curves and histograms, show images and text, in the terminal or as files",
		Long: `Draw a line chart for each tag, with a line for each run: in the terminal with
Braille dots, or as a picture. Every point is drawn, so that extremes are seen
however narrow the chart. A run has the same colour in all charts; where colours
do not tell the lines of a chart apart, they are drawn with a sign each. On a
terminal a legend has 30 names at most.

Tags that are chosen are shown whatever they hold, and without a choice the
scalars; --table chooses by what it is. Histograms are a heat map over the
steps, with a chart for each run, or the counts of one step; PR curves are
lines. Of all else the last value is shown, or with --steps, --since, --until or
--sample all of these: text as it is; images on kitty, iTerm2 and terminals
with sixels, as their environment tells or --graphics says; else a line about
it. No control character of a log reaches the terminal.

-o FILE writes charts as a picture, or one image, clip, text, tensor or graph as
its file.

--smooth W smooths as TensorBoard does at that setting: an exponential moving
average, last = W*last + (1-W)*value from 0, shown as last / (1 - W^n) at the
n-th finite value. Values that are not finite stay as they are, and so does a
constant series. In pictures the series as it is stands behind the line.

--x relative counts from the first point of each series.

Points that a restart wrote again make a line go back: --restarts step draws
what TensorBoard draws.

` + exitHelp("done (also where files end inside a record, as a live writer leaves them)",
			"failed: nothing was shown", lostHelp, "interrupted: no picture was written"),
		Example: `  tbexport show logs --tag '**/loss' --smooth 0.6
  tbexport show logs --tag loss --run 'lr=*' --x relative --log
  tbexport show logs --tag loss --follow
  tbexport show logs --tag loss --png loss.png --svg loss.svg
  tbexport show logs --tag 'layer1/**' -o weights.png
  tbexport show logs --table text,images --run 'lr=*'
  tbexport show logs --run baseline --tag samples --index 0 -o sample.png`,
		Args: logdirArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return s.run(cmd.Context(), c, args) },
	}
	cmd.Flags().SortFlags = false
	s.add(cmd.Flags())
	return cmd
}

func (s *showFlags) add(f *pflag.FlagSet) {
	f.Float64Var(&s.smooth, "smooth", 0, "smooth with this weight `W`, from 0 (not at all) to below 1")
	f.StringVar(&s.axis, "x", "step", "step, relative (time since the first point) or wall (time, UTC)")
	f.BoolVar(&s.log, "log", false, "a logarithmic Y axis; values that are not above 0 are not drawn")
	f.BoolVar(&s.together, "together", false, "one chart for all tags")
	f.BoolVar(&s.follow, "follow", false, "draw again when a file or the window has changed, until interrupted")
	f.StringVar(&s.png, "png", "", "draw to `FILE` as PNG instead")
	f.StringVar(&s.svg, "svg", "", "draw to `FILE` as SVG instead")
	f.StringVarP(&s.output, "output", "o", "", "write charts, or one value, to `FILE` instead")
	f.BoolVar(&s.overwrite, "overwrite", false, "replace a file that is there already")
	f.StringVar(&s.table, "table", "", "only these `TABLES`: "+strings.Join(showTables(), ", ")+
		"; or all (default: what the chosen tags hold, or scalars)")
	f.IntVar(&s.index, "index", everyItem, "of a value of several images, clips or texts, only number `N`, from 0 on (default: all)")
	f.Lookup("index").DefValue = "0" // which is not shown, as -1 is not for users
	f.StringVar(&s.graphics, "graphics", "auto",
		"how the terminal takes images: auto, "+strings.Join(graphics.Protocols(), ", "))
	f.IntVar(&s.height, "height", 0, "`N` lines a chart (default: by the terminal); of a picture, N dots")
	s.selection.add(f)
	f.IntVarP(&s.jobs, "jobs", "j", 0, "read `N` runs at a time (default: one a processor)")
	s.look.add(f)
	f.Lookup("width").Usage += "; of a picture, N dots a chart (default 1890)"
	addVerbose(f, &s.verbose)
	f.BoolVarP(&s.quiet, "quiet", "q", false, "say nothing but errors")
}

func (s *showFlags) run(ctx context.Context, c console, args []string) error {
	screen, err := s.look.screen(c)
	if err != nil {
		return err
	}
	var o convert.ReadOptions
	wanted, err := s.read(c, &o)
	if err != nil {
		return err
	}
	if s.toFiles() {
		screen.Unicode = true // a picture is the same wherever it is made
	}
	if s.follow {
		follower := convert.NewFollower(convert.Options{Jobs: s.jobs, Read: o})
		err := s.keepDrawing(ctx, c, args, wanted, func(ctx context.Context) (*drawing, error) {
			return s.gather(ctx, args, wanted, o, screen, follower.Each)
		})
		return errors.Join(err, follower.Close())
	}
	d, err := s.gather(ctx, args, wanted, o, screen, s.once(c, o))
	if err != nil {
		return err
	}
	p := s.newPresenter(ctx, screen, d.found)
	more, err := p.charts(d.found)
	if err == nil {
		d.charts = append(d.charts, more...)
		err = s.nothing(c, d)
	}
	if err == nil && len(d.charts)+len(d.values) > 0 {
		err = p.showAll(c, d)
	}
	if err = errors.Join(err, p.reader.Close()); err != nil {
		return err
	}
	if !s.quiet {
		for _, line := range p.hints() {
			c.say("%s", line)
		}
	}
	return s.closing(c, d)
}

// nothing says that there is nothing to show, where that is so.
func (s *showFlags) nothing(c console, d *drawing) error {
	switch n := d.summary.totals.Points; {
	case len(d.charts)+len(d.values) > 0:
	case len(s.forms) > 0 && !s.selection.ranged():
		return errNothingShown
	case len(s.forms) > 0 && (n == 0 || !s.scalars):
		c.say("there is nothing to show: no value was selected")
	case n == 0 && d.summary.kinds() != "":
		return fmt.Errorf("there is no scalar to draw, but %s: choose with --tag or --table", d.summary.kinds())
	case n == 0:
		return errors.New("there is no scalar to draw")
	default:
		c.say("there is nothing to draw: none of the %s was selected", ui.Counted(n, "point"))
	}
	return nil
}

// showAll shows all charts and then all values, or writes them to files.
func (p *presenter) showAll(c console, d *drawing) error {
	switch {
	case p.output != "":
		return p.toFile(c, d.charts, d.values)
	case p.png == "" && p.svg == "":
		if err := p.writeText(c.out, d, p.screen); err != nil {
			return err
		}
		if len(d.charts) > 0 && len(d.values) > 0 {
			if _, err := io.WriteString(c.out, "\n"); err != nil {
				return err
			}
		}
		return p.write(c.out, d.values)
	}
	if n := int64(len(d.values)); n > 0 && !p.quiet {
		c.say("not charts, so not drawn: %s; leave --png and --svg out, or take -o", ui.Counted(n, "value"))
	}
	if len(d.charts) == 0 {
		return errNothingShown
	}
	return p.picture(c, d.charts)
}

// read checks the flags, fills o, and gives the choices of runs and tags.
func (s *showFlags) read(c console, o *convert.ReadOptions) (wanted chosen, err error) {
	_, axis := axisOf(s.axis)
	switch {
	case !(s.smooth >= 0 && s.smooth < 1):
		return wanted, usagef("--smooth %v: want a weight from 0 to below 1", s.smooth)
	case !axis:
		return wanted, usagef("--x %s: want step, relative or wall", s.axis)
	case s.jobs < 0:
		return wanted, usagef("--jobs %d: not a number of workers", s.jobs)
	case s.height < 0:
		return wanted, usagef("--height %d: not a number of lines", s.height)
	case s.index < everyItem:
		return wanted, usagef("--index %d: not a number of an item, from 0 on", s.index)
	}
	if err := s.checkOutputs(c); err != nil {
		return wanted, err
	}
	if err := errors.Join(s.chooseKinds(), s.chooseGraphics(c)); err != nil {
		return wanted, err
	}
	if wanted, err = s.selection.read(o); err == nil {
		wanted.tags.all = len(s.forms) > 0
	}
	return wanted, err
}

// chooseGraphics settles how pictures are shown.
func (s *showFlags) chooseGraphics(c console) error {
	protocol, ok := graphics.Parse(s.graphics)
	switch {
	case s.graphics == "auto" && c.outIsTerminal():
		s.protocol = graphics.Detect(os.Getenv)
	case s.graphics == "auto":
	case !ok:
		return usagef("--graphics %s: want %s", s.graphics, oneOf(append([]string{"auto"}, graphics.Protocols()...)))
	case protocol != graphics.None && !c.outIsTerminal():
		return usagef("--graphics %s shows pictures on a terminal: it needs one", s.graphics)
	default:
		s.protocol = protocol
	}
	return nil
}

// axisOf reads the flag --x.
func axisOf(word string) (chart.Axis, bool) {
	axis, ok := map[string]chart.Axis{"step": chart.AxisStep, "relative": chart.AxisRelative,
		"wall": chart.AxisWall}[word]
	return axis, ok
}

// drawing is what was read, and the charts of it.
type drawing struct {
	charts  []chart.Chart
	values  []showable // that are no charts
	found   *gathered
	summary summary
}

// reading reads runs as convert.Each does.
type reading func(ctx context.Context, runs []eventfile.Run,
	f func(context.Context, *convert.Input) error) (*convert.Report, error)

// once reads with a progress bar.
func (s *showFlags) once(c console, o convert.ReadOptions) reading {
	return func(ctx context.Context, runs []eventfile.Run,
		f func(context.Context, *convert.Input) error) (*convert.Report, error) {
		bar := newProgress(c, s.quiet, (&found{store: dirstore.New(), runs: runs}).bytes(ctx), 1)
		defer bar.Stop()
		o.Progress = bar.Add
		return convert.Each(ctx, runs, convert.Options{Jobs: s.jobs, Read: o, Forms: s.forms, NoSeries: !s.scalars}, f)
	}
}

// gather reads the series and makes charts of them.
func (s *showFlags) gather(ctx context.Context, args []string, wanted chosen, o convert.ReadOptions, screen ui.Screen,
	read reading) (*drawing, error) {
	found, err := findLogs(ctx, args, wanted.runs)
	if err != nil {
		return nil, err
	}
	all := &gathered{forms: s.forms, every: s.selection.ranged()}
	report, err := read(ctx, found.runs, all.take)
	if err == nil && !s.follow { // what is followed may come later
		err = wanted.tags.check()
	}
	if err != nil {
		return nil, err
	}
	d := &drawing{found: all, values: all.others(), summary: summary{report: report, totals: report.Totals(),
		problems: found.problems, restarts: o.Restarts, verbose: s.verbose, chosen: wanted}}
	axis, _ := axisOf(s.axis)
	d.charts = chart.Of(all.series,
		chart.Options{Axis: axis, Smooth: s.smooth, Log: s.log, Together: s.together, Name: screen.Name})
	return d, nil
}

// closing says what could not be read, and what a line that goes back is.
func (s *showFlags) closing(c console, d *drawing) error {
	if !s.quiet {
		d.summary.sayWarnings(c)
		d.summary.sayOdd(c)
		for _, note := range d.summary.restartNotes() {
			c.say("%s", note)
		}
	}
	if d.summary.lost() {
		return errLost
	}
	return nil
}

// writeText draws the charts on a screen below each other.
func (s *showFlags) writeText(w io.Writer, d *drawing, screen ui.Screen) error {
	t := chart.Text{Width: screen.Width, Unicode: screen.Unicode, Colour: screen.Colour, Shorten: screen.Shorten,
		Number: ui.Value}
	if t.Width == 0 {
		t.Width = 80
	}
	if screen.Height > 0 {
		t.Legend = longLegend
	}
	share := 1
	if s.follow {
		share = len(d.charts) // all are to be seen at once
	}
	for i := range d.charts {
		t.Height = s.chartHeight(screen, min(len(d.charts[i].Lines), longLegend), share)
		text := d.charts[i].Draw(t)
		if i > 0 {
			text = "\n" + text
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return nil
}

// longLegend is how long a legend may be on a terminal, where it would push the
// chart out of sight. A file or a pager gets all of it.
const longLegend = 30

// chartHeight leaves room for the legend and a prompt, on a terminal that so
// many charts share.
func (s *showFlags) chartHeight(screen ui.Screen, lines, share int) int {
	switch {
	case s.height > 0:
		return s.height
	case screen.Height > 0 && share > 1:
		return min(max(screen.Height/share-lines-2, 8), 24)
	case screen.Height > 0:
		return min(max(screen.Height-lines-2, 12), 24)
	}
	return 20
}

// allSeries keeps the series of all runs in memory, at 24 bytes a point.
type allSeries struct {
	series []*chart.Series
	runs   int
}

// take keeps the series of one run.
func (s *allSeries) take(_ context.Context, in *convert.Input) error {
	first := len(s.series)
	for chunk, err := range in.Series() {
		if err != nil {
			return err
		}
		if n := len(s.series); n == first || s.series[n-1].Tag != chunk.Tag {
			s.series = append(s.series,
				&chart.Series{Run: in.Run.Name, Tag: chunk.Tag, Colour: s.runs, Origin: chunk.Origin})
		}
		last := s.series[len(s.series)-1]
		last.Steps = append(last.Steps, chunk.Steps...)
		last.WallTimes = append(last.WallTimes, chunk.WallTimes...)
		last.Values = append(last.Values, chunk.Values...)
	}
	if len(s.series) > first {
		s.runs++
	}
	return nil
}
