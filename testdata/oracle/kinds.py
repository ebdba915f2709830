"""What the tables of a logdir are that hold more than scalars, worked out in Python from TensorBoard's own protobuf
classes, numpy, ml_dtypes and Pillow, without any of tbexport's code. check_kinds.py compares tbexport's tables with it.

    kinds.py LOGDIR --table NAME

prints the rows of one table as JSON Lines, by run, tag and file order; of all tables, each with its name as `table`, if
NAME is all. Blobs are {"sha256": ..., "bytes": how many};
numbers that JSON has not are the strings "NaN", "Infinity" and "-Infinity". What is damaged is said on stderr."""

import argparse
import hashlib
import io
import itertools
import json
import math
import struct
import sys

import ml_dtypes
import numpy as np
from google.protobuf.message import DecodeError
from PIL import Image
from tensorboard.compat.proto import types_pb2
from tensorboard.plugins.custom_scalar import layout_pb2
from tensorboard.plugins.hparams import plugin_data_pb2 as hparams_pb2
from tensorboard.plugins.mesh import plugin_data_pb2 as mesh_pb2

from scalars import find_runs, parse, read_varint, records, scalar_value, to_utf8

Image.MAX_IMAGE_PIXELS = None  # a picture of 2x10^9 pixels is data

TABLES = ("text", "histograms", "images", "audio", "pr_curves", "meshes", "tensors", "graphs", "layouts", "tags", "events")

# Plugins whose tensors have a table of their own, and that of the graphs.
GRAPHS = {"graphs": "graph_def", "graph_keras_model": "keras_model", "graph_run_metadata": "run_metadata",
          "graph_run_metadata_graph": "run_metadata_graph", "graph_tagged_run_metadata": "tagged_run_metadata"}  # fmt: skip


class Damage(Exception):
    """What does not decode."""


class OtherForm(Exception):
    """A sound tensor that is not of its plugin's own form."""


# ---- tensors --------------------------------------------------------------------------------------------------

P = types_pb2
# DataType -> (numpy's type, the typed field). Quantised numbers are the integers that are stored.
TYPES = {
    P.DT_FLOAT: (np.float32, "float_val"), P.DT_DOUBLE: (np.float64, "double_val"), P.DT_HALF: (np.float16, "half_val"),
    P.DT_BFLOAT16: (ml_dtypes.bfloat16, "half_val"), P.DT_INT8: (np.int8, "int_val"), P.DT_INT16: (np.int16, "int_val"),
    P.DT_INT32: (np.int32, "int_val"), P.DT_INT64: (np.int64, "int64_val"), P.DT_UINT8: (np.uint8, "int_val"),
    P.DT_UINT16: (np.uint16, "int_val"), P.DT_UINT32: (np.uint32, "uint32_val"), P.DT_UINT64: (np.uint64, "uint64_val"),
    P.DT_BOOL: (np.bool_, "bool_val"), P.DT_COMPLEX64: (np.complex64, "scomplex_val"), P.DT_COMPLEX128: (np.complex128, "dcomplex_val"),
    P.DT_QINT8: (np.int8, "int_val"), P.DT_QUINT8: (np.uint8, "int_val"), P.DT_QINT16: (np.int16, "int_val"),
    P.DT_QUINT16: (np.uint16, "int_val"), P.DT_QINT32: (np.int32, "int_val"), P.DT_INT4: (ml_dtypes.int4, "int_val"),
    P.DT_UINT4: (ml_dtypes.uint4, "int_val"), P.DT_INT2: (ml_dtypes.int2, "int_val"), P.DT_UINT2: (ml_dtypes.uint2, "int_val"),
    P.DT_FLOAT8_E5M2: (ml_dtypes.float8_e5m2, "float8_val"), P.DT_FLOAT8_E4M3FN: (ml_dtypes.float8_e4m3fn, "float8_val"),
    P.DT_FLOAT8_E4M3FNUZ: (ml_dtypes.float8_e4m3fnuz, "float8_val"),
    P.DT_FLOAT8_E4M3B11FNUZ: (ml_dtypes.float8_e4m3b11fnuz, "float8_val"),
    P.DT_FLOAT8_E5M2FNUZ: (ml_dtypes.float8_e5m2fnuz, "float8_val"), P.DT_FLOAT4_E2M1FN: (ml_dtypes.float4_e2m1fn, "float8_val"),
}  # fmt: skip
OBJECTS = {P.DT_STRING: "string_val", P.DT_VARIANT: "variant_val", P.DT_RESOURCE: "resource_handle_val"}


