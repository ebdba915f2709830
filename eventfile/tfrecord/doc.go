// Package tfrecord reads and writes the framing of TensorFlow record files, the
// outermost layer of a TensorBoard event file. It knows nothing of what is inside a
// record and needs only the standard library.
//
// # Format
//
// A file is records one after the other: no file header, no padding, no footer.
// All integers are little-endian.
//
//	0            8        12                12+n      16+n
//	+------------+---------+-----------------+---------+------------
//	| length n   | CRC of  |    payload      | CRC of  | next record
//	| 8 bytes    | length  |    n bytes      | payload |
//	+------------+---------+-----------------+---------+------------
//	'------ header --------'                 '- footer-'
//
// Both CRCs are CRC-32C (Castagnoli), masked: rotated right by 15 bits, plus
// 0xa282ead8. A payload of no bytes is legal.
//
// # Reading
//
//	r := tfrecord.NewReader(file, size, tfrecord.Options{})
//	for {
//		payload, err := r.Next() // valid until the next call
//		var damage *tfrecord.Damage
//		switch {
//		case err == io.EOF:
//			return nil
//		case errors.As(err, &damage):
//			log(damage) // reading goes on behind it
//		case err != nil:
//			return err
//		default:
//			use(payload)
//		}
//	}
//
// A Reader covers the bytes the file had when it was opened. Every one of them is
// accounted for: the frames of the records and the Bytes of the Damages add up to
// that size, in ascending order and without overlap.
//
// # Writing
//
//	w := tfrecord.NewWriter(file)
//	err := w.Write(payload) // one Write of the file for each record
//
// # Damage
//
// No length is believed before its CRC holds, and no memory is taken for a record
// before its bytes are known to be there. What the Reader does, by what it finds at
// the place where a record should begin:
//
//   - Whole header, payload CRC wrong, and the record ends where the file ends or
//     where another whole header stands: one damaged record. It is skipped, and what
//     its payload may look like is not read.
//   - Whole header, payload CRC wrong, nothing sensible at its end: bytes were lost,
//     added or overwritten somewhere in it. Resynchronise.
//   - Whole header, but the record reaches past the end of the file: resynchronise.
//     If there is no record behind it, this is the torn tail of a writer that was
//     killed or still runs.
//   - Wrong header: resynchronise. If there is no record behind it and the file is
//     zero from here on, it is the torn tail of a crashed file system.
//   - Fewer than twelve bytes: a torn tail.
//
// To resynchronise is to go on at the nearest offset at which the length, its CRC and
// the payload's CRC all hold. A record found so hides any that its payload contains.
//
// One exception to the first rule: if the records inside the damaged one lead, frame
// after frame, exactly to its end, or past it with a good record, then it was not damaged
// but written over, or torn and another file appended. They are read. Records that are
// merely embedded in a payload cannot do this: the footer of the outer record follows
// them.
//
// # Faulty writers
//
// Some writers frame every record in the same wrong way: see Framing. To a Reader such a
// file is damage from beginning to end. DetectFraming tells it from a damaged one by all
// of its records together, and Reframe makes a Reader read it.
//
// # Cost
//
// Resynchronising takes time linear in the bytes scanned and a fixed amount of memory,
// whatever the bytes are: see scanner. Only in files built to be hostile, with
// thousands of valid headers whose records all overlap, is it allowed to miss a record
// for that.
package tfrecord
