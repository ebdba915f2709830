package hparams

import (
	"slices"
	"strings"

	"tbexport/eventfile/internal/wire"
	pb "tbexport/proto"
)

// The tags of the plugin's three records. The payload is in the metadata of
// the value; the value itself is a null tensor or not set.
const (
	tagExperiment   = "_hparams_/experiment"
	tagSessionStart = "_hparams_/session_start_info"
	tagSessionEnd   = "_hparams_/session_end_info"
)

// HParams is what the hparams plugin knows of one run. Of experiments, the first
// that could be read counts. What several records say of a session is put together
// as Precedence says; a session's start is the first that is said.
type HParams struct {
	Experiment *Experiment
	Start      *SessionStart // what makes a run a session
	End        *SessionEnd   // missing where training crashed, or goes on
	// Changes are what the run's records say differently, hparams by name first.
	Changes []Change
}

// Experiment says what is varied and measured, for all sessions below the run
// that it stands in.
type Experiment struct {
	Name, Description, User string
	Created                 float64 // seconds since the epoch; 0: not said
	HParams                 []HParamInfo
	Metrics                 []MetricInfo
}

// HParamInfo says what values an hparam may have.
type HParamInfo struct {
	Name, DisplayName, Description string
	Type                           Kind      // Null: not said
	Discrete                       []HParam  // the values allowed, without names; none: not said
	Interval                       *Interval // nil: not said
}

// Interval is a range of numbers, both ends included.
type Interval struct{ Min, Max float64 }

// MetricInfo names a metric of the plugin: the series Tag of the run Group
// below the session, or of the session itself where Group is empty.
type MetricInfo struct {
	Group, Tag               string
	DisplayName, Description string
	Dataset                  Dataset
}

// Dataset says what a metric was measured on.
type Dataset uint8

// The kinds of datasets.
const (
	DatasetUnknown Dataset = iota
	DatasetTraining
	DatasetValidation
)

// SessionStart is written when training starts.
type SessionStart struct {
	Params               []HParam // by name, each name once
	Group                string   // sessions of one group have the same hparams; empty: a group of its own
	StartTime            float64  // seconds since the epoch; 0: not said, as by torch
	ModelURI, MonitorURL string
}

// SessionEnd is written when training ends.
type SessionEnd struct {
	Status SessionStatus
	Time   float64 // seconds since the epoch; 0: not said, as by torch
}

// SessionStatus is how a session ended.
type SessionStatus uint8

// The statuses of the plugin.
const (
	StatusUnknown SessionStatus = iota
	StatusSuccess
	StatusFailure
	StatusRunning
)

// Counts counts a run's hparams records, and what of them HParams leaves out. A
// payload that does not decode is Damage and not counted here.
type Counts struct {
	Records         int64 `json:"records"`        // that could be read
	OtherVersions   int64 `json:"other_versions"` // records of a version other than 0, which nobody defined
	Misplaced       int64 `json:"misplaced"`      // records that are not what their tag says, or empty
	Disagreeing     int64 `json:"disagreeing"`    // records that say otherwise than an earlier one, times aside
	EndWithoutStart int64 `json:"end_without_start"`
	RepeatedNames   int64 `json:"repeated_names"` // hparams that a record has twice; the last is taken
	Renamed         int64 `json:"renamed"`        // hparams whose name is not UTF-8, each bad byte replaced by U+FFFD
}

// Add adds o's counts to s.
func (s *Counts) Add(o *Counts) {
	s.Records += o.Records
	s.OtherVersions += o.OtherVersions
	s.Misplaced += o.Misplaced
	s.Disagreeing += o.Disagreeing
	s.EndWithoutStart += o.EndWithoutStart
	s.RepeatedNames += o.RepeatedNames
	s.Renamed += o.Renamed
}

func newExperiment(m *pb.Experiment) *Experiment {
	e := &Experiment{Name: validText(m.Name), Description: validText(m.Description), User: validText(m.User),
		Created: m.TimeCreatedSecs}
	for _, i := range m.HparamInfos {
		e.HParams = append(e.HParams, newHParamInfo(i))
	}
	for _, i := range m.MetricInfos {
		e.Metrics = append(e.Metrics, MetricInfo{
			Group: validText(i.GetName().GetGroup()), Tag: validText(i.GetName().GetTag()),
			DisplayName: validText(i.DisplayName), Description: validText(i.Description),
			Dataset: dataset(i.DatasetType),
		})
	}
	return e
}

func newHParamInfo(m *pb.HParamInfo) HParamInfo {
	info := HParamInfo{Name: validText(m.Name), DisplayName: validText(m.DisplayName),
		Description: validText(m.Description)}
	switch m.Type {
	case pb.HParamType_HPARAM_TYPE_STRING:
		info.Type = String
	case pb.HParamType_HPARAM_TYPE_BOOL:
		info.Type = Bool
	case pb.HParamType_HPARAM_TYPE_FLOAT64:
		info.Type = Number
	}
	for _, v := range m.GetDomainDiscrete().GetValues() {
		info.Discrete = append(info.Discrete, newHParam("", v))
	}
	if i := m.GetDomainInterval(); i != nil {
		info.Interval = &Interval{i.MinValue, i.MaxValue}
	}
	return info
}

func newSessionStart(m *pb.SessionStartInfo, stats *Counts) *SessionStart {
	s := &SessionStart{Group: validText(m.GroupName), StartTime: m.StartTimeSecs, ModelURI: validText(m.ModelUri),
		MonitorURL: validText(m.MonitorUrl)}
	s.Params = slices.Grow(s.Params, len(m.Hparams))
	for _, p := range m.Hparams {
		name, bad := wire.Text(p.Name)
		if bad > 0 {
			stats.Renamed++
		}
		s.Params = append(s.Params, newHParam(name, p.Value))
	}
	slices.SortStableFunc(s.Params, func(a, b HParam) int { return strings.Compare(a.Name, b.Name) })
	kept := s.Params[:0]
	for i, p := range s.Params {
		// On the wire a map is a list; of equal keys the last one counts.
		if i+1 < len(s.Params) && s.Params[i+1].Name == p.Name {
			stats.RepeatedNames++
			continue
		}
		kept = append(kept, p)
	}
	s.Params = kept
	return s
}

// validText is wire.Text without the count.
func validText(b []byte) string {
	s, _ := wire.Text(b)
	return s
}

func (s SessionStatus) String() string {
	return [...]string{"unknown", "success", "failure", "running"}[s]
}

func status(s pb.SessionStatus) SessionStatus {
	switch s {
	case pb.SessionStatus_STATUS_SUCCESS:
		return StatusSuccess
	case pb.SessionStatus_STATUS_FAILURE:
		return StatusFailure
	case pb.SessionStatus_STATUS_RUNNING:
		return StatusRunning
	}
	return StatusUnknown
}

func dataset(d pb.MetricInfo_DatasetType) Dataset {
	switch d {
	case pb.MetricInfo_DATASET_TRAINING:
		return DatasetTraining
	case pb.MetricInfo_DATASET_VALIDATION:
		return DatasetValidation
	}
	return DatasetUnknown
}
