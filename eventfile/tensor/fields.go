package tensor

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"

	pb "tbexport/proto"
)

// fields are those of a TensorProto that say what its elements are.
type fields struct {
	dtype   DType
	dims    []int64
	ranked  bool // there is a shape, of known rank
	content []byte
}

// Numbers of TensorProto's fields.
const (
	fieldDType    = 1
	fieldShape    = 2
	fieldContent  = 4
	fieldFloat    = 5
	fieldDouble   = 6
	fieldInt      = 7
	fieldString   = 8
	fieldComplex  = 9
	fieldInt64    = 10
	fieldBool     = 11
	fieldDComplex = 12
	fieldHalf     = 13
	fieldHandle   = 14
	fieldVariant  = 15
	fieldUint32   = 16
	fieldUint64   = 17
	fieldFloat8   = 18
)

var errUndecodable = errors.New("undecodable tensor")

// each calls f for each field of an encoded message, until it fails. body is what length-delimited fields hold, and the
// encoded number of others.
func each(b []byte, f func(num protowire.Number, typ protowire.Type, body []byte) error) error {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 || num > protowire.MaxValidNumber {
			return errUndecodable
		}
		b = b[n:]
		size := protowire.ConsumeFieldValue(num, typ, b)
		if size < 0 {
			return errUndecodable
		}
		body := b[:size]
		b = b[size:]
		if typ == protowire.BytesType {
			body, _ = protowire.ConsumeBytes(body)
		}
		if err := f(num, typ, body); err != nil {
			return err
		}
	}
	return nil
}

// scan reads an encoded TensorProto but for its elements. What proto.Unmarshal refuses it refuses; fields of another
// wire type than their own are passed over, as there.
func scan(b []byte) (f fields, err error) {
	shaped, unknownRank := false, false
	err = each(b, func(num protowire.Number, typ protowire.Type, body []byte) error {
		switch {
		case num == fieldDType && typ == protowire.VarintType:
			x, _ := protowire.ConsumeVarint(body)
			f.dtype = DType(x)
		case num == fieldShape && typ == protowire.BytesType:
			shaped = true
			return shape(body, &f.dims, &unknownRank)
		case num == fieldContent && typ == protowire.BytesType:
			f.content = body
		case typ == protowire.BytesType && !sound(num, body):
			return errUndecodable
		}
		return nil
	})
	f.ranked = shaped && !unknownRank
	return f, err
}

// shape reads an encoded TensorShapeProto, or more of one.
func shape(b []byte, dims *[]int64, unknownRank *bool) error {
	return each(b, func(num protowire.Number, typ protowire.Type, body []byte) error {
		switch {
		case num == 3 && typ == protowire.VarintType:
			x, _ := protowire.ConsumeVarint(body)
			*unknownRank = x != 0
		case num == 2 && typ == protowire.BytesType:
			if len(*dims) == mostDimensions {
				return fmt.Errorf("a shape of more than %d dimensions", mostDimensions)
			}
			size := int64(0)
			err := each(body, func(num protowire.Number, typ protowire.Type, body []byte) error {
				if num == 1 && typ == protowire.VarintType {
					x, _ := protowire.ConsumeVarint(body)
					size = int64(x)
				}
				return nil
			})
			*dims = append(*dims, size)
			return err
		}
		return nil
	})
}

// sound reports whether what a length-delimited field holds is a whole number of packed numbers, if it is of a field of
// numbers.
func sound(num protowire.Number, body []byte) bool {
	switch num {
	case fieldFloat, fieldComplex:
		return len(body)%4 == 0
	case fieldDouble, fieldDComplex:
		return len(body)%8 == 0
	case fieldInt, fieldInt64, fieldBool, fieldHalf, fieldUint32, fieldUint64:
		for len(body) > 0 {
			_, n := protowire.ConsumeVarint(body)
			if n < 0 {
				return false
			}
			body = body[n:]
		}
	}
	return true
}

// field is the number of the typed field in which elements of a type stand; 0 for a type that nobody knows.
func (d DType) field() protowire.Number {
	switch pb.DataType(d) {
	case pb.DataType_DT_FLOAT:
		return fieldFloat
	case pb.DataType_DT_DOUBLE:
		return fieldDouble
	case pb.DataType_DT_INT8, pb.DataType_DT_INT16, pb.DataType_DT_INT32, pb.DataType_DT_UINT8, pb.DataType_DT_UINT16,
		pb.DataType_DT_QINT8, pb.DataType_DT_QINT16, pb.DataType_DT_QINT32, pb.DataType_DT_QUINT8,
		pb.DataType_DT_QUINT16, pb.DataType_DT_INT4, pb.DataType_DT_UINT4, pb.DataType_DT_INT2, pb.DataType_DT_UINT2:
		return fieldInt
	case pb.DataType_DT_STRING:
		return fieldString
	case pb.DataType_DT_COMPLEX64:
		return fieldComplex
	case pb.DataType_DT_INT64:
		return fieldInt64
	case pb.DataType_DT_BOOL:
		return fieldBool
	case pb.DataType_DT_COMPLEX128:
		return fieldDComplex
	case pb.DataType_DT_HALF, pb.DataType_DT_BFLOAT16:
		return fieldHalf
	case pb.DataType_DT_RESOURCE:
		return fieldHandle
	case pb.DataType_DT_VARIANT:
		return fieldVariant
	case pb.DataType_DT_UINT32:
		return fieldUint32
	case pb.DataType_DT_UINT64:
		return fieldUint64
	case pb.DataType_DT_FLOAT8_E5M2, pb.DataType_DT_FLOAT8_E4M3FN, pb.DataType_DT_FLOAT8_E4M3FNUZ,
		pb.DataType_DT_FLOAT8_E4M3B11FNUZ, pb.DataType_DT_FLOAT8_E5M2FNUZ, pb.DataType_DT_FLOAT4_E2M1FN:
		return fieldFloat8
	}
	return 0
}

// size is the bytes of an element in tensor_content; 0 for types that have no fixed size.
func (d DType) size() int {
	switch pb.DataType(d) {
	case pb.DataType_DT_HALF, pb.DataType_DT_BFLOAT16, pb.DataType_DT_INT16, pb.DataType_DT_UINT16,
		pb.DataType_DT_QINT16, pb.DataType_DT_QUINT16:
		return 2
	case pb.DataType_DT_FLOAT, pb.DataType_DT_INT32, pb.DataType_DT_UINT32, pb.DataType_DT_QINT32:
		return 4
	case pb.DataType_DT_DOUBLE, pb.DataType_DT_INT64, pb.DataType_DT_UINT64, pb.DataType_DT_COMPLEX64:
		return 8
	case pb.DataType_DT_COMPLEX128:
		return 16
	}
	switch d.field() {
	case fieldInt, fieldBool, fieldFloat8:
		return 1
	}
	return 0
}
