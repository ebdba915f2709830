"""Compares the media of an experiment on an MLflow server, read with MLflow's own client, with the logdir that
`tbexport mlflow` made it of, read with TensorBoard's own reader of event files.

    mlflow_media.py LOGDIR EXPERIMENT [--grid yes|no] [--min N]

The server is that of MLFLOW_TRACKING_URI. Exits with 0 if all is the same, 1 if not, 2 if too little was compared."""

import argparse
import collections
import glob
import hashlib
import io
import json
import os
import sys
import tempfile

import numpy as np
from mlflow import MlflowClient
from PIL import Image
from tensorboard.backend.event_processing import event_file_loader
from tensorboard.util import tensor_util

DELIMITERS = ["%", "+"]


def page_name(name):
    """What the page makes of the name of a file in images/: ImageReducer.ts of MLflow 3.17."""
    key, extension = name.rsplit(".", 1)
    delimiter = next(d for d in DELIMITERS if d in key)
    small = key.endswith("compressed")
    parts = key.split(delimiter)
    if parts[1] != "step" or parts[3] != "timestamp":
        raise ValueError(name)
    of = key[: -len("+compressed")] if small else key
    return parts[0].replace("~", "/").replace("#", "/"), int(parts[2]), int(parts[4]), of, extension, small


def logged(run_dir):
    """The media of a run's event files: (kind, step, ms) -> digests of the items, or numbers of histograms and curves."""
    media = collections.Counter()
    rows = collections.Counter()
    for path in sorted(glob.glob(os.path.join(run_dir, "*tfevents*"))):
        for event in event_file_loader.LegacyEventFileLoader(path).Load():
            for value in event.summary.value:
                items = []
                plugin = value.metadata.plugin_data.plugin_name
                if value.HasField("image"):
                    items = [("image", value.image.encoded_image_string)]
                elif value.HasField("audio"):
                    items = [("audio", value.audio.encoded_audio_string)]
                elif value.HasField("histo"):
                    rows["histograms", value.tag, event.step] += 1
                elif plugin == "images":
                    items = [("image", b) for b in tensor_util.make_ndarray(value.tensor).ravel()[2:]]
                elif plugin == "text":
                    texts = tensor_util.make_ndarray(value.tensor).ravel()
                    items = [("text", texts[0])] if len(texts) == 1 else []
                elif plugin == "pr_curves":
                    rows["pr_curves", value.tag, event.step] += tensor_util.make_ndarray(value.tensor).shape[1]
                for kind, content in items:
                    media[kind, event.step, hashlib.sha256(content).hexdigest()] += 1
    return media, rows


def files(client, run_id, path=None):
    for f in client.list_artifacts(run_id, path):
        if f.is_dir:
            yield from files(client, run_id, f.path)
        else:
            yield f


def stored(client, run, grid):
    """The same of a run on the server."""
    media, rows, wrong = collections.Counter(), collections.Counter(), []
    pictures = collections.defaultdict(dict)
    with tempfile.TemporaryDirectory() as directory:
        for name in ["images", "media"]:
            there = list(files(client, run.info.run_id, name))
            if there:
                client.download_artifacts(run.info.run_id, name, directory)
            for f in there:
                with open(os.path.join(directory, f.path), "rb") as opened:
                    content = opened.read()
                if len(content) != f.file_size:
                    wrong.append(f"{f.path}: {len(content)} bytes of {f.file_size}")
                digest = hashlib.sha256(content).hexdigest()
                if f.path.startswith("images/"):
                    key, step, _, of, extension, small = page_name(f.path[len("images/") :])
                    pictures[of][small] = extension
                    size = Image.open(io.BytesIO(content)).size
                    if small and (max(size) != 256 or extension != "webp"):
                        wrong.append(f"{f.path}: {size}")
                    if not small:
                        media["image", step, digest] += 1
                    continue
                kind = f.path.split("/")[1]
                if kind in ("histograms", "pr_curves"):
                    for step in table(client, run, f.path)["step"]:
                        rows[kind, f.path[len("media/") + len(kind) + 1 : -len(".json")], step] += 1
                    continue
                step = int(os.path.basename(f.path).split("_")[1].split(".")[0].split("~")[0])
                media[{"images": "image", "audio": "audio", "text": "text"}[kind], step, digest] += 1
    for of, both in pictures.items():
        if len(both) != 2:
            wrong.append(f"{of}: without a picture or a small one")
    if pictures and run.data.tags.get("mlflow.loggedImages") != "true":
        wrong.append("mlflow.loggedImages is not set")
    if pictures and not grid:
        wrong.append("pictures in the grid")
    return media, rows, wrong


def table(client, run, path):
    if {"path": path, "type": "table"} not in json.loads(run.data.tags.get("mlflow.loggedArtifacts", "[]")):
        raise ValueError(f"{path} is not in mlflow.loggedArtifacts")
    return client.load_table(run.info.experiment_id, path, [run.info.run_id])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("logdir")
    parser.add_argument("experiment")
    parser.add_argument("--grid", default="yes")
    parser.add_argument("--min", type=int, default=1)
    options = parser.parse_args()
    client = MlflowClient()
    experiment = client.get_experiment_by_name(options.experiment)
    compared, bad = 0, 0
    for run in client.search_runs([experiment.experiment_id], max_results=10000):
        expected, expected_rows = logged(os.path.join(options.logdir, run.data.tags["tbexport.run"]))
        got, got_rows, wrong = stored(client, run, options.grid == "yes")
        texts = [key for key in got if key[0] == "text" and key not in expected]
        for key in texts:  # tables of several texts
            del got[key]
        for what, a, b in [("media", expected, got), ("tables", expected_rows, got_rows)]:
            for key in (a - b) + (b - a):
                wrong.append(f"{what} {key}: {a[key]} in the logs, {b[key]} on the server")
        for line in wrong:
            print(run.info.run_name, line)
        bad += len(wrong)
        compared += sum(expected.values()) + sum(expected_rows.values())
    print(f"{compared} media compared, {bad} wrong")
    return 1 if bad else 2 if compared < options.min else 0


if __name__ == "__main__":
    np.seterr(all="ignore")
    sys.exit(main())
