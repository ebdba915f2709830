package sniff

import (
	"bytes"
	"encoding/binary"
)

// HeadBytes is how many of a file's first bytes File makes use of.
const HeadBytes = 4096

// File says what a file is by its first bytes, at least HeadBytes of them unless
// it is shorter, and its size. It is "" for what can be an event file, whole or
// damaged, and for what it does not know.
func File(head []byte, size int64) string {
	head = head[:min(len(head), HeadBytes)]
	for _, m := range magics {
		if len(head) >= m.offset && bytes.HasPrefix(head[m.offset:], []byte(m.bytes)) {
			return m.what
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b\x08")) && len(head) > 3 && head[3]&0xe0 == 0:
		return "gzip data (gunzip makes the file of it)"
	case isZip(head):
		return zipArchive(head)
	case pickle(head):
		return "a Python pickle, as older PyTorch checkpoints are"
	case visualDL(head, size):
		return "a VisualDL log"
	}
	return text(head, size)
}

// magics are beginnings that say enough. Where a TensorBoard record begins there
// is a length, whose upper bytes are 0 and which none of these has.
var magics = []struct {
	offset int
	bytes  string
	what   string
}{
	{0, "version https://git-lfs.github.com/spec/", "a Git LFS pointer (git lfs pull fetches the file)"},
	{0, "version https://hawser.github.com/spec/", "a Git LFS pointer (git lfs pull fetches the file)"},
	{0, "PAR1", "a Parquet file"},
	{0, "PARE", "an encrypted Parquet file"},
	{0, "ARROW1\x00\x00", "an Arrow file"},
	{0, "FEA1", "a Feather file"},
	{0, "Obj\x01", "an Avro file"},
	{0, "\x28\xb5\x2f\xfd", "zstd data (unzstd makes the file of it)"},
	{4, "1AY&SY", "bzip2 data (bunzip2 makes the file of it)"},
	{0, "\xfd7zXZ\x00", "xz data (unxz makes the file of it)"},
	{0, "\x04\x22\x4d\x18", "lz4 data (unlz4 makes the file of it)"},
	{0, "7z\xbc\xaf\x27\x1c", "a 7z archive"},
	{tarAt, tarMagic, "a tar archive (tar -xf makes the files of it)"},
	{0, "\x89HDF\r\n\x1a\n", "an HDF5 file, as Keras models and weights are"},
	{0, "\x93NUMPY", "a NumPy array"},
	{0, "\x89PNG\r\n\x1a\n", "a PNG image"},
	{0, "\xff\xd8\xff", "a JPEG image"},
	{0, "GIF8", "a GIF image"},
	{0, "RIFF", "a RIFF file (WAV, AVI or WebP)"},
	{0, "%PDF-", "a PDF document"},
	{0, "\x7fELF", "a program or library (ELF)"},
	{0, "SQLite format 3\x00", "an SQLite database"},
	{0, ":W&B", "a W&B run file (wandb sync uploads it)"},
	{4, "TFL3", "a TensorFlow Lite model"},
}

// Where a tar archive says that it is one.
const (
	tarAt    = 257
	tarMagic = "ustar"
)

func isZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

// IsArchive reports whether a file that begins with head is an archive, in which whole
// event files may stand as they are: zip or tar.
func IsArchive(head []byte) bool {
	return isZip(head) || len(head) > tarAt && bytes.HasPrefix(head[tarAt:], []byte(tarMagic))
}

// zipArchive says more of a zip archive by the name of its first file.
func zipArchive(head []byte) string {
	const nameAt = 30
	if len(head) > nameAt && bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		n := int(binary.LittleEndian.Uint16(head[26:]))
		switch name := head[nameAt:min(len(head), nameAt+n)]; {
		case bytes.HasSuffix(name, []byte(".npy")):
			return "a NumPy archive (npz)"
		case bytes.HasSuffix(name, []byte("/data.pkl")), bytes.HasSuffix(name, []byte("/.format_version")):
			return "a PyTorch checkpoint"
		}
	}
	return "a zip archive (unzip makes the files of it)"
}

// pickle reports whether a pickle of protocol 2 or later begins here: its opcode,
// and the first of something that one can begin with.
func pickle(head []byte) bool {
	const first = "\x95\x8a}]c()XJK"
	return len(head) > 2 && head[0] == 0x80 && head[1] >= 2 && head[1] <= 5 &&
		bytes.IndexByte([]byte(first), head[2]) >= 0
}
