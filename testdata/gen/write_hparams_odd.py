"""hparams that no program writes on purpose but a reader meets, with TensorBoard's protobuf classes and record writer.
Needs only `tensorboard` (see requirements-protos.txt)."""

import math
import os

from google.protobuf import struct_pb2
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.hparams import api_pb2, metadata, plugin_data_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

import common
from common import clock, fresh

START, END, EXPERIMENT = metadata.SESSION_START_INFO_TAG, metadata.SESSION_END_INFO_TAG, metadata.EXPERIMENT_TAG


def data(version=0, **field):
    return plugin_data_pb2.HParamsPluginData(version=version, **field).SerializeToString()


def start(params, version=0, **kw):
    info = plugin_data_pb2.SessionStartInfo(**kw)
    for name, value in params.items():
        v = info.hparams[name]
        if value is None:
            v.null_value = struct_pb2.NULL_VALUE
        elif isinstance(value, bool):
            v.bool_value = value
        elif isinstance(value, (int, float)):
            v.number_value = value
        elif isinstance(value, str):
            v.string_value = value
        elif isinstance(value, list):
            v.list_value.extend(value)
        elif isinstance(value, dict):
            v.struct_value.update(value)
        else:
            v.SetInParent()  # a value of no kind
    return value_of(START, data(version, session_start_info=info))


def end(status=api_pb2.STATUS_SUCCESS, at=0.0):
    return value_of(END, data(session_end_info=plugin_data_pb2.SessionEndInfo(status=status, end_time_secs=at)))


def experiment(metrics=(), **kw):
    e = api_pb2.Experiment(**kw)
    for group, tag in metrics:
        e.metric_infos.add(name=api_pb2.MetricName(group=group, tag=tag))
    return value_of(EXPERIMENT, data(experiment=e))


def value_of(tag, content):
    m = summary_pb2.SummaryMetadata()
    m.plugin_data.plugin_name = metadata.PLUGIN_NAME
    m.plugin_data.content = content
    return summary_pb2.Summary.Value(tag=tag, metadata=m)


def scalar(tag, x):
    return summary_pb2.Summary.Value(tag=tag, simple_value=x)


def write(directory, *events, number=0):
    """One file, each event given as the list of its values."""
    os.makedirs(directory, exist_ok=True)
    out = RecordWriter(open(f"{directory}/events.out.tfevents.{int(common.START) + number}.host.1.{number}", "wb"))
    out.write(event_pb2.Event(wall_time=clock.tick(), file_version="brain.Event:2").SerializeToString())
    for step, values in enumerate(events):
        e = event_pb2.Event(wall_time=clock.tick(), step=step)
        e.summary.value.extend(values)
        out.write(e.SerializeToString())
    out.close()


def case(name):
    clock.reset()
    return fresh(f"hparams/odd-{name}")


class Unset:
    pass


def main():
    write(case("kinds"), [start({
        "null": None, "unset": Unset, "list": [1.0, "a", True, [2.0]], "struct": {"b": 1.0, "a": {"c": "d"}},
        "nan": math.nan, "inf": math.inf, "-inf": -math.inf, "-0": -0.0, "int": 64, "big": 2.0**53, "huge": 1e300,
        "tiny": 5e-324, "tenth": 0.1, "true": True, "false": False, "text": "adam", "empty": "", "number text": "0.1"})])

    write(case("names"), [start({
        "a.b": 1, 'say "hi"': 1, "two\nlines": "a\nb", "\x1b[31mred": "\x1b]0;title\x07", "": "no name", " ": 1,
        "損失": "e\u0301", "a,b": 1, "params.lr": 1, "back`tick": 1, "‮rtl": 1})])

    d = case("disagree")
    write(d, [start({"lr": 0.1}), end()])
    write(d, [start({"lr": 0.2}), end(api_pb2.STATUS_FAILURE)], number=1)
    d = case("repeated")
    for number in range(3):
        write(d, [start({"lr": 0.1}, start_time_secs=1.7e9 + number)], number=number)

    write(case("end-without-start"), [end(), scalar("loss", 0.5)])
    write(case("start-without-end"), [start({"lr": 0.1}), scalar("loss", 0.5)])
    d = case("status")
    for name in ("UNKNOWN", "SUCCESS", "FAILURE", "RUNNING"):
        write(f"{d}/{name.lower()}", [start({"lr": 0.1}, start_time_secs=1.7e9), end(getattr(api_pb2, f"STATUS_{name}"), 1.7e9 + 60.5)])

    write(case("thousand"), [start({f"hparam {i:03}": i / 8 for i in range(1000)})])
    write(case("undecodable"), [value_of(START, b"\x1a\xff"), scalar("loss", 0.5)])
    write(case("version-1"), [start({"lr": 0.1}, version=1), scalar("loss", 0.5)])
    write(case("empty-payload"), [value_of(START, b"")])
    write(case("wrong-tag"), [value_of(START, data(session_end_info=plugin_data_pb2.SessionEndInfo(status=1)))])

    # The same hparam a number in one run, a string and a bool in others, and a metric that is NaN.
    d = case("types")
    write(f"{d}/number", [start({"x": 1, "y": True, "z": 1})], [scalar("loss", 0.5)], [scalar("loss", 0.25)])
    write(f"{d}/string", [start({"x": "one", "y": False, "z": None})], [scalar("loss", math.nan)])
    write(f"{d}/bool", [start({"x": True, "z": 2})], [scalar("acc", 1.0)])

    # Sessions of one group, and metrics in groups below, one of which the experiment does not name.
    d = case("groups")
    write(d, [experiment([("", "loss"), ("eval", "loss"), ("eval/deep", "acc")], name="search")])
    for i in range(2):
        write(f"{d}/s{i}", [start({"lr": 0.1}, group_name="g", model_uri="file:/m", monitor_url="http://localhost/"), end()],
              [scalar("loss", i + 0.5)])
        write(f"{d}/s{i}/eval", [scalar("loss", i + 0.25)])
        write(f"{d}/s{i}/eval/deep", [scalar("acc", i + 0.125)])
        write(f"{d}/s{i}/other", [scalar("loss", 9.0)])


if __name__ == "__main__":
    main()
