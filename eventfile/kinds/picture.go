package kinds

import (
	"encoding/binary"
	"math"
)

// mostHeader is how many bytes of a picture are looked at.
const mostHeader = 64 << 10

// pictureHeader says what a picture is by its first bytes, and its size if they say one: ok. The rest of the picture is
// not looked at, so it may be broken.
func pictureHeader(b []byte) (format string, width, height int32, ok bool) {
	b = b[:min(len(b), mostHeader)]
	var w, h uint32
	switch {
	case starts(b, "\x89PNG\r\n\x1a\n"):
		format = "png"
		if ok = len(b) >= 24 && string(b[12:16]) == "IHDR"; ok {
			w, h = binary.BigEndian.Uint32(b[16:]), binary.BigEndian.Uint32(b[20:])
		}
	case starts(b, "GIF87a"), starts(b, "GIF89a"):
		format = "gif"
		if ok = len(b) >= 10; ok {
			w, h = uint32(binary.LittleEndian.Uint16(b[6:])), uint32(binary.LittleEndian.Uint16(b[8:]))
		}
	case starts(b, "\xff\xd8\xff"):
		format = "jpeg"
		w, h, ok = jpegSize(b)
	case starts(b, "RIFF") && len(b) >= 12 && string(b[8:12]) == "WEBP":
		format = "webp"
		w, h, ok = webpSize(b[12:])
	case starts(b, "BM") && len(b) >= 18:
		if w, h, ok = bmpSize(b); ok { // two letters alone may be anything
			format = "bmp"
		}
	}
	if w > math.MaxInt32 || h > math.MaxInt32 {
		w, h, ok = 0, 0, false
	}
	return format, int32(w), int32(h), ok
}

func starts(b []byte, magic string) bool {
	return len(b) >= len(magic) && string(b[:len(magic)]) == magic
}

// jpegSize finds the frame header among the segments that go before the picture's data.
func jpegSize(b []byte) (width, height uint32, ok bool) {
	for at := 2; at+9 <= len(b); {
		if b[at] != 0xff {
			return 0, 0, false
		}
		switch marker := b[at+1]; {
		case marker == 0xff: // a fill byte
			at++
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc: // SOF
			return uint32(binary.BigEndian.Uint16(b[at+7:])), uint32(binary.BigEndian.Uint16(b[at+5:])), true
		case marker == 0x01 || marker >= 0xd0 && marker <= 0xd7: // without a length
			at += 2
		case marker == 0xd9 || marker == 0xda: // the end, or data
			return 0, 0, false
		default:
			at += 2 + max(2, int(binary.BigEndian.Uint16(b[at+2:])))
		}
	}
	return 0, 0, false
}

// webpSize reads the first chunk of a WebP file: VP8 (lossy), VP8L (lossless) or VP8X (extended).
func webpSize(b []byte) (width, height uint32, ok bool) {
	if len(b) < 18 {
		return 0, 0, false
	}
	little := binary.LittleEndian
	switch body := b[8:]; string(b[:4]) {
	case "VP8 ":
		if string(body[3:6]) == "\x9d\x01\x2a" {
			return uint32(little.Uint16(body[6:]) & 0x3fff), uint32(little.Uint16(body[8:]) & 0x3fff), true
		}
	case "VP8L":
		if body[0] == 0x2f {
			x := little.Uint32(body[1:])
			return x&0x3fff + 1, x>>14&0x3fff + 1, true
		}
	case "VP8X":
		return little.Uint32(body[4:])&0xffffff + 1, little.Uint32(body[6:])>>8 + 1, true
	}
	return 0, 0, false
}

// bmpSize reads the header behind a bitmap's file header. A negative height says that the rows go down.
func bmpSize(b []byte) (width, height uint32, ok bool) {
	little := binary.LittleEndian
	switch size := little.Uint32(b[14:]); {
	case size == 12 && len(b) >= 22:
		return uint32(little.Uint16(b[18:])), uint32(little.Uint16(b[20:])), true
	case size >= 40 && size <= 124 && len(b) >= 26:
		w, h := int32(little.Uint32(b[18:])), int32(little.Uint32(b[22:]))
		if h < 0 {
			h = -h
		}
		return uint32(w), uint32(h), w >= 0 && h >= 0
	}
	return 0, 0, false
}
