package eventfile

import (
	"encoding/binary"
	"math"

	pb "tbexport/proto"
)

// shape is what the encoded events of one series have in common: a summary of
// one value, which is one float32 or float64, with the same tag, metadata and
// lengths each time. In other events of that shape only the wall time, the
// step and the number have other bytes:
//
//	09 <8: wall time>  10 <step>  <before: 2a ... 0a ... 0a <tag> ...> <number> <after: ...>
//
// so these are read without decoding the others again. The zero shape is that
// of no event.
type shape struct {
	before, after string
	width         int // bytes of the number: 4 or 8
}

// point is what an event of a known shape says.
type point struct {
	wallTime float64
	step     int64
	value    float64
}

// read reads an encoded event; false where it is of another shape.
func (s *shape) read(b []byte, p *point) bool {
	at := len(b) - len(s.after) - s.width
	head := at - len(s.before)
	if s.width == 0 || head < wallTimeBytes || b[0] != keyWallTime {
		return false
	}
	number := b[at:]
	if string(b[head:at]) != s.before || s.after != "" && string(number[s.width:]) != s.after {
		return false
	}
	p.step = 0 // which writers leave out
	if head > wallTimeBytes {
		step, n := uvarint(b[wallTimeBytes+1 : head])
		if b[wallTimeBytes] != keyStep || n != head-wallTimeBytes-1 {
			return false
		}
		p.step = int64(step)
	}
	p.wallTime = math.Float64frombits(binary.LittleEndian.Uint64(b[1:]))
	if s.width == 4 {
		p.value = float64(math.Float32frombits(binary.LittleEndian.Uint32(number)))
	} else {
		p.value = math.Float64frombits(binary.LittleEndian.Uint64(number))
	}
	return true
}

// dtype is the type of the numbers.
func (s *shape) dtype() pb.DataType {
	if s.width == 4 {
		return pb.DataType_DT_FLOAT
	}
	return pb.DataType_DT_DOUBLE
}

// wallTimeBytes are the key and the value.
const wallTimeBytes = 9

// learn makes s the shape of an encoded event, if it is of any. The event has
// been decoded, as one scalar.
func (s *shape) learn(b []byte) {
	*s = shape{}
	if len(b) < wallTimeBytes || b[0] != keyWallTime {
		return
	}
	head := wallTimeBytes
	if f, ok := fieldAt(b, head); ok && f.key == keyStep {
		head = f.end
	}
	summary, ok := fieldAt(b, head)
	if !ok || summary.key != keySummary || summary.end != len(b) {
		return
	}
	value, ok := fieldAt(b, summary.begin)
	if !ok || value.key != keySummaryValue || value.end != len(b) {
		return
	}
	number, ok := findNumber(b, value)
	if !ok {
		return
	}
	*s = shape{string(b[head:number.begin]), string(b[number.end:]), number.end - number.begin}
}

// field is where a field stands: its key, and its value without a length.
type field struct {
	key        byte
	begin, end int
}

// fieldAt finds the field at an offset of b; false where it has a key of
// several bytes, a wire type that nobody writes, or not all of its bytes.
func fieldAt(b []byte, at int) (f field, ok bool) {
	if at >= len(b) || b[at] >= 0x80 {
		return f, false
	}
	f = field{key: b[at], begin: at + 1}
	size := 0
	switch f.key & 7 {
	case 0:
		_, size = uvarint(b[f.begin:])
	case 1:
		size = 8
	case 2:
		length, n := uvarint(b[f.begin:])
		if n <= 0 || length > uint64(len(b)) {
			return f, false
		}
		f.begin += n
		f.end = f.begin + int(length)
		return f, f.end <= len(b)
	case 5:
		size = 4
	}
	f.end = f.begin + size
	return f, size > 0 && f.end <= len(b)
}

// findNumber finds the bytes of the number in a value: the only field of its
// oneof. Tag and metadata may stand before or behind it.
func findNumber(b []byte, value field) (number field, ok bool) {
	for at := value.begin; at < value.end; {
		f, whole := fieldAt(b[:value.end], at)
		if !whole {
			return field{}, false
		}
		at = f.end
		switch f.key {
		case keyTag, keyMetadata:
		case keySimple, keyTensor:
			if ok {
				return field{}, false
			}
			if number, ok = f, true; f.key == keyTensor {
				number, ok = findElement(b, f)
			}
			if !ok {
				return field{}, false
			}
		default:
			return field{}, false
		}
	}
	return number, ok
}

// findElement finds the bytes of the one element of a tensor of rank 0 with a
// type, a shape and an element, as TF2 and torch write them.
func findElement(b []byte, tensor field) (element field, ok bool) {
	var dtype pb.DataType
	for at := tensor.begin; at < tensor.end; {
		f, whole := fieldAt(b[:tensor.end], at)
		if !whole {
			return field{}, false
		}
		at = f.end
		switch f.key {
		case keyDtype:
			if dtype != pb.DataType_DT_INVALID || f.end-f.begin != 1 {
				return field{}, false
			}
			dtype = pb.DataType(b[f.begin])
		case keyShape:
			if f.begin != f.end {
				return field{}, false
			}
		case keyBytes, keyFloats, keyDoubles:
			if ok {
				return field{}, false
			}
			element, ok = f, true
		default:
			return field{}, false
		}
	}
	width := element.end - element.begin
	switch dtype {
	case pb.DataType_DT_FLOAT:
		return element, ok && width == 4 && element.key != keyDoubles
	case pb.DataType_DT_DOUBLE:
		return element, ok && width == 8 && element.key != keyFloats
	}
	return field{}, false
}
