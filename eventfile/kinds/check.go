package kinds

import (
	"errors"

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
	case "histograms":
		_, err = DecodeHistogram(b)
	case "pr_curves":
		_, err = DecodePRCurve(b)
	case "mesh":
		_, err = DecodeMesh(b)
	case "custom_scalars":
		_, err = DecodeLayout(b)
	case "hparams":
	default:
		_, err = tensor.Decode(b) // of graphs, too: they are strings of any content
	}
	if errors.Is(err, ErrOtherForm) {
		return nil
	}
	return err
}
