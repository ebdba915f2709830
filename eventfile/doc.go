// Package eventfile reads TensorBoard event files: bytes to records to events to
// points and values.
//
//	store ──Find──▶ runs ──Walker──▶ points, values, restarts ──▶ Collectors
//	   └──Open──▶ file ──Reader──▶ events
//
// A logdir is a directory tree. A run is a directory of it that directly holds
// event files, which are the files with "tfevents" in their base name; its
// name is its path relative to the logdir. An event file is a sequence of
// records (package tfrecord), each holding one event (package event): a wall
// time, a step and one thing that happened then, most often a summary of tagged
// values. A point is a value that is one number; a series is all points of one
// run and tag.
//
// Start at a Store, as package dirstore has one, and give each Run to a Walker,
// with what is to collect what it finds: the points (package series), where all
// other values stand (series too; a ValueReader reads them), what tags there are
// (inventory), the settings of the run (hparams), or a Collector of your own. To
// see every event as it is written, give a File to a Reader.
//
// A run that grows is read on from the State of the walk before.
//
// Nothing readable is lost and nothing lost goes unsaid: damage is passed over
// and stands in RunStats, with its place and cause.
package eventfile
