package convert_test

import (
	"context"
	"fmt"
	"log"
	"maps"
	"slices"

	"tbexport/convert"
	"tbexport/eventfile/dirstore"
)

// lastValues is a sink that prints the last value of each series. It prints on
// Commit only, so that an export that fails prints nothing.
type lastValues struct{ lines []string }

// WriteRun takes the last value of each series of a run.
func (s *lastValues) WriteRun(_ context.Context, in *convert.Input) error {
	last := make(map[string]float64)
	for chunk, err := range in.Series() {
		if err != nil {
			return err
		}
		last[chunk.Tag] = chunk.Values[len(chunk.Values)-1]
	}
	for _, tag := range slices.Sorted(maps.Keys(last)) {
		s.lines = append(s.lines, fmt.Sprintf("%s: %s = %g", in.Run.Name, tag, last[tag]))
	}
	return nil
}

// Commit prints all lines.
func (s *lastValues) Commit() (convert.Result, error) {
	for _, line := range s.lines {
		fmt.Println(line)
	}
	return convert.Result{Rows: map[string]int64{"last values": int64(len(s.lines))}}, nil
}

// Abort forgets them.
func (s *lastValues) Abort() error {
	s.lines = nil
	return nil
}

// A sink of one's own: Export reads the runs and hands them to it in order.
func ExampleExport() {
	runs, _, err := dirstore.New(dirstore.ParseLogdir("../testdata/logs/hparams/torch")).Find(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	report, err := convert.Export(context.Background(), runs, new(lastValues), convert.Options{})
	if err != nil {
		log.Fatal(err)
	}
	totals := report.Totals()
	fmt.Println(totals.Points, "points,", report.Result.Rows["last values"], "series, data lost:", totals.Lost())
	// Output:
	// trial-0: loss = 0.30000001192092896
	// trial-0/1700000000.875: hparam/accuracy = 1
	// trial-0/1700000000.875: loss = 0.10000000149011612
	// trial-1: loss = 0.20999999344348907
	// trial-1/1700000001.875: hparam/accuracy = 0.9100000262260437
	// trial-1/1700000001.875: loss = 0.009999999776482582
	// 14 points, 6 series, data lost: false
}

// Each reads runs where no output is to appear.
func ExampleEach() {
	runs, _, err := dirstore.New(dirstore.ParseLogdir("../testdata/logs/hparams/torch")).Find(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	_, err = convert.Each(context.Background(), runs, convert.Options{}, func(_ context.Context, in *convert.Input) error {
		points := 0
		for chunk, err := range in.Series() {
			if err != nil {
				return err
			}
			points += len(chunk.Steps)
		}
		fmt.Println(in.Run.Name, points, in.HParams != nil) // the last: has it hparams?
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// trial-0 5 false
	// trial-0/1700000000.875 2 true
	// trial-1 5 false
	// trial-1/1700000001.875 2 true
}
