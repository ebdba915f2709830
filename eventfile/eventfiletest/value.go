package eventfiletest

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Scalar is a value as TensorFlow 1, torch and most others write one.
func Scalar(tag string, x float32) Value {
	b := protowire.AppendTag(tagged(tag), 2, protowire.Fixed32Type)
	return protowire.AppendFixed32(b, math.Float32bits(x))
}

// Double is a scalar of a tensor of one float64, with the plugin's metadata, as
// TensorFlow 2 writes one.
func Double(tag string, x float64) Value {
	tensor := varintField(nil, 1, 2) // DT_DOUBLE
	tensor = bytesField(tensor, 2, nil)
	tensor = bytesField(tensor, 4, protowire.AppendFixed64(nil, math.Float64bits(x)))
	return Tensor(tag, "scalars", nil, tensor)
}

// Tensor is a value of an encoded TensorProto, with the metadata of a plugin and
// its content where one is named.
func Tensor(tag, plugin string, content, tensor []byte) Value {
	return bytesField(metadata(tagged(tag), plugin, content), 8, tensor)
}

// Text is a value of the text plugin: a tensor of strings.
func Text(tag string, texts ...string) Value {
	tensor := varintField(nil, 1, 7) // DT_STRING
	dimension := varintField(nil, 1, uint64(len(texts)))
	tensor = bytesField(tensor, 2, bytesField(nil, 2, dimension))
	for _, s := range texts {
		tensor = bytesField(tensor, 8, []byte(s))
	}
	return Tensor(tag, "text", nil, tensor)
}

// Image is a value as TensorFlow 1 and torch write one: an encoded Summary.Image.
func Image(tag string, image []byte) Value { return bytesField(tagged(tag), 4, image) }

// HParams is a value of the hparams plugin, whose content is an encoded
// HParamsPluginData.
func HParams(tag string, content []byte) Value { return metadata(tagged(tag), "hparams", content) }

func tagged(tag string) []byte { return bytesField(nil, 1, []byte(tag)) }

func metadata(b []byte, plugin string, content []byte) []byte {
	if plugin == "" {
		return b
	}
	data := bytesField(nil, 1, []byte(plugin))
	if content != nil {
		data = bytesField(data, 2, content)
	}
	return bytesField(b, 9, bytesField(nil, 1, data))
}
