"""Event files made by hand with TensorBoard's protobuf classes and its record writer.

For what no training program writes on purpose but a reader meets: every number type, odd values of every field,
bytes that Python's protobuf would not write. Needs only `tensorboard` (see requirements-protos.txt)."""

import math
import os
import struct

import numpy as np
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, types_pb2
from tensorboard.plugins.custom_scalar import metadata as custom_scalar_metadata
from tensorboard.plugins.hparams import metadata as hparams_metadata
from tensorboard.plugins.mesh import metadata as mesh_metadata
from tensorboard.plugins.pr_curve import metadata as pr_curve_metadata
from tensorboard.summary.writer.record_writer import RecordWriter

import common
from common import clock, fresh

SCALAR, TENSOR, BLOB = 1, 2, 3  # Summary.DataClass
START = event_pb2.SessionLog.START


class File:
    """One event file. Every event is a record; `raw` takes bytes that no protobuf class would give."""

    def __init__(self, directory, number=0, version="brain.Event:2", suffix=""):
        self.path = f"{directory}/events.out.tfevents.{int(common.START) + number}.host.1.{number}{suffix}"
        self.out = RecordWriter(open(self.path, "wb"))
        if version is not None:
            self.event(file_version=version)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.out.close()

    def raw(self, data):
        self.out.write(data)

    def event(self, *values, step=0, wall_time=None, **fields):
        e = event_pb2.Event(wall_time=clock.tick() if wall_time is None else wall_time, step=step, **fields)
        if values:
            e.summary.value.extend(values)
        self.raw(e.SerializeToString())
        return e

    def start(self, step):
        self.event(step=step, session_log=event_pb2.SessionLog(status=START))


def run(path):
    """Starts a case: a fresh directory and the clock at its start."""
    clock.reset()
    return fresh(path)


def meta(plugin="scalars", data_class=0, content=b"", **kw):
    m = summary_pb2.SummaryMetadata(data_class=data_class, **kw)
    m.plugin_data.plugin_name = plugin
    m.plugin_data.content = content
    return m


def simple(tag, value, **kw):
    return summary_pb2.Summary.Value(tag=tag, simple_value=value, **kw)


def tensor(tag, proto, plugin="scalars", **kw):
    """A tensor value; plugin None leaves the metadata out."""
    if plugin is not None:
        kw["metadata"] = meta(plugin)
    return summary_pb2.Summary.Value(tag=tag, tensor=proto, **kw)


def tensor_proto(dtype, shape=(), **fields):
    """shape None leaves tensor_shape out of the message."""
    t = tensor_pb2.TensorProto(dtype=dtype, **fields)
    if shape is not None:
        t.tensor_shape.SetInParent()
        for size in shape:
            t.tensor_shape.dim.add(size=size)
    return t


def f32(value, shape=()):
    return tensor_proto(types_pb2.DT_FLOAT, shape, float_val=[value])


# ---- every number type ----------------------------------------------------------------------------------------

INF, NAN = math.inf, math.nan
TINY16, TINY32, TINY64 = 5.960464477539063e-08, 1.401298464324817e-45, 5e-324  # the smallest subnormals


def half_bits(v):
    return int(np.float16(v).view(np.uint16))


def bfloat_bits(v):
    # Only values that bfloat16 holds exactly are used, so cutting off the low half is right.
    return int(np.float32(v).view(np.uint32)) >> 16


