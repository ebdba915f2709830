package event

import (
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/eventfile/tensor"
)

// A message says what the length-delimited fields of a message hold, as
// TensorBoard's own protocol buffers declare them. Its parser takes a whole
// file's rest for unreadable where one of them does not decode.
type message func(num protowire.Number) field

type field struct {
	holds content
	of    message // of a message
}

type content uint8

const (
	anything content = iota // bytes, or a field that nobody knows
	text                    // which TensorBoard wants to be UTF-8
	nested
	fixed32s // packed
	fixed64s
	varints
)

// mostNested is how deep TensorBoard's parser follows messages in messages.
const mostNested = 100

// sound reports whether an encoded message and all in it decode; spelled, also
// whether every text is UTF-8.
func (m message) sound(b []byte, depth int) (sound, spelled bool) {
	if depth > mostNested {
		return false, false
	}
	spelled = true
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 || num > protowire.MaxValidNumber {
			return false, false
		}
		size := protowire.ConsumeFieldValue(num, typ, b[n:])
		if size < 0 {
			return false, false
		}
		if typ == protowire.BytesType {
			body, _ := protowire.ConsumeBytes(b[n : n+size])
			sound, ok := m(num).sound(body, depth)
			if !sound {
				return false, false
			}
			spelled = spelled && ok
		}
		b = b[n+size:]
	}
	return true, spelled
}

func (f field) sound(body []byte, depth int) (sound, spelled bool) {
	switch f.holds {
	case text:
		return true, utf8.Valid(body)
	case nested:
		return f.of.sound(body, depth+1)
	case fixed32s:
		return len(body)%4 == 0, true
	case fixed64s:
		return len(body)%8 == 0, true
	case varints:
		for len(body) > 0 {
			_, n := protowire.ConsumeVarint(body)
			if n < 0 {
				return false, false
			}
			body = body[n:]
		}
	}
	return true, true
}

// spell appends a sound message with U+FFFD for each byte of a text that is not
// UTF-8. All else stays as it is.
func (m message) spell(out, b []byte) []byte {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		size := n + protowire.ConsumeFieldValue(num, typ, b[n:])
		f := field{}
		if typ == protowire.BytesType {
			f = m(num)
		}
		switch body, _ := protowire.ConsumeBytes(b[n:size]); {
		case f.holds == text && !utf8.Valid(body):
			out = protowire.AppendString(append(out, b[:n]...), tensor.UTF8(body))
		case f.holds == nested:
			out = protowire.AppendBytes(append(out, b[:n]...), f.of.spell(nil, body))
		default:
			out = append(out, b[:size]...)
		}
		b = b[size:]
	}
	return out
}

func eventMessage(num protowire.Number) field {
	switch num {
	case eventVersion:
		return field{holds: text}
	case eventSummary:
		return field{nested, summaryMessage}
	case eventLog:
		return field{nested, texts(2)}
	case eventSession:
		return field{nested, texts(2, 3)}
	case eventRunMeta, eventSource:
		return field{nested, texts(1)}
	}
	return field{}
}

// texts is a message with a few texts and no other message.
func texts(nums ...protowire.Number) message {
	return func(num protowire.Number) field {
		for _, n := range nums {
			if n == num {
				return field{holds: text}
			}
		}
		return field{}
	}
}

func summaryMessage(num protowire.Number) field {
	if num == keySummaryValue>>3 {
		return field{nested, valueMessage}
	}
	return field{}
}

func valueMessage(num protowire.Number) field {
	switch num {
	case keyTag >> 3, keyNodeName >> 3:
		return field{holds: text}
	case keyHisto >> 3:
		return field{nested, histogramMessage}
	case keyImage >> 3:
		return field{nested, texts()}
	case keyAudio >> 3:
		return field{nested, texts(5)}
	case keyTensor >> 3:
		return field{nested, tensorMessage}
	case keyMetadata >> 3:
		return field{nested, metadataMessage}
	}
	return field{}
}

func metadataMessage(num protowire.Number) field {
	switch num {
	case keyPlugin >> 3:
		return field{nested, texts(1)}
	case keyDisplay >> 3, keyDescribe >> 3:
		return field{holds: text}
	}
	return field{}
}

func histogramMessage(num protowire.Number) field {
	if num == 6 || num == 7 {
		return field{holds: fixed64s}
	}
	return field{}
}

func tensorMessage(num protowire.Number) field {
	switch num {
	case 2:
		return field{nested, shapeMessage}
	case 5, 9:
		return field{holds: fixed32s}
	case 6, 12:
		return field{holds: fixed64s}
	case 7, 10, 11, 13, 16, 17:
		return field{holds: varints}
	case 14:
		return field{nested, handleMessage}
	case 15:
		return field{nested, variantMessage}
	}
	return field{}
}

func shapeMessage(num protowire.Number) field {
	if num == 2 {
		return field{nested, texts(2)}
	}
	return field{}
}

// handleMessage is ResourceHandleProto.
func handleMessage(num protowire.Number) field {
	switch num {
	case 1, 2, 3, 5:
		return field{holds: text}
	case 6:
		return field{nested, func(num protowire.Number) field {
			if num == 2 {
				return field{nested, shapeMessage}
			}
			return field{}
		}}
	}
	return field{}
}

// variantMessage is VariantTensorDataProto.
func variantMessage(num protowire.Number) field {
	switch num {
	case 1:
		return field{holds: text}
	case 3:
		return field{nested, tensorMessage}
	}
	return field{}
}
