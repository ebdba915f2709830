package tfrecord_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"tbexport/eventfile/tfrecord"
)

// calls counts the calls of ReadAt.
type calls struct {
	io.ReaderAt
	n int
}

func (c *calls) ReadAt(b []byte, offset int64) (int, error) {
	c.n++
	return c.ReaderAt.ReadAt(b, offset)
}

// TestReadAt reads records of all lengths by one buffer, in both directions.
func TestReadAt(t *testing.T) {
	var file bytes.Buffer
	w := tfrecord.NewWriter(&file)
	var offsets []int64
	payload := func(i int) []byte { return bytes.Repeat([]byte{byte(i)}, i*i%997) }
	const n = 120
	for i := range n {
		offsets = append(offsets, int64(file.Len()))
		if err := w.Write(payload(i)); err != nil {
			t.Fatal(err)
		}
	}
	src := &calls{ReaderAt: bytes.NewReader(file.Bytes())}
	size := int64(file.Len())
	var buf []byte
	for k := range 2 * n {
		i := min(k, 2*n-1-k)
		got, err := tfrecord.ReadAt(src, size, offsets[i], &buf)
		if err != nil || !bytes.Equal(got, payload(i)) {
			t.Fatalf("record %d: %d bytes, %v", i, len(got), err)
		}
		if as, err := tfrecord.ReadAtAs(src, size, offsets[i], tfrecord.WrongCRCs, &buf, nil); err != nil || !bytes.Equal(as, payload(i)) {
			t.Fatalf("record %d, without CRCs: %d bytes, %v", i, len(as), err)
		}
	}
	src.n = 0
	for range 10 {
		if _, err := tfrecord.ReadAt(src, size, offsets[99], &buf); err != nil {
			t.Fatal(err)
		}
	}
	if src.n > 11 {
		t.Errorf("%d calls for 10 records of one length", src.n)
	}
}

// TestReadAtDamage: what is no record is damage, and a file that has become shorter the end of it.
func TestReadAtDamage(t *testing.T) {
	var file bytes.Buffer
	if err := tfrecord.NewWriter(&file).Write([]byte("payload")); err != nil {
		t.Fatal(err)
	}
	size := int64(file.Len())
	buf := make([]byte, 100) // longer than the file
	changed := func(at int) []byte {
		b := bytes.Clone(file.Bytes())
		b[at] ^= 1
		return b
	}
	for _, c := range []struct {
		name   string
		file   []byte
		offset int64
		want   tfrecord.Cause
	}{
		{"a length", changed(0), 0, tfrecord.LengthCRC}, {"a payload", changed(13), 0, tfrecord.DataCRC},
		{"behind the end", file.Bytes(), size, tfrecord.Truncated}, {"before the beginning", file.Bytes(), -1, tfrecord.Truncated},
	} {
		_, err := tfrecord.ReadAt(bytes.NewReader(c.file), size, c.offset, &buf)
		var d *tfrecord.Damage
		if !errors.As(err, &d) || d.Cause != c.want || d.Offset != c.offset {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for short := range int(size) {
		if _, err := tfrecord.ReadAt(bytes.NewReader(file.Bytes()[:short]), size, 0, &buf); err != io.EOF {
			t.Errorf("%d bytes of %d: %v", short, size, err)
		}
	}
}
