// Package mlflow carries runs over to an MLflow tracking server, over REST.
//
//	runs ──plan.Planner──▶ plan.Plan ──Migrate──▶ server ──▶ Result
//	                           └────────Verify──────┘
//
// The plan is package plan's, made with the Rules of this package: without a
// server, from one reading of every run. Migrate reads the runs again and sends
// them, several at a time, by the calls of package rest. For each run, in this
// order:
//
//  1. look for a run with its source ID among the tags; make it if there is none,
//     and look again before anything else is sent: see create
//  2. parameters, which MLflow does not change, by calls of 100
//  3. metrics, series by series, by calls of 1000 points and less than 900 kB
//  4. the event files, as artifacts
//  5. pictures, texts, sound and tables of histograms, as artifacts too, each read
//     back and compared: see mediaItems
//  6. read everything else back and compare
//  7. status, end time, and last of all, when these are read back, the tags that
//     say it is complete
//
// An artifact that the server refuses, for its size above all, is said and left
// out, and tried again by the next Migrate; the run is complete without it. A plan
// goes into several experiments part by part: see Divide.
//
// Stopped anywhere, the next Migrate finds the run by its source ID and sends
// what is not there. There is no file of progress to lose.
//
// # Servers
//
// Ask says what a server takes, by its version or by what it refuses. The tag
// tbexport.key_rules of an experiment says whether its keys have colons, so that
// they stay what they are when the server becomes a newer one. OtherNames says which
// experiments a database would take for others. What a server refuses all the same
// takes nothing else of its call with it.
//
// # What people do
//
// Names, descriptions, users, and metrics, points, params, tags and artifacts that
// people add are theirs: see theirs. A run that somebody deleted has its source ID
// still, and stays deleted; what this package deletes loses it first. Undo deletes
// what nobody touched.
//
// MLflow changes no param. One that is another in the logs than when the server got
// it is told of, and is no difference: see checkParams.
//
// # What a run becomes
//
// A tag becomes a key that MLflow takes: see cleanName; a file an artifact of a
// path that it takes: see artifactName. A run that is there keeps its keys: see
// keepKeys. A wall time is rounded to the millisecond; one that is negative,
// not finite or too large becomes the nearest that MLflow takes, and NaN
// becomes 0. Values keep all
// their bits, with three exceptions of the server's: an infinity comes back as
// the largest float64, zero loses its sign, and NaN its payload. Points that
// are equal then are one. The comparison allows for this and for nothing else.
//
// # Why it is so careful
//
// The server answers 200 to a call that it could not parse to its end, and
// keeps what came before (MLflow 3.17). So calls are written by batch, which
// has no words for what the server does not parse, and only what was read back
// counts as having arrived.
package mlflow