# name: (DataType, typed field, values, value -> typed field's value, value -> tensor_content)
DTYPES = {
    "float32": ("DT_FLOAT", "float_val", [0.0, -0.0, 0.1, -1.5, 3.4028234663852886e38, TINY32, INF, -INF, NAN],
                float, lambda v: struct.pack("<f", v)),
    "float64": ("DT_DOUBLE", "double_val", [0.0, -0.0, 0.1, -1.5, 1.7976931348623157e308, TINY64, INF, -INF, NAN],
                float, lambda v: struct.pack("<d", v)),
    "float16": ("DT_HALF", "half_val", [0.0, -0.0, 0.0999755859375, -1.5, 65504.0, TINY16, INF, -INF, NAN],
                half_bits, lambda v: struct.pack("<H", half_bits(v))),
    "bfloat16": ("DT_BFLOAT16", "half_val", [0.0, -0.0, 0.10009765625, -1.5, 3.3895313892515355e38, INF, -INF, NAN],
                 bfloat_bits, lambda v: struct.pack("<H", bfloat_bits(v))),
    "int8": ("DT_INT8", "int_val", [0, 1, -1, 127, -128], int, lambda v: struct.pack("<b", v)),
    "int16": ("DT_INT16", "int_val", [0, 1, -1, 32767, -32768], int, lambda v: struct.pack("<h", v)),
    "int32": ("DT_INT32", "int_val", [0, 1, -1, 2**31 - 1, -(2**31)], int, lambda v: struct.pack("<i", v)),
    "int64": ("DT_INT64", "int64_val", [0, 1, -1, 2**53, 2**53 + 1, 2**53 + 3, 2**63 - 1, -(2**53) - 1, -(2**63)],
              int, lambda v: struct.pack("<q", v)),
    "uint8": ("DT_UINT8", "int_val", [0, 1, 255], int, lambda v: struct.pack("<B", v)),
    "uint16": ("DT_UINT16", "int_val", [0, 1, 65535], int, lambda v: struct.pack("<H", v)),
    "uint32": ("DT_UINT32", "uint32_val", [0, 1, 2**32 - 1], int, lambda v: struct.pack("<I", v)),
    "uint64": ("DT_UINT64", "uint64_val", [0, 1, 2**53 + 1, 2**63, 2**64 - 1], int, lambda v: struct.pack("<Q", v)),
    "bool": ("DT_BOOL", "bool_val", [True, False, True], bool, lambda v: struct.pack("<?", v)),
}
SHAPES = {"rank0": (), "shape1": (1,), "shape1x1": (1, 1), "noshape": None}


def dtypes():
    with File(run("dtypes/content")) as content, File(run("dtypes/typed")) as typed:
        for name, (dtype, field, values, to_field, to_bytes) in DTYPES.items():
            number = types_pb2.DataType.Value(dtype)
            for shape_name, shape in SHAPES.items():
                for step, v in enumerate(values):
                    tag = f"{name}/{shape_name}"
                    content.event(tensor(tag, tensor_proto(number, shape, tensor_content=to_bytes(v))), step=step)
                    typed.event(tensor(tag, tensor_proto(number, shape, **{field: [to_field(v)]})), step=step)

    with File(run("dtypes/content-before-typed")) as f:
        # tensor_content wins where a writer fills both.
        for step in range(3):
            f.event(tensor("both", tensor_proto(types_pb2.DT_FLOAT, tensor_content=struct.pack("<f", step + 0.5),
                                                float_val=[-1.0])), step=step)

    with File(run("dtypes/not-scalars")) as f:
        # One true scalar, so that the run does not look empty, and tensors of plugin `scalars` that are none.
        f.event(tensor("scalar", f32(1.0)), step=0)
        f.event(tensor("two", tensor_proto(types_pb2.DT_FLOAT, (2,), float_val=[1.0, 2.0])), step=0)
        f.event(tensor("two-content", tensor_proto(types_pb2.DT_FLOAT, (2,), tensor_content=struct.pack("<2f", 1, 2))))
        f.event(tensor("two-broadcast", tensor_proto(types_pb2.DT_FLOAT, (2,), float_val=[1.0])), step=0)
        f.event(tensor("two-noshape", tensor_proto(types_pb2.DT_FLOAT, None, float_val=[1.0, 2.0])), step=0)
        f.event(tensor("none", tensor_proto(types_pb2.DT_FLOAT, (0,))), step=0)
        f.event(tensor("none-1x0", tensor_proto(types_pb2.DT_FLOAT, (1, 0))), step=0)
        f.event(tensor("none-noshape", tensor_proto(types_pb2.DT_FLOAT, None)), step=0)
        f.event(tensor("string", tensor_proto(types_pb2.DT_STRING, string_val=[b"1.0"])), step=0)
        f.event(tensor("complex64", tensor_proto(types_pb2.DT_COMPLEX64, scomplex_val=[1.0, 2.0])), step=0)
        f.event(tensor("invalid-dtype", tensor_proto(types_pb2.DT_INVALID, float_val=[1.0])), step=0)
        f.event(tensor("short-content", tensor_proto(types_pb2.DT_DOUBLE, tensor_content=b"\0\0\0\0")), step=0)
        # Two elements once do not make the other points of the tag disappear.
        f.event(tensor("sometimes", f32(1.0)), step=1)
        f.event(tensor("sometimes", tensor_proto(types_pb2.DT_FLOAT, (2,), float_val=[2.0, 2.5])), step=2)
        f.event(tensor("sometimes", f32(3.0)), step=3)