def type_name(dtype):
    names = {P.DT_INVALID: "", P.DT_FLOAT: "float32", P.DT_DOUBLE: "float64", P.DT_HALF: "float16"}
    if dtype in names:
        return names[dtype]
    return P.DataType.Name(dtype)[3:].lower() if dtype in P.DataType.values() else str(dtype)


def listed(tensor):
    """The strings in tensor_content: the lengths of all, and then their bytes, as TensorFlow's DecodeStringList reads them."""
    data, at, lengths = tensor.tensor_content, 0, []
    dims = [d.size for d in tensor.tensor_shape.dim]
    if min(dims, default=0) < 0 or math.prod(dims) > len(data):
        raise Damage(f"{len(data)} bytes for strings of shape {dims}")
    try:
        for _ in range(math.prod(dims)):
            length, at = read_varint(data, at)
            lengths.append(length)
    except (IndexError, ValueError):
        raise Damage("lengths of strings that do not end") from None
    if at + sum(lengths) != len(data):
        raise Damage("lengths of strings that are not theirs")
    ends = list(itertools.accumulate(lengths, initial=at))
    return [data[a:b] for a, b in zip(ends, ends[1:])]


def stored(tensor):
    """The elements that are written, as a vector; those that are no numbers as a list."""
    if tensor.dtype in OBJECTS:
        if tensor.tensor_content:
            return listed(tensor)
        return list(getattr(tensor, OBJECTS[tensor.dtype]))
    kind, field = TYPES[tensor.dtype]
    if tensor.tensor_content:
        if len(tensor.tensor_content) % np.dtype(kind).itemsize:
            raise Damage("tensor_content is no whole number of elements")
        return np.frombuffer(tensor.tensor_content, kind)
    values = getattr(tensor, field)
    if field == "float8_val":
        return np.frombuffer(values, kind)
    if field == "half_val":
        bits = np.array([v & 0xFFFFFFFF for v in values], np.uint32)
        if (bits > 0xFFFF).any():  # torch's half_to_int: the bits of a float32
            return bits.view(np.float32)
        return bits.astype(np.uint16).view(kind)
    if "complex" in field:
        if len(values) % 2:
            raise Damage("half a complex number")
        pairs = np.array(values, np.float64).reshape(-1, 2)
        return (pairs[:, 0] + 1j * pairs[:, 1]).astype(kind)
    wide = np.array(values, np.uint64 if "uint" in field else np.int64)
    if field in ("float_val", "double_val"):
        wide = np.array(values, np.float64)
    return wide.astype(np.uint8).view(kind) if np.dtype(kind).itemsize == 1 and field == "int_val" else wide.astype(kind)


def decode(tensor):
    """(shape, elements in row-major order); of a type that nobody knows, elements is None."""
    dims = [d.size for d in tensor.tensor_shape.dim]
    if tensor.dtype not in TYPES and tensor.dtype not in OBJECTS:
        return dims, None
    if tensor.dtype in (P.DT_VARIANT, P.DT_RESOURCE) and tensor.tensor_content:  # TF2's own encoding
        return dims, None
    elements = stored(tensor)
    if not tensor.HasField("tensor_shape") or tensor.tensor_shape.unknown_rank:
        return ([] if len(elements) == 1 else [len(elements)]), elements
    if min(dims, default=0) < 0 or math.prod(dims) > 1 << 62:
        raise Damage(f"shape {dims}")
    if len(elements) == 1:
        if math.prod(dims) > 1 << 20:
            raise Damage(f"one element for shape {dims}")
        if isinstance(elements, list) and tensor.dtype == P.DT_STRING and math.prod(dims) > 1 and len(elements[0]) * math.prod(dims) > 1 << 24:
            raise Damage(f"one long string for shape {dims}")
        elements = elements * math.prod(dims) if isinstance(elements, list) else np.repeat(elements, math.prod(dims))
    if len(elements) != math.prod(dims):
        raise Damage(f"{len(elements)} elements of shape {dims}")
    return dims, elements


