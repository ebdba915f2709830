package eventfile_test

import (
	"context"
	"fmt"
	"log"

	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/series"
)

// The points of all runs of a logdir, series by series.
func Example() {
	ctx := context.Background()
	store := dirstore.New(dirstore.Logdir{Path: "../testdata/logs/restarts/tf1-session-start"})
	runs, _, err := store.Find(ctx)
	if err != nil {
		log.Fatal(err)
	}
	walker := eventfile.NewWalker(store, eventfile.WalkOptions{})
	points := series.NewCollector(series.Options{})
	defer points.Close()
	for _, run := range runs {
		if err := points.Reset(); err != nil {
			log.Fatal(err)
		}
		stats, err := walker.Walk(ctx, run, points)
		if err != nil {
			log.Fatal(err)
		}
		for chunk, err := range points.Chunks() {
			if err != nil {
				log.Fatal(err)
			}
			n := len(chunk.Steps)
			fmt.Println(chunk.Tag, n, "points, the last", chunk.Values[n-1], "at step", chunk.Steps[n-1])
		}
		for _, file := range stats.Files {
			fmt.Println(file.Records, "records,", len(file.Damage), "parts unreadable")
		}
	}
	// Output:
	// loss 60 points, the last 26.125 at step 49
	// warmup 30 points, the last 0.9666666388511658 at step 29
	// 32 records, 0 parts unreadable
	// 32 records, 0 parts unreadable
}

// The events of all files of a logdir.
func ExampleReader() {
	ctx := context.Background()
	store := dirstore.New(dirstore.Logdir{Path: "../testdata/damaged/data-crc"})
	runs, _, err := store.Find(ctx)
	if err != nil {
		log.Fatal(err)
	}
	reader := eventfile.NewReader(eventfile.ReaderOptions{})
	for _, path := range runs[0].Files {
		file, err := store.Open(ctx, path)
		if err != nil {
			log.Fatal(err)
		}
		reader.Reset(ctx, path, file)
		for e, err := range reader.Events() {
			if err != nil {
				fmt.Println(err) // a *Damage, and events follow; or why the rest cannot be read
				continue
			}
			for _, v := range e.Values {
				if string(v.Tag) == "loss" {
					fmt.Println(e.Step, v.Field, v.Simple)
				}
			}
		}
		if err := file.Close(); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// 0 simple_value 0
	// 1 simple_value 0.125
	// 2 simple_value 0.25
	// 3 simple_value 0.375
	// ../testdata/damaged/data-crc/events.out.tfevents.1700000000.host.1.0: offset 254: data CRC, 54 bytes unreadable
	// 5 simple_value 0.625
	// 6 simple_value 0.75
	// 7 simple_value 0.875
	// 8 simple_value 1
	// 9 simple_value 1.125
}
