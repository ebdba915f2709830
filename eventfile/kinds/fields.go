package kinds

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
)

// each calls f for each field of an encoded message. body is what length-delimited fields hold, and the encoded number
// of others. A message that is broken is an error, after the fields in front of the break.
func each(b []byte, f func(num protowire.Number, typ protowire.Type, body []byte)) error {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 || num > protowire.MaxValidNumber {
			return errBroken
		}
		b = b[n:]
		size := protowire.ConsumeFieldValue(num, typ, b)
		if size < 0 {
			return errBroken
		}
		body := b[:size]
		b = b[size:]
		if typ == protowire.BytesType {
			body, _ = protowire.ConsumeBytes(body)
		}
		f(num, typ, body)
	}
	return nil
}

var errBroken = errors.New("undecodable message")

// number is that of a varint field's body.
func number(body []byte) uint64 {
	x, _ := protowire.ConsumeVarint(body)
	return x
}
