package table

import (
	"context"
	"slices"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/convert/extract"
	"tbexport/eventfile"
)

// Table makes rows of runs.
type Table interface {
	// Name is the table's name, which names its file too.
	Name() string
	// Schema is that of the records. Where columns depend on the runs, it is
	// known from the first record on, or else from Finish on.
	Schema() *arrow.Schema
	// Add takes a run, and emits the records that are full. It may keep rows for
	// later, but nothing of the input. Records belong to the table: emit retains
	// those that it needs longer.
	Add(in *convert.Input, emit func(arrow.Record) error) error
	// Finish emits the rows that are left, and says what there is to say of the
	// runs added since the last Finish, but for how many rows they made. Runs
	// that are added after it make a table of their own.
	Finish(emit func(arrow.Record) error) (convert.Result, error)
}

// Options say how tables are made; each heeds what it has. The zero value is
// the usual table.
type Options struct {
	// MaxRows bounds the rows of a record; 0: defaultMaxRows.
	MaxRows int
	// MaxLongRows bounds those of a table whose rows may be long, one column a
	// tag; 0: MaxRows.
	MaxLongRows int
	// Scalars choose the columns of the scalars table; its Timestamp is heeded
	// by the wide one.
	Scalars ScalarsOptions
	// Runs choose the rows and columns of the runs table.
	Runs RunsOptions
	// ChooseRuns gives the rows of the runs table that are emitted, in their
	// order, and the columns, of which nil means all; nil: everything.
	ChooseRuns func(*Runs) (rows, columns []int, err error)
	// Extract takes the files of the rows that have such; nil: there are none.
	Extract *extract.Dir
	// Silent tables give their files to Extract, and records without columns, which say how
	// many rows there are.
	Silent bool
}

const defaultMaxRows = 64 << 10

func (o *Options) maxRows() int {
	if o.MaxRows > 0 {
		return o.MaxRows
	}
	return defaultMaxRows
}

func (o *Options) maxLongRows() int {
	if o.MaxLongRows > 0 {
		return o.MaxLongRows
	}
	return o.maxRows()
}

// Spec is a table's entry in the list of tables: what has to be read for it,
// and how it is made.
type Spec struct {
	Name string
	// Unit is what people count in it, in the singular: what a row is, but in
	// the wide table, whose rows hold several points.
	Unit string
	// Series says that its rows are made of Input.Series.
	Series bool
	// Forms are those of the values that its rows are made of, and TagStats says
	// that they are made of Input.Tags.
	Forms    []convert.Form
	TagStats bool
	// Folds says that what is a part of another run, by convert.FoldRuns, is in
	// that run's rows.
	Folds bool
	// Files says that each of its rows has a file, where they are extracted.
	Files bool
	// Blobs says that its rows have bytes, which formats of text leave out.
	Blobs bool
	// Readings is how often the runs are read: once, and as often as New does.
	Readings int
	// New makes the table of some runs. It fails where it has to read them
	// first, and that does.
	New func(ctx context.Context, from Source, o Options) (Table, error)
}

// Source is the runs that a table is to be of, and how they are read.
type Source struct {
	Runs    []eventfile.Run
	Options convert.Options
}

// All lists the tables that show all that there is, each in its own way.
func All() []Spec { return append(Usual(), kindSpecs()...) }

// Usual lists the tables that answer most questions.
func Usual() []Spec { return []Spec{scalarsSpec(), hparamsSpec(), runsSpec()} }

// kindSpecs are the tables of what is no scalar.
func kindSpecs() []Spec {
	return []Spec{
		textSpec(), histogramsSpec(), imagesSpec(), audioSpec(), prCurvesSpec(), meshesSpec(), tensorsSpec(),
		graphsSpec(), layoutsSpec(), tagsSpec(), eventsSpec(),
	}
}

// IsOfKinds reports whether a table is one of what is no scalar, which gets a file of
// its own only where it has a row.
func IsOfKinds(s Spec) bool {
	return slices.ContainsFunc(kindSpecs(), func(k Spec) bool { return k.Name == s.Name })
}

// Find gives a table of All by its name.
func Find(name string) (Spec, bool) {
	all := All()
	i := slices.IndexFunc(all, func(s Spec) bool { return s.Name == name })
	if i < 0 {
		return Spec{}, false
	}
	return all[i], true
}

// made makes a constructor of a table that needs no run to be read first.
func made(make func(Options) Table) func(context.Context, Source, Options) (Table, error) {
	return func(_ context.Context, _ Source, o Options) (Table, error) { return make(o), nil }
}
