"""What the scalars of a logdir are, worked out in Python from TensorBoard's own protobuf classes and the rules of
the format, without any of tbexport's code. The check_*.py scripts compare tbexport's exports with it.

    scalars.py LOGDIR [--restarts keep|step|session] [--parquet FILE]

prints every series with its number of points, and on stderr what it found damaged."""

import argparse
import math
import os
import struct
import sys

import google_crc32c
import numpy as np
from google.protobuf.message import DecodeError
from tensorboard.compat.proto import event_pb2, types_pb2

MODES = ("keep", "step", "session")

# ---- runs and records -----------------------------------------------------------------------------------------


def find_runs(logdir):
    """{run name: [event files in byte order of their names]}. A file stands for a logdir with one run."""
    if os.path.isfile(logdir):
        return {".": [logdir]}
    runs, seen = {}, set()
    for directory, subdirectories, names in os.walk(logdir, followlinks=True):
        real = os.path.realpath(directory)
        if real in seen:  # a symlink that leads back
            subdirectories.clear()
            continue
        seen.add(real)
        names = [n for n in names if "tfevents" in n and os.path.isfile(os.path.join(directory, n))]
        if names:
            run = os.path.relpath(directory, logdir).replace(os.sep, "/")
            runs[to_utf8(os.fsencode(run))] = [os.path.join(directory, n) for n in sorted(names, key=os.fsencode)]
    return runs


