package tensor

import (
	"fmt"
	"math/bits"
)

// A Tensor is an encoded TensorProto, looked through: its type and shape, and where its elements are. It keeps the
// bytes that it was decoded from, and none besides where they hold the elements as they are in memory (tensor_content,
// and strings).
type Tensor struct {
	DType DType
	Shape []int64 // sizes of the dimensions, none negative; empty for one element alone

	n       int      // elements
	fixed   []byte   // elements of a type of fixed size, little-endian: n of them, or one that stands for all
	wide    bool     // fixed are float32, though the type is half or bfloat16
	strings [][]byte // elements of string, resource and variant: n, or one that stands for all
	encoded []byte
}

// MostRepeated is how many elements of a tensor one stored element may stand for.
const MostRepeated = 1 << 20

// mostRepeatedBytes is how many bytes strings may take for which one string stands.
const mostRepeatedBytes = 16 << 20

// mostDimensions is TensorFlow's own limit of a tensor's rank.
const mostDimensions = 254

// Decode looks through an encoded TensorProto. Elements are those of tensor_content, in which strings stand behind the
// lengths of all of them, else of the typed field of their type, where one element may stand for all; a tensor without
// a shape, or of unknown rank, has one dimension, or none if it is one element. It fails where the bytes are no
// TensorProto, and where shape and elements contradict each other. Elements of a type that nobody knows are not looked
// at, nor those of resources and variants.
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
	case t.opaque(f):
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
	if err != nil {
		return Tensor{}, err
	}
	if t.n == 0 {
		t.fixed, t.strings = nil, nil
	}
	if len(t.strings) == 1 && t.n > 1 && len(t.strings[0]) > mostRepeatedBytes/t.n {
		return Tensor{}, fmt.Errorf("one string of %d bytes for %d elements", len(t.strings[0]), t.n)
	}
	return t, nil
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
	case len(f.content) > 0 && t.IsString():
		t.strings, err = listed(f.content, f.dims)
		return len(t.strings), err
	case t.DType.field() == fieldHalf:
		t.fixed, t.wide = halves(b)
	case size > 0:
		if t.fixed, err = typed(b, t.DType); err != nil {
			return 0, err
		}
	case !t.opaque(f):
		t.strings = texts(b, t.DType)
		return len(t.strings), nil
	default:
		return 0, nil
	}
	return len(t.fixed) / t.size(), nil
}

// size is the bytes of an element of fixed.
func (t *Tensor) size() int {
	if t.wide {
		return 4
	}
	return t.DType.size()
}

// count is the number of elements of a shape, of which so many are stored.
func count(dims []int64, stored int) (int, error) {
	n, err := product(dims)
	switch {
	case err != nil:
		return 0, err
	case n == uint64(stored):
		return stored, nil
	case stored == 1 && n <= MostRepeated: // n is 0 in TensorBoard's own null tensor
		return int(n), nil
	case stored == 1:
		return 0, fmt.Errorf("one element for the %d of the shape %v", n, dims)
	}
	return 0, fmt.Errorf("%d elements, but the shape %v is one of %d", stored, dims, n)
}

// product is the number of elements of a shape.
func product(dims []int64) (uint64, error) {
	n := uint64(1)
	for _, d := range dims {
		if d == 0 {
			return 0, nil
		}
		high, low := bits.Mul64(n, uint64(d))
		if d < 0 || high > 0 || low > 1<<62 {
			return 0, fmt.Errorf("no tensor has the shape %v", dims)
		}
		n = low
	}
	return n, nil
}

// Len is the number of elements: the product of the shape. It is 0 where nobody knows how they stand in the bytes: in
// a type that is not defined, and in resources and variants of tensor_content, where TF2 puts them in a form of its
// own.
func (t *Tensor) Len() int { return t.n }

func (t *Tensor) opaque(f fields) bool {
	return t.DType.field() == 0 || t.DType.size() == 0 && !t.IsString() && len(f.content) > 0
}

// Bytes is what the numbers of the tensor are in memory, little-endian and in row-major order: complex numbers as real
// and imaginary part, types of less than a byte in a byte each. Of resources, variants and types that nobody knows, of
// strings of which one is not UTF-8, and of halfs that torch wrote and that are none, it is the encoded TensorProto; of
// other strings nil: Strings has all of them.
func (t *Tensor) Bytes() []byte {
	stored, size := t.fixed, t.DType.size()
	if t.wide {
		var ok bool
		if stored, ok = narrowed(t.fixed, t.DType); !ok {
			return t.encoded
		}
	}
	switch {
	case t.IsString() && t.utf8():
		return nil
	case size == 0:
		return t.encoded
	case len(stored) == t.n*size:
		return stored
	}
	all := make([]byte, 0, t.n*size)
	for range t.n {
		all = append(all, stored...)
	}
	return all
}
