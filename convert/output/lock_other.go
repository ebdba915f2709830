//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package output

// dirsSync says that directories can be flushed.
const dirsSync = false

func cannotSync(error) bool { return true }

// A lock tells files in use from leftovers. There is none here, so leftovers stay.
type lock struct{}

func lockFile(string) (*lock, error) { return nil, nil }

func lockDirNow(string) (*lock, error) { return nil, nil }

func takeLeftover(string) *lock { return nil }

func holdDir(string) *lock { return nil }

func (l *lock) release() {}
