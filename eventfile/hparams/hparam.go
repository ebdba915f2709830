package hparams

import (
	"encoding/json"
	"math"
	"strconv"

	pb "tbexport/proto"
)

// Kind is the kind of an hparam's value.
type Kind uint8

// The kinds of google.protobuf.Value. TensorBoard knows numbers, strings and
// bools; the others are tolerated. A value of no kind is null too.
const (
	Null Kind = iota
	Number
	String
	Bool
	List
	Struct
)

func (k Kind) String() string {
	return [...]string{"null", "number", "string", "bool", "list", "struct"}[k]
}

// HParam is one setting of a run.
type HParam struct {
	Name   string // valid UTF-8
	Kind   Kind
	Number float64 // of Number; any float64
	Bool   bool    // of Bool
	Text   string  // of String, and of List and Struct as JSON; valid UTF-8
}

// String gives the value as text, as Python's str would for what the user
// logged: numbers in the shortest form that reads back as the same float64,
// those that are integers (all numbers are doubles in the files) without a
// fraction, True and False. A null is empty.
func (h HParam) String() string {
	switch h.Kind {
	case Number:
		return formatNumber(h.Number)
	case Bool:
		if h.Bool {
			return "True"
		}
		return "False"
	}
	return h.Text
}

// equal takes two NaNs for the same.
func (h HParam) equal(o HParam) bool {
	if math.IsNaN(h.Number) && math.IsNaN(o.Number) {
		h.Number, o.Number = 0, 0
	}
	return h == o
}

// formatNumber follows Python's repr, but for the ".0" of integers. From 1e16
// on it writes exponents, as Python does, and no digits that mean nothing.
func formatNumber(v float64) string {
	switch size := math.Abs(v); {
	case v != v:
		return "NaN"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	case v == 0 && math.Signbit(v):
		return "-0.0"
	case size >= 1e16 || size < 1e-4 && size != 0:
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func newHParam(name string, v *pb.Value) HParam {
	h := HParam{Name: name}
	switch k := v.GetKind().(type) {
	case *pb.Value_NumberValue:
		h.Kind, h.Number = Number, k.NumberValue
	case *pb.Value_StringValue:
		h.Kind, h.Text = String, validText(k.StringValue)
	case *pb.Value_BoolValue:
		h.Kind, h.Bool = Bool, k.BoolValue
	case *pb.Value_ListValue:
		h.Kind, h.Text = List, jsonText(v)
	case *pb.Value_StructValue:
		h.Kind, h.Text = Struct, jsonText(v)
	}
	return h
}

// jsonText gives a list or struct as JSON, members by name.
func jsonText(v *pb.Value) string {
	b, err := json.Marshal(jsonValue(v))
	if err != nil {
		return "" // jsonValue makes nothing that JSON cannot say
	}
	return string(b)
}

// jsonValue makes what encoding/json writes as v. Numbers that JSON has no
// digits for become the strings "NaN", "Infinity" and "-Infinity".
func jsonValue(v *pb.Value) any {
	switch k := v.GetKind().(type) {
	case *pb.Value_NumberValue:
		switch x := k.NumberValue; {
		case math.IsNaN(x):
			return "NaN"
		case math.IsInf(x, 1):
			return "Infinity"
		case math.IsInf(x, -1):
			return "-Infinity"
		default:
			return x
		}
	case *pb.Value_StringValue:
		return validText(k.StringValue)
	case *pb.Value_BoolValue:
		return k.BoolValue
	case *pb.Value_ListValue:
		list := []any{}
		for _, e := range k.ListValue.Values {
			list = append(list, jsonValue(e))
		}
		return list
	case *pb.Value_StructValue:
		members := map[string]any{}
		for _, f := range k.StructValue.Fields {
			members[validText(f.Name)] = jsonValue(f.Value)
		}
		return members
	}
	return nil
}
