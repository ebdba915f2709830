package kinds

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"

	"tbexport/eventfile/tensor"
)

// Clip is an encoded piece of sound.
type Clip struct {
	Bytes       []byte // part of what was decoded; may be empty
	ContentType string // such as "audio/wav"; empty where it is not known
	Label       string // Markdown
	Labelled    bool   // there is a label, though it may be empty

	// Known says that the next three are declared beside the clip (old form), or said by its WAV header (new form).
	Known      bool
	SampleRate float64 // frames a second
	Channels   int32
	Frames     int64 // samples a channel; in the new form those that are there, when the file is cut
}

// DecodeOldAudio decodes a Summary.Audio.
func DecodeOldAudio(b []byte) (Clip, error) {
	c := Clip{Known: true}
	err := each(b, func(num protowire.Number, typ protowire.Type, body []byte) {
		switch {
		case num == 1 && typ == protowire.Fixed32Type:
			c.SampleRate = float64(math.Float32frombits(binary.LittleEndian.Uint32(body)))
		case num == 2 && typ == protowire.VarintType:
			channels := int64(number(body))
			c.Channels = int32(max(math.MinInt32, min(channels, math.MaxInt32)))
		case num == 3 && typ == protowire.VarintType:
			c.Frames = int64(number(body))
		case num == 4 && typ == protowire.BytesType:
			c.Bytes = body
		case num == 5 && typ == protowire.BytesType:
			c.ContentType = tensor.UTF8(body)
		}
	})
	if err != nil {
		return Clip{}, err
	}
	return c, nil
}

// DecodeAudio decodes a tensor of the plugin audio: strings [n, 2] of clip and label, or [n] of clips.
func DecodeAudio(b []byte) ([]Clip, error) {
	t, err := stringTensor(b, 1, 2)
	if err == nil && len(t.Shape) == 2 && t.Shape[1] != 2 {
		err = ErrOtherForm
	}
	if err != nil {
		return nil, err
	}
	all, columns := t.RawStrings(), len(t.Shape)
	clips := make([]Clip, 0, len(all)/columns)
	for i := 0; i < len(all); i += columns {
		c := Clip{Bytes: all[i]}
		if columns == 2 {
			c.Label, c.Labelled = tensor.UTF8(all[i+1]), true
		}
		c.wav()
		clips = append(clips, c)
	}
	return clips, nil
}

// wav fills in what the clip's own header says, if it is that of a WAV file.
func (c *Clip) wav() {
	b := c.Bytes
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" {
		return
	}
	c.ContentType = "audio/wav"
	little, frame := binary.LittleEndian, int64(0)
	for at := int64(12); at+8 <= int64(len(b)); {
		body := b[at+8:]
		size := int64(little.Uint32(b[at+4:]))
		switch string(b[at : at+4]) {
		case "fmt ":
			if size < 16 || len(body) < 16 {
				return
			}
			c.Known = true
			c.Channels, c.SampleRate = int32(little.Uint16(body[2:])), float64(little.Uint32(body[4:]))
			frame = int64(little.Uint16(body[12:]))
		case "data":
			if c.Known && frame > 0 {
				c.Frames = min(size, int64(len(body))) / frame
			}
			return
		}
		at += 8 + size + size&1
	}
}
