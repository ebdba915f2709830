package parquet

import (
	"errors"
	"math/bits"

	"github.com/apache/arrow/go/v15/arrow/array"
)

// A dictionary is the values of a dictionary column: the strings that occur, each once, and their positions.
type dictionary struct {
	strings    []string
	indices    []int32
	used       []bool
	renumbered []int32
}

// set takes the values. Strings that do not occur are left out, so that the statistics are exact, and strings that the
// array has twice become one, since readers make categories of them.
func (d *dictionary) set(all *array.String, indices []int32) error {
	if all.NullN() > 0 {
		return errors.New("null inside a dictionary")
	}
	d.used = append(d.used[:0], make([]bool, all.Len())...)
	for _, i := range indices {
		d.used[i] = true
	}
	d.strings = d.strings[:0]
	numbers := make(map[string]int32, all.Len())
	renumber := make([]int32, all.Len())
	same := true
	for i, used := range d.used {
		if !used {
			continue
		}
		s := all.Value(i)
		number, ok := numbers[s]
		if !ok {
			number = int32(len(d.strings))
			numbers[s] = number
			d.strings = append(d.strings, s)
		}
		renumber[i] = number
		same = same && int(number) == i
	}
	if d.indices = indices; same {
		return nil
	}
	d.renumbered = d.renumbered[:0]
	for _, i := range indices {
		d.renumbered = append(d.renumbered, renumber[i])
	}
	d.indices = d.renumbered
	return nil
}

func (d *dictionary) fit(int) int { return pageRows }

// appendPage appends the width of a position in bits and the positions.
func (d *dictionary) appendPage(dst []byte, from, to int) []byte {
	width := uint(bits.Len(uint(max(len(d.strings), 2) - 1)))
	return appendHybrid(append(dst, byte(width)), d.indices[from:to], width)
}

func (d *dictionary) appendStrings(dst []byte) []byte {
	for _, s := range d.strings {
		dst = appendString(dst, s)
	}
	return dst
}
