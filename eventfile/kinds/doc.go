// Package kinds decodes what summaries hold beside scalars: one struct a kind, whether it came as a message of its own
// (the old form) or as a tensor of a plugin (the new form).
//
// The decoders of new forms take an encoded TensorProto of a tag whose plugin is that of the kind. What they return is
// one of
//
//   - the kind's struct, with everything as it was stored. Pictures and sound are parts of what was decoded: they are
//     not copied, and never looked at beyond their headers;
//   - [ErrOtherForm]: a sound tensor that is not of the plugin's own form, such as numbers under text. It is a tensor
//     like that of any other plugin; package tensor reads it;
//   - another error: damage. The bytes are no protocol buffer, or a shape contradicts its content.
//
// Texts come out as UTF-8: each byte that is not becomes U+FFFD.
package kinds

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/eventfile/tensor"
)

// ErrOtherForm says that a tensor is sound but not of the form that its tag's plugin writes.
var ErrOtherForm = errors.New("a tensor that is not of its plugin's own form")

// Version is the version that a plugin's content says, which is 0 for all that TensorBoard's own plugins write. ok is
// false for a content that is no protocol buffer.
func Version(content []byte) (version int64, ok bool) {
	err := each(content, func(num protowire.Number, typ protowire.Type, body []byte) {
		if num == 1 && typ == protowire.VarintType {
			version = int64(number(body))
		}
	})
	return version, err == nil
}

// stringTensor decodes a tensor of strings of some rank from least to most.
func stringTensor(b []byte, least, most int) (tensor.Tensor, error) {
	t, err := tensor.Decode(b)
	if err == nil && (!t.IsString() || len(t.Shape) < least || len(t.Shape) > most) {
		err = ErrOtherForm
	}
	return t, err
}

// realTensor decodes a tensor of real numbers.
func realTensor(b []byte) (tensor.Tensor, error) {
	t, err := tensor.Decode(b)
	if err == nil && !t.Real() {
		err = ErrOtherForm
	}
	return t, err
}