# ---- odd files, events and values -----------------------------------------------------------------------------


def varint(n):
    n &= 2**64 - 1
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def field(number, kind, payload):
    """One protobuf field as it stands on the wire. kind: 0 varint, 1 eight bytes, 2 bytes, 5 four bytes."""
    data = varint(payload) if kind == 0 else varint(len(payload)) + payload if kind == 2 else payload
    return varint(number << 3 | kind) + data


def wire_value(tag, value):
    return field(1, 2, tag) + field(2, 5, struct.pack("<f", value))


def wire_event(values, step, wall_time=None):
    wall_time = clock.tick() if wall_time is None else wall_time
    summary = b"".join(field(1, 2, v) for v in values)
    return field(1, 1, struct.pack("<d", wall_time)) + field(2, 0, step) + field(5, 2, summary)


def odd_files():
    with File(run("odd/no-file-version"), version=None) as f:
        for step in range(20):
            f.event(simple("loss", 1 / (step + 1)), simple("acc", step / 20), step=step)

    with File(run("odd/only-file-version")) as f:
        pass

    d = run("odd/zero-length")
    open(f"{d}/events.out.tfevents.1700000000.host.1.0", "wb").close()

    # The profiler makes a directory a run with such a file; whatever stands in it is not read.
    with File(run("odd/profile-empty"), suffix=".profile-empty") as f:
        f.event(simple("never-read", 1.0), step=1)

    # The name needs only to contain `tfevents`.
    d = run("odd/file-names")
    with File(d, 0, suffix=".bak") as f:
        f.event(simple("loss", 1.0), step=1)
    os.rename(f.path, f"{d}/backup.tfevents.bak")
    with File(d, 1) as f:
        f.event(simple("loss", 0.5), step=2)
    with File(d, 2) as f:
        f.event(simple("not-an-event-file", 0.5), step=3)
    os.rename(f.path, f"{d}/events.out.txt")

    # Byte order, not numeric order: "10" comes before "9".
    d = run("odd/file-order")
    for i, name in enumerate(["tfevents.9", "tfevents.10", "Tfevents.tfevents", "tfevents"]):
        with File(d, i) as f:
            f.event(simple("loss", float(i)), step=i)
        os.rename(f.path, f"{d}/{name}")

    # A run inside a run, and a directory between that is none.
    d = run("odd/nested")
    os.makedirs(f"{d}/empty/eval")
    for i, sub in enumerate(["", "/empty/eval"]):
        with File(d + sub) as f:
            f.event(simple("loss", float(i)), step=i)

    for name in ("with space", "ünïcödé 損失", "a=1,b=0.5;c", "v1.0", "%2F", "-dash"):
        with File(run(f"odd/run-names/{name}")) as f:
            f.event(simple("loss", 1.0), step=1)

    with File(run("odd/empty-record")) as f:
        f.event(simple("loss", 1.0), step=1)
        f.raw(b"")
        f.event(simple("loss", 0.5), step=2)

    with File(run("odd/undecodable-record")) as f:
        f.event(simple("loss", 1.0), step=1)
        f.raw(b"\x0a\xff\xff\xff\xff")  # a length that goes past the end; its CRC is right
        f.event(simple("loss", 0.5), step=2)


