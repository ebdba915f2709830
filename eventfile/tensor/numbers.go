package tensor

import (
	"encoding/binary"
	"math"

	pb "tbexport/proto"
)

// Real reports whether the elements are real numbers or bools, so that Floats has them.
func (t *Tensor) Real() bool {
	switch pb.DataType(t.DType) {
	case pb.DataType_DT_COMPLEX64, pb.DataType_DT_COMPLEX128:
		return false
	}
	return t.DType.size() > 0
}

// Floats gives the elements as float64: integers beyond 2^53 rounded to nearest, quantised ones as the integers that
// are stored, false and true as 0 and 1. It is nil unless they are real numbers or bools.
func (t *Tensor) Floats() []float64 {
	if !t.Real() {
		return nil
	}
	size, d := t.size(), t.DType
	if t.wide {
		d = Float32
	}
	all := make([]float64, t.n)
	switch stored := all[:len(t.fixed)/size]; d {
	case Float64: // the two that most tensors are of, without a call an element
		for i := range stored {
			stored[i] = math.Float64frombits(binary.LittleEndian.Uint64(t.fixed[8*i:]))
		}
	case Float32:
		for i := range stored {
			stored[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(t.fixed[4*i:])))
		}
	default:
		number := t.DType.number()
		for i := range stored {
			stored[i] = number(t.fixed[i*size:])
		}
	}
	if len(t.fixed) == size {
		for i := range all {
			all[i] = all[0]
		}
	}
	return all
}

// number is the function that reads an element of a real type but float32 and float64.
func (d DType) number() func([]byte) float64 {
	little := binary.LittleEndian
	switch pb.DataType(d) {
	case pb.DataType_DT_BFLOAT16:
		return func(b []byte) float64 { return float64(math.Float32frombits(uint32(little.Uint16(b)) << 16)) }
	case pb.DataType_DT_HALF:
		return func(b []byte) float64 { return ieeeHalf.float(little.Uint16(b)) }
	case pb.DataType_DT_INT64:
		return func(b []byte) float64 { return float64(int64(little.Uint64(b))) }
	case pb.DataType_DT_UINT64:
		return func(b []byte) float64 { return float64(little.Uint64(b)) }
	case pb.DataType_DT_INT32, pb.DataType_DT_QINT32:
		return func(b []byte) float64 { return float64(int32(little.Uint32(b))) }
	case pb.DataType_DT_UINT32:
		return func(b []byte) float64 { return float64(little.Uint32(b)) }
	case pb.DataType_DT_INT16, pb.DataType_DT_QINT16:
		return func(b []byte) float64 { return float64(int16(little.Uint16(b))) }
	case pb.DataType_DT_UINT16, pb.DataType_DT_QUINT16:
		return func(b []byte) float64 { return float64(little.Uint16(b)) }
	case pb.DataType_DT_BOOL:
		return func(b []byte) float64 { return float64(min(b[0], 1)) }
	}
	return d.small()
}

// small is number for types of up to eight bits.
func (d DType) small() func([]byte) float64 {
	format, isFloat := map[pb.DataType]minifloat{
		pb.DataType_DT_FLOAT8_E5M2:        {5, 2, 15, likeIEEE},
		pb.DataType_DT_FLOAT8_E4M3FN:      {4, 3, 7, lastIsNaN},
		pb.DataType_DT_FLOAT8_E4M3FNUZ:    {4, 3, 8, minusZeroIsNaN},
		pb.DataType_DT_FLOAT8_E4M3B11FNUZ: {4, 3, 11, minusZeroIsNaN},
		pb.DataType_DT_FLOAT8_E5M2FNUZ:    {5, 2, 16, minusZeroIsNaN},
		pb.DataType_DT_FLOAT4_E2M1FN:      {2, 1, 1, allAreNumbers},
	}[pb.DataType(d)]
	if isFloat {
		return func(b []byte) float64 { return format.float(uint16(b[0])) }
	}
	switch pb.DataType(d) {
	case pb.DataType_DT_INT4:
		return func(b []byte) float64 { return float64(int8(b[0]<<4) >> 4) }
	case pb.DataType_DT_UINT4:
		return func(b []byte) float64 { return float64(b[0] & 0xf) }
	case pb.DataType_DT_INT2:
		return func(b []byte) float64 { return float64(int8(b[0]<<6) >> 6) }
	case pb.DataType_DT_UINT2:
		return func(b []byte) float64 { return float64(b[0] & 3) }
	case pb.DataType_DT_UINT8, pb.DataType_DT_QUINT8:
		return func(b []byte) float64 { return float64(b[0]) }
	}
	return func(b []byte) float64 { return float64(int8(b[0])) }
}

// A minifloat is a binary floating-point format of up to 16 bits: a sign, an exponent, a mantissa.
type minifloat struct {
	exponent, mantissa int // bits
	bias               int
	special            special
}

// special says which patterns are no numbers.
type special int

const (
	likeIEEE       special = iota // those with the highest exponent are infinities and NaNs
	lastIsNaN                     // those with all bits set but the sign
	minusZeroIsNaN                // only that of -0
	allAreNumbers
)

var ieeeHalf = minifloat{5, 10, 15, likeIEEE}

// float is the number of a pattern, exactly.
func (m minifloat) float(x uint16) float64 {
	exponent := int(x >> m.mantissa & (1<<m.exponent - 1))
	mantissa := int(x & (1<<m.mantissa - 1))
	negative := x>>(m.mantissa+m.exponent)&1 != 0
	last := exponent == 1<<m.exponent-1
	f := math.Ldexp(float64(mantissa+1<<m.mantissa), exponent-m.bias-m.mantissa)
	if exponent == 0 {
		f = math.Ldexp(float64(mantissa), 1-m.bias-m.mantissa)
	}
	switch {
	case m.special == likeIEEE && last && mantissa == 0:
		f = math.Inf(1)
	case m.special == likeIEEE && last,
		m.special == lastIsNaN && last && mantissa == 1<<m.mantissa-1,
		m.special == minusZeroIsNaN && negative && f == 0:
		return math.NaN()
	}
	if negative {
		return -f
	}
	return f
}

// halfVal reads one element of half_val alone, which may be the bits of a float32: see halves.
func halfVal(d pb.DataType, x int32) float64 {
	switch {
	case uint32(x) > math.MaxUint16:
		return float64(math.Float32frombits(uint32(x)))
	case d == pb.DataType_DT_BFLOAT16:
		return float64(math.Float32frombits(uint32(x) << 16))
	}
	return ieeeHalf.float(uint16(x))
}
