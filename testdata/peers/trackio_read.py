"""Prints what Trackio itself reads of a project, as a JSON object a run:

    TRACKIO_DIR=DIR python trackio_read.py PROJECT

after the tabs that its page has something for, by its command line (list runs), by its own storage (config), and by HTTP from a server on 127.0.0.1 (every value of
every metric, with step and time)."""

import json
import os
import subprocess
import sys
import urllib.request

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import trackio
from trackio.sqlite_storage import SQLiteStorage


def command(*args):
    text = subprocess.run([os.path.join(os.path.dirname(sys.executable), "trackio"), *args], check=True, capture_output=True,
                          text=True).stdout
    return json.loads(text)


def call(url, name, **body):
    request = urllib.request.Request(f"{url.rstrip('/')}/api/{name}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def main(project):
    listed = command("list", "runs", "--project", project, "--json")["runs"]
    shown = trackio.show(project=project, open_browser=False, block_thread=False, host="127.0.0.1")
    url = next(x for x in shown if isinstance(x, str) and x.startswith("http://127.0.0.1"))
    print(json.dumps({"tabs": [tab for tab, shown in SQLiteStorage.get_tab_availability_flags(project).items() if shown]}))
    records = SQLiteStorage.get_run_records(project)
    if len(records) != len(listed):
        sys.exit(f"{len(listed)} runs listed, {len(records)} in the storage")
    for record in records:
        run, run_id = record["name"], record["id"]
        values = {}
        for metric in SQLiteStorage.get_all_metrics_for_run(project, run, run_id=run_id):
            answer = call(url, "get_metric_values", project=project, run=run, metric_name=metric, run_id=run_id)
            values[metric] = answer["data"] if isinstance(answer, dict) else answer
        config = SQLiteStorage.get_run_config(project, run, run_id=run_id)
        print(json.dumps({"run": run, "id": run_id, "values": values, "config": config}))
    sys.stdout.flush()
    os._exit(0)  # the server's threads would keep it


main(sys.argv[1])