def odd_numbers():
    with File(run("odd/wall-times")) as f:
        times = [1.7e9 + 0.1, 0.0, -1.0, 1.7e9 + 0.1, 1.7e9 - 100, 253402300800.5, 1e300, 5e-324, 1.7e9 + 1e-6]
        for step, t in enumerate(times):
            f.event(simple("loss", step * 0.5), step=step, wall_time=t)

    # Apart from the others, because the data server gives up a file at its first such wall time.
    with File(run("odd/wall-times-not-finite")) as f:
        for step, t in enumerate([1.7e9, INF, -INF, NAN, 1.7e9 + 1]):
            f.event(simple("loss", step * 0.5), step=step, wall_time=t)

    with File(run("odd/steps")) as f:
        for i, step in enumerate([-(2**63), -(2**63) + 1, -2, -1, 0, 1, 2**31, 2**53 + 1, 2**63 - 2, 2**63 - 1]):
            f.event(simple("increasing", i * 0.5), step=step)
        for i, step in enumerate([5, 5, 4, 3, 3, 7, 7, 6, 2**63 - 1, -(2**63), -1, 0, -1]):
            f.event(simple("anyhow", i * 0.5), step=step)
        for i in range(5):
            f.event(simple("always-0", float(i)))
        for i in range(5):
            f.event(simple("falling", float(i)), step=-i)

    with File(run("odd/values-not-finite")) as f:
        for step, v in enumerate([INF, -INF, NAN, 0.0, -0.0, TINY32, 3.4028234663852886e38, 0.1, NAN, NAN, 1.0]):
            f.event(simple("simple", v), tensor("tensor", f32(v)), step=step)
        f.event(simple("only-nan", NAN), step=0)
        # A NaN with a payload is still no more than NaN.
        f.raw(wire_event([field(1, 2, b"nan-payload") + field(2, 5, b"\x01\x00\xa0\x7f")], step=0))


def odd_events():
    with File(run("odd/same-tag-twice")) as f:
        for step in range(4):
            f.event(simple("loss", step + 0.25), simple("other", 1.0), simple("loss", step + 0.5), step=step)

    with File(run("odd/many-values")) as f:
        for step in range(3):
            f.event(*[simple(f"layer_{i:03d}/norm", step + i / 1000) for i in range(50)], step=step)

    with File(run("odd/field-order"), version=None) as f:
        # Fields backwards at every level, unknown fields of every kind in between, zeros written out.
        unknown = field(900, 0, 2**64 - 1) + field(901, 1, b"8 bytes!") + field(902, 2, b"bytes") + field(903, 5, b"four")
        group = varint(904 << 3 | 3) + field(1, 2, b"inside a group") + varint(904 << 3 | 4)
        for step in range(4):
            value = unknown + field(2, 5, struct.pack("<f", step + 0.5)) + group + field(1, 2, b"loss") + unknown
            f.raw(group + field(5, 2, unknown + field(1, 2, value) + group) + unknown + field(2, 0, step) + unknown
                  + field(1, 1, struct.pack("<d", clock.tick())) + group)
        # The last of a repeated single field counts; a repeated message is merged with the earlier one.
        value = field(1, 2, b"wrong") + wire_value(b"loss", 9.0) + field(2, 5, struct.pack("<f", 4.5))
        one, two = field(5, 2, field(1, 2, value)), field(5, 2, field(1, 2, wire_value(b"merged", 1.0)))
        f.raw(field(2, 0, 77) + field(1, 1, struct.pack("<d", 1.0)) + one + two + field(2, 0, 4)
              + field(1, 1, struct.pack("<d", clock.tick())))
        # Numbers written longer than they need to be, as a writer that reserves space does.
        summary = field(1, 2, wire_value(b"loss", 5.5))
        f.raw(b"\x10\x85\x80\x80\x00" + field(1, 1, struct.pack("<d", clock.tick()))
              + b"\x2a" + bytes([len(summary) | 0x80]) + b"\x80\x00" + summary)

    with File(run("odd/oneof-last-wins"), version=None) as f:
        wall = lambda: field(1, 1, struct.pack("<d", clock.tick()))
        # A value with simple_value and then a tensor is a tensor, and the other way round.
        t = f32(7.0).SerializeToString()
        m = meta("scalars").SerializeToString()
        first = field(1, 2, b"tensor-last") + field(2, 5, struct.pack("<f", 1.0)) + field(8, 2, t) + field(9, 2, m)
        second = field(1, 2, b"simple-last") + field(9, 2, m) + field(8, 2, t) + field(2, 5, struct.pack("<f", 1.0))
        f.raw(wall() + field(2, 0, 1) + field(5, 2, field(1, 2, first) + field(1, 2, second)))
        # An event with a summary and then a log message holds no summary.
        f.raw(wire_event([wire_value(b"lost", 1.0)], step=2) + field(6, 2, field(2, 2, b"a message")))
        f.raw(wire_event([wire_value(b"kept", 1.0)], step=3))

    with File(run("odd/other-events")) as f:
        f.event(step=1, log_message=event_pb2.LogMessage(level=20, message="starting"))
        f.event(simple("loss", 1.0), step=1)
        f.event(step=2, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.CHECKPOINT, checkpoint_path="ckpt"))
        f.event(simple("loss", 0.5), step=2)
        f.event(step=3)
        f.event(step=3, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.STOP))
        f.event(step=3, file_version="brain.Event:2")
        f.event(simple("loss", 0.25), step=3, source_metadata=event_pb2.SourceMetadata(writer="by hand"))


