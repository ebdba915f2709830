package plan

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"iter"
	"math"
	"slices"
	"strings"

	"tbexport/convert"
)

// Media is what a source has of one tag that is no points: its pictures, texts,
// sounds, histograms or curves.
type Media struct {
	Source *Source
	Form   convert.Form
	Tag    string
	// Name is what the tag is called in the run, after the user's changes: no two
	// of a run and form have the same.
	Name string
	// ID tells it from any other, of this run or another one, whatever it is called.
	ID     string
	Values int64
	// Items has how many values have an item of each index: a picture or a sound;
	// of other forms each value is one item.
	Items []int64
	// Quota has how many of each index are to be kept; nil: all.
	Quota   []int64
	Bytes   int64 // of the items, as the logs have them
	Largest int64 // bytes of the items of one value, at most
	Steps   Steps // of the values

	sum hash.Hash
}

// Count is how many items there are, and how many of them are to be kept.
func (m *Media) Count() (kept, all int64) {
	for i, n := range m.Items {
		all += n
		if m.Quota != nil {
			n = min(n, m.Quota[i])
		}
		kept += n
	}
	return kept, all
}

// add takes a value.
func (m *Media) add(v *convert.Value) error {
	sizes, err := itemSizes(m.Form, v)
	if err != nil {
		return err
	}
	m.Values++
	m.Steps.add(v.Step)
	m.sum.Write(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(v.Step)),
		math.Float64bits(v.WallTime)))
	value := int64(0)
	for i, size := range sizes {
		if i == len(m.Items) {
			m.Items = append(m.Items, 0)
		}
		m.Items[i]++
		value += size
		m.sum.Write(binary.BigEndian.AppendUint64(nil, uint64(size)))
	}
	m.Bytes += value
	m.Largest = max(m.Largest, value)
	return nil
}

// itemSizes are the bytes of the items of a value.
func itemSizes(form convert.Form, v *convert.Value) (sizes []int64, err error) {
	switch form {
	case convert.FormImages:
		pictures, err := v.Pictures()
		for _, p := range pictures {
			sizes = append(sizes, int64(len(p.Bytes)))
		}
		return sizes, err
	case convert.FormAudio:
		clips, err := v.Clips()
		for _, c := range clips {
			sizes = append(sizes, int64(len(c.Bytes)))
		}
		return sizes, err
	case convert.FormText:
		text, err := v.Text()
		n := int64(0)
		for _, s := range text.Texts {
			n += int64(len(s))
		}
		return []int64{n}, err
	}
	return []int64{int64(max(len(v.Value.Tensor), len(v.Value.Message)))}, nil
}

// readMedia counts what a source has of the forms that Options.Media asks for.
func (p *Planner) readMedia(source *Source, in *convert.Input) error {
	for _, form := range p.options.Media {
		var m *Media
		for v, err := range in.Values(form) {
			if err != nil {
				return err
			}
			if v.Value == nil {
				continue
			}
			if m == nil || m.Tag != v.Tag {
				m = &Media{Source: source, Form: form, Tag: v.Tag, sum: sha256.New()}
				source.media = append(source.media, m)
			}
			if err := m.add(v); err != nil {
				return err
			}
		}
	}
	return nil
}

// addMedia gives the run those of a source, and names them.
func (r *Run) addMedia(s *Source, scopes map[convert.Form]*scope, changes *Changes, apart string) {
	for _, m := range s.media {
		names := scopes[m.Form]
		if names == nil {
			names = &scope{changes: changes}
			scopes[m.Form] = names
		}
		name, err := names.name(s.Prefix, m.Tag, apart)
		if err != nil { // the changes make it one with another: it keeps its own name
			plain := scope{changes: new(Changes), taken: names.taken}
			name, _ = plain.name(s.Prefix, m.Tag, apart)
		}
		m.Name = name
		r.Media = append(r.Media, m)
	}
}

// settleMedia says which of the run's pictures are kept, where there are more
// than most (0: any number), and gives all media their IDs.
func (r *Run) settleMedia(most int64) {
	for _, m := range r.Media {
		h := sha256.New()
		fmt.Fprintf(h, "tbexport/media/1\n%s\n%x\n%q\n%s\n%q\n", r.SourceID, m.Source.firstRecord, m.Source.Prefix,
			m.Form, m.Tag)
		m.ID = hex.EncodeToString(h.Sum(nil))
		m.Quota = nil
	}
	if _, all := r.Images(); most <= 0 || all <= most {
		return
	}
	var counts []int64
	for m := range r.pictures() {
		counts = append(counts, m.Items...)
	}
	quotas := share(counts, most)
	for m := range r.pictures() {
		m.Quota, quotas = quotas[:len(m.Items):len(m.Items)], quotas[len(m.Items):]
	}
}

func (r *Run) pictures() iter.Seq[*Media] {
	return func(yield func(*Media) bool) {
		for _, m := range r.Media {
			if m.Form == convert.FormImages && !yield(m) {
				return
			}
		}
	}
}

