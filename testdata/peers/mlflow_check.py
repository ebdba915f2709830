"""Compares an experiment on an MLflow server, read with MLflow's own client, with the logdir that `tbexport mlflow`
made it of, read with testdata/oracle/scalars.py.

    mlflow_check.py LOGDIR EXPERIMENT [--min-points N] [--restarts keep|step|session]

The server is that of MLFLOW_TRACKING_URI. Exits with 0 if all is the same, 1 if not, 2 if too little was compared."""

import argparse
import collections
import concurrent.futures
import json
import math
import os
import sys
import tempfile

import mlflow
from google.protobuf.message import DecodeError
from mlflow import MlflowClient
from tensorboard.plugins.hparams import metadata as hparams_metadata
from tensorboard.plugins.hparams import api_pb2
from tensorboard.plugins.hparams.error import HParamsError

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "oracle"))
import scalars  # noqa: E402

LATEST = 9_223_372_036_854  # ms: the last time that pandas has


def milliseconds(wall_time):
    if wall_time != wall_time or wall_time < 0:
        return 0
    if wall_time * 1000 >= 2**63:
        return 2**63 - 1
    return math.floor(wall_time * 1000 + 0.5)


def stored(value):
    """What comes back of a value: the infinities as the largest floats, zero without its sign."""
    if value != value:
        return "NaN"
    return max(-sys.float_info.max, min(sys.float_info.max, value)) + 0.0


def points(series):
    return collections.Counter({(milliseconds(t), step, stored(v)) for step, t, v in series})


def latest(points):
    """What MLflow shows: the value of the last step, of several the latest, of these the largest."""
    return max(points, key=lambda p: (p[1], p[0], 0 if p[2] == "NaN" else p[2]))[2]


def history(client, run_id, key):
    return collections.Counter((m.timestamp, m.step, stored(m.value)) for m in client.get_metric_history(run_id, key))


def read_hparams(files):
    """({name: text}, status or None, [times in ms, of all events] or None where one is not read or tells none). Of hparams
    that are logged more than once: all names that were ever logged, of one name the last value, and the last status."""
    end = None
    params, begun, ended = {}, [], []
    times, unread = [], []
    for event in scalars.events(files, unread.append):
        times.append(milliseconds(event.wall_time))
        for value in event.summary.value:
            if value.metadata.plugin_data.plugin_name != "hparams":
                continue
            content = value.metadata.plugin_data.content
            try:
                if value.tag == hparams_metadata.SESSION_START_INFO_TAG:
                    start = hparams_metadata.parse_session_start_info_plugin_data(content)
                    params |= {name: as_text(value) for name, value in start.hparams.items()}
                    begun.append(start.start_time_secs)
                if value.tag == hparams_metadata.SESSION_END_INFO_TAG:
                    end = hparams_metadata.parse_session_end_info_plugin_data(content)
                    ended.append(end.end_time_secs)
            except (HParamsError, DecodeError):  # stripped by TF1's writer, of another version, or damaged
                continue
    clear = not any("undecodable" in text for text in unread) and max(times, default=0) <= LATEST
    times += [milliseconds(t) for t in (*begun[:1], *ended[:1]) if t > 0]
    return params, None if end is None else api_pb2.Status.Name(end.status), times if clear else None


