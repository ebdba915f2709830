package sniff

import (
	"encoding/binary"

	"google.golang.org/protobuf/encoding/protowire"
)

// visualDL reports whether a file begins as PaddlePaddle's VisualDL writes one
// (visualdl/writer/record_writer.py): the length of a record in eight bytes, and
// the record, without any CRC. A record is values in field 1, each with a tag in
// field 2.
func visualDL(head []byte, size int64) bool {
	const lengthBytes = 8
	if len(head) < lengthBytes {
		return false
	}
	n := binary.LittleEndian.Uint64(head)
	if n == 0 || n > uint64(len(head)-lengthBytes) {
		return false
	}
	record := head[lengthBytes : lengthBytes+n]
	for len(record) > 0 {
		field, typ, m := protowire.ConsumeTag(record)
		if m < 0 || field != 1 || typ != protowire.BytesType {
			return false
		}
		value, k := protowire.ConsumeBytes(record[m:])
		if k < 0 || !visualDLValue(value) {
			return false
		}
		record = record[m+k:]
	}
	return true
}

// visualDLValue reports whether b has the fields of a Record.Value: id, tag,
// timestamp, and one of those for what is logged.
func visualDLValue(b []byte) (tagged bool) {
	for len(b) > 0 {
		field, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return false
		}
		m := protowire.ConsumeFieldValue(field, typ, b[n:])
		if m < 0 {
			return false
		}
		switch field {
		case 1, 3:
			if typ != protowire.VarintType {
				return false
			}
		case 2:
			tagged = typ == protowire.BytesType
		default:
			if field > 31 {
				return false
			}
		}
		b = b[n+m:]
	}
	return tagged
}
