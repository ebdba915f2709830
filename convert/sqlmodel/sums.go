package sqlmodel

import (
	"fmt"
	"math"
)

// sums are what the row of a metric says of its points. Of last step and of lowest
// and highest value, the order of the files plays no part; NaN is neither lowest
// nor highest.
type sums struct {
	lastStep        int64
	last            float64 // in the order of the files
	lowest, highest float64
	points, numbers int64
}

// sumColumns are those of a metric.
var sumColumns = []string{"last_step", "last_value", "min_value", "max_value"}

func (s *sums) add(steps []int64, values []float64) {
	for i, value := range values {
		if s.points == 0 || steps[i] > s.lastStep {
			s.lastStep = steps[i]
		}
		s.points++
		s.last = value
		if math.IsNaN(value) {
			continue
		}
		if s.numbers == 0 || value < s.lowest {
			s.lowest = value
		}
		if s.numbers == 0 || value > s.highest {
			s.highest = value
		}
		s.numbers++
	}
}

// row has them in the columns. Without points, or without numbers, there are NULLs.
func (s *sums) row(number func(float64) any) []any {
	row := make([]any, len(sumColumns))
	if s.points > 0 {
		row[0], row[1] = s.lastStep, number(s.last)
	}
	if s.numbers > 0 {
		row[2], row[3] = number(s.lowest), number(s.highest)
	}
	return row
}

// sumText is such a row in words.
func sumText(row []any) string {
	return fmt.Sprintf("last step %v, last value %v, lowest %v, highest %v", row...)
}