def odd_tags():
    with File(run("odd/tags")) as f:
        tags = ["loss", "Loss/train", "tag with spaces", " leading and trailing ", "ütf-8/損失/📉", "a,b;\"c\"\n\t'd'",
                "../../escape", "/", "a/b/c/d", "%2F", "x" * 300, "nul\0byte", "\ufeffbom", "e\u0301", "\u00e9", "NaN",
                "=1+1", "loss ", "Loss/Train"]
        for step in range(3):
            for i, tag in enumerate(tags):
                f.event(simple(tag, i + step / 4), step=step)

    with File(run("odd/tags-invalid-utf8")) as f:
        # Latin-1, a cut-off sequence, an encoded surrogate, an overlong slash, bytes that begin nothing.
        bad = [b"caf\xe9", b"cut \xe6\x90", b"\xed\xa0\x80 surrogate", b"overlong \xc0\xaf", b"\xff\xfe", b"ok",
               b"\xf0\x9f\x93 cut", b"bad \xf4\x90\x80\x80 high"]
        for step in range(3):
            for i, tag in enumerate(bad):
                f.raw(wire_event([wire_value(tag, i + step / 4)], step))

    with File(run("odd/tags-empty")) as f:
        for step in range(3):
            f.event(simple("", step + 0.5, node_name="node/simple"), step=step)
            f.event(tensor("", f32(step + 0.25), node_name="node/tensor"), step=step)
            f.event(simple("tag-wins", step + 0.75, node_name="not-used"), step=step)
    with File(run("odd/tags-none")) as f:
        for step in range(3):
            f.event(simple("", step + 0.5), step=step)


def odd_metadata():
    with File(run("odd/metadata-beside-simple-value")) as f:
        for step in range(4):
            f.event(simple("with-scalars", step * 0.5, metadata=meta("scalars", display_name="Shown name")), step=step)
            f.event(simple("with-text", step * 0.5, metadata=meta("text")), step=step)
            f.event(simple("with-no-name", step * 0.5, metadata=meta("")), step=step)
            f.event(simple("with-class", step * 0.5, metadata=meta("scalars", SCALAR)), step=step)

    # As TF1's writer does it: metadata with the first value only, and a later file of the run has none at all.
    d = run("odd/metadata-only-first")
    with File(d, 0) as f:
        for step in range(3):
            f.event(tensor("loss", f32(step + 0.5), plugin=None if step else "scalars"),
                    tensor("note", f32(step + 0.5), plugin=None if step else "other"), step=step)
    with File(d, 1) as f:
        for step in range(3, 6):
            f.event(tensor("loss", f32(step + 0.5), plugin=None), tensor("note", f32(step + 0.5), plugin=None), step=step)

    # What stands before a tag's first metadata is no scalar yet.
    with File(run("odd/metadata-late")) as f:
        for step in range(4):
            f.event(tensor("loss", f32(step + 0.5), plugin="scalars" if step > 1 else None), step=step)

    with File(run("odd/metadata-value-later")) as f:
        # The first value of the tag has only metadata.
        f.event(summary_pb2.Summary.Value(tag="loss", metadata=meta("scalars")), step=0)
        for step in range(1, 4):
            f.event(tensor("loss", f32(step + 0.5), plugin=None), step=step)

    d = run("odd/plugin-changes")
    with File(d, 0) as f:
        for step, plugin in enumerate(["scalars", "scalars", "other", "text"]):
            f.event(tensor("scalars-first", f32(step + 0.5), plugin), step=step)
        for step, plugin in enumerate(["other", "scalars", "scalars", "scalars"]):
            f.event(tensor("other-first", f32(step + 0.5), plugin), step=step)
        for step, plugin in enumerate(["", "scalars", "scalars", "scalars"]):
            f.event(tensor("unnamed-first", f32(step + 0.5), plugin), step=step)
    with File(d, 1) as f:
        f.event(tensor("scalars-first", f32(4.5), "other"), tensor("other-first", f32(4.5), "scalars"), step=4)

    with File(run("odd/simple-then-tensor")) as f:
        for step in range(3):
            f.event(simple("loss", step + 0.5), simple("moved", step + 0.5), step=step)
        for step in range(3, 6):
            # `loss` became a scalar with its first value; metadata that comes later does not change that.
            f.event(tensor("loss", f32(step + 0.5), plugin=None), tensor("moved", f32(step + 0.5), "other"), step=step)
    with File(run("odd/tensor-then-simple")) as f:
        for step in range(3):
            f.event(tensor("scalars", f32(step + 0.5), "scalars"), tensor("other", f32(step + 0.5), "other"), step=step)
        for step in range(3, 6):
            f.event(simple("scalars", step + 0.5), simple("other", step + 0.5), step=step)
        for step in range(6, 8):
            f.event(tensor("scalars", f32(step + 0.5), None), tensor("other", f32(step + 0.5), None), step=step)

    with File(run("odd/tensor-without-plugin")) as f:
        for step in range(3):
            f.event(tensor("never", f32(step + 0.5), plugin=None), simple("loss", 1.0), step=step)

    with File(run("odd/data-class")) as f:
        for step in range(3):
            def value(tag, plugin, data_class):
                return summary_pb2.Summary.Value(tag=tag, tensor=f32(step + 0.5), metadata=meta(plugin, data_class))
            f.event(value("scalars-as-scalar", "scalars", SCALAR), value("scalars-as-tensor", "scalars", TENSOR),
                    value("other-as-scalar", "other", SCALAR), value("other-as-tensor", "other", TENSOR), step=step)


