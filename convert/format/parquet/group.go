package parquet

import (
	"math"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/parquet/metadata"
)

// A groupEncoder encodes row groups, one after the other, the columns of each in parallel.
type groupEncoder struct {
	schema  *fileSchema
	workers []*chunkEncoder
	blobs   *chunkEncoder // of the columns that go straight to the file
	chunks  []chunk       // one a leaf; their memory serves all row groups
	ordinal int
}

func newGroupEncoder(l *fileSchema, o Options) *groupEncoder {
	g := &groupEncoder{schema: l, blobs: newChunkEncoder(l), chunks: make([]chunk, len(l.leaves))}
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
	for _, column := range rec.Columns() {
		countNulls(column)
	}
	if err := g.encodeChunks(rec, metas); err != nil {
		return err
	}
	var size int64
	for i, m := range metas {
		var err error
		if l := &g.schema.leaves[i]; l.binary {
			err = g.blobs.stream(&g.chunks[i], rec.Column(l.column), m, l, out)
			if err != nil && out.err == nil {
				err = columnError(rec.ColumnName(l.column), err)
			}
		} else {
			err = g.chunks[i].write(out, m)
		}
		if err != nil {
			return err
		}
		size += g.chunks[i].uncompressed
		g.chunks[i].pages.shrink()
	}
	for _, w := range g.workers {
		w.shrink()
	}
	meta.SetNumRows(int(rec.NumRows()))
	ordinal := int16(min(g.ordinal, math.MaxInt16))
	g.ordinal++
	return meta.Finish(size, ordinal)
}

// countNulls has arrays count their nulls, which they do when they are first asked: not in several goroutines.
func countNulls(a arrow.Array) {
	a.NullN()
	switch a := a.(type) {
	case *array.List:
		countNulls(a.ListValues())
	case *array.Struct:
		for i := range a.NumField() {
			countNulls(a.Field(i))
		}
	}
}

// encodeChunks encodes the leaves but the binary ones; each worker takes the next one that nobody has begun.
func (g *groupEncoder) encodeChunks(rec arrow.Record, metas []*metadata.ColumnChunkMetaDataBuilder) error {
	leaves := make(chan int, len(metas))
	for i := range metas {
		if !g.schema.leaves[i].binary {
			leaves <- i
		}
	}
	close(leaves)
	errs := make([]error, len(metas))
	var group sync.WaitGroup
	for _, w := range g.workers {
		group.Go(func() {
			for i := range leaves {
				l := &g.schema.leaves[i]
				errs[i] = w.encode(&g.chunks[i], rec.Column(l.column), metas[i], l)
			}
		})
	}
	group.Wait()
	for i, err := range errs {
		if err != nil {
			return columnError(rec.ColumnName(g.schema.leaves[i].column), err)
		}
	}
	return nil
}
