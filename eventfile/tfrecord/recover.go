package tfrecord

import "encoding/binary"

// skip returns the damage of n bytes at next, and moves behind it. Should the file have
// become shorter meanwhile, the damage ends with it.
func (r *Reader) skip(n int64, cause Cause, records int64) ([]byte, error) {
	n = min(n, r.src.size-r.next)
	d := &Damage{Offset: r.next, Bytes: n, Cause: cause, Records: records}
	r.last = r.next
	r.next += n
	return nil, d
}

// skipHeader returns the damage at next, where there is either no header (LengthCRC) or
// one that reaches past the end of the file (Overrun).
func (r *Reader) skipHeader(cause Cause) ([]byte, error) {
	off, found, err := r.scan.find(r.next + 1)
	if err != nil {
		return r.fail(err)
	}
	if !found {
		off = r.src.size
	}
	records := int64(-1)
	switch {
	case cause == Overrun && found:
	case cause == Overrun:
		cause, records = Truncated, 1
	case !found && r.scan.zeros < r.next+headerLen:
		cause = ZeroTail
	default:
		one, err := r.oneRecord(off)
		if err != nil {
			return r.fail(err)
		}
		if one {
			records = 1
		}
	}
	return r.skip(off-r.next, cause, records)
}

// oneRecord tells whether the bytes from next to end are those of one record that only
// lost its header. It is not worth much reading.
func (r *Reader) oneRecord(end int64) (bool, error) {
	n := end - r.next
	if n < frameLen || n > bufferSize {
		return false, nil
	}
	b, err := r.win.at(r.next, int(n))
	if err != nil || int64(len(b)) < n {
		return false, err
	}
	return binary.LittleEndian.Uint64(b) == uint64(n-frameLen) ||
		binary.LittleEndian.Uint32(b[n-footerLen:]) == MaskedCRC(b[headerLen:n-footerLen]), nil
}

// skipData returns the damage of the record at next, which would reach to end if its
// payload's CRC were not wrong.
func (r *Reader) skipData(end int64) ([]byte, error) {
	_, whole, err := r.headerAt(end)
	if err != nil {
		return r.fail(err)
	}
	whole = whole || end == r.src.size
	off, found, err := r.scan.find(r.next + 1)
	if err != nil {
		return r.fail(err)
	}
	if end > r.src.size {
		return r.slow() // the file has become shorter: look again
	}
	if whole && found && off < end {
		over, err := r.leads(off, end)
		if err != nil {
			return r.fail(err)
		}
		whole = !over
	}
	switch {
	case whole:
		return r.skip(end-r.next, DataCRC, 1)
	case found:
		return r.skip(off-r.next, DataCRC, -1)
	case r.scan.zeros <= end-footerLen:
		return r.skip(r.src.size-r.next, ZeroTail, -1)
	case r.scan.zeros <= end || r.src.size-end < headerLen:
		// There is no header at its end because the tail is torn there.
		return r.skip(end-r.next, DataCRC, 1)
	}
	return r.skip(r.src.size-r.next, DataCRC, -1)
}

// leads tells whether the frames from the good record at off on lead to end, so that the
// record that claims the bytes up to there has lost them: exactly to end, or past it with
// a good record. Records in its payload would come to a stop before its footer.
func (r *Reader) leads(off, end int64) (bool, error) {
	for off < end {
		n, ok, err := r.headerAt(off)
		if err != nil || !ok || !fits(n, r.src.size-off) {
			return false, err
		}
		next := off + frameLen + int64(n)
		if next > end {
			return r.scan.holds(off)
		}
		off = next
	}
	return true, nil
}

// headerAt returns the length that the header at off gives, and whether there is one.
// It does not move the buffer.
func (r *Reader) headerAt(off int64) (n uint64, ok bool, err error) {
	if i := off - r.win.base; i >= 0 && i <= int64(len(r.win.buf))-headerLen {
		n, ok = parseHeader(r.win.buf[i:])
		return n, ok, nil
	}
	var b [headerLen]byte
	left := max(0, int(min(headerLen, r.src.size-off)))
	if m, err := r.src.read(b[:left], off, left); m < headerLen {
		return 0, false, err
	}
	n, ok = parseHeader(b[:])
	return n, ok, nil
}
