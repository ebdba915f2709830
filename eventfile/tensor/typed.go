package tensor

import (
	"encoding/binary"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// typed gathers the elements of a type of fixed size from the typed field of an encoded TensorProto that scan accepts,
// as they would be in tensor_content.
func typed(b []byte, d DType) ([]byte, error) {
	field, size := d.field(), d.size()
	var all []byte
	err := each(b, func(num protowire.Number, typ protowire.Type, body []byte) error {
		if num != field {
			return nil
		}
		switch field {
		case fieldFloat8:
			if typ == protowire.BytesType {
				all = body
			}
		case fieldFloat, fieldComplex:
			if typ == protowire.BytesType || typ == protowire.Fixed32Type {
				all = add(all, body)
			}
		case fieldDouble, fieldDComplex:
			if typ == protowire.BytesType || typ == protowire.Fixed64Type {
				all = add(all, body)
			}
		default:
			eachVarint(typ, body, func(x uint64) {
				if field == fieldBool && x != 0 {
					x = 1
				}
				all = little(all, x, size)
			})
		}
		return nil
	})
	if len(all)%size != 0 { // half a complex number
		return nil, fmt.Errorf("%d bytes are no whole number of elements of %s", len(all), d)
	}
	return all, err
}

// add appends a part to others. One part alone is kept without a copy.
func add(all, part []byte) []byte {
	if len(all) == 0 {
		return part[:len(part):len(part)]
	}
	return append(all, part...)
}

// eachVarint calls f for the number of a varint field, or for all that are packed in one.
func eachVarint(typ protowire.Type, body []byte, f func(uint64)) {
	if typ != protowire.VarintType && typ != protowire.BytesType {
		return
	}
	for len(body) > 0 {
		x, n := protowire.ConsumeVarint(body)
		if n < 0 {
			return // scan has refused it
		}
		f(x)
		body = body[n:]
	}
}

// little appends the low bytes of x.
func little(b []byte, x uint64, size int) []byte {
	var word [8]byte
	binary.LittleEndian.PutUint64(word[:], x)
	return append(b, word[:size]...)
}

// halves gathers the elements of half_val, which are patterns of 16 bits. torch has written the bits of a float32 there
// (torch/utils/tensorboard/summary.py, half_to_int): a tensor with more than 16 bits in one of them is taken as that,
// and its elements are given as float32.
func halves(b []byte) (all []byte, wide bool) {
	pass := func(f func(x uint32)) {
		_ = each(b, func(num protowire.Number, typ protowire.Type, body []byte) error { // scan has read it once
			if num == fieldHalf {
				eachVarint(typ, body, func(x uint64) { f(uint32(x)) })
			}
			return nil
		})
	}
	pass(func(x uint32) {
		wide = wide || x > math.MaxUint16
		all = little(all, uint64(x), 2)
	})
	if wide {
		all = all[:0]
		pass(func(x uint32) { all = little(all, uint64(x), 4) })
	}
	return all, wide
}

// narrowed gives the bytes of float32 elements as those of the type; ok is false if one of them is no such number.
func narrowed(wide []byte, d DType) (all []byte, ok bool) {
	for i := 0; i < len(wide); i += 4 {
		h, exact := narrow(math.Float32frombits(binary.LittleEndian.Uint32(wide[i:])), d)
		if !exact {
			return nil, false
		}
		all = little(all, uint64(h), 2)
	}
	return all, true
}

// narrow gives the bits of a float32 as a half or bfloat16, if they are the very same number.
func narrow(f float32, d DType) (h uint16, exact bool) {
	bits := math.Float32bits(f)
	if d != Float16 {
		return uint16(bits >> 16), bits&0xffff == 0
	}
	sign := uint16(bits >> 16 & 0x8000)
	switch exponent := int(bits>>23&0xff) - 127; {
	case f == 0:
		h = sign
	case exponent > 15: // infinity, NaN, or too big
		h = sign | 0x7c00 | uint16(bits>>13&0x3ff)
	case exponent >= -14:
		h = sign | uint16(exponent+15)<<10 | uint16(bits>>13&0x3ff)
	case exponent >= -24:
		h = sign | uint16((bits&0x7fffff|0x800000)>>(-1-exponent))
	default:
		return 0, false
	}
	if f != f { // of a NaN only the payload's high bits can be kept
		return h | 0x200, true
	}
	return h, ieeeHalf.float(h) == float64(f)
}
