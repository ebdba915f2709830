package plan

// MediaResult is what became of values that are no points.
type MediaResult struct {
	Values           int64 // that are in rows
	Files, FileBytes int64 // of pictures and sounds
	// LeftOut are pictures, sounds and histograms that the destination cannot show.
	LeftOut int64
	// Coarser are histograms that have more buckets in the logs.
	Coarser int64
}

// Add adds what became of others.
func (m *MediaResult) Add(o MediaResult) {
	m.Values += o.Values
	m.Files += o.Files
	m.FileBytes += o.FileBytes
	m.LeftOut += o.LeftOut
	m.Coarser += o.Coarser
}
