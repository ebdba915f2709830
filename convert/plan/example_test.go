package plan_test

import (
	"context"
	"fmt"

	"tbexport/convert"
	"tbexport/convert/plan"
	"tbexport/eventfile/dirstore"
)

// A destination says what it takes, makes each run of the plan, and gets its
// points.
func ExamplePlanner() {
	runs, _, err := dirstore.New(dirstore.Logdir{Path: "../../testdata/logs/hparams/keras-callback"}).Find(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	planner := plan.NewPlanner(plan.Rules{LongestKey: 250}, plan.Options{Fold: true})
	read := convert.ReadOptions{}
	if _, err := convert.Export(context.Background(), runs, planner, convert.Options{Read: read}); err != nil {
		fmt.Println(err)
		return
	}
	p := planner.Plan()
	for _, run := range p.Runs[:1] {
		fmt.Println(run.Path, run.Status, run.Params[0].HParam.Number)
		for chunk, err := range p.Points(context.Background(), run, read) {
			if err != nil {
				fmt.Println(err)
				return
			}
			fmt.Println(chunk.Series.Key, chunk.Steps)
		}
	}
	// Output:
	// run-0 FINISHED 0.1
	// train/epoch_learning_rate [0 1]
	// train/epoch_loss [0 1]
	// validation/epoch_loss [0 1]
	// validation/evaluation_loss_vs_iterations [1 2]
}
