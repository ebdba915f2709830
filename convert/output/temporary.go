package output

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A temporary's name is temporaryPrefix, hostLetters letters that stand for this host, as many as make temporaryLetters
// together, and temporarySuffix. Earlier versions had fewer letters and did not lock what they wrote, so nothing of
// theirs is taken for a leftover; nor is anything of another host, whose locks may not be seen through a network.
const (
	temporaryPrefix  = ".tbexport-"
	temporarySuffix  = ".tmp"
	setAsideSuffix   = ".old" // in place of temporarySuffix: what has lost its name, and is never taken for a leftover
	temporaryLetters = 14
	hostLetters      = 4
)

// underWay is a file in a temporary directory that is being filled. Whoever fills it holds its lock. It is removed
// before the directory gets its name.
const underWay = ".under-way"

// errTaken says that another process has taken a temporary for a leftover, before it was locked.
var errTaken = errors.New("removed by another process")

// attempts is how many names are tried.
const attempts = 10

// temporaryName is a new name beside path, hidden.
func temporaryName(path string) string {
	letters := strings.ToLower(rand.Text()[:temporaryLetters-hostLetters])
	return filepath.Join(filepath.Dir(path), temporaryPrefix+host()+letters+temporarySuffix)
}

// isTemporaryName reports whether a name is one that this host gives.
func isTemporaryName(name string) bool {
	return strings.HasPrefix(name, temporaryPrefix+host()) && strings.HasSuffix(name, temporarySuffix) &&
		len(name) == len(temporaryPrefix)+temporaryLetters+len(temporarySuffix)
}

// host returns the letters that stand for this host.
func host() string {
	name, err := os.Hostname()
	if err != nil {
		name = ""
	}
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:hostLetters/2])
}

// temporaryFile makes a locked temporary file beside path.
func temporaryFile(path string) (temp *os.File, held *lock, err error) {
	for range attempts {
		// Unlike os.CreateTemp's, the file gets the permissions that users expect.
		if temp, err = os.OpenFile(temporaryName(path), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666); err != nil {
			return nil, nil, err
		}
		if held, err = lockFile(temp.Name()); err == nil {
			return temp, held, nil
		}
		_ = temp.Close() // whoever has taken it removes it
	}
	return nil, nil, err
}

// temporaryDir makes a locked temporary directory beside path.
func temporaryDir(path string) (temp string, held *lock, err error) {
	for range attempts {
		temp = temporaryName(path)
		if err := os.Mkdir(temp, 0o777); err != nil {
			return "", nil, err
		}
		if held, err = lockDir(temp); err == nil {
			return temp, held, nil
		}
	}
	return "", nil, err
}

// lockDir marks a directory as under way.
func lockDir(dir string) (*lock, error) {
	f, err := os.OpenFile(filepath.Join(dir, underWay), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	return lockFile(f.Name())
}

// removeLeftovers removes the temporary files and directories in dir that nobody is writing any more: those whose lock
// nobody holds. Of directories that were complete, and so lost their mark, only those go in which every file is proven
// to be this program's by o, or by the manifest. Where there are no locks it removes nothing, and what it cannot remove
// it leaves.
func removeLeftovers(dir string, o DirOptions) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !isTemporaryName(e.Name()) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		switch {
		case e.Type().IsRegular():
			if held := takeLeftover(path); held != nil {
				_ = os.Remove(path)
				held.release()
			}
		case e.IsDir():
			if held := takeLeftover(filepath.Join(path, underWay)); held != nil {
				_ = removeDir(path)
				held.release()
			} else if _, err := os.Lstat(filepath.Join(path, underWay)); errors.Is(err, fs.ErrNotExist) {
				removeComplete(path, o)
			}
		}
	}
}

// removeComplete removes a directory of a process that was killed while it gave it its name, or took the name of an
// earlier output away.
func removeComplete(dir string, o DirOptions) {
	held := holdDir(dir)
	if held == nil {
		return
	}
	defer held.release()
	if earlier, err := findEarlier(dir, dir, DirOptions{Signed: o.Signed}); err == nil {
		_ = earlier.remove(dir)
	}
}

// removeDir removes a temporary directory, what marks it last: so the next one can go on where this one was killed.
func removeDir(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == underWay {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	if err := os.Remove(filepath.Join(dir, underWay)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Remove(dir)
}

// syncDir flushes the entries of a directory to the disk, where that can be done.
func syncDir(dir string) error {
	if !dirsSync {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("%s: %w", dir, cause(err))
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !cannotSync(err) {
		return fmt.Errorf("%s: %w", dir, cause(err))
	}
	return nil
}
