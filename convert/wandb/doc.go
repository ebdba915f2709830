// Package wandb writes the runs of a plan as the directories that W&B's client
// leaves when it is offline, which "wandb sync" uploads:
//
//	DIR/offline-run-20260131_120000-0123456789abcdef/run-0123456789abcdef.wandb
//	DIR/offline-run-20260131_120000-0123456789abcdef/files/media/images/…
//
// A .wandb file is a log of LevelDB's form (log.go) of protobuf records
// (record.go): the run with its config, the history, a row for each step, its
// summary and its end.
//
// # Steps
//
// W&B numbers a run's rows by steps that must grow. Where the steps of every
// series do, they are TensorBoard's; else rows are counted, TensorBoard's step
// is the value global_step of each, and the charts are over that. The time of a
// row is that of its earliest point.
//
// # Media
//
// Pictures and sounds are files below the run's directory "files", with a record
// that has each uploaded, and a value of the row of their step; histograms are
// values alone, of at most rows.MostBuckets buckets. A file's name depends on the
// tag, the step and its content. Pictures and sounds of formats that no browser
// shows are left out, and counted.
//
// # Again
//
// A run's id depends on its plan.Run.SourceID alone. A directory of the same
// digest is left as it is, one of another digest is replaced, and what this
// package did not write is never touched. Directories appear whole or not at
// all.
package wandb
