package main

import (
	"testing"
	"time"
)

// The estimate is of the pace of late, for sending and for reading back.
func TestEstimateLearns(t *testing.T) {
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	bar := &transfer{work: work{points: 10000, tasks: 2}, begin: begin}
	bar.pace.add(begin, 0)
	if left, ok := bar.left(begin); ok {
		t.Errorf("%v is known of nothing", left)
	}
	bar.compared.Store(1500)
	if left, ok := bar.left(begin.Add(5 * time.Second)); ok {
		t.Errorf("%v is known of a small share", left)
	}
	wantLeft := func(seconds, arrived, compared int64, want time.Duration) {
		t.Helper()
		bar.arrived.Store(arrived)
		bar.compared.Store(compared)
		if left, ok := bar.left(begin.Add(time.Duration(seconds) * time.Second)); !ok || left != want {
			t.Errorf("after %d s: %v, want %v", seconds, left, want)
		}
	}
	wantLeft(10, 2000, 0, 90*time.Second)
	wantLeft(20, 2000, 2000, 80*time.Second)
	// It became slower: the first seconds count no more.
	wantLeft(30, 2100, 2000, 15900*time.Second/105)
	wantLeft(40, 2200, 2000, 15800*time.Second/10)
	want := "2,200 of 10,000 points, 2,000 verified, 5 points/s, 26m20s left"
	if got := bar.line(begin.Add(40 * time.Second)); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	bar.files = 20
	bar.media(10)
	want = "2,200 of 10,000 points, 2,000 verified, 10 of 20 files of media, 2m42s left"
	if got := bar.line(begin.Add(40 * time.Second)); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// Of many small runs, what a run takes counts, and not its points alone.
func TestEstimateOfSmallRuns(t *testing.T) {
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	bar := &transfer{work: work{points: 40000, tasks: 2, runs: 1000}, begin: begin}
	bar.pace.add(begin, 0)
	for range leastRuns {
		if left, ok := bar.left(begin.Add(6 * time.Second)); ok {
			t.Errorf("%v is known of %d runs", left, bar.ended.Load())
		}
		bar.sent(40)
		bar.checked(40)
		bar.run()
	}
	if left, ok := bar.left(begin.Add(8 * time.Second)); !ok || left != 392*time.Second {
		t.Errorf("%v, want 50 times what 20 of 1000 runs took", left)
	}
	if bar.first() != "20 runs" {
		t.Errorf("by the first %s", bar.first())
	}
}
