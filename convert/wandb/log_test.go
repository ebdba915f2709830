package wandb

import (
	"bytes"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
)

// records of lengths about the ends of blocks.
func someRecords() (all [][]byte) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 5, blockSize - 7 - 7, blockSize - 7, blockSize, 3*blockSize + 11, 0, 100} {
		for _, extra := range []int{0, 1, 6, 7, 8} {
			record := make([]byte, n+extra)
			for i := range record {
				record[i] = byte(r.Uint32())
			}
			all = append(all, record)
		}
	}
	return all
}

func writeLog(t testing.TB, records [][]byte) []byte {
	var b bytes.Buffer
	w, err := newLogWriter(&b)
	for _, record := range records {
		if err == nil {
			err = w.write(record)
		}
	}
	if err == nil {
		err = w.flush()
	}
	if err != nil || w.size != int64(b.Len()) {
		t.Fatalf("%v; %d bytes, said %d", err, b.Len(), w.size)
	}
	return b.Bytes()
}

func readLog(b []byte) (records [][]byte, err error) {
	r, err := newLogReader(bytes.NewReader(b))
	for err == nil {
		var record []byte
		if record, err = r.next(); err == nil {
			records = append(records, slices.Clone(record))
		}
	}
	if err == io.EOF {
		err = nil
	}
	return records, err
}

func TestLog(t *testing.T) {
	want := someRecords()
	b := writeLog(t, want)
	got, err := readLog(b)
	if err != nil || !slices.EqualFunc(got, want, bytes.Equal) {
		t.Fatalf("%d records, %v; want %d", len(got), err, len(want))
	}
	// Every file of which a byte is another, or that ends elsewhere, is damaged or holds fewer records.
	small := writeLog(t, [][]byte{[]byte("first"), make([]byte, blockSize), []byte("last")})
	for at := range small {
		if at > 100 && at < len(small)-100 && at%97 != 0 {
			continue
		}
		bad := slices.Clone(small)
		bad[at] ^= 0x10
		if got, err := readLog(bad); err == nil {
			t.Errorf("byte %d is another: %d records and no error", at, len(got))
		}
		if got, err := readLog(small[:at]); err == nil && len(got) == 3 {
			t.Errorf("%d of %d bytes: all records", at, len(small))
		}
	}
	if _, err := readLog(nil); err != errNoLog {
		t.Errorf("an empty file: %v", err)
	}
}

// FuzzLogReader: whatever a file holds, reading it ends, and what is read as
// sound is written the same.
func FuzzLogReader(f *testing.F) {
	f.Add(writeLog(f, [][]byte{[]byte("a"), nil, []byte("bc")}))
	f.Add([]byte(header + "\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		records, err := readLog(b)
		if err != nil {
			return
		}
		again, err := readLog(writeLog(t, records))
		if err != nil || !slices.EqualFunc(again, records, bytes.Equal) {
			t.Errorf("%d records became %d, %v", len(records), len(again), err)
		}
	})
}

// FuzzRecord: a record that is none is an error, and never more.
func FuzzRecord(f *testing.F) {
	f.Add([]byte(message(nil).number(recordNum, 1).message(recordHistory, message(nil).item(historyItem, "loss", []byte("0.5")).message(historyStep, message(nil).number(stepNum, 3)))))
	f.Add([]byte(message(nil).message(recordRun, message(nil).text(runID, "x").message(runConfig, message(nil).item(updateItem, "lr", []byte("1"))))))
	f.Fuzz(func(t *testing.T, record []byte) {
		var s stored
		_ = s.take(record)
		r := rowReader{names: make(map[string]string)}
		if body, err := bytesIn(record, recordHistory); err == nil && body != nil {
			_ = r.read(body, true)
			_ = r.read(body, false)
		}
	})
}
