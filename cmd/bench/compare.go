package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"
)

// patience is how long a pair may take before three rounds are enough.
const patience = 2 * time.Minute

// A match is what the rounds of one comparison came to: medians, but for the
// memory, which is the most.
type match struct {
	ours, other outcome
	ratio       float64 // of the times in one round: ours/other, or other/ours if faster
	low, high   float64 // of the ratios
	processor   float64 // ratio of the processor times, likewise
	rounds      int
}

// compare prints the table of the comparisons.
func compare(ctx context.Context, out io.Writer, comparisons []comparison, rounds int) error {
	fmt.Fprintln(out, "| name | what | tbexport | the other | ratio (lowest to highest) | bar, aim | met | processor "+
		"| ratio | peak | rounds |")
	fmt.Fprintln(out, "| --- | --- | ---: | ---: | --- | --- | --- | ---: | ---: | ---: | ---: |")
	for _, c := range comparisons {
		m, err := c.play(ctx, rounds)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "| %s | %s | %.3f s | %.3f s | %s | %s | %s | %.2f, %.2f s | %.1fx | %s, %s | %d |\n", c.name,
			c.what, m.ours.seconds, m.other.seconds, c.ratioText(m), c.barText(), c.verdict(m.ratio),
			m.ours.processor, m.other.processor, m.processor, mebibytes(m.ours.peak), mebibytes(m.other.peak), m.rounds)
	}
	fmt.Fprintln(out)
	return nil
}

// play runs both sides in turn.
func (c *comparison) play(ctx context.Context, rounds int) (match, error) {
	var ours, others []outcome
	var ratios, processor []float64
	start := time.Now()
	for n := 1; n <= rounds; n++ {
		a, err := c.ours.run(ctx)
		if err != nil {
			return match{}, err
		}
		b, err := c.other.run(ctx)
		if err != nil {
			return match{}, err
		}
		ratio, work := a.seconds/b.seconds, a.processor/b.processor
		if c.faster {
			ratio, work = 1/ratio, 1/work
		}
		ours, others = append(ours, a), append(others, b)
		ratios, processor = append(ratios, ratio), append(processor, work)
		fmt.Fprintf(os.Stderr, "%s %d: %s %.3f s, %s %.3f s, ratio %.2f, of processor time %.2f\n",
			c.name, n, c.ours.name, a.seconds, c.other.name, b.seconds, ratio, work)
		if n >= 3 && time.Since(start) > patience {
			break
		}
	}
	return match{
		ours: summarize(ours), other: summarize(others), rounds: len(ratios),
		ratio: median(ratios), low: slices.Min(ratios), high: slices.Max(ratios), processor: median(processor),
	}, nil
}

func (c *comparison) ratioText(m match) string {
	if c.faster {
		return fmt.Sprintf("%.1fx faster (%.1f to %.1f)", m.ratio, m.low, m.high)
	}
	return fmt.Sprintf("%.2fx its time (%.2f to %.2f)", m.ratio, m.low, m.high)
}

func (c *comparison) barText() string {
	text, bound := "", "at most"
	if c.faster {
		bound = "at least"
	}
	if c.bar > 0 {
		text = fmt.Sprintf("%s %gx", bound, c.bar)
	}
	if c.aim > 0 {
		text += fmt.Sprintf(", %gx", c.aim)
	}
	return text
}

// verdict says whether bar and aim are met.
func (c *comparison) verdict(ratio float64) string {
	meets := func(bound float64) bool { return c.faster == (ratio >= bound) || ratio == bound }
	switch {
	case c.bar == 0:
		return ""
	case !meets(c.bar):
		return "**no**"
	case c.aim > 0 && meets(c.aim):
		return "yes, and the aim"
	}
	return "yes"
}

// summarize gives the median times and the largest peak.
func summarize(all []outcome) (o outcome) {
	var seconds, processor []float64
	for _, one := range all {
		seconds, processor = append(seconds, one.seconds), append(processor, one.processor)
		o.peak = max(o.peak, one.peak)
	}
	o.seconds, o.processor = median(seconds), median(processor)
	return o
}

func median[T cmp.Ordered](all []T) T {
	return slices.Sorted(slices.Values(all))[len(all)/2]
}

func mebibytes(n int64) string {
	if n == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%d MiB", (n+1<<20-1)>>20)
}
