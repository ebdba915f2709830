"""Compares the hparams and runs tables that tbexport exported with what TensorBoard's own hparams plugin reads: its
data provider, its metadata.parse_* functions and its list of session groups, each a session with its metrics.

    tbexport parquet LOGDIR -o DIR/
    python check_hparams.py LOGDIR DIR [--each] [--min-hparams N] [--min-metrics N]

TensorBoard knows one experiment a logdir. With --each, every directory directly below LOGDIR is a logdir to it."""

import argparse
import math
import os
import re
import sys

import pyarrow.parquet
from google.protobuf.message import DecodeError
from tensorboard import context
from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.data import provider
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import api_pb2, backend_context, error, list_session_groups, metadata
from tensorboard.plugins.scalar import metadata as scalar_metadata

STATUS = {api_pb2.STATUS_UNKNOWN: None, api_pb2.STATUS_SUCCESS: "FINISHED", api_pb2.STATUS_FAILURE: "FAILED",
          api_pb2.STATUS_RUNNING: "RUNNING"}
KINDS = {"number_value": "number", "string_value": "string", "bool_value": "bool", "list_value": "list",
         "struct_value": "struct", "null_value": "null", None: "null"}
TIME_NAME = re.compile(r"[0-9]{9,11}\.[0-9]+")


class Logdir:
    """What TensorBoard reads in one logdir. Names of runs get the prefix by which tbexport knows them."""

    def __init__(self, path, prefix):
        self.prefix = prefix
        self.multiplexer = plugin_event_multiplexer.EventMultiplexer(
            size_guidance={"tensors": 1}, tensor_size_guidance={"scalars": 1, "hparams": 1}, purge_orphaned_data=False)
        self.multiplexer.AddRunsFromDirectory(path)
        self.multiplexer.Reload()
        self.provider = data_provider.MultiplexerDataProvider(self.multiplexer, path)
        self.backend = backend_context.Context(base_plugin.TBContext(data_provider=self.provider))
        self.request = context.RequestContext()

    def name(self, run):
        if not self.prefix:
            return run
        return self.prefix if run == "." else f"{self.prefix}/{run}"

    def starts(self):
        """{run: SessionStartInfo} of the records that TensorBoard's parser takes, and [runs whose it refuses]."""
        found, refused = {}, []
        for run, tags in self.backend.hparams_metadata(self.request, "").items():
            if metadata.SESSION_START_INFO_TAG in tags:
                try:
                    found[run] = metadata.parse_session_start_info_plugin_data(tags[metadata.SESSION_START_INFO_TAG])
                except (error.HParamsError, DecodeError):
                    refused.append(run)
        return found, refused

    def sessions(self):
        """[(group, session)] as the plugin's page lists them."""
        request = api_pb2.ListSessionGroupsRequest(slice_size=10**6, allowed_statuses=list(STATUS))
        groups = list_session_groups.Handler(self.request, self.backend, "", request).run().session_groups
        return [(g, s) for g in groups for s in g.sessions]

    def last(self):
        """{run: {tag: value}} of every scalar series."""
        found = self.provider.read_last_scalars(
            self.request, experiment_id="", plugin_name=scalar_metadata.PLUGIN_NAME,
            run_tag_filter=provider.RunTagFilter())
        return {run: {tag: d.value for tag, d in tags.items()} for run, tags in found.items()}


def same(a, b):
    if isinstance(a, float) and isinstance(b, float):
        return a == b and math.copysign(1, a) == math.copysign(1, b) or a != a and b != b
    return type(a) is type(b) and a == b


def value_of(v):
    """A google.protobuf.Value as (type, number, bool, text)."""
    kind = KINDS[v.WhichOneof("kind")]
    return (kind, v.number_value if kind == "number" else None, v.bool_value if kind == "bool" else None,
            v.string_value if kind == "string" else None)


