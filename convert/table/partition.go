package table

import (
	"fmt"
	"strings"
)

const partitionPrefix = "run="

// longestName is what the common file systems allow for one name, in bytes.
const longestName = 255

// PartitionName is the directory name of a run: "run=" and the run's name with
// %XX for every byte but letters, digits and "-_.", as pyarrow, DuckDB, polars
// and Spark undo it. It fails for names that would be longer than file systems
// allow.
func PartitionName(run string) (string, error) {
	var b strings.Builder
	b.WriteString(partitionPrefix)
	for i := range len(run) {
		c := run[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	if b.Len() > longestName {
		return "", fmt.Errorf("run %q: its name is too long for a directory (%d bytes, at most %d): write one file "+
			"instead", run, b.Len(), longestName)
	}
	return b.String(), nil
}
