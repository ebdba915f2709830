package postgres

import (
	"context"
	"encoding/binary"
	"io"
	"iter"
	"math"

	"github.com/jackc/pgx/v5"

	"tbexport/convert/sqlmodel"
)

// InsertPoints sends points as the binary form of COPY, which is made here: five
// fields a row, without a value of its own for any of them.
func (t transaction) InsertPoints(ctx context.Context, points iter.Seq2[*sqlmodel.Points, error]) error {
	next, stop := iter.Pull2(points)
	defer stop()
	reader := &copyReader{next: next, buffer: appendHeader(nil)}
	table := pgx.Identifier{t.schema, "point"}.Sanitize()
	_, err := t.tx.Conn().PgConn().CopyFrom(ctx, reader,
		"COPY "+table+" (metric_id, seq, step, wall_time, value) FROM STDIN (FORMAT binary)")
	if reader.err != nil {
		return reader.err
	}
	return err
}

// copyReader gives the bytes of the rows.
type copyReader struct {
	next     func() (*sqlmodel.Points, error, bool)
	points   *sqlmodel.Points
	at       int // of points
	buffer   []byte
	read     int // of buffer
	complete bool
	err      error
}

// Rows go in pieces of about so many bytes.
const pieceBytes = 64 << 10

// rowBytes is a row: the number of fields, and five of 8 bytes with their lengths.
const rowBytes = 2 + 5*12

func appendHeader(b []byte) []byte {
	b = append(b, "PGCOPY\n\xff\r\n\x00"...)
	return append(b, 0, 0, 0, 0, 0, 0, 0, 0) // no flags, no extension
}

func (r *copyReader) Read(p []byte) (int, error) {
	for r.read == len(r.buffer) {
		if r.complete {
			return 0, io.EOF
		}
		r.buffer, r.read = r.buffer[:0], 0
		if r.err = r.fill(); r.err != nil {
			return 0, r.err
		}
	}
	n := copy(p, r.buffer[r.read:])
	r.read += n
	return n, nil
}

func (r *copyReader) fill() error {
	for len(r.buffer)+rowBytes <= pieceBytes {
		if r.points == nil || r.at == len(r.points.Steps) {
			points, err, ok := r.next()
			if err != nil {
				return err
			}
			if !ok {
				r.complete = true
				r.buffer = append(r.buffer, 0xff, 0xff) // the end
				return nil
			}
			r.points, r.at = points, 0
			continue
		}
		r.buffer = appendRow(r.buffer, r.points, r.at)
		r.at++
	}
	return nil
}

func appendRow(b []byte, p *sqlmodel.Points, i int) []byte {
	b = append(b, 0, 5)
	for _, field := range [...]uint64{
		uint64(p.MetricID), uint64(p.First + int64(i)), uint64(p.Steps[i]), math.Float64bits(p.WallTimes[i]),
		math.Float64bits(p.Values[i]),
	} {
		b = append(b, 0, 0, 0, 8)
		b = binary.BigEndian.AppendUint64(b, field)
	}
	return b
}

// PointBytes is about what a point takes in the table and its index.
const PointBytes = 105
