package output

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ManifestName is the file that an output directory has when some file in it does not say itself where it comes from.
// It lists such files, so that they can be told from other people's when they are to be overwritten. A directory of
// Parquet files has none: readers of partitioned data sets stumble over files of another kind.
const ManifestName = ".tbexport.json"

// manifestVersion is that of the manifest's form.
const manifestVersion = 1

// A manifest lists files of a directory.
//
//	{"tbexport_manifest": 1, "files": [{"path": "scalars.csv", "size": 1234, "crc32c": "89abcdef"}]}
//
// Paths are relative to the directory, with slashes, in byte order. crc32c is the CRC-32C of all bytes, in hexadecimal.
type manifest struct {
	Version int            `json:"tbexport_manifest"`
	Files   []manifestFile `json:"files"`
}

type manifestFile struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
	CRC  string `json:"crc32c"`
}

func newManifestFile(path string, size int64, crc uint32) manifestFile {
	return manifestFile{Path: path, Size: size, CRC: fmt.Sprintf("%08x", crc)}
}

// write makes the manifest of a directory.
func (m manifest) write(dir string) error {
	m.Version = manifestVersion
	slices.SortFunc(m.Files, func(a, b manifestFile) int { return strings.Compare(a.Path, b.Path) })
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, ManifestName), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	if _, err = f.Write(append(text, '\n')); err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// move makes the manifest in temp, and then it takes the place of the one in dir.
func (m manifest) move(temp, dir string) error {
	if err := m.write(temp); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(temp, ManifestName), filepath.Join(dir, ManifestName)); err != nil {
		return err
	}
	return syncDir(dir)
}

// listedIn gives the files that the manifest of a directory lists; nil if there is none, or one that this program did
// not write.
func listedIn(dir string) []manifestFile {
	text, err := os.ReadFile(filepath.Join(dir, ManifestName))
	if err != nil {
		return nil
	}
	var m manifest
	if json.Unmarshal(text, &m) != nil || m.Version != manifestVersion {
		return nil
	}
	return append([]manifestFile{}, m.Files...)
}

// byPath gives files by their paths: of one that an update was to replace when it was killed, both states. nil stays
// nil.
func byPath(files []manifestFile) map[string][]manifestFile {
	if files == nil {
		return nil
	}
	all := make(map[string][]manifestFile, len(files))
	for _, f := range files {
		all[f.Path] = append(all[f.Path], f)
	}
	return all
}

// Whole reports whether every file that the manifest of a directory lists is there, and as large as it was; of none
// it is true.
func Whole(dir string) bool {
	for _, f := range listedIn(dir) {
		if info, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(f.Path))); err != nil || info.Size() != f.Size {
			return false
		}
	}
	return true
}

// proves reports whether a file is the one that the manifest lists, and closes it.
func (f manifestFile) proves(file *os.File) bool {
	defer file.Close()
	if info, err := file.Stat(); err != nil || info.Size() != f.Size {
		return false
	}
	sum := crc32.New(castagnoli())
	size, err := io.Copy(sum, file)
	return err == nil && newManifestFile(f.Path, size, sum.Sum32()) == f
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }
