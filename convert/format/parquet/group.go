package parquet

import (
	"math"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/parquet/metadata"
)

// A groupEncoder encodes row groups, one after the other, the columns of each in parallel.
type groupEncoder struct {
	schema  *fileSchema
	workers []*chunkEncoder
	chunks  []chunk // one a column; their memory serves all row groups
	ordinal int
}

func newGroupEncoder(l *fileSchema, o Options) *groupEncoder {
	g := &groupEncoder{schema: l, chunks: make([]chunk, len(l.encodings))}
	for range min(o.Workers, len(g.chunks)) {
		g.workers = append(g.workers, newChunkEncoder(l))
	}
	return g
}

// encode writes a record as a row group and describes it in meta.
func (g *groupEncoder) encode(rec arrow.Record, meta *metadata.RowGroupMetaDataBuilder, out *countingWriter) error {
	metas := make([]*metadata.ColumnChunkMetaDataBuilder, len(g.chunks))
	for i := range metas {
		metas[i] = meta.NextColumnChunk()
	}
	if err := g.encodeChunks(rec, metas); err != nil {
		return err
	}
	var size int64
	for i, m := range metas {
		if err := g.chunks[i].write(out, m); err != nil {
			return err
		}
		size += g.chunks[i].uncompressed
	}
	meta.SetNumRows(int(rec.NumRows()))
	ordinal := int16(min(g.ordinal, math.MaxInt16))
	g.ordinal++
	return meta.Finish(size, ordinal)
}

// encodeChunks encodes the columns; each worker takes the next one that nobody has begun.
func (g *groupEncoder) encodeChunks(rec arrow.Record, metas []*metadata.ColumnChunkMetaDataBuilder) error {
	columns := make(chan int, len(metas))
	for i := range metas {
		columns <- i
	}
	close(columns)
	errs := make([]error, len(metas))
	var group sync.WaitGroup
	for _, w := range g.workers {
		group.Go(func() {
			for i := range columns {
				errs[i] = w.encode(&g.chunks[i], rec.Column(i), metas[i], g.schema.encodings[i])
			}
		})
	}
	group.Wait()
	for i, err := range errs {
		if err != nil {
			return columnError(rec.ColumnName(i), err)
		}
	}
	return nil
}
