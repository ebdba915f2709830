package tfrecord_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"tbexport/eventfile/tfrecord"
)

// A file of three records, of which the second is damaged.
func Example() {
	var file bytes.Buffer
	w := tfrecord.NewWriter(&file)
	for _, payload := range []string{"alpha", "beta", "gamma"} {
		if err := w.Write([]byte(payload)); err != nil {
			fmt.Println(err)
		}
	}
	file.Bytes()[35] ^= 1

	r := tfrecord.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()), tfrecord.Options{})
	for {
		payload, err := r.Next()
		var damage *tfrecord.Damage
		switch {
		case err == io.EOF:
			return
		case errors.As(err, &damage):
			fmt.Println(err, "- records lost:", damage.Records)
		case err != nil:
			fmt.Println(err)
			return
		default:
			fmt.Printf("offset %d: %s\n", r.Offset(), payload)
		}
	}
	// Output:
	// offset 0: alpha
	// offset 21: 20 bytes unreadable: data CRC - records lost: 1
	// offset 41: gamma
}
