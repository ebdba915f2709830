package plan

import (
	"context"
	"errors"
	"iter"

	"tbexport/convert"
	"tbexport/eventfile"
	"tbexport/eventfile/series"
)

// Chunk is a stretch of consecutive points of one series. The three slices
// have the same length, and are the reader's again with the next chunk.
type Chunk struct {
	Series    *Series
	Steps     []int64
	WallTimes []float64 // seconds since 1970
	Values    []float64
}

// take makes c the first n points of a chunk, without those that are not finite
// where these are skipped.
func (c *Chunk) take(from *convert.Chunk, n int64, skip bool) {
	n = min(n, int64(len(from.Values)))
	if !skip {
		c.Steps, c.WallTimes, c.Values = from.Steps[:n], from.WallTimes[:n], from.Values[:n]
		return
	}
	c.Steps, c.WallTimes, c.Values = c.Steps[:0], c.WallTimes[:0], c.Values[:0]
	for i, value := range from.Values[:n] {
		if finite(value) {
			c.Steps = append(c.Steps, from.Steps[i])
			c.WallTimes = append(c.WallTimes, from.WallTimes[i])
			c.Values = append(c.Values, value)
		}
	}
}

// Points reads the points of a run again, unless they are held, with the options
// that the plan was read with: source by source in their order, of each the series one after
// another by tag, and of each series the points that are planned for, in the
// order of the files. A log that is being written may have got more since:
// these are for another time. The series of best values come last. read.MaxPoints is for the whole reading. An error
// comes with a nil chunk, and is the last that is yielded.
func (p *Plan) Points(ctx context.Context, r *Run, read convert.ReadOptions) iter.Seq2[*Chunk, error] {
	if r.Points() == 0 {
		return func(func(*Chunk, error) bool) {}
	}
	return func(yield func(*Chunk, error) bool) {
		points, ok := r.held()
		if !ok {
			points = p.points(ctx, r.Sources, read)
		}
		for chunk, err := range points {
			if !yield(chunk, err) || err != nil {
				return
			}
		}
		for _, s := range r.Series {
			if s.BestOf != nil && !yield(s.made, nil) {
				return
			}
		}
	}
}

// PointsOf reads the points of one series again, as Points does.
func (p *Plan) PointsOf(ctx context.Context, s *Series, read convert.ReadOptions) iter.Seq2[*Chunk, error] {
	if s.BestOf != nil {
		return func(yield func(*Chunk, error) bool) { yield(s.made, nil) }
	}
	read.Tags = func(tag string) bool { return tag == s.Tag }
	return p.points(ctx, []*Source{s.Source}, read)
}

// LoggedPointsOf reads all points that the logs have of a series, those too that
// the plan leaves out.
func (p *Plan) LoggedPointsOf(ctx context.Context, s *Series, read convert.ReadOptions) iter.Seq2[*Chunk, error] {
	if s.BestOf != nil {
		return p.PointsOf(ctx, s, read)
	}
	read.Tags = func(tag string) bool { return tag == s.Tag }
	read.Select, read.Restarts = series.Selection{}, series.KeepRestarts
	return func(yield func(*Chunk, error) bool) {
		err := p.readAgain(ctx, []*Source{s.Source}, convert.Options{Read: read},
			func(_ *Source, in *convert.Input) error {
				for c, err := range in.Series() {
					if err != nil {
						return err
					}
					if !yield(&Chunk{s, c.Steps, c.WallTimes, c.Values}, nil) {
						return errEnough
					}
				}
				return nil
			})
		if err != nil {
			yield(nil, err)
		}
	}
}

func (p *Plan) points(ctx context.Context, sources []*Source, read convert.ReadOptions) iter.Seq2[*Chunk, error] {
	return func(yield func(*Chunk, error) bool) {
		err := p.readAgain(ctx, sources, convert.Options{Read: read}, func(s *Source, in *convert.Input) error {
			return p.source(s, in, yield)
		})
		if err != nil {
			yield(nil, err)
		}
	}
}

// readAgain calls give with each of the sources, one after another, until it wants
// no more.
func (p *Plan) readAgain(ctx context.Context, sources []*Source, o convert.Options,
	give func(*Source, *convert.Input) error) error {
	runs := make([]eventfile.Run, len(sources))
	for i, s := range sources {
		runs[i] = s.Run
	}
	o.Store, o.Jobs = p.Options.Store, 1
	next := 0
	_, err := convert.Each(ctx, runs, o, func(_ context.Context, in *convert.Input) error {
		next++
		return give(sources[next-1], in)
	})
	if err == errEnough {
		return nil
	}
	return err
}

// errEnough ends a reading whose points are not wanted any more.
var errEnough = errors.New("enough")

// source yields the points of one source.
func (p *Plan) source(source *Source, in *convert.Input, yield func(*Chunk, error) bool) error {
	series, skip := source.byTag(), p.Options.NonFinite == SkipNonFinite
	var chunk Chunk
	given := int64(0) // points of the series
	for c, err := range in.Series() {
		if err != nil {
			return err
		}
		s := series[c.Tag]
		if s == nil {
			continue // it came since the plan was made
		}
		if s != chunk.Series {
			chunk.Series, given = s, 0
		}
		chunk.take(c, max(0, s.read-given), skip)
		given += int64(len(c.Values))
		if len(chunk.Values) > 0 && !yield(&chunk, nil) {
			return errEnough
		}
	}
	return nil
}

// byTag finds the series that have points to be sent.
func (s *Source) byTag() map[string]*Series {
	series := make(map[string]*Series, len(s.series))
	for _, x := range s.series {
		if x.Points > 0 {
			series[x.Tag] = x
		}
	}
	return series
}
