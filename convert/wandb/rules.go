package wandb

import (
	"strings"

	"tbexport/convert/plan"
	"tbexport/convert/rows"
)

// globalStep is the key of TensorBoard's step where rows are counted.
const globalStep = "global_step"

// Rules are those of W&B: every name is taken, but for those that W&B itself
// writes, all of which begin with an underscore.
func Rules() plan.Rules { return plan.Rules{Key: key, NewTally: rows.NewTally} }

func key(name string) string {
	switch {
	case name == "":
		return "unnamed"
	case name == globalStep:
		return "tag/" + name
	case strings.HasPrefix(name, "_"):
		return "tag/" + name
	}
	return name
}
