// Package dirstore is the eventfile.Store of the file system: logdirs that are
// directory trees, or single event files.
//
// # Names
//
// One logdir without a name gives its runs no more than their paths below it.
// With a name, or beside others, it puts something before them:
//
//	logdirs          run in a directory      run of the logdir itself
//	logs             x/y                     .
//	a=logs           a/x/y                   a/.
//	logs/p logs/q    logs/p/x/y              logs/p
//	../p /tmp/q      p/x/y, tmp/q/x/y        p, tmp/q
//
// # Links
//
// Symbolic links are followed, out of the logdir too. A directory is one run
// however many ways lead to it: a real path wins over any through a link, among
// links the one with the fewest segments, then byte order. Only who gives a logdir
// two names has its runs twice. So the time a search
// takes grows with the directories and links there are, not with the ways through
// them. The ways that lost are told as Problems where they lead to a run. A link
// out of the logdirs to a file without a single event is no event file, whatever
// its name.
package dirstore
