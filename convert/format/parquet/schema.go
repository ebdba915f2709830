package parquet

import (
	"bytes"
	"encoding/base64"
	"fmt"

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
	encodings   []parquet.Encoding // of each column's data pages
}

func newFileSchema(s *arrow.Schema, o Options) (*fileSchema, error) {
	c := o.Compression
	if c < Zstd || c > None {
		return nil, fmt.Errorf("unknown compression %s", c)
	}
	l := &fileSchema{compression: c}
	options := []parquet.WriterProperty{parquet.WithVersion(parquet.V2_LATEST), parquet.WithCompression(c.codec())}
	var nodes schema.FieldList
	for _, f := range s.Fields() {
		node, encoding, err := column(f)
		if err != nil {
			return nil, err
		}
		if o.SplitFloats && f.Type.ID() == arrow.FLOAT64 {
			encoding = byteStreamSplit
		}
		nodes, l.encodings = append(nodes, node), append(l.encodings, encoding)
		options = append(options, parquet.WithEncodingPath(parquet.ColumnPath{f.Name}, plainIfDictionary(encoding)))
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, nodes, -1)
	if err != nil {
		return nil, err
	}
	l.schema, l.properties = schema.NewSchema(root), parquet.NewWriterProperties(options...)
	return l, nil
}

// plainIfDictionary is the encoding that arrow's properties want to hear: they know dictionaries by another option.
func plainIfDictionary(e parquet.Encoding) parquet.Encoding {
	if e == parquet.Encodings.RLEDict {
		return parquet.Encodings.Plain
	}
	return e
}

// column returns the schema node of a field and the encoding of its values.
func column(f arrow.Field) (schema.Node, parquet.Encoding, error) {
	var (
		logical  schema.LogicalType = schema.NoLogicalType{}
		physical parquet.Type
		encoding = parquet.Encodings.Plain
	)
	switch t := f.Type; {
	case t.ID() == arrow.STRING:
		logical, physical = schema.StringLogicalType{}, parquet.Types.ByteArray
	case isDictionary(t):
		logical, physical, encoding = schema.StringLogicalType{}, parquet.Types.ByteArray, parquet.Encodings.RLEDict
	case t.ID() == arrow.INT64:
		physical, encoding = parquet.Types.Int64, parquet.Encodings.DeltaBinaryPacked
	case arrow.TypeEqual(t, arrow.FixedWidthTypes.Timestamp_us):
		logical = schema.NewTimestampLogicalType(true, schema.TimeUnitMicros)
		physical, encoding = parquet.Types.Int64, parquet.Encodings.DeltaBinaryPacked
	case t.ID() == arrow.INT32:
		physical = parquet.Types.Int32
	case t.ID() == arrow.FLOAT64:
		physical = parquet.Types.Double
	case t.ID() == arrow.BOOL:
		physical = parquet.Types.Boolean
	default:
		return nil, 0, fmt.Errorf("column %s: type %s is not written to Parquet", f.Name, t)
	}
	repetition := parquet.Repetitions.Required
	if f.Nullable {
		repetition = parquet.Repetitions.Optional
	}
	node, err := schema.NewPrimitiveNodeLogical(f.Name, repetition, logical, physical, -1, -1)
	return node, encoding, err
}

func isDictionary(t arrow.DataType) bool {
	d, ok := t.(*arrow.DictionaryType)
	return ok && d.ValueType.ID() == arrow.STRING
}

// keyValues returns the footer's metadata: the caller's, and the Arrow schema in the form in which pyarrow, pandas and
// polars look for it, so that they give back dictionaries as such.
func keyValues(s *arrow.Schema, pairs []KeyValue) (metadata.KeyValueMetadata, error) {
	kv := metadata.NewKeyValueMetadata()
	for _, p := range pairs {
		if err := kv.Append(p.Key, p.Value); err != nil {
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
