"""logs/kinds/odd-*: every kind but scalars at the edge of what is legal and beyond it, made with TensorBoard's protobuf
classes (see requirements-protos.txt). Each run is what its name says; only those called damaged-* hold damage."""

import struct
import zlib

import numpy as np
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, types_pb2
from tensorboard.plugins.audio import plugin_data_pb2 as audio_pb2
from tensorboard.plugins.custom_scalar import layout_pb2
from tensorboard.plugins.mesh import plugin_data_pb2 as mesh_pb2
from tensorboard.util import tensor_util

from write_protos import File, meta, run

Value = summary_pb2.Summary.Value


def png(width, height, declared=None):
    """A grey picture; its header may declare another size than it has."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    w, h = declared or (width, height)
    rows = b"".join(b"\0" + bytes(width) for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))  # fmt: skip


def gif(frames=2):
    frame = b"\x2c\0\0\0\0\x02\0\x03\0\0" + b"\x02\x02\x4c\x01\0"
    return b"GIF89a\x02\0\x03\0\x80\0\0" + b"\0\0\0\xff\xff\xff" + frame * frames + b"\x3b"


def wav(frames=10, rate=8000):
    data = bytes(2 * frames)
    return (b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, rate, 2 * rate, 2, 16)
            + b"data" + struct.pack("<I", len(data)) + data)  # fmt: skip


def strings(*all, shape=None):
    t = tensor_pb2.TensorProto(dtype=types_pb2.DT_STRING, string_val=all)
    for size in [len(all)] if shape is None else shape:
        t.tensor_shape.dim.add(size=size)
    return t


def numbers(array, shape=None):
    array = np.asarray(array)
    names = {"float32": types_pb2.DT_FLOAT, "float64": types_pb2.DT_DOUBLE, "int64": types_pb2.DT_INT64}
    t = tensor_pb2.TensorProto(dtype=names[array.dtype.name], tensor_content=array.tobytes())
    for size in array.shape if shape is None else shape:
        t.tensor_shape.dim.add(size=size)
    return t


def far(f):
    """Moves what follows away from the begin of the file, where magic numbers are looked for."""
    f.event(Value(tag="note", metadata=meta("text"), tensor=strings(b"note " * 50, shape=())))


def text():
    with File(run("kinds/odd-text")) as f:
        m = meta("text")
        f.event(Value(tag="rank-0", metadata=m, tensor=strings(b"one", shape=())))
        f.event(Value(tag="rank-3", metadata=m, tensor=strings(*(bytes([c]) for c in b"abcdefgh"), shape=(2, 2, 2))))
        f.event(Value(tag="none", metadata=m, tensor=strings(shape=(0,))))
        f.event(Value(tag="not-utf-8", metadata=m, tensor=strings(b"\xff\xfe(\xc3", b"ok \xe2\x82", b"")))
        f.event(Value(tag="one-for-all", metadata=m, tensor=strings(b"same", shape=(3,))))
        f.event(Value(tag="numbers", metadata=m, tensor=numbers(np.array([1.5, 2.5]))))
        f.event(Value(tag="long", metadata=m, tensor=strings(b"0123456789" * 300, shape=())))
        f.event(Value(tag="version-1", metadata=meta("text", content=b"\x08\x01"), tensor=strings(b"from the future", shape=())))
        f.event(Value(tag="NUL and [31m", metadata=m, tensor=strings(b"a\0b\x1b[31m", shape=())))


def histograms():
    histo = summary_pb2.HistogramProto
    with File(run("kinds/odd-histograms")) as f:
        old = {
            "none": histo(),
            "one": histo(min=1, max=2, num=3, sum=4, sum_squares=6, bucket_limit=[2], bucket=[3]),
            "back": histo(min=1, max=9, num=2, bucket_limit=[5, 3, 4], bucket=[1, 0.5, 0.5]),
            "below": histo(min=7, max=9, num=2, bucket_limit=[5, 8], bucket=[0, 2]),
            "biggest": histo(min=-1, max=9, num=2, bucket_limit=[0, 1.7976931348623157e308], bucket=[1, 1]),
            "nan": histo(min=float("nan"), max=float("inf"), num=1, bucket_limit=[1], bucket=[1]),
        }
        for tag, h in old.items():
            f.event(Value(tag=f"old/{tag}", histo=h))
        m = meta("histograms")
        f.event(Value(tag="new/none", metadata=m, tensor=numbers(np.zeros((0, 3)))))
        f.event(Value(tag="new/one", metadata=m, tensor=numbers(np.array([[1.0, 2, 3]]))))
        f.event(Value(tag="new/float32", metadata=m, tensor=numbers(np.array([[1.0, 2, 3], [2, 3, 0.5]], np.float32))))
        f.event(Value(tag="new/int64", metadata=m, tensor=numbers(np.array([[1, 2, 3]]))))
        f.event(Value(tag="new/back", metadata=m, tensor=numbers(np.array([[3.0, 2, 1], [2, 1, 1]]))))
        f.event(Value(tag="other/vector", metadata=m, tensor=numbers(np.array([1.0, 2, 3]))))
        f.event(Value(tag="other/four", metadata=m, tensor=numbers(np.zeros((2, 4)))))
        f.event(Value(tag="other/text", metadata=m, tensor=strings(b"a", b"b", b"c", shape=(1, 3))))
        # The first metadata holds for the tag, whatever comes later.
        f.event(Value(tag="then-text", metadata=m, tensor=numbers(np.array([[1.0, 2, 3]]))))
        f.event(Value(tag="then-text", metadata=meta("text"), tensor=strings(b"text", shape=())), step=1)
        f.event(Value(tag="then-old", metadata=m, tensor=numbers(np.array([[1.0, 2, 3]]))))
        f.event(Value(tag="then-old", histo=old["one"]), step=1)


def images():
    with File(run("kinds/odd-images")) as f:
        m = meta("images")
        bad = {
            "none": b"",
            "no-picture": b"this is text",
            "cut": png(3, 4)[:20],
            "lies": png(3, 4, (2_000_000_000, 1)),
            "gif": gif(),
            "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc0\0\x0b\x08\0\4\0\5\1\1\x11\0\xff\xd9",
            "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        }
        for tag, b in bad.items():
            f.event(Value(tag=f"old/{tag}", image=summary_pb2.Summary.Image(width=7, height=8, colorspace=3, encoded_image_string=b)))
            f.event(Value(tag=f"new/{tag}", metadata=m, tensor=strings(b"7", b"8", b)))
        f.event(Value(tag="new/0-pictures", metadata=m, tensor=strings(b"7", b"8")))
        f.event(Value(tag="new/25-pictures", metadata=m, tensor=strings(b"1", b"1", *(png(1 + i, 1) for i in range(25)))))
        f.event(Value(tag="other/no-size", metadata=m, tensor=strings(b"wide", b"8", png(1, 1))))
        f.event(Value(tag="other/rank-2", metadata=m, tensor=strings(b"7", b"8", png(1, 1), shape=(1, 3))))
        for tag in ["../../x", "/etc/x", "con", "a", "a/b", "A", "..", ".", "", "a:b c", "x" * 10_000, "ends.", "損失/\u202e", b"a\xff".decode("latin-1")]:
            f.event(Value(tag=tag, metadata=m, tensor=strings(b"1", b"1", png(1, 1))), step=-1)


def audio():
    old = summary_pb2.Summary.Audio
    with File(run("kinds/odd-audio")) as f:
        far(f)
        m = meta("audio", content=audio_pb2.AudioPluginData(encoding=audio_pb2.AudioPluginData.WAV).SerializeToString())
        f.event(Value(tag="old/whole", audio=old(sample_rate=44100.5, num_channels=2, length_frames=7, encoded_audio_string=wav(), content_type="audio/wav")))
        f.event(Value(tag="old/nothing", audio=old()))
        f.event(Value(tag="new/labels", metadata=m, tensor=strings(wav(), b"*a*", wav(5, 16000), b"", shape=(2, 2))))
        f.event(Value(tag="new/vector", metadata=m, tensor=strings(wav(), wav(3))))
        f.event(Value(tag="new/30-bytes", metadata=m, tensor=strings(wav()[:30])))
        f.event(Value(tag="new/cut", metadata=m, tensor=strings(wav()[:-5])))
        f.event(Value(tag="new/no-sound", metadata=m, tensor=strings(b"ID3")))
        f.event(Value(tag="new/none", metadata=m, tensor=strings(shape=(0, 2))))
        f.event(Value(tag="other/three", metadata=m, tensor=strings(wav(), b"a", b"b", shape=(1, 3))))


def curves_and_meshes():
    with File(run("kinds/odd-pr-curves")) as f:
        m = meta("pr_curves")
        f.event(Value(tag="none", metadata=m, tensor=numbers(np.zeros((6, 0), np.float32))))
        f.event(Value(tag="one", metadata=m, tensor=numbers(np.ones((6, 1)))))
        f.event(Value(tag="zeros", metadata=m, tensor=numbers(np.zeros((6, 3), np.float32))))
        f.event(Value(tag="tail", metadata=m, tensor=numbers(np.array([[3, 0, 1, 0, 0]] + [[0, 0, 0, 0, 0.5]] * 5, np.float32))))
        f.event(Value(tag="other", metadata=m, tensor=numbers(np.ones((5, 4), np.float32))))
    with File(run("kinds/odd-meshes")) as f:
        def part(name, kind, array, tag=None, step=0, config="{}"):
            content = mesh_pb2.MeshPluginData(name=name, content_type=kind, json_config=config, components=14)
            f.event(Value(tag=tag or f"{name}_{kind}", metadata=meta("mesh", content=content.SerializeToString()), tensor=numbers(array)), step=step)

        points = np.arange(24, dtype=np.float32)
        part("whole", 1, points.reshape(2, 4, 3))
        part("whole", 2, points[:6].astype(np.int64).reshape(2, 1, 3))
        part("whole", 3, points.reshape(2, 4, 3))
        part("whole", 1, points.reshape(2, 4, 3) + 1, step=1)
        part("faces-only", 2, points[:3].reshape(1, 1, 3))
        part("fewer-colors", 1, points.reshape(2, 4, 3))
        part("fewer-colors", 3, points[:12].reshape(1, 4, 3))
        part("no-points", 1, np.zeros((2, 0, 3), np.float32))
        part("odd-tag", 1, points.reshape(2, 4, 3), tag="anything")
        part("other", 1, points.reshape(4, 6))


def tensors():
    with File(run("kinds/odd-tensors")) as f:
        def add(tag, t, plugin="mine", **kw):
            f.event(Value(tag=tag, metadata=meta(plugin, **kw), tensor=t))

        far(f)
        # In the typed fields, which TF2's writer does not use.
        T, P = tensor_pb2.TensorProto, types_pb2
        typed = {
            "half": T(dtype=P.DT_HALF, half_val=[0x3C00, 0xC000]), "bfloat16": T(dtype=P.DT_BFLOAT16, half_val=[0x3F80, 0xC000]),
            "int8": T(dtype=P.DT_INT8, int_val=[-1, 2]), "uint16": T(dtype=P.DT_UINT16, int_val=[65535, 2]),
            "uint32": T(dtype=P.DT_UINT32, uint32_val=[2**32 - 1, 2]), "int64": T(dtype=P.DT_INT64, int64_val=[2**53 + 1, -2]),
            "uint64": T(dtype=P.DT_UINT64, uint64_val=[2**64 - 1, 2]), "bool": T(dtype=P.DT_BOOL, bool_val=[True, False]),
            "complex64": T(dtype=P.DT_COMPLEX64, scomplex_val=[1, 2, 3, 4]), "complex128": T(dtype=P.DT_COMPLEX128, dcomplex_val=[1, 2, 3, 4]),
            "qint8": T(dtype=P.DT_QINT8, int_val=[-1, 2]), "quint16": T(dtype=P.DT_QUINT16, int_val=[65535, 2]),
            "int4": T(dtype=P.DT_INT4, int_val=[-8, 7]), "uint2": T(dtype=P.DT_UINT2, int_val=[3, 1]),
            "float8_e5m2": T(dtype=P.DT_FLOAT8_E5M2, float8_val=b"\x3c\xfc"), "float8_e4m3fn": T(dtype=P.DT_FLOAT8_E4M3FN, float8_val=b"\x38\x7f"),
            "float8_e4m3fnuz": T(dtype=P.DT_FLOAT8_E4M3FNUZ, float8_val=b"\x38\x80"),
            "float8_e4m3b11fnuz": T(dtype=P.DT_FLOAT8_E4M3B11FNUZ, float8_val=b"\x38\x80"),
            "float8_e5m2fnuz": T(dtype=P.DT_FLOAT8_E5M2FNUZ, float8_val=b"\x3c\x80"), "float4_e2m1fn": T(dtype=P.DT_FLOAT4_E2M1FN, float8_val=b"\x07\x0f"),
            "string": strings(b"a", b"\xff"),
        }  # fmt: skip
        for name, t in typed.items():
            if not t.tensor_shape.dim:
                t.tensor_shape.dim.add(size=2)
            add(f"typed/{name}", t)
        variant = T(dtype=P.DT_VARIANT)
        variant.variant_val.add(type_name="mine", metadata=b"m")
        add("typed/variant", variant)
        resource = T(dtype=P.DT_RESOURCE)
        resource.resource_handle_val.add(device="/cpu:0", name="r")
        add("typed/resource", resource)
        one = T(dtype=P.DT_FLOAT, float_val=[7])
        for size in (2, 3):
            one.tensor_shape.dim.add(size=size)
        add("one-for-all", one)
        add("null", tensor_util.make_tensor_proto(0, dtype=np.float32, shape=(0,)))
        add("no-shape", T(dtype=P.DT_DOUBLE, double_val=[1, 2, 3]))
        add("unknown-type", T(dtype=77, tensor_content=b"abc"))
        add("scalars-vector", numbers(np.array([1.0, 2.0])), plugin="scalars")
        f.event(Value(tag="no-plugin", tensor=numbers(np.array([1.0, 2.0]))))
    with File(run("kinds/damaged-tensors")) as f:
        for i, t in enumerate([
            numbers(np.zeros(6), shape=(7,)), numbers(np.zeros(2), shape=(-1,)), numbers(np.zeros(1), shape=(1 << 40, 1 << 40)),
            strings(b"a", b"b", shape=(3,)), T(dtype=P.DT_FLOAT, tensor_content=b"abc"), T(dtype=P.DT_STRING, tensor_content=b"abc"),
            T(dtype=P.DT_COMPLEX64, scomplex_val=[1, 2, 3]),
        ]):  # fmt: skip
            for plugin in ("mine", "text", "histograms", "images"):
                f.event(Value(tag=f"{plugin}/{i}", metadata=meta(plugin), tensor=t))
        f.event(Value(tag="histogram", histo=summary_pb2.HistogramProto(bucket_limit=[1, 2], bucket=[1])))
        f.event(Value(tag="layout", metadata=meta("custom_scalars"), tensor=strings(b"\x12\x7f", shape=())))
        # Messages that are no protocol buffers: a length that leads out of its message.
        for field, tag in ((4, b"image"), (5, b"histo"), (6, b"audio"), (8, b"tensor")):
            body = b"\x22\x7fxx"
            value = b"\x0a" + bytes([len(tag)]) + tag + bytes([field << 3 | 2, len(body)]) + body
            summary = b"\x0a" + bytes([len(value)]) + value
            f.raw(event_pb2.Event(wall_time=1.0, step=1).SerializeToString() + b"\x2a" + bytes([len(summary)]) + summary)


def the_rest():
    with File(run("kinds/odd-rest")) as f:
        L = layout_pb2
        layout = L.Layout(category=[
            L.Category(title="a", chart=[L.Chart(title="lines", multiline=L.MultilineChartContent(tag=["loss.*", "val"])), L.Chart(title="nothing")]),
            L.Category(title="empty"),
            L.Category(title="b", closed=True, chart=[L.Chart(title="band", margin=L.MarginChartContent(series=[
                L.MarginChartContent.Series(value="v", lower="l", upper="u")]))])])  # fmt: skip
        f.event(Value(tag="custom_scalars__config__", metadata=meta("custom_scalars"), tensor=strings(layout.SerializeToString(), shape=())))
        f.event(graph_def=b"\x0a\x03abc")
        f.event(meta_graph_def=b"\x0a\x03abc", step=1)
        f.event(tagged_run_metadata=event_pb2.TaggedRunMetadata(tag="step-1", run_metadata=b"\x0a\x00"), step=1)
        for plugin in ("graph_keras_model", "graph_run_metadata", "graph_run_metadata_graph", "graph_tagged_run_metadata"):
            f.event(Value(tag=plugin, metadata=meta(plugin, content=b"1"), tensor=strings(b'{"a": 1}', shape=())))
        f.event(log_message=event_pb2.LogMessage(level=20, message="hello"), step=2)
        f.event(session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.CHECKPOINT, checkpoint_path="x"), step=2)
        f.event(step=3)
        f.event(Value(tag="metadata-only", metadata=meta("third-party", content=b'{"json": [1, 2]}', data_class=2)))
        f.event(Value(tag="obsolete", obsolete_old_style_histogram=b"abc"))


if __name__ == "__main__":
    text()
    histograms()
    images()
    audio()
    curves_and_meshes()
    tensors()
    the_rest()
