package tensor

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"

	pb "tbexport/proto"
)

// IsString reports whether the elements are strings.
func (t *Tensor) IsString() bool { return pb.DataType(t.DType) == pb.DataType_DT_STRING }

// RawStrings gives the elements of a tensor of strings, in row-major order and as parts of what was decoded. It is nil
// for every other type.
func (t *Tensor) RawStrings() [][]byte {
	if !t.IsString() {
		return nil
	}
	if len(t.strings) == t.n {
		return t.strings
	}
	all := make([][]byte, t.n)
	for i := range all {
		all[i] = t.strings[0]
	}
	return all
}

// Strings gives the elements of a tensor of strings as UTF-8: a byte that is not becomes U+FFFD. It is nil for every
// other type.
func (t *Tensor) Strings() []string {
	if !t.IsString() {
		return nil
	}
	all := make([]string, t.n)
	for i, s := range t.strings {
		all[i] = UTF8(s)
	}
	if len(t.strings) < t.n {
		for i := range all {
			all[i] = all[0]
		}
	}
	return all
}

// UTF8Bytes gives the elements of a tensor of strings as Strings does. Those that are UTF-8 are not copied: they stand
// in what the tensor was decoded from.
func (t *Tensor) UTF8Bytes() [][]byte {
	all := t.RawStrings()
	for i, s := range all {
		if !utf8.Valid(s) {
			all = slices.Clone(all)
			for j, s := range all[i:] {
				if !utf8.Valid(s) {
					all[i+j] = []byte(UTF8(s))
				}
			}
			break
		}
	}
	return all
}

// UTF8 is a text as UTF-8: each byte that is not becomes U+FFFD.
func UTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return string([]rune(string(b)))
}

// utf8 reports whether all strings are UTF-8.
func (t *Tensor) utf8() bool {
	for _, s := range t.strings {
		if !utf8.Valid(s) {
			return false
		}
	}
	return true
}

// texts finds the elements of a type of no fixed size.
func texts(b []byte, d DType) (all [][]byte) {
	field := d.field()
	if field == 0 {
		return nil
	}
	_ = each(b, func(num protowire.Number, typ protowire.Type, body []byte) error { // scan has read it once
		if num == field && typ == protowire.BytesType {
			all = append(all, body)
		}
		return nil
	})
	return all
}

// listed finds the strings of a shape in tensor_content: the lengths of all, as varints, and then their bytes
// (EncodeStringList in tensorflow/core/platform/tensor_coding.cc). The writer of tf.contrib.summary.generic puts them
// there.
func listed(content []byte, dims []int64) ([][]byte, error) {
	n, err := product(dims)
	if err != nil {
		return nil, err
	}
	rest := content
	if n > uint64(len(content)) { // a length takes a byte or more
		return nil, fmt.Errorf("%d bytes hold no %d strings", len(content), n)
	}
	all, sizes := make([][]byte, n), make([]uint64, n)
	for i := range sizes {
		size, length := protowire.ConsumeVarint(rest)
		if length < 0 {
			return nil, errors.New("tensor_content ends among the lengths of its strings")
		}
		sizes[i], rest = size, rest[length:]
	}
	for i, size := range sizes {
		if size > uint64(len(rest)) {
			return nil, errors.New("tensor_content ends inside a string")
		}
		all[i], rest = rest[:size:size], rest[size:]
	}
	if len(rest) > 0 {
		return nil, fmt.Errorf("%d bytes too many behind the strings of tensor_content", len(rest))
	}
	return all, nil
}
