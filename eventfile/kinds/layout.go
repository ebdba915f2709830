package kinds

import (
	"google.golang.org/protobuf/proto"

	"tbexport/eventfile/tensor"
	pb "tbexport/proto"
)

// LayoutTag is the tag of a run's layout, whose plugin is custom_scalars.
const LayoutTag = "custom_scalars__config__"

// Chart is one chart of a layout.
type Chart struct {
	Category, Title string
	Kind            ChartKind
	Series          []ChartSeries
}

// ChartKind is how a chart is drawn.
type ChartKind string

// The kinds of charts; that of one that says none is empty.
const (
	Multiline ChartKind = "multiline"
	Margin    ChartKind = "margin"
)

// ChartSeries is one series of a chart: of a margin chart three tags, of a multiline one a regular expression over
// whole tags as Value.
type ChartSeries struct {
	Value, Lower, Upper string
}

// DecodeLayout decodes a tensor of the plugin custom_scalars: one string, an encoded Layout. Its charts are in the
// order of the page.
func DecodeLayout(b []byte) ([]Chart, error) {
	t, err := stringTensor(b, 0, 1)
	if err == nil && t.Len() != 1 {
		err = ErrOtherForm
	}
	if err != nil {
		return nil, err
	}
	var m pb.Layout
	if err := proto.Unmarshal(t.RawStrings()[0], &m); err != nil {
		return nil, errBroken
	}
	var charts []Chart
	for _, category := range m.Category {
		for _, c := range category.Chart {
			charts = append(charts, newChart(tensor.UTF8(category.Title), c))
		}
	}
	return charts, nil
}

func newChart(category string, m *pb.Chart) Chart {
	c := Chart{Category: category, Title: tensor.UTF8(m.Title)}
	switch content := m.Content.(type) {
	case *pb.Chart_Multiline:
		c.Kind = Multiline
		for _, tag := range content.Multiline.GetTag() {
			c.Series = append(c.Series, ChartSeries{Value: tensor.UTF8(tag)})
		}
	case *pb.Chart_Margin:
		c.Kind = Margin
		for _, s := range content.Margin.GetSeries() {
			c.Series = append(c.Series, ChartSeries{tensor.UTF8(s.Value), tensor.UTF8(s.Lower), tensor.UTF8(s.Upper)})
		}
	}
	return c
}