// Images is how many pictures of the run are to be kept, and how many there are.
func (r *Run) Images() (kept, all int64) {
	for m := range r.pictures() {
		k, n := m.Count()
		kept, all = kept+k, all+n
	}
	return kept, all
}

// share gives of counts that are more than most together at most as many: each
// the same, but for those that are less.
func share(counts []int64, most int64) []int64 {
	sum := func(c int64) (n int64) {
		for _, x := range counts {
			n += min(x, c)
		}
		return n
	}
	low, high := int64(0), most+1 // sum(low) <= most < sum(high)
	for low+1 < high {
		if middle := (low + high) / 2; sum(middle) <= most {
			low = middle
		} else {
			high = middle
		}
	}
	left, shares := most-sum(low), make([]int64, len(counts))
	for i, x := range counts {
		if shares[i] = min(x, low); x > low && left > 0 {
			shares[i]++
			left--
		}
	}
	return shares
}

// Choose gives which of n things are to be kept, as their numbers from 0, where
// quota are wanted and those of the sorted list there are there already: the
// first, the last, and those evenly between, without those that are there. Where
// more things came since, one that is there stands for another that is no further
// off than two of those wanted are from one another.
func Choose(n, quota int64, there []int64) (numbers []int64) {
	if quota <= 0 {
		return nil
	}
	target := func(i int64) int64 {
		switch {
		case quota >= n:
			return i
		case quota == 1:
			return n - 1
		}
		return (2*i*(n-1) + quota - 1) / (2 * (quota - 1))
	}
	quota = min(quota, n)
	grown := slices.ContainsFunc(there, func(k int64) bool {
		if quota == n || quota == 1 {
			return quota == 1 && k != n-1
		}
		i := (k*(quota-1) + (n-1)/2) / (n - 1)
		return target(i) != k
	})
	reach := int64(0)
	if grown {
		reach = max(1, n/quota)
	}
	for i := range quota {
		k := target(i)
		at, found := slices.BinarySearch(there, k)
		near := found || at < len(there) && there[at]-k <= reach || at > 0 && k-there[at-1] <= reach
		if !near {
			numbers = append(numbers, k)
		}
	}
	return numbers
}

// digest writes what there is of the media to be carried over.
func (m *Media) writeDigest(h hash.Hash) {
	kept, _ := m.Count()
	fmt.Fprintf(h, "media %s %q %d %d %x\n", m.Form, m.Name, m.Values, kept, m.sum.Sum(nil))
}

// MediaValue is a value of media. It is valid until the next one.
type MediaValue struct {
	*convert.Value
	Media *Media
	// Nth counts the values of the media that have an item of each index, from 0;
	// Again counts those with the same step and time.
	Nth   []int64
	Again int64
}

// MediaValues reads the values of the run's media again, as Points does the
// points: source by source, form by form, tag by tag, and of each tag those that
// are planned for.
func (p *Plan) MediaValues(ctx context.Context, r *Run, read convert.ReadOptions,
	forms ...convert.Form) iter.Seq2[*MediaValue, error] {
	var sources []*Source
	for _, s := range r.Sources {
		if slices.ContainsFunc(s.media, func(m *Media) bool { return slices.Contains(forms, m.Form) }) {
			sources = append(sources, s)
		}
	}
	return func(yield func(*MediaValue, error) bool) {
		err := p.readAgain(ctx, sources, convert.Options{NoSeries: true, Forms: forms, Read: read},
			func(s *Source, in *convert.Input) error {
				for _, form := range forms {
					if err := s.values(form, in, yield); err != nil {
						return err
					}
				}
				return nil
			})
		if err != nil {
			yield(nil, err)
		}
	}
}

// values yields those of a form.
func (s *Source) values(form convert.Form, in *convert.Input, yield func(*MediaValue, error) bool) error {
	type moment struct {
		step int64
		time uint64
	}
	var x MediaValue
	var met map[moment]int64
	given := int64(0)
	for v, err := range in.Values(form) {
		if err != nil {
			return err
		}
		if v.Value == nil {
			continue
		}
		if x.Media == nil || x.Media.Tag != v.Tag {
			i := slices.IndexFunc(s.media, func(m *Media) bool { return m.Form == form && m.Tag == v.Tag })
			if i < 0 {
				continue // it came since the plan was made
			}
			x, met, given = MediaValue{Media: s.media[i]}, make(map[moment]int64), 0
			x.Nth = slices.Repeat([]int64{-1}, len(x.Media.Items))
		}
		if given++; given > x.Media.Values {
			continue
		}
		sizes, err := itemSizes(form, v)
		if err != nil {
			return err
		}
		for i := range min(len(sizes), len(x.Nth)) {
			x.Nth[i]++
		}
		at := moment{v.Step, math.Float64bits(v.WallTime)}
		x.Value, x.Again = v, met[at]
		met[at]++
		if !yield(&x, nil) {
			return errEnough
		}
	}
	return nil
}

// sortMedia puts those of a run into an order that does not depend on its sources.
func (r *Run) sortMedia() {
	slices.SortStableFunc(r.Media,
		func(a, b *Media) int { return strings.Compare(string(a.Form)+a.Name, string(b.Form)+b.Name) })
}
