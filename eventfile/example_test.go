package eventfile_test

import (
	"context"
	"fmt"
	"log"

	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/event"
	"tbexport/eventfile/series"
)

// The points of all runs of a logdir, series by series.
func Example() {
	ctx := context.Background()
	store := dirstore.New(dirstore.Logdir{Path: "../testdata/logs/sample"})
	runs, _, err := store.Find(ctx)
	if err != nil {
		log.Fatal(err)
	}
	walker := eventfile.NewWalker(store, eventfile.WalkOptions{})
	points := series.NewCollector(series.Options{})
	defer points.Close()
	for _, run := range runs[:1] {
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
			fmt.Println(run.Name, chunk.Tag, len(chunk.Steps), "points, the first", chunk.Values[0])
		}
		for _, file := range stats.Files {
			fmt.Println(file.Records, "records,", len(file.Damage), "parts unreadable")
		}
	}
}

// The events of one file.
func ExampleReader() {
	ctx := context.Background()
	file, err := dirstore.New().Open(ctx, "PATH")
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	reader := eventfile.NewReader(eventfile.ReaderOptions{})
	reader.Reset("PATH", file)
	for e, err := range reader.Events() {
		if err != nil {
			fmt.Println(err) // a *Damage, and events follow; or the end of what can be read
			continue
		}
		if e.What == event.WhatSummary {
			for _, v := range e.Values {
				fmt.Printf("%d %s %v\n", e.Step, v.Tag, v.Field)
			}
		}
	}
}
