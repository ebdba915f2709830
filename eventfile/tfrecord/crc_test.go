package tfrecord

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"testing"
)

func TestMaskedCRC(t *testing.T) {
	up, down := make([]byte, 32), make([]byte, 32)
	for i := range up {
		up[i], down[i] = byte(i), byte(31-i)
	}
	read := make([]byte, 48)
	read[0], read[1], read[16], read[22], read[27], read[31], read[32], read[40] =
		0x01, 0xc0, 0x14, 0x04, 0x14, 0x18, 0x28, 0x02
	for _, c := range []struct {
		name string
		data []byte
		crc  uint32 // as RFC 3720, B.4, has it
	}{
		{"32 bytes of zeroes", make([]byte, 32), 0x8a9136aa},
		{"32 bytes of ones", bytes.Repeat([]byte{0xff}, 32), 0x62a8ab43},
		{"32 bytes of incrementing", up, 0x46dd794e},
		{"32 bytes of decrementing", down, 0x113fdb5c},
		{"an iSCSI SCSI Read (10) command PDU", read, 0xd9963a56},
		{"nothing", nil, 0},
	} {
		if got, want := MaskedCRC(c.data), (c.crc>>15|c.crc<<17)+0xa282ead8; got != want {
			t.Errorf("%s: %#x, want %#x", c.name, got, want)
		}
	}
}

// TestRealRecord has the bytes with which an event file of TensorFlow's begins.
func TestRealRecord(t *testing.T) {
	want := "\x18\x00\x00\x00\x00\x00\x00\x00\xa3\x7f\x4b\x22" + // header
		"\x09\x00\x00\x40\xfc\x14\xa3\xd7\x41\x1a\x0dbrain.Event:2" + // Event
		"\xa8\xe1\xc7\x96" // footer
	if got := frame(want[headerLen : len(want)-footerLen]); string(got) != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLengthCRC(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for i := range 10000 {
		n := rnd.Uint64() >> (i % 65)
		if got, want := lengthCRC(n), MaskedCRC(binary.LittleEndian.AppendUint64(nil, n)); got != want {
			t.Fatalf("%d: %#x, want %#x", n, got, want)
		}
	}
}

func TestSubtractCRC(t *testing.T) {
	data := garbage(5000, 1)
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		end := rnd.IntN(len(data) + 1)
		begin := rnd.IntN(end + 1)
		crc := func(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }
		got := subtractCRC(crc(data[:end]), crc(data[:begin]), int64(end-begin))
		if want := crc(data[begin:end]); got != want {
			t.Fatalf("%d to %d: %#x, want %#x", begin, end, got, want)
		}
	}
	// Far shifts add up.
	if a, b := shift(shift(1, 1<<40+7), 1<<61-1), shift(1, 1<<61+1<<40+6); a != b {
		t.Errorf("%#x, %#x", a, b)
	}
}
