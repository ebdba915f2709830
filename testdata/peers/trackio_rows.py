"""Prints what Trackio's own storage reads of a project, as a JSON object a run: id, name, config, rows.

    TRACKIO_DIR=DIR python trackio_rows.py PROJECT

Of media it gives the SHA-256 of the files that are there."""

import hashlib
import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

from trackio.sqlite_storage import SQLiteStorage
from trackio.utils import MEDIA_DIR


def medium(m):
    kind = m["_type"].removeprefix("trackio.")
    if kind == "histogram":
        return {"kind": kind, "bins": m["bins"], "counts": m["values"]}
    with open(MEDIA_DIR / m["file_path"], "rb") as f:
        return {"kind": kind, "files": [hashlib.sha256(f.read()).hexdigest()], "labels": [m["caption"]]}


project = sys.argv[1]
for record in SQLiteStorage.get_run_records(project):
    rows = [{key: medium(x) if isinstance(x, dict) else x for key, x in row.items()}
            for row in SQLiteStorage.get_logs(project, record["name"], run_id=record["id"])]  # fmt: skip
    config = SQLiteStorage.get_run_config(project, record["name"], run_id=record["id"])
    print(json.dumps({"id": record["id"], "run": record["name"], "config": config, "rows": rows}))
