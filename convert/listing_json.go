package convert

import (
	"maps"

	"tbexport/eventfile"
	"tbexport/eventfile/inventory"
	"tbexport/eventfile/kinds"
)

// ListingSchema is the version of ListingJSON; it grows when a field goes or
// changes its meaning. New fields do not count.
const ListingSchema = 1

// The listing of runs in JSON, with names as they are in the logs.
type (
	// ListingJSON says of runs what they hold, without their points.
	ListingJSON struct {
		Schema   int             `json:"schema"` // ListingSchema
		Tool     string          `json:"tool"`   // the program and its version
		Runs     []ListedRunJSON `json:"runs"`
		Problems []ProblemJSON   `json:"problems"` // directories and links passed over
	}
	// ListedRunJSON is one run.
	ListedRunJSON struct {
		Run         string `json:"run"`
		Writer      string `json:"writer,omitempty"`
		FileVersion string `json:"file_version,omitempty"`
		Bytes       int64  `json:"bytes"` // of its files
		Events      int64  `json:"events"`
		Points      int64  `json:"points"`   // of scalars
		MinStep     *int64 `json:"min_step"` // of all tags; null without one
		MaxStep     *int64 `json:"max_step"`
		// Start and End are the lowest and the highest wall time above 0.
		Start *Float `json:"start"`
		End   *Float `json:"end"`
		// WallTimes is as in RunJSON.
		WallTimes string `json:"wall_times_look_like,omitempty"`
		// Kinds counts values by kind; scalars are counted by Points.
		Kinds map[string]int64 `json:"kinds"`
		// Untagged is what of Kinds stands in events of its own, and is no tag's.
		Untagged map[string]ListedUntaggedJSON `json:"untagged,omitempty"`
		HParams  int                           `json:"hparams"` // of its session start
		// The points that the restart modes take out.
		SupersededByStep    int64           `json:"superseded_by_step"`
		SupersededBySession int64           `json:"superseded_by_session"`
		Repeated            int64           `json:"repeated_steps"` // of those by step
		TwoWriters          int64           `json:"two_writers"`    // likewise
		Files               []FileJSON      `json:"files"`
		Tags                []ListedTagJSON `json:"tags"`
	}
	// ListedTagJSON is what a run has of one tag and kind.
	ListedTagJSON struct {
		Tag       string `json:"tag"`
		Kind      string `json:"kind"`
		Scalar    bool   `json:"scalar"`
		DType     string `json:"dtype,omitempty"`
		Values    int64  `json:"values"`
		FirstStep int64  `json:"first_step"` // in file order
		LastStep  int64  `json:"last_step"`
		MinStep   int64  `json:"min_step"`
		MaxStep   int64  `json:"max_step"`
		FirstTime Float  `json:"first_time"` // wall times, in file order
		LastTime  Float  `json:"last_time"`
		*ListedSeriesJSON
		*ListedContentJSON
	}
	// ListedUntaggedJSON is what a run has of one kind without tags.
	ListedUntaggedJSON struct {
		Values int64 `json:"values"`
		Bytes  int64 `json:"bytes"`
	}
	// ListedContentJSON is what a tag has whose values are no points. All but
	// Bytes and Varies is of the last value, as far as its headers say it.
	ListedContentJSON struct {
		Bytes      int64    `json:"bytes"`            // of the values, as they are encoded
		Varies     bool     `json:"varies,omitempty"` // the headers of others say something else
		Shape      *[]int64 `json:"shape,omitempty"`  // of the tensor
		Texts      *int64   `json:"texts,omitempty"`
		Pictures   *int64   `json:"images,omitempty"`
		Width      *int32   `json:"width,omitempty"` // of the first picture
		Height     *int32   `json:"height,omitempty"`
		Format     string   `json:"format,omitempty"`
		Clips      *int64   `json:"clips,omitempty"`
		SampleRate *Float   `json:"sample_rate,omitempty"` // of the first clip
		Channels   *int32   `json:"channels,omitempty"`
		Frames     *int64   `json:"frames,omitempty"`
		Buckets    *int64   `json:"buckets,omitempty"`    // of a histogram
		Thresholds *int64   `json:"thresholds,omitempty"` // of a PR curve
		Meshes     *int64   `json:"meshes,omitempty"`
		Points     *int64   `json:"points,omitempty"` // of one mesh: vertices, faces or colors
		Charts     *int64   `json:"charts,omitempty"` // of a layout
	}
	// ListedSeriesJSON is what a tag has whose values are points.
	ListedSeriesJSON struct {
		First     Float   `json:"first"` // in file order
		Last      Float   `json:"last"`
		Min       *Float  `json:"min"` // null where no value is finite
		Max       *Float  `json:"max"`
		NotFinite int64   `json:"not_finite"`
		Course    []Float `json:"course"` // means of 1 to 32 stretches of equal length
	}
)

