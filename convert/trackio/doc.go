// Package trackio writes the runs of a plan into the SQLite file of a project of
// Trackio, which is Hugging Face's tracker: its own calls take no times.
//
// A row of the table metrics is what a run logged at one step: a JSON object of
// numbers, with NaN and the infinities as texts, and one time, which is that of
// its earliest point, to the microsecond. Tags and names are stored as they are,
// but for the few words that Trackio keeps for itself. The hparams are the run's
// config.
//
// Pictures and sounds are files below the directory "media", which are there before
// the row that names them; histograms are values of at most rows.MostBuckets
// buckets. Of several pictures in a value each has a key of its own, as KEY/0.
//
// A run is one transaction, made while Trackio's own lock is held. Its rows have
// log_ids that depend on the run, the step and the row's number at that step: of
// logs that have grown only what is new is written, and what is other is
// mended. Rows and runs that this package did not write are never touched, and
// neither are files of a schema it does not know.
//
// A run that was renamed in Trackio keeps that name. Trackio writes its rows anew,
// without log_ids: Write finds them by step and values, and gives them theirs again. A
// run that was deleted there leaves nothing behind, and is written again.
package trackio