class Check:
    def __init__(self, directory):
        read = lambda name: pyarrow.parquet.read_table(os.path.join(directory, f"{name}.parquet"))
        self.hparams = {(r["run"], r["name"]): r for r in read("hparams").to_pylist()}
        runs = read("runs")
        self.types = {f.name: f.type for f in runs.schema}
        self.rows = {r["run"]: r for r in runs.to_pylist()}
        self.wrong, self.compared, self.metrics = [], 0, 0
        self.seen = set()

    def differs(self, what, expected, got):
        self.wrong.append(f"{what}: expected {expected!r}, got {got!r}")

    def start(self, run, info):
        """The hparams table against one SessionStartInfo."""
        for name, v in info.hparams.items():
            kind, number, truth, text = value_of(v)
            row = self.hparams.get((run, name))
            self.seen.add((run, name))
            self.compared += 1
            if row is None:
                self.differs(f"hparams {run!r} {name!r}", kind, None)
                continue
            if row["type"] != kind:
                self.differs(f"type of {run!r} {name!r}", kind, row["type"])
            for column, expected in (("number", number), ("bool", truth)):
                if not same(row[column], expected):
                    self.differs(f"{column} of {run!r} {name!r}", expected, row[column])
            if text is not None and row["value"] != text:
                self.differs(f"value of {run!r} {name!r}", text, row["value"])
            if kind == "number" and not same(float(row["value"]), number):
                self.differs(f"text of {run!r} {name!r}", number, row["value"])

    def row_of(self, run):
        """The row that shows a run, and what stands before its tags there."""
        if run in self.rows:
            return self.rows[run], ""
        parent, _, base = run.rpartition("/")
        parent = parent or "."
        if TIME_NAME.fullmatch(base) and parent in self.rows:
            return self.rows[parent], ""
        at = run
        while at not in self.rows:
            if at == ".":
                return None, ""
            at = at.rpartition("/")[0] or "."
        return self.rows[at], (run if at == "." else run[len(at) + 1:]) + "/"

    def session(self, logdir, group, session, info):
        """A row of the runs table against a session as TensorBoard lists it."""
        run = logdir.name(session.name)
        row, _ = self.row_of(run)
        if row is None:
            return self.differs("row of session", run, None)
        if row["status"] != STATUS[session.status]:
            self.differs(f"status of {run!r}", STATUS[session.status], row["status"])
        # A session without a group name is a group of its own; folded, it has the name of its row.
        expected = row["run"] if group.name == session.name else group.name
        if row["group"] != expected:
            self.differs(f"group of {run!r}", expected, row["group"])
        for column, seconds in (("start_time", session.start_time_secs), ("end_time", session.end_time_secs)):
            if seconds > 0 and abs(row[column].timestamp() - seconds) > 1e-6:
                self.differs(f"{column} of {run!r}", seconds, row[column])
        for name, v in info.hparams.items():
            self.param(run, row, name, v)
        for m in session.metric_values:
            column = "metrics." + (m.name.group.strip("/") + "/" if m.name.group else "") + m.name.tag
            self.metrics += 1
            if not same(row.get(column), m.value):
                self.differs(f"{column} of {run!r}", m.value, row.get(column))

    def param(self, run, row, name, v):
        kind, number, truth, text = value_of(v)
        got, column = row.get(f"params.{name}"), self.types.get(f"params.{name}")
        if kind == "null":
            fits = got is None
        elif not pyarrow.types.is_string(column):
            fits = same(got, number if kind == "number" else truth)
        elif kind == "number":
            fits = same(float(got), number)
        else:
            fits = kind in ("list", "struct") or got == (text if kind == "string" else str(truth))
        if not fits:
            self.differs(f"params.{name} of {run!r}", v, got)

    def last(self, run, tags):
        """Every scalar's last value."""
        row, prefix = self.row_of(run)
        for tag, value in tags.items():
            self.metrics += 1
            got = None if row is None else row.get(f"metrics.{prefix}{tag}")
            if not same(got, value):
                self.differs(f"metrics.{prefix}{tag} of {run!r}", value, got)


def check(path, prefix, c):
    logdir = Logdir(path, prefix)
    starts, refused = logdir.starts()
    for run, info in starts.items():
        c.start(logdir.name(run), info)
    last = logdir.last()
    for run, tags in last.items():
        # A folded child comes behind its parent, so its metric is the last of a tag that both have.
        children = [r for r in starts if logdir.name(r) not in c.rows and (r.rpartition("/")[0] or ".") == run]
        behind = {tag for r in children for tag in last.get(r, ())}
        c.last(logdir.name(run), {tag: v for tag, v in tags.items() if tag not in behind})
    if not refused:  # one record that TensorBoard refuses makes its whole list fail
        for group, session in logdir.sessions():
            c.session(logdir, group, session, starts[session.name])


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("logdir")
    a.add_argument("tables")
    a.add_argument("--each", action="store_true")
    a.add_argument("--min-hparams", type=int, default=1)
    a.add_argument("--min-metrics", type=int, default=1)
    a = a.parse_args()
    c = Check(a.tables)
    logdirs = [(a.logdir, "")]
    if a.each:
        logdirs = [(os.path.join(a.logdir, d), d) for d in sorted(os.listdir(a.logdir)) if os.path.isdir(os.path.join(a.logdir, d))]
    for path, prefix in logdirs:
        check(path, prefix, c)
    for key in c.hparams.keys() - c.seen:
        c.differs(f"hparams {key}", None, "a row")
    for text in c.wrong[:20]:
        print(text, file=sys.stderr)
    summary = f"{c.compared} hparams, {c.metrics} metrics, {len(c.rows)} rows"
    if c.wrong:
        print(f"DIFFERENT in {len(c.wrong)} places: {summary}")
        return 1
    if c.compared < a.min_hparams or c.metrics < a.min_metrics:
        print(f"TOO LITTLE compared: {summary}")
        return 2
    print(f"same: {summary}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
