package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"tbexport/eventfile"
	"tbexport/eventfile/dirstore"
	"tbexport/eventfile/event"
	"tbexport/eventfile/eventjson"
	"tbexport/eventfile/prototext"
	"tbexport/eventfile/tfrecord"
	"tbexport/internal/ui"
)

// dumpFlags are those of dump.
type dumpFlags struct {
	full      bool
	rawProto  bool
	ignoreCRC bool
	timeUnit  string
}

func newDump(c console) *cobra.Command {
	var d dumpFlags
	cmd := &cobra.Command{
		Use:     "dump FILE...",
		GroupID: groupLook,
		Short:   "Print every event of event files as a JSON line",
		Long: `Print a JSON object a line for every event, and for every stretch that cannot be
read, in the order of the file. Of a directory, all runs' files are printed.

An event has file, offset and length (of its record, framing included),
wall_time, step, what, and then

  file_version, writer       as texts
  values of a summary        tag, field, plugin, and what else its metadata say;
                             value of a scalar; dtype, shape, elements and the
                             first few values of a tensor; size of an image;
                             count, sum and ends of a histogram; and so on
  session, log, graph bytes  of the other kinds

A stretch has file, offset, length, damage (its cause), torn, and records_lost
(null: not to be known); reading goes on after it. A file that cannot be read
to its end has file and error; one whose every record is framed wrongly begins
with file and framing, which says how. The records of a TFRecord data set are no
events: each has file, offset, length and record, which says what it is.

A number that is not finite is one of the strings "NaN", "Infinity",
"-Infinity". Bytes that are not UTF-8 are shown as \ufffd; --raw-proto has them.

` + exitHelp("done (also where files end inside a record, as a live writer leaves them)",
			"failed: there is no such file, or nothing could be printed", lostHelp,
			"interrupted: what was printed until then is whole"),
		Example: `  tbexport dump events.out.tfevents.1700000000.host.1.0 | head
  tbexport dump logs | jq -c 'select(.damage)'
  tbexport dump logs/run --raw-proto | less`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("which FILE?")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return d.run(cmd.Context(), c, args) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&d.full, "full", false, "print all elements of tensors and histograms, and bytes as base64")
	f.BoolVar(&d.rawProto, "raw-proto", false, "print protobuf text instead: every field as it stands in the record")
	addIgnoreCRC(f, &d.ignoreCRC)
	addWallTimeUnit(f, &d.timeUnit)
	return cmd
}

func (d *dumpFlags) run(ctx context.Context, c console, args []string) error {
	if d.full && d.rawProto {
		return usagef("--raw-proto prints everything: leave --full out")
	}
	unit, err := readWallTimeUnit(d.timeUnit)
	if err != nil {
		return err
	}
	if d.rawProto && unit != eventfile.Seconds {
		return usagef("--raw-proto prints wall times as they stand in the record: leave --wall-time-unit out")
	}
	out := bufio.NewWriterSize(c.out, 64<<10)
	w := &dumper{flags: d, out: out, reader: eventfile.NewReader(eventfile.ReaderOptions{
		SkipDataCRC: d.ignoreCRC, OtherRecords: true, CheckValues: true, WallTimeUnit: unit,
	})}
	if d.full {
		w.detail = eventjson.Full
	}
	err = w.dump(ctx, c, args)
	if err == nil && !w.lost && w.found == 0 {
		c.say("no events in %s", ui.Counted(w.files, "file"))
	}
	if flush := out.Flush(); err == nil {
		err = flush
	}
	if err == nil && w.lost {
		err = errLost
	}
	return err
}

// dumper writes the events of files.
type dumper struct {
	flags  *dumpFlags
	out    io.Writer
	reader *eventfile.Reader
	detail eventjson.Detail
	lost   bool // something could not be read
	files  int64
	found  int64 // events, records and damages
}