// Listing gives what List found of runs, in their order, as a program, named
// tool, lists it, with the problems of finding the runs.
func Listing(tool string, runs []*RunStats, problems []eventfile.Problem) ListingJSON {
	listing := ListingJSON{Schema: ListingSchema, Tool: tool, Runs: make([]ListedRunJSON, 0, len(runs)),
		Problems: problemsJSON(problems)}
	for _, s := range runs {
		listing.Runs = append(listing.Runs, listedRunJSON(s))
	}
	return listing
}

func listedRunJSON(s *RunStats) ListedRunJSON {
	run := ListedRunJSON{
		Run: s.Run, Writer: s.Writer, FileVersion: s.FileVersion, Events: s.Events, Points: s.Points,
		Start: timeJSON(s.FirstTime), End: timeJSON(s.LastTime), WallTimes: timesJSON(s), Kinds: OtherKinds(s),
		HParams:          s.Params,
		SupersededByStep: s.SupersededByStep, SupersededBySession: s.SupersededBySession, Repeated: s.Repeated,
		TwoWriters: s.TwoWriters,
		Files:      filesJSON(s.Files), Tags: make([]ListedTagJSON, 0, len(s.Inventory.Tags)),
	}
	for _, f := range s.Files {
		run.Bytes += f.Bytes
	}
	for kind, n := range s.Inventory.Untagged {
		if run.Untagged == nil {
			run.Untagged = make(map[string]ListedUntaggedJSON)
		}
		run.Untagged[string(kind)] = ListedUntaggedJSON(n)
	}
	for i, t := range s.Inventory.Tags {
		run.Tags = append(run.Tags, listedTagJSON(t))
		if i == 0 {
			first, last := t.MinStep, t.MaxStep
			run.MinStep, run.MaxStep = &first, &last
		}
		*run.MinStep, *run.MaxStep = min(*run.MinStep, t.MinStep), max(*run.MaxStep, t.MaxStep)
	}
	return run
}

// OtherKinds counts the values of a run that are no points, by kind; those of
// hparams are its records.
func OtherKinds(s *RunStats) map[string]int64 {
	kinds := maps.Clone(s.NotExported)
	if kinds == nil {
		kinds = make(map[string]int64)
	}
	if n := s.HParams.Records + s.HParams.OtherVersions + s.HParams.Misplaced; n > 0 {
		kinds["hparams"] += n
	}
	return kinds
}

func listedTagJSON(t *inventory.Tag) ListedTagJSON {
	tag := ListedTagJSON{
		Tag: t.Name, Kind: string(t.Kind), Scalar: t.Scalar, DType: t.DType, Values: t.Values,
		FirstStep: t.FirstStep, LastStep: t.LastStep, MinStep: t.MinStep, MaxStep: t.MaxStep,
		FirstTime: Float(t.FirstTime), LastTime: Float(t.LastTime),
	}
	if t.Content != nil {
		tag.ListedContentJSON = listedContentJSON(t.Content)
	}
	if t.Scalar {
		tag.ListedSeriesJSON = &ListedSeriesJSON{
			First: Float(t.First), Last: Float(t.Last), Min: finite(t.Min), Max: finite(t.Max), NotFinite: t.NotFinite,
		}
		for _, m := range t.Means {
			tag.Course = append(tag.Course, Float(m))
		}
	}
	return tag
}

// listedContentJSON says what the headers say: counts of 0, too.
func listedContentJSON(c *inventory.Content) *ListedContentJSON {
	h := &c.Header
	j := &ListedContentJSON{Bytes: c.Bytes, Varies: c.Varies}
	if h.Ranked {
		shape := append([]int64{}, h.Shape...)
		j.Shape = &shape
	}
	switch h.Counts {
	case kinds.Texts:
		j.Texts = &h.Count
	case kinds.Pictures:
		j.Pictures = &h.Count
		if h.Format != "" {
			j.Width, j.Height, j.Format = &h.Width, &h.Height, h.Format
		}
	case kinds.Clips:
		j.Clips = &h.Count
		if h.Clip.Known {
			rate := Float(h.Clip.SampleRate)
			j.SampleRate, j.Channels, j.Frames = &rate, &h.Clip.Channels, &h.Clip.Frames
		}
	case kinds.Charts:
		j.Charts = &h.Count
	case kinds.Buckets:
		j.Buckets = &h.Count
	case kinds.Thresholds:
		j.Thresholds = &h.Count
	case kinds.Meshes:
		j.Meshes, j.Points = &h.Count, &h.Points
	}
	return j
}

// timeJSON is a time, or null for 0, which is none.
func timeJSON(seconds float64) *Float {
	if seconds == 0 {
		return nil
	}
	return finite(seconds)
}
