package extract

import (
	"encoding/binary"
	"fmt"
	"strings"

	"tbexport/eventfile/tensor"
)

// npyTypes are the types that numpy has, by TensorFlow's names, in numpy's.
func npyType(dtype string) (descr string, size int) {
	switch dtype {
	case "bool":
		return "|b1", 1
	case "int8":
		return "|i1", 1
	case "uint8":
		return "|u1", 1
	case "int16":
		return "<i2", 2
	case "uint16":
		return "<u2", 2
	case "int32":
		return "<i4", 4
	case "uint32":
		return "<u4", 4
	case "int64":
		return "<i8", 8
	case "uint64":
		return "<u8", 8
	case "float16":
		return "<f2", 2
	case "float32":
		return "<f4", 4
	case "float64":
		return "<f8", 8
	case "complex64":
		return "<c8", 8
	case "complex128":
		return "<c16", 16
	}
	return "", 0
}

// npyHeader is what stands before the elements of an array in numpy's format,
// version 1.0 (numpy.lib.format); ok is false for types that numpy does not have,
// and for a tensor whose elements are not at hand.
func npyHeader(t *tensor.Tensor) (header []byte, ok bool) {
	descr, size := npyType(t.DType.String())
	if size == 0 || len(t.Bytes()) != t.Len()*size {
		return nil, false
	}
	var shape strings.Builder
	for _, n := range t.Shape {
		fmt.Fprintf(&shape, "%d,", n)
	}
	const magic, align = "\x93NUMPY\x01\x00", 64
	dict := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, shape.String())
	if len(magic)+2+len(dict)+align > 1<<16 {
		return nil, false
	}
	length := len(magic) + 2 + len(dict) + 1
	padding := (align - length%align) % align
	dict += strings.Repeat(" ", padding) + "\n"
	header = append(header, magic...)
	header = binary.LittleEndian.AppendUint16(header, uint16(len(dict)))
	return append(header, dict...), true
}
