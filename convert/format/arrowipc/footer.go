package arrowipc

import flatbuffers "github.com/google/flatbuffers/go"

// metadataV5 is the version of the metadata that arrow v15 writes.
const metadataV5 = 4

// footer returns the footer of a file, a flatbuffer of Arrow's File.fbs: version, schema, and the blocks of the
// dictionaries and records.
//
// arrow makes the schema's flatbuffer only inside a message. All references in a flatbuffer are relative, so the whole
// message goes into the footer as bytes, and the footer refers to the schema inside it.
func footer(schemaMessage []byte, dictionaries, records []block) []byte {
	b := flatbuffers.NewBuilder(1024 + len(schemaMessage) + blockSize*(len(dictionaries)+len(records)))
	b.StartVector(1, len(schemaMessage), 8)
	for i := len(schemaMessage) - 1; i >= 0; i-- {
		b.PlaceByte(schemaMessage[i])
	}
	schema := b.Offset() - schemaPosition(schemaMessage)
	b.EndVector(len(schemaMessage))
	dictionaryBlocks := appendBlocks(b, dictionaries)
	recordBlocks := appendBlocks(b, records)
	b.StartObject(5)
	b.PrependInt16Slot(0, metadataV5, 0)
	b.PrependUOffsetTSlot(1, schema, 0)
	b.PrependUOffsetTSlot(2, dictionaryBlocks, 0)
	b.PrependUOffsetTSlot(3, recordBlocks, 0)
	b.Finish(b.EndObject())
	return b.FinishedBytes()
}

// schemaPosition returns where in a message the schema's table is.
func schemaPosition(message []byte) flatbuffers.UOffsetT {
	table := messageTable(message)
	return table.Indirect(table.Pos + flatbuffers.UOffsetT(table.Offset(8)))
}

// blockSize is the size of a Block of File.fbs: int64 offset, int32 length and 4 bytes of padding, int64 length.
const blockSize = 24

// appendBlocks adds a vector of blocks. A flatbuffer is built from its end, so the last goes first.
func appendBlocks(b *flatbuffers.Builder, blocks []block) flatbuffers.UOffsetT {
	b.StartVector(blockSize, len(blocks), 8)
	for i := len(blocks) - 1; i >= 0; i-- {
		b.Prep(8, blockSize)
		b.PrependInt64(blocks[i].body)
		b.Pad(4)
		b.PrependInt32(blocks[i].metadata)
		b.PrependInt64(blocks[i].offset)
	}
	return b.EndVector(len(blocks))
}
