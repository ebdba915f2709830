package tfrecord

import (
	"encoding/binary"
	"hash/crc32"
	"io"
)

// Framing is how the records of a file are framed. All but Sound are the faults of
// writers: the same in every record, so that nothing is lost if it is known.
type Framing uint8

const (
	// Sound is the format that the package describes.
	Sound Framing = iota

	// WrongCRCs: no record's CRCs hold, and the lengths are right.
	WrongCRCs

	// ZeroCRCs: all are zero, at least those of the payloads.
	ZeroCRCs

	// UnmaskedCRCs: those of the payloads are CRC-32C as it is.
	UnmaskedCRCs

	// OtherCRCs: those of the payloads are the CRC-32 of zlib, masked or not.
	OtherCRCs

	// FixedCRCs: those of the payloads are that of a fixed text, as SageMaker Debugger
	// (smdebug) writes them.
	FixedCRCs

	// SwappedLengths: the lengths are big-endian. The CRCs are not looked at.
	SwappedLengths

	// Slack: behind each payload there are bytes that its length does not count and
	// its CRC covers, as where a writer's whole buffer was written.
	Slack

	// UnprovenSlack: there are such bytes, and the CRCs are wrong.
	UnprovenSlack
)

// String says what is wrong, in words that can follow "the file has".
func (f Framing) String() string {
	switch f {
	case Sound:
		return "nothing wrong"
	case WrongCRCs:
		return "wrong CRCs throughout"
	case ZeroCRCs:
		return "zeros in place of its CRCs"
	case UnmaskedCRCs:
		return "CRCs that are not masked"
	case OtherCRCs:
		return "CRCs of another kind (CRC-32 in place of CRC-32C)"
	case FixedCRCs:
		return "one fixed CRC for all, as SageMaker Debugger writes"
	case SwappedLengths:
		return "big-endian lengths"
	case Slack:
		return "unused bytes behind each payload"
	}
	return "unused bytes behind each payload, and wrong CRCs"
}

// maxPayload is the longest event there can be: what protocol buffers allow.
const maxPayload = 1<<31 - 1

// DetectFraming finds out how the first size bytes of a file are framed, if that is
// one of the faults of Framing from the first byte to the last, or to a torn tail. A
// file that is only damaged, however much, is not: one record that holds as it should
// is enough. isEvent says whether a payload is what the file is for: of that, every
// payload must be proof.
//
// It reads the file once for each fault that is still possible, and so is for files
// whose first record cannot be read. Where reading fails, it finds nothing.
func DetectFraming(r io.ReaderAt, size int64, isEvent func(payload []byte) bool) (Framing, bool) {
	for _, f := range []Framing{WrongCRCs, SwappedLengths, Slack, UnprovenSlack} {
		w := newWalk(source{r, size}, f)
		if e := w.examine(isEvent); e.holds(f) {
			if f.proven() || !holdsAny(source{r, size}) {
				return e.name(f), true
			}
		}
	}
	return Sound, false
}

// proven tells whether records of framing f, all through a file, cannot come about
// by damage.
func (f Framing) proven() bool { return f == SwappedLengths || f == Slack }

// holdsAny tells whether there is a record anywhere that is as it should be.
func holdsAny(src source) bool {
	var s scanner
	s.reset(&src)
	_, found, err := s.find(0)
	return found || err != nil
}

// evidence is what the records of a file have in common.
type evidence struct {
	records int64
	slack   int64 // how many of them have some
	sound   int64 // how many have none, and may be as they should be
	whole   bool  // they lead to the end of the file
	faults  faults
	lengths bool // some length's CRC is not zero
}

// faults says in what ways the CRCs of all payloads are wrong.
type faults uint8

const (
	zeroFault faults = 1 << iota
	unmaskedFault
	otherFault
	fixedFault
	allFaults = zeroFault | unmaskedFault | otherFault | fixedFault
)

// fixedText is that of which smdebug writes the CRC (smdebug/core/tfrecord/record_writer.py).
const fixedText = "0x12345678"

// faultsOf tells what the CRC of a payload is, that should be its masked CRC-32C.
func faultsOf(payload []byte, crc uint32) (f faults) {
	if crc == 0 {
		f |= zeroFault
	}
	if crc == crc32.Checksum(payload, castagnoli) {
		f |= unmaskedFault
	}
	if other := crc32.ChecksumIEEE(payload); crc == other || crc == mask(other) {
		f |= otherFault
	}
	if crc == MaskedCRC([]byte(fixedText)) {
		f |= fixedFault
	}
	return f
}

// examine walks over the file until something contradicts the framing.
func (w *walk) examine(isEvent func([]byte) bool) (e evidence) {
	e.faults = allFaults
	for {
		f, end := w.next()
		switch {
		case end == walkDone, end == walkTorn:
			e.whole = e.records > 0
			return e
		case end != walkRecord, w.framing.contradicts(&f), !isEvent(f.payload):
			return e
		}
		e.records++
		e.faults &= faultsOf(f.payload, f.dataCRC)
		e.lengths = e.lengths || f.lengthCRC != 0
		if f.slack > 0 {
			e.slack++
		} else {
			e.sound++
		}
	}
}

// holds tells whether the evidence is enough. What could be damage must have come to
// two records alike.
func (e *evidence) holds(f Framing) bool {
	switch {
	case !e.whole:
		return false
	case f == SwappedLengths:
		return true
	case f == Slack:
		return e.slack > e.sound
	case f == UnprovenSlack:
		return e.slack > 1
	}
	return e.records > 1 || e.faults&(unmaskedFault|otherFault|fixedFault) != 0 || e.faults != 0 && !e.lengths
}

// name gives the fault that was found while looking for f.
func (e *evidence) name(f Framing) Framing {
	switch {
	case f != WrongCRCs:
		return f
	case e.faults&zeroFault != 0:
		return ZeroCRCs
	case e.faults&unmaskedFault != 0:
		return UnmaskedCRCs
	case e.faults&otherFault != 0:
		return OtherCRCs
	case e.faults&fixedFault != 0:
		return FixedCRCs
	}
	return WrongCRCs
}

// record is one as a walk found it.
type record struct {
	length    uint64
	payload   []byte // valid until the next one
	slack     int64
	size      int64 // of all of it
	lengthCRC uint32
	dataCRC   uint32
}

// contradicts tells whether r, found in a file of framing f, is as it should be and
// so proves the writer right. With Slack some may be: those that filled the buffer.
func (f Framing) contradicts(r *record) bool {
	return !f.proven() &&
		r.slack == 0 && r.lengthCRC == lengthCRC(r.length) && r.dataCRC == MaskedCRC(r.payload)
}

// order is the byte order of lengths.
func (f Framing) order() binary.ByteOrder {
	if f == SwappedLengths {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// hasSlack tells whether a record's end must be looked for.
func (f Framing) hasSlack() bool { return f == Slack || f == UnprovenSlack }
