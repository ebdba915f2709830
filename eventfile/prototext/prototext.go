// Package prototext writes encoded events as protobuf text.
package prototext

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	pb "tbexport/proto"
)

// Append appends an encoded event as protobuf text, its fields in the
// order of the record and with unknown ones by their numbers, which is what
// protoc --decode would print. (Package prototext adds spaces at random, and
// knows no unknown fields by name.) Bytes that are broken come last, as a
// comment.
func Append(text, raw []byte) []byte {
	return appendMessage(text, raw, (*pb.Event)(nil).ProtoReflect().Descriptor(), 0)
}

func appendMessage(text, raw []byte, m protoreflect.MessageDescriptor, depth int) []byte {
	indent := strings.Repeat("  ", depth)
	for len(raw) > 0 {
		num, typ, n := protowire.ConsumeTag(raw)
		size := -1
		if n >= 0 {
			size = protowire.ConsumeFieldValue(num, typ, raw[n:])
		}
		if size < 0 {
			return fmt.Appendf(text, "%s# undecodable: %s\n", indent, quoteBytes(raw))
		}
		text = append(text, indent...)
		text = appendField(text, num, typ, raw[n:n+size], m, depth)
		raw = raw[n+size:]
	}
	return text
}

func appendField(text []byte, num protowire.Number, typ protowire.Type, b []byte, m protoreflect.MessageDescriptor,
	depth int) []byte {
	var f protoreflect.FieldDescriptor
	name := strconv.Itoa(int(num))
	if m != nil {
		if f = m.Fields().ByNumber(num); f != nil {
			name = string(f.Name())
		}
	}
	text = append(text, name...)
	if typ == protowire.BytesType {
		body, _ := protowire.ConsumeBytes(b)
		return appendBytes(text, body, f, depth)
	}
	return append(append(append(text, ": "...), numberText(typ, b, f)...), '\n')
}

func appendBytes(text, body []byte, f protoreflect.FieldDescriptor, depth int) []byte {
	if inner := messageOf(f); inner != nil {
		text = append(text, " {\n"...)
		text = appendMessage(text, body, inner, depth+1)
		return append(append(text, strings.Repeat("  ", depth)...), "}\n"...)
	}
	if f != nil && f.IsPacked() {
		return append(append(append(text, ": "...), packedText(body, f)...), '\n')
	}
	return append(append(append(text, ": "...), quoteBytes(body)...), '\n')
}

// messageOf is the message that a field holds, or nil. A summary's tensor is
// bytes to the reader, as it is decoded late, but a message in the text.
func messageOf(f protoreflect.FieldDescriptor) protoreflect.MessageDescriptor {
	switch {
	case f == nil:
		return nil
	case f.FullName() == "tbexport.Summary.Value.tensor":
		return (*pb.TensorProto)(nil).ProtoReflect().Descriptor()
	}
	return f.Message()
}

// numberText is a number as its field's type says, or for an unknown field as
// protoc --decode_raw prints it.
func numberText(typ protowire.Type, b []byte, f protoreflect.FieldDescriptor) string {
	switch typ {
	case protowire.VarintType:
		x, _ := protowire.ConsumeVarint(b)
		return varintText(x, f)
	case protowire.Fixed32Type:
		x, _ := protowire.ConsumeFixed32(b)
		if f != nil && f.Kind() == protoreflect.FloatKind {
			return floatText(float64(math.Float32frombits(x)), 32)
		}
		return fmt.Sprintf("0x%08x", x)
	case protowire.Fixed64Type:
		x, _ := protowire.ConsumeFixed64(b)
		if f != nil && f.Kind() == protoreflect.DoubleKind {
			return floatText(math.Float64frombits(x), 64)
		}
		return fmt.Sprintf("0x%016x", x)
	}
	return quoteBytes(b) // a group, which no writer of event files writes
}

func varintText(x uint64, f protoreflect.FieldDescriptor) string {
	if f == nil {
		return strconv.FormatUint(x, 10)
	}
	switch f.Kind() {
	case protoreflect.BoolKind:
		return strconv.FormatBool(x != 0)
	case protoreflect.EnumKind:
		if v := f.Enum().Values().ByNumber(protoreflect.EnumNumber(x)); v != nil {
			return string(v.Name())
		}
		return strconv.FormatInt(int64(int32(x)), 10)
	case protoreflect.Int32Kind:
		return strconv.FormatInt(int64(int32(x)), 10)
	case protoreflect.Int64Kind:
		return strconv.FormatInt(int64(x), 10)
	}
	return strconv.FormatUint(x, 10)
}

// packedText is the numbers of a packed field, as a list.
func packedText(body []byte, f protoreflect.FieldDescriptor) string {
	typ := protowire.VarintType
	switch f.Kind() {
	case protoreflect.FloatKind:
		typ = protowire.Fixed32Type
	case protoreflect.DoubleKind:
		typ = protowire.Fixed64Type
	}
	var words []string
	for b := body; len(b) > 0; {
		n := protowire.ConsumeFieldValue(f.Number(), typ, b)
		if n < 0 {
			return quoteBytes(body)
		}
		words = append(words, numberText(typ, b[:n], f))
		b = b[n:]
	}
	return "[" + strings.Join(words, ", ") + "]"
}

func floatText(x float64, bits int) string {
	switch {
	case math.IsNaN(x):
		return "nan"
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	}
	return strconv.FormatFloat(x, 'g', -1, bits)
}

// quoteBytes is bytes as protobuf text has them: ASCII, and the rest in octal.
func quoteBytes(b []byte) string {
	quoted := make([]byte, 0, len(b)+2)
	quoted = append(quoted, '"')
	for _, c := range b {
		switch {
		case c == '"' || c == '\\':
			quoted = append(quoted, '\\', c)
		case c == '\n':
			quoted = append(quoted, `\n`...)
		case c < 0x20 || c >= 0x7f:
			quoted = fmt.Appendf(quoted, `\%03o`, c)
		default:
			quoted = append(quoted, c)
		}
	}
	return string(append(quoted, '"'))
}