def as_text(value):
    kind = value.WhichOneof("kind")
    if kind == "bool_value":
        return str(value.bool_value)
    if kind == "number_value":
        number = value.number_value
        if number != number:
            return "NaN"
        if number == 0 and math.copysign(1, number) < 0:
            return "-0.0"
        return str(int(number)) if number.is_integer() and abs(number) < 1e16 else str(number)
    if kind in ("list_value", "struct_value"):
        return json.dumps(as_json(value), separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return value.string_value.replace("\0", "")


def as_json(value):
    kind = value.WhichOneof("kind")
    if kind == "list_value":
        return [as_json(v) for v in value.list_value.values]
    if kind == "struct_value":
        return {k: as_json(v) for k, v in value.struct_value.fields.items()}
    if kind == "number_value" and value.number_value.is_integer():
        return int(value.number_value)
    return None if kind in (None, "null_value") else getattr(value, kind)


class Check:
    def __init__(self, logdir, restarts):
        self.client = MlflowClient()
        self.files = scalars.find_runs(logdir)
        self.series = scalars.read_logdir(logdir, restarts)
        self.wrong, self.points, self.seen, self.sources = [], 0, set(), set()

    def expect(self, what, expected, got):
        if expected != got:
            self.wrong.append(f"{what}: expected {expected!r}, got {got!r}")

    def run(self, run):
        name, tags = run.data.tags["tbexport.run"], run.data.tags
        keys = self.keys(run, name)
        self.expect(f"{name}: metrics", set(keys["metrics"]), set(run.data.metrics))
        sources = keys["sources"]
        self.sources |= set(sources)
        params, statuses, times = {}, [], []
        for source in sources:
            p, status, t = read_hparams(self.files[source])
            params = p | params
            statuses.append(status)
            times = None if times is None or t is None else times + t
        for key, source in keys["metrics"].items():
            pair = source["run"], source["tag"]
            if pair in self.seen:
                self.wrong.append(f"{pair} is there twice")
            self.seen.add(pair)
            expected = points(self.series.get(pair, []))
            self.expect(f"{pair} as {key}", expected, history(self.client, run.info.run_id, key))
            self.expect(f"{pair} as {key}: latest", latest(expected), stored(run.data.metrics[key]))
            self.points += len(expected)
        self.expect(f"{name}: params", params, {keys["params"][k]: v for k, v in run.data.params.items()})
        ends = {"STATUS_FAILURE": "FAILED", "STATUS_RUNNING": "RUNNING"}
        self.expect(f"{name}: status", next((ends[s] for s in statuses if s in ends), "FINISHED"), run.info.status)
        if times := [t for t in times or [] if t > 0]:
            self.expect(f"{name}: start", min(times), run.info.start_time)
            self.expect(f"{name}: end", max(times), run.info.end_time)
        self.expect(f"{name}: state", "complete", tags["tbexport.state"])
        self.artifacts(run, name, sources)

    def left_out(self):
        """The runs that are not on the server though there is something in them. Hyperparameters that do not parse are
        nothing."""
        return [run for run in sorted(self.files.keys() - self.sources)
                if read_hparams(self.files[run])[:2] != ({}, None) or any(
                    value.metadata.plugin_data.plugin_name != "hparams"
                    for event in scalars.events(self.files[run]) for value in event.summary.value)]

    def keys(self, run, name):
        """What each metric and param is called in the logs: without a keys.json, what its key is."""
        if not any(f.path == "tbexport/keys.json" for f in self.client.list_artifacts(run.info.run_id, "tbexport")):
            return {"sources": [name], "metrics": {key: {"run": name, "tag": key} for key in run.data.metrics},
                    "params": {key: key for key in run.data.params}}
        with tempfile.TemporaryDirectory() as directory:
            path = self.client.download_artifacts(run.info.run_id, "tbexport/keys.json", directory)
            with open(path, encoding="utf-8") as f:
                return json.load(f)

    def artifacts(self, run, name, sources):
        """Every event file is there, byte for byte."""
        with tempfile.TemporaryDirectory() as directory:
            root = self.client.download_artifacts(run.info.run_id, "tensorboard_logs", directory)
            got = collections.Counter()
            for folder, _, names in os.walk(root):
                for base in names:
                    with open(os.path.join(folder, base), "rb") as f:
                        got[f.read()] += 1
        expected = collections.Counter()
        for source in sources:
            for path in self.files[source]:
                if not path.endswith(".profile-empty"):
                    with open(path, "rb") as f:
                        expected[f.read()] += 1
        self.expect(f"{name}: event files", sorted(map(len, expected.elements())), sorted(map(len, got.elements())))
        if expected != got:
            self.wrong.append(f"{name}: the event files differ")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logdir")
    parser.add_argument("experiment")
    parser.add_argument("--restarts", choices=scalars.MODES, default="keep")
    parser.add_argument("--min-points", type=int, default=1)
    args = parser.parse_args()
    os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
    check = Check(args.logdir, args.restarts)
    experiment = check.client.get_experiment_by_name(args.experiment)
    runs = list(check.client.search_runs([experiment.experiment_id], max_results=10000))
    with concurrent.futures.ThreadPoolExecutor(4) as threads:  # as many as the server has workers
        list(threads.map(check.run, runs))
    check.expect("source ids", len(runs), len({r.data.tags["tbexport.source_id"] for r in runs}))
    check.expect("series", set(check.series), check.seen)
    check.expect("left out", [], check.left_out())
    table = mlflow.search_runs(experiment_names=[args.experiment])
    check.expect("rows of search_runs", len(runs), len(table))
    for text in check.wrong[:20]:
        print(text[:600], file=sys.stderr)
    if check.wrong:
        print(f"DIFFERENT in {len(check.wrong)} places: {len(runs)} runs, {check.points} points")
        return 1
    if check.points < args.min_points:
        print(f"TOO LITTLE compared: {check.points} points")
        return 2
    print(f"same: {len(runs)} runs, {len(check.seen)} metrics, {check.points} points")
    return 0


if __name__ == "__main__":
    sys.exit(main())
