package plan

import (
	"io"
	"testing"

	"tbexport/convert"
	"tbexport/convert/sinktest"
)

func TestPlannerContract(t *testing.T) {
	sinktest.Run(t, sinktest.Destination{
		New: func(testing.TB, string, func(io.Writer) io.Writer) convert.Sink {
			return NewPlanner(Rules{}, Options{Fold: true})
		},
	})
}
