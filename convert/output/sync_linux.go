package output

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncFiles flushes the files of a directory to the disk: with all of its file
// system, which is one wait instead of one a file.
func syncFiles(dir string, _ []manifestFile) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return unix.Syncfs(int(d.Fd()))
}

// beginSync has the disk begin with n bytes of a file, where it can. That they are there
// is for a later flush to prove.
func beginSync(f *os.File, off, n int64) {
	_ = unix.SyncFileRange(int(f.Fd()), off, n, unix.SYNC_FILE_RANGE_WRITE)
}
