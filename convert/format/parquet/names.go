package parquet

import (
	"errors"
	"math/bits"

	"github.com/apache/arrow/go/v15/arrow/array"
)

// names are the values of a dictionary column: the strings that occur, each once, and their positions.
type names struct {
	dictionary []string
	indices    []int32
	used       []bool
	renumbered []int32
}

// set takes the values. Strings that do not occur are left out, so that the statistics are exact, and strings that the
// array has twice become one, since readers make categories of them.
func (n *names) set(dictionary *array.String, indices []int32) error {
	if dictionary.NullN() > 0 {
		return errors.New("null inside a dictionary")
	}
	n.used = append(n.used[:0], make([]bool, dictionary.Len())...)
	for _, i := range indices {
		n.used[i] = true
	}
	n.dictionary = n.dictionary[:0]
	numbers := make(map[string]int32, dictionary.Len())
	renumber := make([]int32, dictionary.Len())
	same := true
	for i, used := range n.used {
		if !used {
			continue
		}
		name := dictionary.Value(i)
		number, ok := numbers[name]
		if !ok {
			number = int32(len(n.dictionary))
			numbers[name] = number
			n.dictionary = append(n.dictionary, name)
		}
		renumber[i] = number
		same = same && int(number) == i
	}
	if n.indices = indices; same {
		return nil
	}
	n.renumbered = n.renumbered[:0]
	for _, i := range indices {
		n.renumbered = append(n.renumbered, renumber[i])
	}
	n.indices = n.renumbered
	return nil
}

func (n *names) fit(int) int { return pageRows }

// appendPage appends the width of a position in bits and the positions.
func (n *names) appendPage(dst []byte, from, to int) []byte {
	width := uint(bits.Len(uint(max(len(n.dictionary), 2) - 1)))
	return appendRuns(append(dst, byte(width)), n.indices[from:to], width)
}

func (n *names) appendDictionary(dst []byte) []byte {
	for _, name := range n.dictionary {
		dst = appendString(dst, name)
	}
	return dst
}
