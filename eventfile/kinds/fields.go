package kinds

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// field is one field of an encoded message: a number or bytes.
type field struct {
	num   protowire.Number
	value uint64 // of a varint, 32- or 64-bit field
	bytes []byte
}

// fields are those of an encoded message, up to where it is broken.
func fields(b []byte) (all []field) {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			break
		}
		b = b[n:]
		f := field{num: num}
		switch typ {
		case protowire.VarintType:
			f.value, n = protowire.ConsumeVarint(b)
		case protowire.Fixed64Type:
			f.value, n = protowire.ConsumeFixed64(b)
		case protowire.Fixed32Type:
			var x uint32
			x, n = protowire.ConsumeFixed32(b)
			f.value = uint64(x)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(b)
		default:
			n = protowire.ConsumeFieldValue(num, typ, b)
		}
		if n < 0 {
			break
		}
		b = b[n:]
		all = append(all, f)
	}
	return all
}

// doubles are the elements of a repeated double, packed or not.
func (f *field) doubles() (all []float64) {
	if f.bytes == nil {
		return []float64{math.Float64frombits(f.value)}
	}
	for b := f.bytes; len(b) >= 8; b = b[8:] {
		x, _ := protowire.ConsumeFixed64(b)
		all = append(all, math.Float64frombits(x))
	}
	return all
}
