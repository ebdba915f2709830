// Package plan says what the runs of a logdir become in a tracker, before
// anything is sent to it.
//
//	runs ──Planner──▶ Plan ──▶ a destination
//	                    └─Points─┘
//
// A Planner is a convert.Sink: it reads every run once and keeps a few numbers
// of each series, so that names, collisions, cut values and counts are known
// before anything is made. A destination then goes through Plan.Runs, makes
// each, and gets its points by Plan.Points, which reads the logs again.
//
// # What belongs together
//
// A TensorBoard run is a source. One or more sources make a Run: those that
// convert.FoldRuns finds to be parts of another, and directories that are to be
// merged, as Keras's train and validation. Runs may be nested in the run of
// their directory.
//
// # What a destination brings along
//
// Rules: how it writes a key, how long its keys, names and params may be, how
// it tells points apart. Nothing in this package knows any one destination.
//
// # Beside the logs
//
// Options name files in the directories of runs that are kept, too, and files of
// YAML or JSON whose values become params. What of these cannot be read is a
// problem of the plan, and no failure. Series of best values stand beside those
// of the logs, and are made of them.
//
// # Identity
//
// A run has a SourceID that stays the same when its logdir moves or is named
// otherwise, when its files grow and when more of them come. A destination keeps
// it, and finds by it what it already has. The Digest tells whether that is
// still all there is. Content is the same for copies of the same files, wherever
// they are.
package plan
