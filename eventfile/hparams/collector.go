package hparams

import (
	"google.golang.org/protobuf/proto"

	"tbexport/eventfile"
	pb "tbexport/proto"
)

// Collector collects what the hparams plugin knows of one run after another. The
// zero Collector is ready. It is not safe for concurrent use.
type Collector struct {
	// Precedence is to be set before the first record.
	Precedence Precedence

	experiment *Experiment
	session    session
	counts     Counts
}

// Wants says whether a tag is one of the plugin's.
func (c *Collector) Wants(t *eventfile.Tag) bool { return t.Plugin == string(eventfile.HParams) }

// Point passes over a point.
func (c *Collector) Point(*eventfile.Tag, eventfile.Point) error { return nil }

// Restart passes over a restart: hparams have no steps.
func (c *Collector) Restart(*eventfile.Tag, int64) error { return nil }

// Value takes the record out of a value of the plugin. It fails with
// eventfile.Undecodable only.
func (c *Collector) Value(_ *eventfile.Tag, v *eventfile.Value) error {
	if v.Kind != eventfile.HParams {
		return nil
	}
	if !v.HasMetadata {
		return nil // TF1's writer strips the payload from all but the first
	}
	var data pb.HParamsPluginData
	if proto.Unmarshal(v.PluginContent, &data) != nil {
		return eventfile.Undecodable(len(v.PluginContent))
	}
	switch {
	case data.Version != 0:
		c.counts.OtherVersions++
	case !c.take(string(v.Tag), &data):
		c.counts.Misplaced++
	default:
		c.counts.Records++
	}
	return nil
}

// HParams gives what the plugin knows of the run, nil where it has no record. It
// belongs to the caller, who leaves it as it is.
func (c *Collector) HParams() *HParams {
	if c.experiment == nil && !c.session.start && !c.session.end {
		return nil
	}
	h := c.session.hparams(c.Precedence)
	h.Experiment = c.experiment
	return &h
}

// Counts counts the run's records.
func (c *Collector) Counts() Counts {
	counts := c.counts
	if c.session.end && !c.session.start {
		counts.EndWithoutStart++
	}
	return counts
}

// Reset forgets the run, for another one.
func (c *Collector) Reset() { *c = Collector{Precedence: c.Precedence} }

// Check reports whether what the plugin keeps beside a value is a record that counts: one
// of version 0, and of what the value's tag says. It fails where it is no record.
func Check(tag string, content []byte) (counts bool, err error) {
	var data pb.HParamsPluginData
	if err := proto.Unmarshal(content, &data); err != nil {
		return false, err
	}
	return data.Version == 0 && fits(tag, &data), nil
}

// fits reports whether a record is what its tag says.
func fits(tag string, data *pb.HParamsPluginData) bool {
	switch tag {
	case tagExperiment:
		return data.GetExperiment() != nil
	case tagSessionStart:
		return data.GetSessionStartInfo() != nil
	case tagSessionEnd:
		return data.GetSessionEndInfo() != nil
	}
	return false
}

// take takes a record in. It reports whether the record is what the tag says.
func (c *Collector) take(tag string, data *pb.HParamsPluginData) bool {
	if !fits(tag, data) {
		return false
	}
	agrees := true
	switch tag {
	case tagExperiment:
		if c.experiment == nil {
			c.experiment = newExperiment(data.GetExperiment())
		}
	case tagSessionStart:
		agrees = c.session.takeStart(newSessionStart(data.GetSessionStartInfo(), &c.counts), c.Precedence)
	case tagSessionEnd:
		agrees = c.session.takeEnd(data.GetSessionEndInfo(), c.Precedence)
	}
	if !agrees {
		c.counts.Disagreeing++
	}
	return true
}