func (w *dumper) dump(ctx context.Context, c console, args []string) error {
	for _, arg := range args {
		// One after another, so that two files may have the same name.
		found, err := findRuns(ctx, []string{arg}, nil)
		if err != nil {
			return err
		}
		for _, p := range found.problems {
			c.say("warning: %s", p.Error())
			w.lost = w.lost || p.Lost
		}
		for _, run := range found.runs {
			w.reader.NextRun()
			for _, path := range run.Files {
				if err := w.file(ctx, path); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// file writes the events and damages of a file. It fails only where writing
// does.
func (w *dumper) file(ctx context.Context, path string) error {
	if w.flags.rawProto {
		if err := w.text("# file %s\n", ui.Visible(path)); err != nil {
			return err
		}
	}
	w.files++
	file, err := dirstore.New().Open(ctx, path)
	if err != nil {
		return w.unreadable(path, err)
	}
	defer file.Close()
	w.reader.Reset(ctx, path, file)
	stats := w.reader.Stats()
	if stats.Framing != tfrecord.Sound {
		if err := w.framing(path, stats); err != nil {
			return err
		}
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		e, err := w.reader.Next()
		var d *eventfile.Damage
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &d):
			w.lost = w.lost || !d.Torn
			err = w.damage(d)
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return w.unreadable(path, err)
		case stats.Other != "":
			err = w.other(path, stats.Other, e.Raw())
		case w.flags.rawProto:
			err = w.rawEvent(e)
		default:
			err = w.line(eventjson.NewEvent(path, w.reader.Offset(), e, w.detail))
		}
		if err != nil {
			return err
		}
		w.found++
	}
}

func (w *dumper) rawEvent(e *event.Event) error {
	err := w.text("# offset %d, length %d\n", w.reader.Offset(), recordFrame+len(e.Raw()))
	if err != nil {
		return err
	}
	_, err = w.out.Write(append(prototext.Append(nil, e.Raw()), '\n'))
	return err
}

// framing says that every record of a file is framed wrongly.
func (w *dumper) framing(path string, f *eventfile.FileStats) error {
	w.lost = w.lost || f.Unproven
	if w.flags.rawProto {
		return w.text("# framing: %s\n\n", f.Framing)
	}
	return w.line(struct {
		File    string `json:"file"`
		Framing string `json:"framing"`
	}{path, f.Framing.String()})
}

// other writes a record that is no event.
func (w *dumper) other(path, what string, payload []byte) error {
	if w.flags.rawProto {
		return w.text("# offset %d, length %d: %s\n%s\n\n", w.reader.Offset(), recordFrame+len(payload), what,
			strconv.QuoteToASCII(string(payload)))
	}
	line := struct {
		File   string `json:"file"`
		Offset int64  `json:"offset"`
		Length int    `json:"length"`
		Record string `json:"record"`
		Bytes  []byte `json:"bytes,omitempty"`
	}{File: path, Offset: w.reader.Offset(), Length: recordFrame + len(payload), Record: what}
	if w.flags.full {
		line.Bytes = payload
	}
	return w.line(line)
}

// recordFrame is the bytes of a record beside its payload.
const recordFrame = 16

func (w *dumper) damage(d *eventfile.Damage) error {
	if w.flags.rawProto {
		return w.text("# damage: offset %d, length %d: %s\n\n", d.Offset, d.Bytes, d.Cause)
	}
	return w.line(eventjson.NewDamage(d))
}

func (w *dumper) unreadable(path string, err error) error {
	w.lost = true
	if w.flags.rawProto {
		return w.text("# error: %s\n\n", ui.Visible(err.Error()))
	}
	return w.line(struct {
		File  string `json:"file"`
		Error string `json:"error"`
	}{path, err.Error()})
}

func (w *dumper) line(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.out.Write(append(ui.VisibleJSON(text), '\n'))
	return err
}

func (w *dumper) text(format string, args ...any) error {
	_, err := fmt.Fprintf(w.out, format, args...)
	return err
}
