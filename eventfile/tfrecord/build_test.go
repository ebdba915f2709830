package tfrecord

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
)

// frame returns payload as a record.
func frame(payload string) []byte {
	var b bytes.Buffer
	if err := NewWriter(&b).Write([]byte(payload)); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// header returns the header of a record of n bytes.
func header(n uint64) []byte {
	b := binary.LittleEndian.AppendUint64(nil, n)
	return binary.LittleEndian.AppendUint32(b, refCRC(b))
}

// join returns its arguments, strings or byte slices, as one file.
func join(parts ...any) (file []byte) {
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			file = append(file, p...)
		case []byte:
			file = append(file, p...)
		default:
			panic(fmt.Sprintf("%T", p))
		}
	}
	return file
}

// numbered returns n records whose payloads are all different, about length bytes each.
func numbered(n, length int) (file []byte, payloads []string) {
	rnd := rand.New(rand.NewPCG(uint64(n), uint64(length)))
	for i := range n {
		p := fmt.Sprintf("record %d ", i)
		for want := length/2 + rnd.IntN(length+1); len(p) < want; {
			p += string(rune('a' + rnd.IntN(26)))
		}
		payloads = append(payloads, p)
		file = append(file, frame(p)...)
	}
	return file, payloads
}

// garbage returns n random bytes, the same for the same seed.
func garbage(n int, seed uint64) []byte {
	rnd := rand.New(rand.NewPCG(seed, 99))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(rnd.Uint32())
	}
	return b
}

func asDamage(err error) *Damage {
	var d *Damage
	if errors.As(err, &d) {
		return d
	}
	return nil
}

// maxBuilt bounds what build writes, as the reference is quadratic.
const maxBuilt = 4 << 10

// build runs a program of single bytes on a stack of byte strings and returns all that
// is left on the stack: files that are broken in ways that random bytes never are, since
// they contain CRCs that hold.
func build(program []byte) []byte {
	stack := [][]byte{nil}
	arg := func() int {
		if len(program) == 0 {
			return 0
		}
		v := program[0]
		program = program[1:]
		return int(v)
	}
	// at returns an offset into b, from its start or its end.
	at := func(b []byte) int {
		v := arg()
		if v >= 128 {
			return max(0, len(b)-(255-v))
		}
		return min(v, len(b))
	}
	for len(program) > 0 {
		op, last := arg(), len(stack)-1
		top := &stack[last]
		switch op % 24 {
		default: // a literal
			n := min(op%24, len(program))
			stack = append(stack, slices.Clone(program[:n]))
			program = program[n:]
		case 10, 11: // frame the top
			*top = frame(string(*top))
		case 12, 13: // join the two on top
			if last > 0 {
				stack[last-1] = append(stack[last-1], *top...)
				stack = stack[:last]
			}
		case 14: // frame it with a wrong data CRC
			*top = frame(string(*top))
			(*top)[len(*top)-1] ^= byte(1 + arg())
		case 15: // cut bytes out
			i := at(*top)
			*top = slices.Delete(*top, i, min(len(*top), i+arg()))
		case 16: // cut the end off
			*top = (*top)[:at(*top)]
		case 17: // flip a bit
			if i := at(*top); i < len(*top) {
				(*top)[i] ^= 1 << (arg() % 8)
			}
		case 18: // zeros over it
			i := at(*top)
			clear((*top)[i:min(len(*top), i+arg())])
		case 19: // the top over the one below
			if last > 0 {
				i := at(stack[last-1])
				stack[last-1] = slices.Replace(stack[last-1], i, min(len(stack[last-1]), i+len(*top)), *top...)
				stack = stack[:last]
			}
		case 20: // a header of any length
			n := uint64(arg())
			if n >= 250 {
				n = 1<<63 - 20 + n<<60
			}
			*top = append(*top, header(n)...)
		case 21: // once more
			stack = append(stack, slices.Clone(*top))
		case 22: // zeros behind it
			*top = append(*top, make([]byte, arg())...)
		case 23: // the header of a record that ends with the top, before it
			if n := len(*top) - footerLen; n >= 0 {
				*top = append(header(uint64(n)), *top...)
			}
		}
		size := 0
		for _, b := range stack {
			size += len(b)
		}
		if size > maxBuilt {
			break
		}
	}
	return slices.Concat(stack...)
}
