package sqlmodel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// extracted holds the files that media names of a run against their rows.
func (v *verifier) extracted(ctx context.Context, id int64) error {
	return v.tx.Query(ctx, func(scan func(...any) error) error {
		var path, sum string
		var size int64
		if err := scan(&path, &size, &sum); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if want, got := fileText(size, sum), fileOf(path); got != want {
			v.differs("file", path, want, got)
		}
		return nil
	}, "SELECT path, bytes, sha256 FROM media WHERE run_id = $1 AND path IS NOT NULL ORDER BY path", id)
}

// fileOf is a file in words.
func fileOf(path string) string {
	file, err := os.Open(path)
	if os.IsNotExist(err) {
		return "none"
	}
	if err != nil {
		return err.Error()
	}
	defer file.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, file)
	if err != nil {
		return err.Error()
	}
	return fileText(size, hex.EncodeToString(sum.Sum(nil)))
}

func fileText(size int64, sum string) string { return fmt.Sprintf("%d bytes of SHA-256 %s", size, sum) }