def odd_kinds():
    """Kinds of summary that are not scalars and that only the protobuf classes reach without TensorFlow."""
    with File(run("odd/kinds-protos")) as f:
        histo = summary_pb2.HistogramProto(min=0.0, max=3.0, num=6, sum=9, sum_squares=19,
                                           bucket_limit=[1.0, 2.0, 3.0], bucket=[1, 2, 3])
        curve = tensor_proto(types_pb2.DT_FLOAT, (6, 3), float_val=[3, 2, 1, 2, 1, 0, 0, 1, 2, 0, 1, 2, .6, .7, 1, 1, .6, .3])
        blob = tensor_proto(types_pb2.DT_STRING, (1,), string_val=[b"\x0a\x00"])
        null = tensor_proto(types_pb2.DT_FLOAT, (0,))
        vertices = tensor_proto(types_pb2.DT_FLOAT, (1, 3, 3), float_val=[0, 0, 0, 1, 0, 0, 0, 1, 0])

        def value(tag, tensor, metadata):
            return summary_pb2.Summary.Value(tag=tag, tensor=tensor, metadata=metadata)

        f.event(step=0, graph_def=b"")
        f.event(step=0, tagged_run_metadata=event_pb2.TaggedRunMetadata(tag="step-0", run_metadata=b""))
        f.event(value("custom_scalars__config__", tensor_proto(types_pb2.DT_STRING, string_val=[b""]),
                      custom_scalar_metadata.create_summary_metadata()))
        f.event(value("keras", blob, meta("graph_keras_model")))
        for step in range(3):
            f.event(summary_pb2.Summary.Value(tag="old-histogram", histo=histo), step=step)
            f.event(value("pr", curve, pr_curve_metadata.create_summary_metadata("pr", "", 3)), step=step)
            f.event(value("mesh_VERTEX", vertices,
                          mesh_metadata.create_summary_metadata("mesh", "mesh_VERTEX", 1, 0, [1, 3, 3])), step=step)
            f.event(simple("loss", step * 0.5), step=step)
        for tag in (hparams_metadata.EXPERIMENT_TAG, hparams_metadata.SESSION_START_INFO_TAG):
            f.event(value(tag, null, meta("hparams")))


# ---- restarts -------------------------------------------------------------------------------------------------


def loss_acc(f, steps, base=0.0):
    for step in steps:
        f.event(simple("loss", base + step / 8), simple("acc", base + step / 16), step=step)


