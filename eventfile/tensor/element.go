package tensor

import "tbexport/eventfile/internal/wire"

// Element finds the bytes of the one element of an encoded tensor of rank 0
// with a type, a shape and an element, as TF2 and torch write scalars: a
// float32 or float64, little-endian, from begin to end. ok is false for every
// other tensor, sound or not.
func Element(b []byte) (begin, end int, dtype DType, ok bool) {
	var element wire.Field
	for at := 0; at < len(b); {
		f, whole := wire.FieldAt(b, at)
		if !whole {
			return 0, 0, 0, false
		}
		at = f.End
		switch f.Key {
		case keyDtype:
			if dtype != None || f.End-f.Begin != 1 {
				return 0, 0, 0, false
			}
			dtype = DType(b[f.Begin])
		case keyShape:
			if f.Begin != f.End {
				return 0, 0, 0, false
			}
		case keyBytes, keyFloats, keyDoubles:
			if ok {
				return 0, 0, 0, false
			}
			element, ok = f, true
		default:
			return 0, 0, 0, false
		}
	}
	switch dtype {
	case Float32:
		ok = ok && element.End-element.Begin == 4 && element.Key != keyDoubles
	case Float64:
		ok = ok && element.End-element.Begin == 8 && element.Key != keyFloats
	default:
		ok = false
	}
	return element.Begin, element.End, dtype, ok
}
