package arrowipc

import (
	"encoding/binary"
	"io"

	"github.com/apache/arrow/go/v15/arrow/ipc"
	flatbuffers "github.com/google/flatbuffers/go"
)

// A kind says what a message is: the header type of Arrow's Message.fbs.
type kind byte

const (
	schemaKind     kind = 1
	dictionaryKind kind = 2
	recordKind     kind = 3
)

// A block is where a message stands in the file.
type block struct {
	offset   int64
	metadata int32 // length of the message's metadata, with prefix and padding
	body     int64
}

// messages writes the messages of a file and remembers what its footer needs to know of them.
type messages struct {
	w                     io.Writer
	n                     int64
	schema                []byte // the schema's message, without prefix
	dictionaries, records []block
}

// recordMessages takes the schema and the records that arrow writes, and drops the dictionaries.
type recordMessages struct{ *messages }

// WritePayload writes one message.
func (m recordMessages) WritePayload(p ipc.Payload) error {
	switch k, metadata := message(p); k {
	case schemaKind:
		return m.start(metadata)
	case recordKind:
		b, err := m.append(metadata, p)
		m.messages.records = append(m.messages.records, b)
		return err
	}
	return nil
}

// dictionaryMessages takes the dictionaries that arrow writes, and the schema if none is there yet.
type dictionaryMessages struct{ *messages }

// WritePayload writes one message.
func (m dictionaryMessages) WritePayload(p ipc.Payload) error {
	switch k, metadata := message(p); {
	case k == schemaKind && m.schema == nil:
		return m.start(metadata)
	case k == dictionaryKind:
		b, err := m.append(metadata, p)
		m.messages.dictionaries = append(m.messages.dictionaries, b)
		return err
	}
	return nil
}

// Start does nothing: the schema's message starts the file.
func (m *messages) Start() error { return nil }

// Close does nothing: endMessages ends the messages.
func (m *messages) Close() error { return nil }

// message returns the kind of a message and its metadata.
func message(p ipc.Payload) (kind, []byte) {
	meta := p.Meta()
	defer meta.Release()
	metadata := meta.Bytes()
	return kind(messageTable(metadata).GetByteSlot(6, 0)), metadata
}

func messageTable(metadata []byte) *flatbuffers.Table {
	return &flatbuffers.Table{Bytes: metadata, Pos: flatbuffers.GetUOffsetT(metadata)}
}

// start writes the magic and the schema.
func (m *messages) start(metadata []byte) error {
	m.schema = append([]byte(nil), metadata...)
	if err := m.write([]byte(magic + "\x00\x00")); err != nil {
		return err
	}
	return m.writeMetadata(metadata)
}

// append writes a message and returns where.
func (m *messages) append(metadata []byte, p ipc.Payload) (block, error) {
	b := block{offset: m.n}
	if err := m.writeMetadata(metadata); err != nil {
		return b, err
	}
	b.metadata = int32(m.n - b.offset)
	start := m.n
	err := p.SerializeBody(m)
	b.body = m.n - start
	return b, err
}

// writeMetadata writes the metadata of a message after the marks that begin one, filled up to 8 bytes.
func (m *messages) writeMetadata(metadata []byte) error {
	padded := (len(metadata) + 7) / 8 * 8
	prefix := binary.LittleEndian.AppendUint32(nil, 0xffffffff)
	prefix = binary.LittleEndian.AppendUint32(prefix, uint32(padded))
	text := append(append(prefix, metadata...), make([]byte, padded-len(metadata))...)
	return m.write(text)
}

// endMessages writes the mark after the last message.
func (m *messages) endMessages() error { return m.write([]byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}) }

func (m *messages) write(p []byte) error {
	_, err := m.Write(p)
	return err
}

// Write writes and counts.
func (m *messages) Write(p []byte) (int, error) {
	n, err := m.w.Write(p)
	m.n += int64(n)
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	return n, err
}
