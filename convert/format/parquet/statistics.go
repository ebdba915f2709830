package parquet

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/apache/arrow/go/v15/parquet/metadata"
)

// maxBound is the length of the longest string that the footer keeps as a bound, as in arrow.
const maxBound = 4096

// statistics returns what the footer says of a column chunk. Values in lists have no bounds: no reader passes over rows
// by them.
func statistics(v values, nulls int, l *leaf) metadata.EncodedStatistics {
	var s metadata.EncodedStatistics
	s.SetNullCount(int64(nulls))
	if l.maxRep == 0 {
		if low, high, ok := v.bounds(); ok {
			s.SetMin(low).SetMax(high)
		}
	}
	switch v.(type) {
	case utf8s, *dictionary:
	default:
		s.Signed = true // their bounds also go where old readers look
	}
	return s
}

func (v int64s) bounds() (low, high []byte, ok bool) {
	if len(v) == 0 {
		return nil, nil, false
	}
	return binary.LittleEndian.AppendUint64(nil, uint64(slices.Min(v))),
		binary.LittleEndian.AppendUint64(nil, uint64(slices.Max(v))), true
}

func (v int32s) bounds() (low, high []byte, ok bool) {
	if len(v) == 0 {
		return nil, nil, false
	}
	return binary.LittleEndian.AppendUint32(nil, uint32(slices.Min(v))),
		binary.LittleEndian.AppendUint32(nil, uint32(slices.Max(v))), true
}

func (v floats) bounds() (low, high []byte, ok bool) {
	if len(v) == 0 {
		return nil, nil, false
	}
	least, most := v[0], v[0]
	for _, x := range v {
		if x != x {
			return nil, nil, false
		}
		if x < least {
			least = x
		}
		if x > most {
			most = x
		}
	}
	if least == 0 { // whichever zero it is: the format asks for -0 as the smallest and +0 as the largest
		least = math.Copysign(0, -1)
	}
	if most == 0 {
		most = 0
	}
	return binary.LittleEndian.AppendUint64(nil, math.Float64bits(least)),
		binary.LittleEndian.AppendUint64(nil, math.Float64bits(most)), true
}

func (v splits) bounds() (low, high []byte, ok bool) { return floats(v).bounds() }

func (v bools) bounds() (low, high []byte, ok bool) {
	if len(v) == 0 {
		return nil, nil, false
	}
	bound := func(set bool) []byte {
		if set {
			return []byte{1}
		}
		return []byte{0}
	}
	return bound(!slices.Contains(v, false)), bound(slices.Contains(v, true)), true
}

func (s utf8s) bounds() (low, high []byte, ok bool) { return stringBounds(s) }

func (d *dictionary) bounds() (low, high []byte, ok bool) { return stringBounds(d.strings) }

func stringBounds(s []string) (low, high []byte, ok bool) {
	if len(s) == 0 {
		return nil, nil, false
	}
	least, most := slices.Min(s), slices.Max(s)
	if len(least) > maxBound || len(most) > maxBound {
		return nil, nil, false
	}
	return []byte(least), []byte(most), true
}
