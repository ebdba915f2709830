package parquet

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/apache/arrow/go/v15/parquet"
	"github.com/apache/arrow/go/v15/parquet/metadata"
	"github.com/apache/arrow/go/v15/parquet/schema"
)

// byteStreamSplit is the number of an encoding that arrow v15 has no name for.
const byteStreamSplit parquet.Encoding = 9

// A fileSchema is what is the same for all row groups of a file.
type fileSchema struct {
	schema      *schema.Schema
	properties  *parquet.WriterProperties
	compression Compression
	leaves      []leaf
	split       bool // floats in BYTE_STREAM_SPLIT
	byPayload   bool // row groups end by payload: there is a nested or binary column
}

// A leaf is one column of the file: a column of the records, or one of the values inside a nested one.
type leaf struct {
	column   int    // of the records
	path     []step // from that column to the leaf's own values
	encoding parquet.Encoding
	// maxDef and maxRep are the levels of a value that is there, and of one that goes on with the innermost list.
	maxDef, maxRep uint8
	binary         bool
}

// flat reports whether the leaf is neither in a list nor in a struct.
func (l *leaf) flat() bool { return len(l.path) == 1 }

// A step is one field on the way to a leaf's values.
type step struct {
	nullable bool
	nesting  nesting
	child    int // the next step's number among the fields of a struct
}

// A nesting is how a field holds the next one.
type nesting uint8

const (
	value nesting = iota // not at all: it is the last
	list
	group // a struct
)

func newFileSchema(s *arrow.Schema, o Options) (*fileSchema, error) {
	c := o.Compression
	if c < Zstd || c > None {
		return nil, fmt.Errorf("unknown compression %s", c)
	}
	fs := &fileSchema{compression: c, split: o.SplitFloats}
	options := []parquet.WriterProperty{parquet.WithVersion(parquet.V2_LATEST), parquet.WithCompression(c.codec())}
	var nodes schema.FieldList
	for i, f := range s.Fields() {
		node, err := fs.addField(f, f.Name, leaf{column: i}, &options, nil)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", f.Name, err)
		}
		nodes = append(nodes, node)
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, nodes, -1)
	if err != nil {
		return nil, err
	}
	fs.schema, fs.properties = schema.NewSchema(root), parquet.NewWriterProperties(options...)
	return fs, nil
}

// addField returns the schema node of a field and adds its leaves. way is the leaf as far as the field, and above are
// the names of the nodes that it is in.
func (fs *fileSchema) addField(
	f arrow.Field, name string, way leaf, options *[]parquet.WriterProperty, above parquet.ColumnPath,
) (schema.Node, error) {
	repetition := parquet.Repetitions.Required
	if f.Nullable {
		repetition = parquet.Repetitions.Optional
		way.maxDef++
	}
	here := append(slices.Clip(above), name)
	next := func(n nesting, child int) leaf {
		way := way
		way.path = append(slices.Clip(way.path), step{f.Nullable, n, child})
		return way
	}
	switch t := f.Type.(type) {
	case *arrow.ListType:
		fs.byPayload = true
		way := next(list, 0)
		way.maxDef++
		way.maxRep++
		element, err := fs.addField(t.ElemField(), "element", way, options, append(here, "list"))
		if err != nil {
			return nil, err
		}
		repeated, err := schema.NewGroupNode("list", parquet.Repetitions.Repeated, schema.FieldList{element}, -1)
		if err != nil {
			return nil, err
		}
		return schema.NewGroupNodeLogical(name, repetition, schema.FieldList{repeated}, schema.NewListLogicalType(), -1)
	case *arrow.StructType:
		fs.byPayload = true
		var nodes schema.FieldList
		if len(t.Fields()) == 0 {
			return nil, errors.New("a struct without fields is not written to Parquet")
		}
		for i, child := range t.Fields() {
			node, err := fs.addField(child, child.Name, next(group, i), options, here)
			if err != nil {
				return nil, err
			}
			nodes = append(nodes, node)
		}
		return schema.NewGroupNode(name, repetition, nodes, -1)
	}
	return fs.addLeaf(f, next(value, 0), options, here, repetition)
}

