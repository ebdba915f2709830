"""Compares tbexport's two ways of dealing with restarts with the programs that they follow: `--restarts step` with
what tensorboard-data-server serves, `--restarts session` with TensorBoard's EventAccumulator.

    check_restarts.py LOGDIR STEP.parquet SESSION.parquet [--min-points N] [--known]

The accumulator keeps tensors through a restart, so series with tensors in them are compared with scalars.py instead.
Where the two programs are known to differ from tbexport, and why, stands in KNOWN_DIFFERENT; --known tells which of
its entries excused something and which did not. Exit status: 0 the same, 1 different, 2 too few points to tell."""

import argparse
import collections
import dataclasses
import logging
import math
import os
import re
import subprocess
import sys
import threading

import grpc
import scalars
import tensorboard_data_server
from exports import Series, compare, finish, name_of, read_export
from tensorboard import context
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.compat.proto import summary_pb2, types_pb2
from tensorboard.data import grpc_provider
from tensorboard.util import tb_logging

SERVER, ACCUMULATOR = "data server", "accumulator"


# ---- what is special about a run and a tag, to know where a difference is expected ------------------------------


@dataclasses.dataclass
class Tag:
    """What the values of one run and tag are like."""

    plugin: str = ""
    bare: bool = False  # the first value is a tensor without metadata
    data_class: int = 0  # of the first value
    kinds: set = dataclasses.field(default_factory=set)  # simple_value, tensor, histo, ...
    no_number: bool = False  # a value that is no scalar point
    other_tensor: bool = False  # a tensor that is not float32 of rank 0
    both_encodings: bool = False
    empty: bool = False  # the tag is "", or stands in for an empty one


@dataclasses.dataclass
class Run:
    tags: dict
    damaged: bool = False
    odd_wall_time: bool = False
    profile_empty: bool = False
    empty_tag: bool = False


def look_at(files):
    notes = []
    run = Run(tags=collections.defaultdict(Tag))
    run.profile_empty = any(f.endswith(".profile-empty") for f in files)
    plugins = scalars.Plugins()
    for event in scalars.events(files, notes.append):
        run.odd_wall_time |= not math.isfinite(event.wall_time)
        for value in event.summary.value:
            name = value.tag or value.node_name
            if name not in run.tags:
                run.tags[name].data_class = value.metadata.data_class
                run.tags[name].bare = value.WhichOneof("value") == "tensor" and not value.HasField("metadata")
            tag = run.tags[name]
            tag.plugin = plugins.see(name, value)
            kind = value.WhichOneof("value")
            tag.kinds.add(kind)
            tag.no_number |= kind is not None and scalars.scalar_value(value, tag.plugin) is None
            if kind == "tensor":
                tag.other_tensor |= value.tensor.dtype != types_pb2.DT_FLOAT or len(value.tensor.tensor_shape.dim) > 0
                tag.both_encodings |= bool(value.tensor.tensor_content and value.tensor.float_val)
            tag.empty |= not value.tag
            run.empty_tag |= not value.tag
    run.damaged = any(": torn at " not in n for n in notes) or has_bad_text(files)
    return run


def has_bad_text(files):
    """Whether a record holds text that is not UTF-8, which scalars.py mends without a word."""
    for path in files:
        for payload in scalars.records(path, lambda text: None):
            try:
                scalars.event_pb2.Event.FromString(payload)
            except scalars.DecodeError:
                return True
    return False


# name: (whom it concerns, whether it explains a difference in this run and tag, why)
KNOWN_DIFFERENT = {
    "other tensors": (
        SERVER, lambda run, tag: tag.other_tensor,
        "the server takes only float32 of rank 0 for a scalar and drops other types and shape [1]"),
    "both encodings": (
        SERVER, lambda run, tag: tag.both_encodings,
        "the server reads float_val before tensor_content; TensorFlow and tbexport the other way round"),
    "data class": (
        SERVER, lambda run, tag: tag.data_class not in (summary_pb2.DATA_CLASS_UNKNOWN, summary_pb2.DATA_CLASS_SCALAR),
        "the server follows an explicit data_class; for tbexport the plugin's name decides"),
    "first value without metadata": (
        SERVER, lambda run, tag: tag.bare,
        "the server makes up its mind at the tag's first value even so; tbexport waits for metadata"),
    "plugin not scalars": (
        SERVER, lambda run, tag: tag.plugin != "scalars" and "simple_value" in tag.kinds,
        "the server goes by the tag's first value; for tbexport a simple_value is a scalar always"),
    "evicted by no scalar": (
        SERVER, lambda run, tag: tag.no_number and not tag.other_tensor,
        "in the server a value that it then drops still evicts the points at and above its step"),
    "profile-empty": (
        SERVER, lambda run, tag: run.profile_empty,
        "the server reads these files; the accumulator and tbexport do not"),
    "wall time not finite": (
        SERVER, lambda run, tag: run.odd_wall_time,
        "the server drops events at infinite times and gives up the file at a NaN"),
    "empty tag, server": (
        SERVER, lambda run, tag: tag.empty,
        "the server never looks at node_name"),
    "empty tag, accumulator": (
        ACCUMULATOR, lambda run, tag: run.empty_tag,
        "the accumulator looks at node_name for tensors only, and an empty tag that goes back in step purges all tags"),
    "damage, server": (
        SERVER, lambda run, tag: run.damaged,
        "the server believes records with a wrong data CRC if they parse, and gives up the file at any other damage"),
    "damage, accumulator": (
        ACCUMULATOR, lambda run, tag: run.damaged,
        "the accumulator gives up the file at a wrong CRC and the run at a record that protobuf refuses"),
}


