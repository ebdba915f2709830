package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math/bits"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// limit is the limit program: it reads every event file below the directories,
// as many at a time as tbexport reads runs, and computes the two CRCs of each
// record, with the standard library alone. What reads and checks the bytes and
// then does something with them cannot be much faster.
func limit(dirs []string) error {
	files, err := eventFiles(dirs)
	if err != nil {
		return err
	}
	queue := make(chan string, len(files))
	for _, f := range files {
		queue <- f
	}
	close(queue)
	workers := runtime.GOMAXPROCS(0)
	records, errs := make([]int, workers), make([]error, workers)
	var group sync.WaitGroup
	for i := range workers {
		group.Go(func() {
			c := checker{table: crc32.MakeTable(crc32.Castagnoli), buf: make([]byte, 1<<20)}
			for path := range queue {
				n, err := c.check(path)
				records[i] += n
				errs[i] = errors.Join(errs[i], err)
			}
		})
	}
	group.Wait()
	total := 0
	for _, n := range records {
		total += n
	}
	fmt.Println(total, "records")
	return errors.Join(errs...)
}

func eventFiles(dirs []string) (files []string, err error) {
	for _, dir := range dirs {
		err = errors.Join(err, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.Contains(d.Name(), "tfevents") {
				files = append(files, path)
			}
			return err
		}))
	}
	return files, err
}

// A checker reads files with one buffer.
type checker struct {
	table *crc32.Table
	buf   []byte
	to    io.Writer // takes what was checked; nil: nothing does
}

// check returns how many records a file has.
func (c *checker) check(path string) (records int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for have := 0; ; {
		n, err := f.Read(c.buf[have:])
		if err == io.EOF && have == 0 {
			return records, nil
		}
		if err != nil {
			return records, fmt.Errorf("%s: %w", path, err)
		}
		have += n
		b := c.buf[:have]
		for len(b) >= 12 {
			length := binary.LittleEndian.Uint64(b)
			if c.masked(b[:8]) != binary.LittleEndian.Uint32(b[8:]) {
				return records, fmt.Errorf("%s: wrong CRC of a length", path)
			}
			end := 12 + int(length)
			if len(b) < end+4 {
				if end+4 > len(c.buf) {
					c.buf = append(make([]byte, 0, 2*(end+4)), c.buf...)[:2*(end+4)]
				}
				break
			}
			if c.masked(b[12:end]) != binary.LittleEndian.Uint32(b[end:]) {
				return records, fmt.Errorf("%s: wrong CRC of a payload", path)
			}
			records++
			b = b[end+4:]
		}
		if whole := have - len(b); c.to != nil && whole > 0 {
			if _, err := c.to.Write(c.buf[:whole]); err != nil {
				return records, err
			}
		}
		have = copy(c.buf, b)
	}
}

func (c *checker) masked(b []byte) uint32 {
	return bits.RotateLeft32(crc32.Checksum(b, c.table), -15) + 0xa282ead8
}