// addLeaf returns the schema node of a leaf and adds it.
func (fs *fileSchema) addLeaf(
	f arrow.Field, l leaf, options *[]parquet.WriterProperty, here parquet.ColumnPath, r parquet.Repetition,
) (schema.Node, error) {
	logical, physical, encoding, ok := leafType(f.Type)
	if !ok {
		return nil, fmt.Errorf("type %s is not written to Parquet", f.Type)
	}
	l.encoding, l.binary = encoding, f.Type.ID() == arrow.BINARY
	if fs.split && f.Type.ID() == arrow.FLOAT64 {
		l.encoding = byteStreamSplit
	}
	*options = append(*options, parquet.WithEncodingPath(here, plainIfDictionary(l.encoding)))
	if l.binary {
		fs.byPayload = true
		*options = append(*options, parquet.WithCompressionPath(here, None.codec()))
	}
	fs.leaves = append(fs.leaves, l)
	return schema.NewPrimitiveNodeLogical(here[len(here)-1], r, logical, physical, -1, -1)
}

// plainIfDictionary is the encoding that arrow's properties want to hear: they know dictionaries by another option.
func plainIfDictionary(e parquet.Encoding) parquet.Encoding {
	if e == parquet.Encodings.RLEDict {
		return parquet.Encodings.Plain
	}
	return e
}

// leafType returns how the values of a type are written, and false if they are not.
func leafType(t arrow.DataType) (schema.LogicalType, parquet.Type, parquet.Encoding, bool) {
	plain, deltas := parquet.Encodings.Plain, parquet.Encodings.DeltaBinaryPacked
	switch {
	case t.ID() == arrow.STRING:
		return schema.StringLogicalType{}, parquet.Types.ByteArray, plain, true
	case isDictionary(t):
		return schema.StringLogicalType{}, parquet.Types.ByteArray, parquet.Encodings.RLEDict, true
	case t.ID() == arrow.BINARY:
		return schema.NoLogicalType{}, parquet.Types.ByteArray, plain, true
	case t.ID() == arrow.INT64:
		return schema.NoLogicalType{}, parquet.Types.Int64, deltas, true
	case arrow.TypeEqual(t, arrow.FixedWidthTypes.Timestamp_us):
		return schema.NewTimestampLogicalType(true, schema.TimeUnitMicros), parquet.Types.Int64, deltas, true
	case t.ID() == arrow.INT32:
		return schema.NoLogicalType{}, parquet.Types.Int32, plain, true
	case t.ID() == arrow.FLOAT64:
		return schema.NoLogicalType{}, parquet.Types.Double, plain, true
	case t.ID() == arrow.BOOL:
		return schema.NoLogicalType{}, parquet.Types.Boolean, plain, true
	}
	return nil, 0, 0, false
}

func isDictionary(t arrow.DataType) bool {
	d, ok := t.(*arrow.DictionaryType)
	return ok && d.ValueType.ID() == arrow.STRING
}

// keyValues returns the footer's metadata: the caller's, that of the Arrow schema, and the schema itself in the form in
// which pyarrow, pandas and polars look for it, so that they give back dictionaries as such.
func keyValues(s *arrow.Schema, pairs []KeyValue) (metadata.KeyValueMetadata, error) {
	kv := metadata.NewKeyValueMetadata()
	for _, p := range pairs {
		if err := kv.Append(p.Key, p.Value); err != nil {
			return nil, err
		}
	}
	of := s.Metadata()
	for i, key := range of.Keys() {
		if err := kv.Append(key, of.Values()[i]); err != nil {
			return nil, err
		}
	}
	var message bytes.Buffer
	if err := ipc.NewWriter(&message, ipc.WithSchema(s)).Close(); err != nil {
		return nil, err
	}
	err := kv.Append("ARROW:schema", base64.StdEncoding.EncodeToString(message.Bytes()))
	return kv, err
}
