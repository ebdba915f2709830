package tensor

import (
	"errors"
	"fmt"
	"math/bits"
)

// A Tensor is an encoded TensorProto, looked through: its type and shape, and where its elements are. It keeps the bytes
// that it was decoded from, and none besides where they hold the elements as they are in memory (tensor_content, and
// strings).
type Tensor struct {
	DType DType
	Shape []int64 // sizes of the dimensions, none negative; empty for one element alone

	n       int      // elements
	fixed   []byte   // elements of a type of fixed size, little-endian: n of them, or one that stands for all
	strings [][]byte // elements of string, resource and variant: n, or one that stands for all
	encoded []byte
}

// MostRepeated is how many elements of a tensor one stored element may stand for.
const MostRepeated = 1 << 20

// mostDimensions is TensorFlow's own limit of a tensor's rank.
const mostDimensions = 254

var errUndecodable = errors.New("undecodable tensor")

// Decode looks through an encoded TensorProto. Elements are those of tensor_content, else of the typed field of their
// type, where one element may stand for all; a tensor without a shape, or of unknown rank, has one dimension, or none
// if it is one element. It fails where the bytes are no TensorProto, and where shape and elements contradict each other.
// Elements of a type that nobody knows are not looked at.
func Decode(b []byte) (Tensor, error) {
	f, err := scan(b)
	if err != nil {
		return Tensor{}, err
	}
	t := Tensor{DType: f.dtype, encoded: b}
	stored, err := t.elements(b, f)
	if err != nil {
		return Tensor{}, err
	}
	switch {
	case !t.known():
		t.Shape = f.dims
	case f.ranked:
		t.Shape = f.dims
		t.n, err = count(f.dims, stored)
	default:
		t.n = stored
		if stored != 1 {
			t.Shape = []int64{int64(stored)}
		}
	}
	if t.Shape == nil {
		t.Shape = []int64{}
	}
	if t.n == 0 {
		t.fixed, t.strings = nil, nil
	}
	return t, err
}

// elements finds the elements, and gives how many there are in b.
func (t *Tensor) elements(b []byte, f fields) (stored int, err error) {
	size := t.DType.size()
	switch {
	case len(f.content) > 0 && size > 0:
		if len(f.content)%size != 0 {
			return 0, fmt.Errorf("%d bytes are no whole number of elements of %s", len(f.content), t.DType)
		}
		t.fixed = f.content
	case len(f.content) > 0 && t.known():
		return 0, fmt.Errorf("elements of %s do not stand in tensor_content", t.DType)
	case size > 0:
		if t.fixed, err = typed(b, t.DType); err != nil {
			return 0, err
		}
	default:
		t.strings = texts(b, t.DType)
		return len(t.strings), nil
	}
	return len(t.fixed) / size, nil
}

// count is the number of elements of a shape, of which so many are stored.
func count(dims []int64, stored int) (int, error) {
	n := uint64(1)
	for _, d := range dims {
		if d == 0 {
			n = 0
			break
		}
		high, low := bits.Mul64(n, uint64(d))
		if d < 0 || high > 0 || low > 1<<62 {
			return 0, fmt.Errorf("no tensor has the shape %v", dims)
		}
		n = low
	}
	switch {
	case n == uint64(stored):
		return stored, nil
	case stored == 1 && n <= MostRepeated: // n is 0 in TensorBoard's own null tensor
		return int(n), nil
	case stored == 1:
		return 0, fmt.Errorf("one element for the %d of the shape %v", n, dims)
	}
	return 0, fmt.Errorf("%d elements, but the shape %v is one of %d", stored, dims, n)
}

// Len is the number of elements: the product of the shape. It is 0 for a type that nobody knows.
func (t *Tensor) Len() int { return t.n }

// known reports whether it is known how elements of the type stand in a TensorProto.
func (t *Tensor) known() bool { return t.DType.field() != 0 }

// Bytes is what the numbers of the tensor are in memory, little-endian and in row-major order: complex numbers as real
// and imaginary part, types of less than a byte in a byte each. Of resources, variants and types that nobody knows, and
// of strings of which one is not UTF-8, it is the encoded TensorProto; of other strings nil: Strings has all of them.
func (t *Tensor) Bytes() []byte {
	size := t.DType.size()
	switch {
	case t.IsString() && t.utf8():
		return nil
	case size == 0:
		return t.encoded
	case len(t.fixed) == t.n*size:
		return t.fixed
	}
	all := make([]byte, 0, t.n*size)
	for range t.n {
		all = append(all, t.fixed...)
	}
	return all
}
