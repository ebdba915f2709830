package main

import (
	"errors"
	"fmt"
	"hash/crc32"
	"os"
)

// copyTo is the copy program: the limit program with one worker, which writes the
// records that it has checked to a file, and ends when they are on the disk, as an
// export does.
func copyTo(args []string) (err error) {
	if len(args) != 2 {
		return errors.New("copy LOGDIR FILE")
	}
	files, err := eventFiles(args[:1])
	if err != nil {
		return err
	}
	out, err := os.Create(args[1])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	c := checker{table: crc32.MakeTable(crc32.Castagnoli), buf: make([]byte, 1<<20), to: out}
	total := 0
	for _, path := range files {
		n, err := c.check(path)
		total += n
		if err != nil {
			return err
		}
	}
	fmt.Println(total, "records")
	return out.Sync()
}