def masked_crc(data):
    crc = google_crc32c.value(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(path, note):
    """The payloads of one file. Damage is told to note(text). After a wrong length CRC nothing more is read:
    finding the next record is tbexport's own art and is tested elsewhere."""
    if path.endswith(".profile-empty"):
        return
    with open(path, "rb") as f:
        data = f.read()
    at = 0
    while at < len(data):
        if at + 12 > len(data):
            return note(f"{path}: torn at {at}")
        length, crc = struct.unpack_from("<QI", data, at)
        if masked_crc(data[at:at + 8]) != crc:
            return note(f"{path}: wrong length CRC at {at}, stopped")
        end = at + 12 + length
        if end + 4 > len(data):
            return note(f"{path}: torn at {at}")
        payload = data[at + 12:end]
        if masked_crc(payload) == struct.unpack_from("<I", data, end)[0]:
            yield payload
        else:
            note(f"{path}: wrong data CRC at {at}, record skipped")
        at = end + 4


# ---- events ---------------------------------------------------------------------------------------------------


def to_utf8(raw):
    """Every byte that is no part of UTF-8 becomes one U+FFFD."""
    out = ""
    while raw:
        try:
            return out + raw.decode()
        except UnicodeDecodeError as e:
            out += raw[:e.start].decode() + "\ufffd" * (e.end - e.start)
            raw = raw[e.end:]
    return out


# Where text stands in an Event: field number -> str, or the fields of a message.
TEXT = str
METADATA = {1: {1: TEXT}, 2: TEXT, 3: TEXT}
TENSOR = {2: {2: {2: TEXT}}}
EVENT = {
    3: TEXT,
    5: {1: {1: TEXT, 6: {5: TEXT}, 7: TEXT, 8: TENSOR, 9: METADATA}},
    6: {2: TEXT},
    7: {2: TEXT, 3: TEXT},
    8: {1: TEXT},
    10: {1: TEXT},
}


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at
        if shift > 63:
            raise ValueError("varint too long")


def write_varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def with_valid_text(data, fields):
    """The same message with its text made valid UTF-8, as protobuf refuses any other. ValueError or IndexError
    where the bytes are no message."""
    out, at, groups = b"", 0, 0
    while at < len(data):
        begin = at
        key, at = read_varint(data, at)
        kind = key & 7
        if kind == 0:
            _, at = read_varint(data, at)
        elif kind == 1:
            at += 8
        elif kind == 5:
            at += 4
        elif kind == 3:
            groups += 1
        elif kind == 4:
            groups -= 1
        elif kind == 2:
            length, at = read_varint(data, at)
            inner, at = data[at:at + length], at + length
            what = None if groups else fields.get(key >> 3)
            if what is not None and at <= len(data):
                inner = to_utf8(inner).encode() if what is TEXT else with_valid_text(inner, what)
                out += write_varint(key) + write_varint(len(inner)) + inner
                continue
        else:
            raise ValueError("no such wire type")
        if at > len(data):
            raise ValueError("field past the end")
        out += data[begin:at]
    return out


def parse(payload):
    """The Event, or None for bytes that are none."""
    try:
        return event_pb2.Event.FromString(payload)
    except DecodeError:
        pass
    try:
        return event_pb2.Event.FromString(with_valid_text(payload, EVENT))
    except (DecodeError, ValueError, IndexError):
        return None


def events(files, note=lambda text: None):
    """All events of one run in file order."""
    for path in files:
        for payload in records(path, note):
            event = parse(payload)
            if event is None:
                note(f"{path}: undecodable record, skipped")
            else:
                yield event


# ---- values ---------------------------------------------------------------------------------------------------


def bfloat16(bits):
    return np.array([(bits & 0xFFFF) << 16], np.uint32).view(np.float32)[0]


def half(bits):
    return np.array([bits & 0xFFFF], np.uint16).view(np.float16)[0]


def small(name):
    """What makes a number of the byte that holds one of a type of ml_dtypes."""

    def number(bits):
        import ml_dtypes  # which is not everywhere where the other numbers are read

        return np.array([bits & 0xFF], np.uint8).view(getattr(ml_dtypes, name))[0]

    return number


# DataType -> (format of one element in tensor_content, typed field, what makes a number of either)
NUMBERS = {
    types_pb2.DT_FLOAT: ("<f", "float_val", float),
    types_pb2.DT_DOUBLE: ("<d", "double_val", float),
    types_pb2.DT_HALF: ("<H", "half_val", half),
    types_pb2.DT_BFLOAT16: ("<H", "half_val", bfloat16),
    types_pb2.DT_INT8: ("<b", "int_val", int),
    types_pb2.DT_INT16: ("<h", "int_val", int),
    types_pb2.DT_INT32: ("<i", "int_val", int),
    types_pb2.DT_INT64: ("<q", "int64_val", int),
    types_pb2.DT_UINT8: ("<B", "int_val", int),
    types_pb2.DT_UINT16: ("<H", "int_val", int),
    types_pb2.DT_UINT32: ("<I", "uint32_val", int),
    types_pb2.DT_UINT64: ("<Q", "uint64_val", int),
    types_pb2.DT_BOOL: ("<?", "bool_val", int),
    types_pb2.DT_QINT8: ("<b", "int_val", int),
    types_pb2.DT_QINT16: ("<h", "int_val", int),
    types_pb2.DT_QINT32: ("<i", "int_val", int),
    types_pb2.DT_QUINT8: ("<B", "int_val", int),
    types_pb2.DT_QUINT16: ("<H", "int_val", int),
}
for name in ("int4", "uint4", "int2", "uint2"):
    NUMBERS[types_pb2.DataType.Value(f"DT_{name.upper()}")] = ("<B", "int_val", small(name))
for name in ("float8_e5m2", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e4m3b11fnuz", "float8_e5m2fnuz", "float4_e2m1fn"):
    NUMBERS[types_pb2.DataType.Value(f"DT_{name.upper()}")] = ("<B", "float8_val", small(name))


def tensor_value(tensor):
    """The one number a tensor holds, as float64; None when it does not hold exactly one."""
    if tensor.dtype not in NUMBERS:
        return None
    layout, typed, number = NUMBERS[tensor.dtype]
    if not tensor.tensor_shape.unknown_rank and any(d.size != 1 for d in tensor.tensor_shape.dim):
        return None
    if tensor.tensor_content:
        if len(tensor.tensor_content) != struct.calcsize(layout):
            return None
        return float(number(*struct.unpack(layout, tensor.tensor_content)))
    values = getattr(tensor, typed)
    return float(number(values[0])) if len(values) == 1 else None


class Plugins:
    """Which plugin each tag of a run belongs to: `scalars` if its very first value is a simple_value, else what
    the first metadata says. What comes later changes nothing."""

    def __init__(self):
        self.of = {}  # tag -> plugin name; None: seen, but nothing has decided yet

    def see(self, tag, value):
        if tag not in self.of:
            self.of[tag] = "scalars" if value.WhichOneof("value") == "simple_value" else None
        if self.of[tag] is None and value.HasField("metadata"):
            self.of[tag] = value.metadata.plugin_data.plugin_name
        return self.of[tag]


def scalar_value(value, plugin):
    kind = value.WhichOneof("value")
    if kind == "simple_value":
        return value.simple_value
    if kind == "tensor" and plugin == "scalars":
        return tensor_value(value.tensor)
    return None


# ---- restarts -------------------------------------------------------------------------------------------------


def from_step(series, step):
    """Drops a series' points at or above a step, wherever they stand."""
    series[:] = [p for p in series if p[0] < step]


class Session:
    """Which points a restart takes back, after TensorBoard's EventAccumulator, for scalars of either form."""

    def __init__(self):
        self.version = None  # the last one met in the run, over its files
        self.latest = -1

    def see(self, event, tags, run):
        """To be called before the event's own points are added to run: {tag: series}."""
        if event.HasField("file_version"):
            try:
                self.version = float(event.file_version.split("brain.Event:")[-1])
            except ValueError:
                self.version = -1
        if self.version and self.version >= 2:
            if event.HasField("session_log") and event.session_log.status == event_pb2.SessionLog.START:
                for series in run.values():
                    from_step(series, event.step)
        elif event.HasField("summary") and event.step < self.latest:
            for tag in tags:
                from_step(run.get(tag, []), event.step)
        else:
            self.latest = event.step


def read_run(files, restarts="keep", note=lambda text: None):
    """{tag: [(step, wall_time, value)]} of one run, in file order; tags in the order of their first points."""
    run, plugins, session = {}, Plugins(), Session()
    for event in events(files, note):
        tags = [v.tag or v.node_name for v in event.summary.value]
        if restarts == "session":
            session.see(event, tags, run)
        for tag, value in zip(tags, event.summary.value):
            number = scalar_value(value, plugins.see(tag, value))
            if number is None:
                continue
            series = run.setdefault(tag, [])
            if restarts == "step":
                while series and series[-1][0] >= event.step:  # what is left always increases
                    series.pop()
            series.append((event.step, event.wall_time, number))
    return {tag: series for tag, series in run.items() if series}


def read_logdir(logdir, restarts="keep", note=lambda text: None):
    """{(run, tag): [(step, wall_time, value)]}, runs in byte order of their names."""
    runs = find_runs(logdir)
    return {
        (run, tag): series
        for run in sorted(runs, key=str.encode)
        for tag, series in read_run(runs[run], restarts, note).items()
    }


def same(a, b):
    """NaN is NaN, and 0.0 is not -0.0."""
    return a == b and math.copysign(1, a) == math.copysign(1, b) or (a != a and b != b)


# ---- command line ---------------------------------------------------------------------------------------------


def write_parquet(series, path):
    """The points in tbexport's table."""
    import pyarrow
    import pyarrow.parquet

    rows = [(run, tag, *point) for (run, tag), points in series.items() for point in points]
    types = [pyarrow.string(), pyarrow.string(), pyarrow.int64(), pyarrow.float64(), pyarrow.float64()]
    columns = list(zip(*rows)) or [[]] * 5
    names = ["run", "tag", "step", "wall_time", "value"]
    pyarrow.parquet.write_table(
        pyarrow.table([pyarrow.array(c, t) for c, t in zip(columns, types)], names=names), path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logdir")
    parser.add_argument("--restarts", choices=MODES, default="keep")
    parser.add_argument("--parquet", help="write the points to this file as well, as tbexport would")
    args = parser.parse_args()
    series = read_logdir(args.logdir, args.restarts, lambda text: print(text, file=sys.stderr))
    for (run, tag), points in series.items():
        print(f"{len(points)}\t{run}\t{tag!r}")
    if args.parquet:
        write_parquet(series, args.parquet)


if __name__ == "__main__":
    main()
