package tfrecord

import "io"

// Reframe makes r read its file again from the beginning, with records that are
// framed as DetectFraming found, until the next Reset. Such a file has no damage but
// a torn tail: where its framing is lost, it ends.
func (r *Reader) Reframe(f Framing) {
	r.Reset(r.src.r, r.src.size)
	if r.framing = f; f != Sound {
		r.win.reset(0) // Next finds nothing in it, and leaves all to slow
		r.walk.framing = f
		r.walk.begin(&r.src)
	}
}

// reframed is Next for a file that is not Sound.
func (r *Reader) reframed() ([]byte, error) {
	r.walk.off = r.next
	f, end := r.walk.next()
	left := r.src.size - r.next
	switch end {
	case walkRecord:
		r.last = r.next
		r.next += f.size
		return f.payload, nil
	case walkFailed:
		return r.fail(r.walk.err)
	case walkTorn:
		if left > 0 {
			return r.skip(left, Truncated, 1)
		}
	case walkBroken:
		if left > 0 {
			return r.skip(left, LengthCRC, -1)
		}
	}
	return r.fail(io.EOF)
}
