package mlflow

import (
	"encoding/json"

	"tbexport/convert/plan"
)

// keysArtifact lists what each metric and parameter was called, where that is not
// its key, or the run is made of several.
const keysArtifact = "tbexport/keys.json"

// keysFile is that artifact.
type keysFile struct {
	Schema  int                `json:"schema"` // 1
	Run     string             `json:"run"`
	Sources []string           `json:"sources"` // the TensorBoard runs that it is made of
	Metrics map[string]keyFrom `json:"metrics"` // by key
	Params  map[string]string  `json:"params"`  // key: name
}

// keyFrom says which series a metric is.
type keyFrom struct {
	Run    string `json:"run"`
	Tag    string `json:"tag"`
	Points int64  `json:"points"`
}

func newKeysFile(r *plan.Run) ([]byte, error) {
	k := keysFile{Schema: 1, Run: r.Path, Metrics: make(map[string]keyFrom, len(r.Series)),
		Params: make(map[string]string, len(r.Params))}
	for _, s := range r.Sources {
		k.Sources = append(k.Sources, s.Run.Name)
	}
	for _, s := range r.Series {
		k.Metrics[s.Key] = keyFrom{s.Source.Run.Name, s.Tag, s.Points}
	}
	for _, p := range r.Params {
		k.Params[p.Key] = p.HParam.Name
	}
	text, err := json.MarshalIndent(k, "", " ")
	return append(text, '\n'), err
}