def restarts():
    # START writes both series off from step 5, `slow` too, though it is not written again.
    d = run("restarts/start-resumed")
    with File(d, 0) as f:
        f.start(0)
        loss_acc(f, range(10))
        for step in range(0, 10, 3):
            f.event(simple("slow", step / 2), tensor("tensor", f32(step / 4)), step=step)
    with File(d, 1) as f:
        f.start(5)
        loss_acc(f, range(5, 15), base=100.0)
    with File(d, 2) as f:
        f.start(12)
        loss_acc(f, range(12, 20), base=200.0)
        f.event(tensor("tensor", f32(1.0)), step=3)

    # The first START of a run counts as well, at a step above 0 and with points before it.
    with File(run("restarts/first-start-late")) as f:
        loss_acc(f, range(10))
        f.start(6)
        loss_acc(f, range(6, 9), base=100.0)

    with File(run("restarts/start-at-0-late")) as f:
        # A coordinator whose START comes after the first points of a worker.
        loss_acc(f, range(4))
        f.start(0)
        loss_acc(f, range(4, 8))

    d = run("restarts/no-start")
    with File(d, 0) as f:
        loss_acc(f, range(10))
        f.event(simple("only-first", 1.0), step=9)
    with File(d, 1) as f:
        loss_acc(f, range(6, 14), base=100.0)

    # A second worker starts at 0 in the same directory, at the same time.
    d = run("restarts/two-writers")
    with File(d, 0) as f:
        loss_acc(f, range(12))
    clock.reset()
    with File(d, 1) as f:
        loss_acc(f, range(0, 12, 2), base=100.0)
        f.event(simple("second-only", 1.0), step=3)

    # Files without a version, or with an old one, are purged where steps go back, tag by tag.
    for name, version in (("version-none", None), ("version-1", "brain.Event:1"), ("version-unreadable", "brain.Event:x")):
        with File(run(f"restarts/{name}"), version=version) as f:
            loss_acc(f, range(10))
            f.event(simple("slow", 1.0), step=9)
            loss_acc(f, range(4, 8), base=100.0)
            f.event(simple("loss", 50.0), tensor("tensor", f32(1.0)), step=2)
            f.event(tensor("tensor", f32(2.0)), step=1)
            f.start(0)  # means nothing here, but an event that is no summary sets the step to compare with
            f.event(simple("slow", 2.0), step=3)
            loss_acc(f, range(8, 12), base=200.0)

    # One version rules the run until another is met, over the files.
    d = run("restarts/version-in-second-file")
    with File(d, 0, version=None) as f:
        loss_acc(f, range(8))
        loss_acc(f, range(5, 7), base=50.0)
    with File(d, 1) as f:
        loss_acc(f, range(3, 6), base=100.0)
        f.start(4)
        loss_acc(f, range(4, 6), base=200.0)
    with File(d, 2, version=None) as f:
        loss_acc(f, range(2, 4), base=300.0)

    with File(run("restarts/version-changes")) as f:
        loss_acc(f, range(6))
        f.event(file_version="brain.Event:1", step=3)
        loss_acc(f, range(2, 5), base=100.0)
        f.event(file_version="brain.Event:2", step=3)
        loss_acc(f, range(1, 3), base=200.0)
        f.start(2)

    # One event whose tags all go back at once, one of them new and one of them twice.
    with File(run("restarts/one-event-goes-back"), version=None) as f:
        loss_acc(f, range(8))
        for step in range(3):
            f.event(simple("twice", float(step)), step=step)
        f.event(simple("loss", -1.0), simple("acc", -2.0), simple("new", -3.0), simple("twice", -4.0),
                simple("twice", -5.0), step=1)
        f.event(simple("loss", -6.0), step=3)

    # A summary of another kind purges the scalars of its tag.
    with File(run("restarts/other-kind-purges"), version=None) as f:
        loss_acc(f, range(6))
        f.event(summary_pb2.Summary.Value(tag="loss", histo=summary_pb2.HistogramProto(num=1)), step=3)
        f.event(simple("acc", 100.0), step=5)


if __name__ == "__main__":
    common.freeze()
    dtypes()
    odd_files()
    odd_numbers()
    odd_events()
    odd_tags()
    odd_metadata()
    odd_kinds()
    restarts()
