package kinds

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/eventfile/tensor"
)

// Check gives the error by which the decoder of a plugin's tensors says that one is damaged; nil where it is sound,
// whether it is of the plugin's own form or another. Tensors of plugins that are not TensorBoard's own are damaged
// where no tensor is; those of hparams, which shows none, never are.
func Check(plugin string, b []byte) (err error) {
	switch plugin {
	case "text":
		_, err = DecodeRawText(b)
	case "images":
		_, err = DecodeImage(b)
	case "audio":
		_, err = DecodeAudio(b)
	case "mesh":
		_, err = meshTensor(b)
	case "custom_scalars":
		_, err = DecodeLayout(b)
	case "hparams":
	default:
		// Of graphs, too: they are strings of any content. Histograms and PR curves
		// are damaged where the tensor is.
		_, err = tensor.Decode(b)
	}
	if errors.Is(err, ErrOtherForm) {
		return nil
	}
	return err
}

// CheckOldHistogram fails where DecodeOldHistogram does, and copies nothing.
func CheckOldHistogram(b []byte) error {
	edges, counts, broken := 0, 0, false
	err := each(b, func(num protowire.Number, typ protowire.Type, body []byte) {
		n := 0
		switch {
		case num != 6 && num != 7:
			return
		case typ == protowire.BytesType:
			n, broken = len(body)/8, broken || len(body)%8 != 0
		case typ == protowire.Fixed64Type:
			n = 1
		}
		if num == 6 {
			edges += n
		} else {
			counts += n
		}
	})
	switch {
	case err != nil:
		return err
	case broken:
		return errBroken
	}
	return sameBuckets(edges, counts)
}
