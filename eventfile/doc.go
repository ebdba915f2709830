// Package eventfile reads TensorBoard event files: bytes to records to events
// to series of scalar points.
//
//	store ──Find──▶ runs ──RunReader──▶ chunks (run, tag: steps, wall times, values)
//	                          │
//	  file ──Reader──▶ events ┘
//
// A logdir is a directory tree. A run is a directory of it that directly holds
// event files, which are the files with "tfevents" in their base name; its
// name is its path relative to the logdir. An event file is a sequence of
// records (package tfrecord), each holding one event: a wall time, a step and
// one thing that happened then, most often a summary of tagged values. A
// series is all points of one run and tag.
//
// Start at a Store, as package dirstore has one, give each Run to a RunReader, and take its Chunks:
//
//	runs, _, err := dirstore.New(dirstore.ParseLogdir("logs")).Find(ctx)
//	...
//	r := eventfile.NewRunReader(eventfile.RunOptions{})
//	defer r.Close()
//	for _, run := range runs {
//		if err := r.Open(ctx, run); err != nil { ... }
//		for {
//			chunk, err := r.Next()
//			if err == io.EOF { break }
//			...
//		}
//	}
//
// Nothing readable is lost and nothing lost goes unsaid: damage is passed over
// and stands in RunStats, with its place and cause.
package eventfile
