package eventfile

import (
	"crypto/sha256"
	"maps"
	"math"
	"path/filepath"
	"slices"

	"tbexport/eventfile/tfrecord"
)

// RunStats is what reading a run found.
type RunStats struct {
	Run    string
	Files  []*FileStats // in the order of the run's files
	Events int64
	Series int   // tags with at least one point
	Points int64 // scalar points read, of all tags

	// Values are those of all summaries, points included; an event without any
	// counts as one. Values == Points + Undecodable + Aside + those of NotExported.
	Values      int64
	Undecodable int64 // values of the plugin scalars that contradict themselves
	Aside       int64 // values of the hparams plugin, and Others

	// NotExported counts the values that are no points by kind; those of the
	// hparams plugin are not counted here.
	NotExported map[Kind]int64

	// FirstTime and LastTime are the earliest and the latest wall time of the
	// run's events, 0 where there is none. A wall time that is not finite, or
	// not above 0 (some writers never set it), tells no time.
	FirstTime, LastTime float64

	InexactIntegers int64 // integers that float64 does not hold exactly
	HigherRank      int64 // points from tensors of one element but not of rank 0
	RenamedTags     int   // tags with bytes that are not UTF-8, each replaced by U+FFFD
	Writer          string
	FileVersion     string

	First FirstRecord
}

// FirstRecord tells a run by the first record of it that holds an event: it
// stays the same when the logdir moves, when the files grow and when more of
// them come. The zero value is that of a run without any.
type FirstRecord struct {
	File   string            // base name of the event file
	SHA256 [sha256.Size]byte // of the record's payload
}

// FileStats is what reading one event file found.
// Bytes == RecordBytes + the Bytes of all Damage, unless Err is set or the file
// became shorter while it was read.
type FileStats struct {
	Path        string
	Bytes       int64 // size when it was opened
	RecordBytes int64 // of whole records that decoded, framing included
	Records     int64 // such records
	Damage      []*Damage
	Err         error // why the rest of the file, or all of it, could not be read

	// Framing is Sound but for files of a writer that frames every record wrongly.
	// Their events are read.
	Framing tfrecord.Framing
	// Unproven says that the events of such a file were read although CRCs were to
	// be checked.
	Unproven bool
	// Other says what the file is if its records are no events, of
	// ReaderOptions.OtherRecords; else it is empty.
	Other string
}

// Lost reports whether anything in the file beyond a torn tail was not read, or is
// unproven.
func (f *FileStats) Lost() bool {
	if f.Err != nil || f.Unproven {
		return true
	}
	for _, d := range f.Damage {
		if !d.Torn {
			return true
		}
	}
	return false
}

// time takes the wall time of an event in.
func (s *RunStats) time(t float64) {
	if !tellsTime(t) {
		return
	}
	if s.FirstTime == 0 || t < s.FirstTime {
		s.FirstTime = t
	}
	s.LastTime = max(s.LastTime, t)
}

// tellsTime is false for what is not finite or not above 0, see RunStats.
func tellsTime(t float64) bool { return t > 0 && t <= math.MaxFloat64 }

func (s *RunStats) notExported(kind Kind) {
	if s.NotExported == nil {
		s.NotExported = make(map[Kind]int64)
	}
	s.NotExported[kind]++
}

// first takes the payload of a record in that holds an event.
func (s *RunStats) first(path string, payload []byte) {
	if s.Events == 0 {
		s.First = FirstRecord{filepath.Base(path), sha256.Sum256(payload)}
	}
}

// clone shares nothing with s.
func (s *RunStats) clone() RunStats {
	c := *s
	c.NotExported = maps.Clone(s.NotExported)
	c.Files = slices.Clone(s.Files)
	for i, f := range c.Files {
		f := f.clone()
		c.Files[i] = &f
	}
	return c
}

func (f *FileStats) clone() FileStats {
	c := *f
	c.Damage = slices.Clone(f.Damage)
	for i, d := range c.Damage {
		d := *d
		c.Damage[i] = &d
	}
	return c
}
