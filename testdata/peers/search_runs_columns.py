"""Prints the columns of mlflow.search_runs() that hold params and metrics, as JSON.

    MLFLOW_TRACKING_URI=... search_runs_columns.py EXPERIMENT"""

import json
import sys

import mlflow

table = mlflow.search_runs(experiment_names=[sys.argv[1]])
print(json.dumps(sorted(c for c in table.columns if c.startswith(("params.", "metrics.")))))
