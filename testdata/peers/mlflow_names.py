"""Prints, as JSON, what MLflow's client says of the run called baseline of an experiment.

usage: mlflow_names.py EXPERIMENT, with MLFLOW_TRACKING_URI
"""

import json
import sys

from mlflow import MlflowClient

client = MlflowClient()
experiment = client.get_experiment_by_name(sys.argv[1])
(run,) = client.search_runs([experiment.experiment_id], "attributes.run_name = 'baseline'")
losses = client.get_metric_history(run.info.run_id, "Loss/val")
least = min(losses, key=lambda m: (m.value, m.step))
told = {
    "name": run.info.run_name,
    "team": run.data.tags.get("team", ""),
    "owner": experiment.tags.get("owner", ""),
    "missing": run.data.tags.get("tbexport.artifacts_missing", ""),
    "description": run.data.tags["mlflow.note.content"].split("\n")[0],
    "artifacts": ",".join(f.path for f in client.list_artifacts(run.info.run_id, "checkpoints")),
    "best": str(run.data.metrics["best/Loss/val"]),
    "best_step": str(run.data.metrics["best_step/Loss/val"]),
    "least": str(least.value),
    "least_step": str(float(least.step)),
}
told.update(run.data.params)
json.dump(told, sys.stdout)
