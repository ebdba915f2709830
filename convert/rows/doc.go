// Package rows gives the points of a planned run step by step: trackers that
// keep a history take a row for each step, with the values of all series in it,
// where plan.Points gives one series after another.
//
// Values that are no points come along with With: the package sorts their places,
// and has what trackers make of pictures, sounds and histograms.
//
// # Memory
//
// A run's points are sorted in blocks of half a million, 32 bytes each, and
// blocks beyond the first go through a temporary file. Series that go back at
// every second point cost about 100 bytes more for every two points of a block.
// A row never has more than one point of a series; the points of one step are
// held together, but at most 65,536 of them.
package rows