def is_real(tensor):
    return tensor.dtype in TYPES and "complex" not in type_name(tensor.dtype)


def reals(tensor):
    shape, elements = decode(tensor)
    if not is_real(tensor):
        raise OtherForm
    return shape, elements.astype(np.float64)


def strings(tensor):
    shape, elements = decode(tensor)
    if tensor.dtype != P.DT_STRING:
        raise OtherForm
    return shape, elements


def one_string(tensor):
    shape, elements = strings(tensor)
    if len(shape) > 1 or len(elements) != 1:
        raise OtherForm
    return elements[0]


# ---- the kinds ------------------------------------------------------------------------------------------------


def blob(b):
    return {"sha256": hashlib.sha256(b).hexdigest(), "bytes": len(b)}


def text_rows(tensor):
    shape, elements = strings(tensor)
    for i, element in enumerate(elements):
        yield {"index": i, "shape": shape, "text": to_utf8(element)}


NOTHING = dict.fromkeys(("min", "max", "num", "sum", "sum_squares"))


def histogram_rows(tensor):
    shape, elements = reals(tensor)
    if len(shape) != 2 or shape[1] != 3:
        raise OtherForm
    left, right, count = elements.reshape(-1, 3).T.tolist() if len(elements) else ([], [], [])
    yield {"left": left, "right": right, "count": count, **NOTHING}


def old_histogram_rows(h):
    right, count = list(h.bucket_limit), list(h.bucket)
    if len(right) != len(count):
        raise Damage("edges and counts")
    left = [h.min if h.min < right[0] else right[0], *right[:-1]] if right else []
    yield {"left": left, "right": right, "count": count, **{name: getattr(h, name) for name in NOTHING}}


MAGIC = {b"\x89PNG\r\n\x1a\n": "png", b"GIF87a": "gif", b"GIF89a": "gif", b"\xff\xd8\xff": "jpeg"}


def picture(index, width, height, b):
    form = next((name for magic, name in MAGIC.items() if b.startswith(magic)), None)
    if b[:4] == b"RIFF" and b[8:12] == b"WEBP":
        form = "webp"
    try:
        with Image.open(io.BytesIO(b)) as p:
            if p.format in ("PNG", "JPEG", "GIF", "BMP", "WEBP"):
                form = p.format.lower()
                if max(p.size) < 1 << 31:  # more is no size of a PNG
                    width, height = p.size
    except (OSError, SyntaxError, ValueError):
        pass
    return {"index": index, "width": width, "height": height, "format": form, "sha256": blob(b)["sha256"], "image": blob(b)}


def image_rows(tensor):
    shape, elements = strings(tensor)
    if len(shape) != 1 or len(elements) < 2:
        raise OtherForm
    try:
        width, height = (int(e) for e in elements[:2])
        struct.pack("<ii", width, height)
    except (ValueError, struct.error):
        raise OtherForm from None
    for i, b in enumerate(elements[2:]):
        yield picture(i, width, height, b)


def old_image_rows(image):
    yield picture(0, image.width, image.height, image.encoded_image_string)


def wav(b):
    """What a WAV header says: the content type, rate, channels and frames that are there."""
    if b[:4] != b"RIFF" or b[8:12] != b"WAVE":
        return None, None, None, None
    rate = channels = frames = block = None
    at = 12
    while at + 8 <= len(b):
        name, size = b[at:at + 4], struct.unpack_from("<I", b, at + 4)[0]
        body = b[at + 8:at + 8 + size]
        if name == b"fmt ":
            if len(body) < 16:
                break
            channels, rate, _, block = struct.unpack_from("<HIIH", body, 2)
            frames = 0
        if name == b"data":
            frames = len(body) // block if block else frames
            break
        at += 8 + size + size % 2
    return "audio/wav", rate, channels, frames


