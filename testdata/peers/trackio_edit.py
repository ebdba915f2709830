"""Does to a project what people do in Trackio:

    TRACKIO_DIR=DIR python trackio_edit.py PROJECT BEGINNING STEP

puts a beginning before the names of all runs, and logs a metric "f1" to each, at a step."""

import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import trackio
from trackio.sqlite_storage import SQLiteStorage


def main(project, beginning, step):
    for run in trackio.Api().runs(project):
        run.rename(beginning + run.name)
        SQLiteStorage.bulk_log(project, run.name, [{"f1": 0.9}], steps=[int(step)], run_id=run.id)


main(*sys.argv[1:])
