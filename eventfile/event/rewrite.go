package event

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	pb "tbexport/proto"
)

// ErrNothingLeft says that no part of an event decodes.
var ErrNothingLeft = errors.New("no part of the event decodes")

// Rewrite gives an encoded event as every reader takes it: without the parts that
// do not decode, with U+FFFD for each byte of a text that is not UTF-8, and with
// what edit makes of each value, which is called once for each that decodes: its Raw
// bytes, others in their place, or nil to leave it out. All else stays as it is, and
// an event of which that is all is given as it came. It fails with ErrNothingLeft.
func Rewrite(raw []byte, edit func(v *Value) []byte) ([]byte, error) {
	r := rewriter{edit: edit}
	out := r.event(raw)
	switch {
	case r.changed && !r.some:
		return nil, ErrNothingLeft
	case !r.changed:
		out = raw
	}
	if _, spelled := message(eventMessage).sound(out, 0); !spelled {
		return message(eventMessage).spell(nil, out), nil
	}
	return out, nil
}

// rewriter rewrites one event.
type rewriter struct {
	edit    func(v *Value) []byte
	changed bool
	some    bool // there is something left
}

func (r *rewriter) event(raw []byte) (out []byte) {
	for len(raw) > 0 {
		num, typ, n, size := cut(raw)
		if size < 0 {
			r.changed = true
			break
		}
		whole := raw[:size]
		raw = raw[size:]
		if num == eventSummary && typ == protowire.BytesType {
			body, _ := protowire.ConsumeBytes(whole[n:])
			kept, changed := r.summary(body)
			r.some = r.some || len(kept) > 0 || !changed
			if changed {
				r.changed = true
				out = protowire.AppendBytes(protowire.AppendTag(out, num, typ), kept)
				continue
			}
		} else if sound, _ := message(eventMessage).sound(whole, 0); !sound {
			r.changed = true
			continue
		}
		out, r.some = append(out, whole...), true
	}
	return out
}

func (r *rewriter) summary(b []byte) (out []byte, changed bool) {
	for len(b) > 0 {
		num, typ, n, size := cut(b)
		if size < 0 {
			return out, true
		}
		whole := b[:size]
		b = b[size:]
		if num == 1 && typ == protowire.BytesType {
			body, _ := protowire.ConsumeBytes(whole[n:])
			var v Value
			var edited []byte
			if v.decode(body) {
				edited = r.edit(&v)
			}
			switch {
			case edited == nil || !(&Value{raw: edited}).Sound():
				changed = true
				continue
			case len(edited) != len(body) || len(body) > 0 && &edited[0] != &body[0]:
				changed = true
				out = protowire.AppendBytes(append(out, whole[:n]...), edited)
				continue
			}
		}
		out = append(out, whole...)
	}
	return out, changed
}

// Metadata is the value's encoded metadata, as it stands in the record.
func (v *Value) Metadata() (all []byte) {
	v.fields(func(field, body []byte, isMetadata bool) {
		if isMetadata {
			all = append(all, body...) // parts of one message are merged
		}
	})
	return all
}

// BareMetadata is encoded metadata that say no more than the value's plugin and data
// class.
func (v *Value) BareMetadata() []byte {
	plugin := protowire.AppendBytes(protowire.AppendTag(nil, keyName>>3, protowire.BytesType), v.Plugin)
	b := protowire.AppendBytes(protowire.AppendTag(nil, keyPlugin>>3, protowire.BytesType), plugin)
	if v.DataClass != 0 {
		b = protowire.AppendVarint(protowire.AppendTag(b, keyDataClass>>3, protowire.VarintType), uint64(v.DataClass))
	}
	return b
}

// WithMetadata is the encoded value with other metadata in the place of its own.
func (v *Value) WithMetadata(metadata []byte) (out []byte) {
	v.fields(func(field, _ []byte, isMetadata bool) {
		if !isMetadata {
			out = append(out, field...)
		}
	})
	return protowire.AppendBytes(protowire.AppendTag(out, keyMetadata>>3, protowire.BytesType), metadata)
}

// fields calls f for each field of the value, which decodes.
func (v *Value) fields(f func(field, body []byte, isMetadata bool)) {
	for b := v.raw; len(b) > 0; {
		num, body, rest := nextField(b)
		f(b[:len(b)-len(rest)], body, num == keyMetadata>>3 && body != nil)
		b = rest
	}
}

// cut gives the size of the first field of a message, and of its tag; a size below
// 0 where it is broken.
func cut(b []byte) (num protowire.Number, typ protowire.Type, tag, size int) {
	num, typ, tag = protowire.ConsumeTag(b)
	if tag < 0 || num > protowire.MaxValidNumber {
		return 0, 0, 0, -1
	}
	size = protowire.ConsumeFieldValue(num, typ, b[tag:])
	if size < 0 {
		return 0, 0, 0, -1
	}
	return num, typ, tag, tag + size
}

// decode fills v from an encoded value.
func (v *Value) decode(body []byte) bool {
	*v = Value{}
	if walkValue(body, v) {
		return true
	}
	*v = Value{raw: body}
	var m pb.Summary_Value
	if proto.Unmarshal(body, &m) != nil {
		return false
	}
	valueFromProto(&m, v)
	return true
}