# ---- the two programs -------------------------------------------------------------------------------------------


def data_server_scalars(logdir):
    """{(run, tag): Series} as the real server serves them, all points. The server is gone when this returns."""
    command = [
        tensorboard_data_server.server_binary(), "--logdir", logdir, "--host", "127.0.0.1", "--port", "0",
        "--reload", "once", "--samples-per-plugin", "scalars=all", "--verbose",
        "--die-after-stdin",  # should this script be killed before it can stop the server
    ]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
    too_late = threading.Timer(300, server.kill)
    too_late.start()
    try:
        said, address = "", None
        for line in server.stderr:
            said += line
            listening = re.search(r"listening on \S*?:?(\d+)\s*$", line)
            if listening:
                address = f"127.0.0.1:{listening[1]}"
            if "Finished load cycle" in line:
                break
        else:
            raise SystemExit(f"the data server did not load {logdir}:\n{said}")
        with grpc.insecure_channel(address, options=[("grpc.max_receive_message_length", -1)]) as channel:
            provider = grpc_provider.GrpcDataProvider(address, grpc_provider.make_stub(channel))
            runs = provider.read_scalars(
                context.RequestContext(), experiment_id="", plugin_name="scalars", downsample=2**31 - 1)
    finally:
        too_late.cancel()
        server.kill()
        server.wait()
    return {
        (run, tag): Series.of([(p.step, p.wall_time, p.value) for p in points])
        for run, tags in runs.items() for tag, points in tags.items()
        if points  # it lists tags of which it could use no value
    }


def accumulator_scalars(directory):
    """{tag: Series} of the simple_values of one run; what was read before the accumulator failed, if it does."""
    everything = {kind: 0 for kind in event_accumulator.DEFAULT_SIZE_GUIDANCE}
    accumulator = event_accumulator.EventAccumulator(directory, size_guidance=everything)
    try:
        accumulator.Reload()
    except scalars.DecodeError:
        pass
    series = {tag: [(e.step, e.wall_time, e.value) for e in accumulator.Scalars(tag)]
              for tag in accumulator.Tags()[event_accumulator.SCALARS]}
    return {tag: Series.of(points) for tag, points in series.items() if points}


def session_scalars(runs, facts):
    """{(run, tag): Series} from the accumulator, and from scalars.py for tags that hold tensors."""
    out = {}
    for run, files in runs.items():
        tags = accumulator_scalars(os.path.dirname(files[0]))
        for tag, points in scalars.read_run(files, "session").items():
            if "tensor" in facts[run].tags[tag].kinds:
                tags[tag] = Series.of(points)
        out.update({(run, tag): series for tag, series in tags.items()})
    return out


# ---- the check --------------------------------------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logdir")
    parser.add_argument("step")
    parser.add_argument("session")
    parser.add_argument("--min-points", type=int, default=0, metavar="N", help="fail unless N points were compared in each")
    parser.add_argument("--known", action="store_true", help="say which entries of KNOWN_DIFFERENT were used")
    args = parser.parse_args()
    tb_logging.get_logger().setLevel(logging.CRITICAL)

    runs = scalars.find_runs(args.logdir)
    facts = {run: look_at(files) for run, files in runs.items()}
    used = collections.Counter()
    status = 0
    for mode, who, export, expected in (
        ("step", SERVER, args.step, data_server_scalars(args.logdir)),
        ("session", ACCUMULATOR, args.session, session_scalars(runs, facts)),
    ):
        got, wrong = read_export(export)
        differences, points = compare(expected, got) if not wrong or got else ({}, 0)
        excused = 0
        for (run, tag), text in differences.items():
            reasons = [name for name, (whom, applies, _) in KNOWN_DIFFERENT.items()
                       if whom == who and run in facts and applies(facts[run], facts[run].tags.get(tag, Tag(empty=not tag)))]
            if reasons:
                excused += 1
                used.update(reasons[:1])
            else:
                wrong.append(f"{name_of((run, tag))}: {text}")
        summary = (f"--restarts {mode} and the {who}: {len(expected)} series, {points} points, "
                   f"{excused} series known to differ")
        status = max(status, finish(wrong, points, sum(map(len, expected.values())), args.min_points, summary))
    if args.known:
        for name, (_, _, why) in KNOWN_DIFFERENT.items():
            print(f"{used[name] or 'UNUSED':>6}  {name}: {why}")
    return status


if __name__ == "__main__":
    sys.exit(main())
