package table

import (
	"context"
	"io"
	"sync"

	"github.com/apache/arrow/go/v15/arrow"

	"tbexport/convert"
	"tbexport/convert/output"
)

// Encoder makes bytes of records.
type Encoder interface {
	// Encode takes one record. Whoever keeps it longer retains it.
	Encode(arrow.Record) error
	// Close writes what ends the output. It is called once, also after an
	// error, and leaves no goroutine behind.
	Close() error
}

// Part says what is in a file.
type Part struct {
	Table string // its name
	Run   string // of which these are the rows; empty: of all
}

// Open makes the encoder of a file.
type Open func(w io.Writer, schema *arrow.Schema, of Part) (Encoder, error)

// part is a file under way.
type part struct {
	of      Part
	table   Table
	file    *output.File
	open    Open
	encoder Encoder // nil before the first record, and once closed
	gate    gate    // between encoder and file
	rows    int64
	ifRows  bool // there is to be a file only if there are rows
}

// A gate lets bytes through until it is shut, and none after. Encoders write
// from goroutines of their own, and end with a footer even what is given up.
type gate struct {
	mutex sync.Mutex
	to    io.Writer // nil: shut
}

func (g *gate) Write(b []byte) (int, error) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.to == nil {
		return len(b), nil
	}
	return g.to.Write(b)
}

// shut waits for the write under way.
func (g *gate) shut() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.to = nil
}

func (p *part) add(ctx context.Context, in *convert.Input) error {
	return p.table.Add(in, func(r arrow.Record) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return p.emit(r)
	})
}

func (p *part) emit(r arrow.Record) error {
	if err := p.begin(); err != nil {
		return err
	}
	p.rows += r.NumRows()
	return p.encoder.Encode(r)
}

// begin makes the encoder, which takes the schema: it may be known late.
func (p *part) begin() error {
	if p.encoder != nil {
		return nil
	}
	p.gate.to = p.file
	encoder, err := p.open(&p.gate, p.table.Schema(), p.of)
	if err == nil {
		p.encoder = encoder
	}
	return err
}

// commit ends the file and makes it appear.
func (p *part) commit() (convert.Result, error) {
	result, err := p.table.Finish(p.emit)
	if err == nil {
		err = p.begin()
	}
	if err == nil {
		err = p.close()
	}
	if err == nil {
		err = p.file.Commit()
	}
	result.AddRows(p.of.Table, p.rows)
	return result, err
}

// commitIfRows is commit, without a file where there are no rows.
func (p *part) commitIfRows() (convert.Result, error) {
	result, err := p.table.Finish(p.emit)
	if err == nil && p.rows == 0 {
		result.AddRows(p.of.Table, 0)
		return result, p.abort()
	}
	if err == nil {
		err = p.close()
	}
	if err == nil {
		err = p.file.Commit()
	}
	result.AddRows(p.of.Table, p.rows)
	return result, err
}

// abort leaves no file.
func (p *part) abort() error {
	p.gate.shut()
	_ = p.close() // it must end, and what it writes goes nowhere
	return p.file.Abort()
}

func (p *part) close() error {
	if p.encoder == nil {
		return nil
	}
	err := p.encoder.Close()
	p.encoder = nil
	return err
}
