package event

import (
	"encoding/binary"
	"math"

	"tbexport/eventfile/internal/wire"
	"tbexport/eventfile/tensor"
)

// Pattern is what the encoded events of one series have in common: a summary of
// one value, which is one float32 or float64, with the same tag, metadata and
// lengths each time. In other events of that pattern only the wall time, the
// step and the number have other bytes:
//
//	09 <8: wall time>  10 <step>  <before: 2a ... 0a ... 0a <tag> ...> <number> <after: ...>
//
// so these are read without decoding the others again. The zero pattern is
// that of no event.
type Pattern struct {
	before, after string
	width         int // bytes of the number: 4 or 8
}

// Point is one number of a series: what an event of a known pattern says.
type Point struct {
	Step     int64
	WallTime float64 // seconds since the Unix epoch
	Value    float64
	DType    tensor.DType // of the number in the file
}

// Read reads an encoded event into p; false where it is of another pattern.
func (s *Pattern) Read(b []byte, p *Point) bool {
	at := len(b) - len(s.after) - s.width
	head := at - len(s.before)
	if s.width == 0 || head < wallTimeBytes || b[0] != keyWallTime {
		return false
	}
	number := b[at:]
	if string(b[head:at]) != s.before || s.after != "" && string(number[s.width:]) != s.after {
		return false
	}
	p.Step = 0 // which writers leave out
	if head > wallTimeBytes {
		step, n := wire.Uvarint(b[wallTimeBytes+1 : head])
		if b[wallTimeBytes] != keyStep || n != head-wallTimeBytes-1 {
			return false
		}
		p.Step = int64(step)
	}
	p.WallTime = math.Float64frombits(binary.LittleEndian.Uint64(b[1:]))
	if s.width == 4 {
		p.Value, p.DType = float64(math.Float32frombits(binary.LittleEndian.Uint32(number))), tensor.Float32
	} else {
		p.Value, p.DType = math.Float64frombits(binary.LittleEndian.Uint64(number)), tensor.Float64
	}
	return true
}

// wallTimeBytes are the key and the value.
const wallTimeBytes = 9

// Learn makes s the pattern of an encoded event, if it is of any. The event has
// been decoded, as one scalar.
func (s *Pattern) Learn(b []byte) {
	*s = Pattern{}
	if len(b) < wallTimeBytes || b[0] != keyWallTime {
		return
	}
	head := wallTimeBytes
	if f, ok := wire.FieldAt(b, head); ok && f.Key == keyStep {
		head = f.End
	}
	summary, ok := wire.FieldAt(b, head)
	if !ok || summary.Key != keySummary || summary.End != len(b) {
		return
	}
	value, ok := wire.FieldAt(b, summary.Begin)
	if !ok || value.Key != keySummaryValue || value.End != len(b) {
		return
	}
	number, ok := findNumber(b, value)
	if !ok {
		return
	}
	*s = Pattern{string(b[head:number.Begin]), string(b[number.End:]), number.End - number.Begin}
}

// findNumber finds the bytes of the number in a value: the only field of its
// oneof. Tag and metadata may stand before or behind it.
func findNumber(b []byte, value wire.Field) (number wire.Field, ok bool) {
	for at := value.Begin; at < value.End; {
		f, whole := wire.FieldAt(b[:value.End], at)
		if !whole {
			return wire.Field{}, false
		}
		at = f.End
		switch f.Key {
		case keyTag, keyMetadata:
		case keySimple, keyTensor:
			if ok {
				return wire.Field{}, false
			}
			if number, ok = f, true; f.Key == keyTensor {
				number.Begin, number.End, _, ok = tensor.Element(b[f.Begin:f.End])
				number.Begin, number.End = number.Begin+f.Begin, number.End+f.Begin
			}
			if !ok {
				return wire.Field{}, false
			}
		default:
			return wire.Field{}, false
		}
	}
	return number, ok
}
