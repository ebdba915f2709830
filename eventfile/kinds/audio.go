package kinds

import "math"

// Audio is a clip of a summary's audio field (TensorFlow's summary.proto).
type Audio struct {
	SampleRate float32 // frames a second
	Channels   uint64
	Frames     uint64
	Type       string // of what is encoded, as "audio/wav"
	Encoded    []byte // part of what was decoded
}

// DecodeAudio decodes a Summary.Audio.
func DecodeAudio(b []byte) Audio {
	var audio Audio
	for _, f := range fields(b) {
		switch f.num {
		case 1:
			audio.SampleRate = math.Float32frombits(uint32(f.value))
		case 2:
			audio.Channels = f.value
		case 3:
			audio.Frames = f.value
		case 4:
			audio.Encoded = f.bytes
		case 5:
			audio.Type = string(f.bytes)
		}
	}
	return audio
}
