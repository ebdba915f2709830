package arrowipc

import (
	"bytes"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// tagDictionaries are the dictionaries of the column tag, record by record.
func tagDictionaries(t *testing.T, stream []byte) (all []string) {
	t.Helper()
	r, err := ipc.NewReader(bytes.NewReader(stream))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	for r.Next() {
		all = append(all, r.Record().Column(1).(*array.Dictionary).Dictionary().String())
	}
	if r.Err() != nil {
		t.Fatal(r.Err())
	}
	return all
}

// TestStreamDictionariesGrow: a string keeps its number, is there once, and what has not grown is not written again.
func TestStreamDictionariesGrow(t *testing.T) {
	recs := records("a b", "b a", "c b", "c", "d")
	stream := encode(t, Options{}, recs[0].Schema(), recs)
	want := []string{`["a" "b"]`, `["a" "b"]`, `["a" "b" "c"]`, `["a" "b" "c"]`, `["a" "b" "c" "d"]`}
	if got := tagDictionaries(t, stream); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	messages := ipc.NewMessageReader(bytes.NewReader(stream))
	defer messages.Release()
	counts := make(map[ipc.MessageType]int)
	for {
		m, err := messages.Message()
		if err != nil {
			break
		}
		counts[m.Type()]++
	}
	// Of run there are three, and so of its dictionaries; of tag's, three.
	if counts[ipc.MessageDictionaryBatch] != 6 || counts[ipc.MessageRecordBatch] != 5 {
		t.Errorf("messages: %v", counts)
	}
}

// TestStreamWithDuplicates: a record's dictionary may have a string twice, the stream's has it once.
func TestStreamWithDuplicates(t *testing.T) {
	rec := records("a b")[0]
	twice := records("a")[0].Column(1).(*array.Dictionary)
	b := array.NewStringBuilder(memory.DefaultAllocator)
	b.AppendValues([]string{"a", "x", "a"}, nil)
	indices := array.NewInt32Builder(memory.DefaultAllocator)
	for i := range int(rec.NumRows()) {
		indices.Append(int32(i % 3))
	}
	column := array.NewDictionaryArray(twice.DataType(), indices.NewArray(), b.NewArray())
	changed, err := rec.SetColumn(1, column)
	if err != nil {
		t.Fatal(err)
	}
	stream := encode(t, Options{}, rec.Schema(), []arrow.Record{changed})
	if got := tagDictionaries(t, stream); !slices.Equal(got, []string{`["a" "x"]`}) {
		t.Errorf("%q", got)
	}
}

// TestStreamEndsOnlyAfterSuccess: a stream that was cut by an error has no end mark, which Close would have written.
func TestStreamEndsOnlyAfterSuccess(t *testing.T) {
	recs := records("a", "b")
	var out bytes.Buffer
	e, err := New(&out, recs[0].Schema(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Encode(recs[0]); err != nil {
		t.Fatal(err)
	}
	size := out.Len()
	if err := e.Encode(everyType(t)); err == nil {
		t.Fatal("a record of another schema")
	}
	if err := e.Close(); err == nil || out.Len() != size {
		t.Errorf("%v, and %d bytes more", err, out.Len()-size)
	}
}