def clip(index, b, label, content_type, rate, channels, frames):
    return {"index": index, "sample_rate": rate, "channels": channels, "frames": frames, "content_type": content_type,
            "label": label, "sha256": blob(b)["sha256"], "audio": blob(b)}  # fmt: skip


def audio_rows(tensor):
    shape, elements = strings(tensor)
    if len(shape) not in (1, 2) or len(shape) == 2 and shape[1] != 2:
        raise OtherForm
    step = len(shape)
    for i in range(0, len(elements), step):
        label = to_utf8(elements[i + 1]) if step == 2 else None
        yield clip(i // step, elements[i], label, *wav(elements[i]))


def old_audio_rows(a):
    yield clip(0, a.encoded_audio_string, None, a.content_type or None, a.sample_rate, a.num_channels, a.length_frames)


def pr_curve_rows(tensor):
    shape, elements = reals(tensor)
    if len(shape) != 2 or shape[0] != 6:
        raise OtherForm
    rows = elements.reshape(6, -1)
    positives = rows[:2].astype(int).sum(axis=0)  # as the page: tensorboard/plugins/pr_curve/pr_curves_plugin.py
    shown = len(positives)
    while shown > 1 and positives[shown - 1] == 0:
        shown -= 1
    names = ("tp", "fp", "tn", "fn", "precision", "recall")
    yield {"threshold": np.linspace(0.0, 1.0, shape[1]).tolist(), **dict(zip(names, rows.tolist())), "shown": shown}


def tensor_rows(tensor, plugin):
    shape, elements = decode(tensor)
    row = {"plugin": plugin or None, "dtype": type_name(tensor.dtype), "shape": shape, "values": None, "strings": None}
    content = tensor.SerializeToString()
    if tensor.dtype == P.DT_STRING:
        row["strings"] = [to_utf8(e) for e in elements]
        if all(e.decode(errors="replace").encode() == e for e in elements):
            content = None
    elif tensor.dtype in TYPES:
        if is_real(tensor):
            row["values"] = elements.astype(np.float64).tolist()
        narrow = elements.astype(TYPES[tensor.dtype][0])
        # Halfs of torch may be none.
        if elements.dtype == narrow.dtype or np.array_equal(narrow.astype(elements.dtype), elements, equal_nan=True):
            content = narrow.tobytes()
    yield {**row, "bytes": None if content is None else blob(content)}


def graph_rows(tensor, what):
    yield {"what": what, "bytes": blob(one_string(tensor))}


def layout_rows(tensor):
    try:
        layout = layout_pb2.Layout.FromString(one_string(tensor))
    except DecodeError:
        raise Damage("no layout") from None
    for category in layout.category:
        for chart in category.chart:
            kind = chart.WhichOneof("content")
            series = [{"value": tag, "lower": None, "upper": None} for tag in chart.multiline.tag]
            series += [{"value": s.value, "lower": s.lower, "upper": s.upper} for s in chart.margin.series]
            yield {"category": category.title, "chart": chart.title, "kind": kind, "series": series}


class Meshes:
    """The parts of the meshes of a run, joined on name and step; the nth of one part goes with the nth of another."""

    def __init__(self):
        self.parts = {}  # (name, step) -> {part: [(number of the value, tag, wall time, content, shape, numbers)]}

    def add(self, number, event, tag, content, tensor):
        shape, elements = reals(tensor)
        if len(shape) != 3 or shape[2] != 3:
            raise OtherForm
        m = mesh_pb2.MeshPluginData.FromString(content)
        if m.content_type not in (1, 2, 3):
            raise OtherForm
        key = m.name, event.step
        part = self.parts.setdefault(key, {}).setdefault(m.content_type, [])
        part.append((number, tag, event.wall_time, m.json_config, elements.reshape(shape)))

    def rows(self):
        """(number of the value, tag, step, wall time, row)."""
        for (name, step), parts in self.parts.items():
            for nth in range(max(map(len, parts.values()))):
                have = {kind: values[nth] for kind, values in parts.items() if nth < len(values)}
                number, tag, wall_time, config, _ = have[min(have)]
                for i in range(max(len(v[4]) for v in have.values())):
                    flat = {kind: v[4][i].ravel().tolist() for kind, v in have.items() if i < len(v[4])}
                    yield number, tag, step, wall_time, {
                        "name": name, "index": i, "vertices": flat.get(1), "faces": flat.get(2), "colors": flat.get(3), "config": config or None}  # fmt: skip


# ---- a run ----------------------------------------------------------------------------------------------------

BY_PLUGIN = {"text": ("text", text_rows), "histograms": ("histograms", histogram_rows), "images": ("images", image_rows),
             "audio": ("audio", audio_rows), "pr_curves": ("pr_curves", pr_curve_rows), "custom_scalars": ("layouts", layout_rows)}  # fmt: skip
OLD = {"histo": ("histograms", old_histogram_rows), "image": ("images", old_image_rows), "audio": ("audio", old_audio_rows)}


HPARAMS = {"_hparams_/experiment": "experiment", "_hparams_/session_start_info": "session_start_info",
           "_hparams_/session_end_info": "session_end_info"}  # fmt: skip


def is_null(tensor):
    """Whether a tensor has no elements, as those that the hparams plugin writes."""
    elements = decode(tensor)[1]
    return elements is not None and len(elements) == 0


def is_record(tag, metadata):
    """Whether metadata of the hparams plugin is what its tag says, and so in the table hparams or runs."""
    try:
        data = hparams_pb2.HParamsPluginData.FromString(metadata.plugin_data.content)
    except DecodeError:
        raise Damage("no hparams") from None
    return data.version == 0 and tag in HPARAMS and data.WhichOneof("data") == HPARAMS[tag]


# What a tag's first value makes it, unless its metadata names a data class (tensorboard/data/server/data_compat.rs).
PRIMITIVE = {"simple_value": "scalars", "histo": "histograms", "obsolete_old_style_histogram": "histograms", "image": "images",
             "audio": "audio"}  # fmt: skip


class Plugins:
    """Which plugin each tag of a run belongs to: what the first value says that says anything."""

    def __init__(self):
        self.of = {}

    def see(self, tag, value):
        kind = value.WhichOneof("value")
        if tag not in self.of:
            if kind in PRIMITIVE and not value.metadata.data_class:
                self.of[tag] = PRIMITIVE[kind]
            elif value.HasField("metadata"):
                self.of[tag] = value.metadata.plugin_data.plugin_name
        return self.of.get(tag, "")


class Run:
    """The rows of all tables of one run."""

    def __init__(self, files, note):
        self.note = note
        self.rows = {name: [] for name in TABLES}  # (tag or None, number of the value, step, wall time, row)
        self.plugins, self.meshes, self.metadata, self.number = Plugins(), Meshes(), {}, 0
        self.values = {}  # tag -> steps
        for path in files:
            for payload in records(path, note):
                event = parse(payload)
                if event is None:
                    note(f"{path}: undecodable record, skipped")
                else:
                    self.event(event, payload)
        for tag, _, _, _, row in self.rows["tensors"]:
            row["plugin"] = self.plugins.of.get(tag) or None  # that of the tag, also where it was said later
        for number, tag, step, wall_time, row in self.meshes.rows():
            self.rows["meshes"].append((tag, number, step, wall_time, row))
        for tag, steps in self.values.items():
            m = self.metadata.get(tag)
            self.rows["tags"].append((tag, 0, None, None, {
                "plugin": m and m.plugin_data.plugin_name or None, "display_name": m and m.display_name or None,
                "description": m and m.summary_description or None,
                "content": blob(m.plugin_data.content) if m and m.plugin_data.content else None, "points": len(steps),
                "first_step": steps[0], "last_step": steps[-1]}))  # fmt: skip

    def add(self, table, event, tag, row):
        self.rows[table].append((tag, self.number, event.step, event.wall_time, row))

    def event(self, event, payload):
        what = event.WhichOneof("what")
        self.number += 1
        if what == "summary" and event.summary.value:
            for value in event.summary.value:
                self.number += 1
                self.value(event, value, payload)
        elif what in ("graph_def", "meta_graph_def"):
            content = getattr(event, what)
            self.add("graphs", event, None, {"what": what, "bytes": blob(content if isinstance(content, bytes) else content.SerializeToString())})
        elif what == "tagged_run_metadata":
            m = event.tagged_run_metadata
            self.add("graphs", event, m.tag, {"what": what, "bytes": blob(m.run_metadata)})
        else:
            self.add("events", event, None, {"what": what or "none", "bytes": blob(payload)})

    def value(self, event, value, payload):
        tag, kind = value.tag or value.node_name, value.WhichOneof("value")
        plugin = self.plugins.see(tag, value)
        if tag not in self.metadata and value.HasField("metadata"):
            self.metadata[tag] = value.metadata
        self.values.setdefault(tag, []).append(event.step)
        if scalar_value(value, plugin) is not None:
            return  # in scalars
        try:
            if kind is None or plugin == "hparams" and kind == "tensor" and is_null(value.tensor):
                if value.HasField("metadata") and not (plugin == "hparams" and is_record(tag, value.metadata)):
                    if value.metadata != self.metadata[tag]:
                        self.add("events", event, None, {"what": "metadata", "bytes": blob(payload)})
                return  # in tags or hparams
        except Damage as e:
            self.note(f"{tag!r}, step {event.step}: {e}")
            return
        try:
            if kind == "tensor":
                self.tensor(event, tag, plugin, value.tensor)
            elif kind in OLD:
                table, rows = OLD[kind]
                self.all(table, event, tag, rows(getattr(value, kind)))
            else:
                self.add("events", event, None, {"what": kind, "bytes": blob(payload)})
        except Damage as e:
            self.note(f"{tag!r}, step {event.step}: {e}")

    def all(self, table, event, tag, rows):
        for row in list(rows):  # none, if one of them fails
            self.add(table, event, tag, row)

    def tensor(self, event, tag, plugin, tensor):
        try:
            if plugin in BY_PLUGIN:
                table, rows = BY_PLUGIN[plugin]
                self.all(table, event, tag, rows(tensor))
            elif plugin in GRAPHS:
                self.all("graphs", event, tag, graph_rows(tensor, GRAPHS[plugin]))
            elif plugin == "mesh":
                self.meshes.add(self.number, event, tag, self.metadata[tag].plugin_data.content, tensor)
            else:
                raise OtherForm
        except OtherForm:
            self.all("tensors", event, tag, tensor_rows(tensor, plugin))


def tables(logdir, names, note=lambda text: None):
    """(name, row) of some tables: of each by run, then tag (none first), then file order."""
    runs = find_runs(logdir)
    for run in sorted(runs, key=str.encode):
        rows = Run(runs[run], note).rows
        for name in names:
            for tag, _, step, wall_time, row in sorted(rows[name], key=lambda r: ((r[0] or "").encode(), r[0] is not None, r[1])):
                place = {"run": run, "tag": tag}
                if name != "tags":
                    place |= {"step": step, "wall_time": wall_time}
                yield name, place | row


def jsonable(x):
    """Numbers that JSON has not, as strings; in lists and structs, too."""
    if isinstance(x, float) and not math.isfinite(x):
        return "NaN" if x != x else "Infinity" if x > 0 else "-Infinity"
    if isinstance(x, list):
        return [jsonable(e) for e in x]
    if isinstance(x, dict):
        return {key: jsonable(e) for key, e in x.items()}
    return x


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logdir")
    parser.add_argument("--table", choices=(*TABLES, "all"), required=True)
    args = parser.parse_args()
    names = TABLES if args.table == "all" else [args.table]
    for name, row in tables(args.logdir, names, lambda text: print(text, file=sys.stderr)):
        if args.table == "all":
            row = {"table": name} | row
        print(json.dumps(jsonable(row), ensure_ascii=False))


if __name__ == "__main__":
    main()
