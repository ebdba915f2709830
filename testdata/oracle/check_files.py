"""Compares the files that tbexport extracted with what kinds.py makes of the logdir, and opens them as people do.

    check_files.py LOGDIR DIR [--tables TABLES] [--min TABLE=N ...] [--odd RUN ...]

DIR is what `tbexport extract LOGDIR -o DIR` or an export with `--extract DIR` wrote. manifest.csv must name every row
of text, images, audio, meshes, tensors and graphs, each with a file, named by the rule below, whose bytes are the
value's; and DIR must hold nothing else. PIL opens the pictures, soundfile the sound, numpy the arrays, plyfile the
meshes. Those of the runs given as --odd may be ones that these refuse. TABLES is a directory of NAME.jsonl, in which
`path` is held to the manifest. Exits with 0 if all is the same, 1 if not, or if a table has fewer files than N, or a
reader opened fewer."""

import argparse
import csv
import fnmatch
import hashlib
import json
import os
import re
import sys
import unicodedata
from collections import Counter, defaultdict

import numpy as np
import plyfile
import soundfile
from PIL import Image
from tensorboard.compat.proto import tensor_pb2

from kinds import decode, is_real, jsonable, tables, type_name

TABLES = ("text", "images", "audio", "meshes", "tensors", "graphs")
EXTENSIONS = {"png", "jpg", "gif", "bmp", "webp", "wav", "npy", "txt", "ply", "pb", "json", "bin"}
DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE | re.DOTALL)
NUMPY = {"bool", "float16", "float32", "float64", "complex64", "complex128"}
NUMPY |= {f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)}
csv.field_size_limit(1 << 30)


# ---- names ----------------------------------------------------------------------------------------------------


def escape(name):
    text = unicodedata.normalize("NFC", name)
    out = []
    for i, c in enumerate(text):
        plain = c in "._ -" or unicodedata.category(c)[0] in "LM" or unicodedata.category(c) == "Nd"
        ends = i == len(text) - 1 and c in ". "
        device = i == 0 and DEVICE.fullmatch(text)
        out.append("".join(f"%{b:02X}" for b in c.encode()) if not plain or ends or device else c)
    return out or ["%"]


def hashed(name):
    s = ""
    for part in (p for c in escape(name) for p in (re.findall("%..", c) or [c])):
        if len((s + part).encode()) > 100 - 9:
            break
        s += part
    return s + "~" + hashlib.sha256(name.encode()).hexdigest()[:8]


def segments(names):
    """The directory of each of some names that stand beside each other."""
    plain = {name: "".join(escape(name)) for name in names}
    plain = {name: s if len(s.encode()) <= 100 else hashed(name) for name, s in plain.items()}
    alike = Counter(s.casefold() for s in plain.values())
    return {name: hashed(name) if alike[s.casefold()] > 1 else s for name, s in plain.items()}


def paths(rows, runs):
    """The path of each row of one table, without its extension."""
    tags, given = defaultdict(set), Counter()
    for row in rows:
        tags[row["run"]].add(row["tag"])
    runs = segments(runs)
    tags = {run: segments(t for t in names if t is not None) for run, names in tags.items()}
    for row in rows:
        tag = "%" + row["what"] if row["tag"] is None else tags[row["run"]][row["tag"]]
        stem = f"{runs[row['run']]}/{tag}/{row['step']}_{row.get('index', 0)}"
        given[stem] += 1
        yield stem + (f"~{given[stem]}" if given[stem] > 1 else "")


# ---- contents -------------------------------------------------------------------------------------------------


class Files:
    """What was found wrong, and how many files each reader opened."""

    def __init__(self, odd):
        self.odd, self.opened, self.wrong = odd, Counter(), 0

    def fail(self, place, text):
        self.wrong += 1
        if self.wrong <= 20:
            print(f"{place}: {text}")

    def want(self, place, got, want):
        if got != want:
            self.fail(place, f"{str(got)[:200]}, want {str(want)[:200]}")

    def is_odd(self, row):
        return any(fnmatch.fnmatchcase(row["run"], pattern) for pattern in self.odd)

    def open(self, reader, place, row, f):
        """Opens a file, which may fail in odd runs."""
        try:
            found = f()
        except Exception as e:
            if not self.is_odd(row):
                self.fail(place, f"{reader}: {e!r}")
            return None
        self.opened[reader] += 1
        return found

    def images(self, path, row, b):
        self.want(path, path.suffix, {"jpeg": "jpg", None: "bin"}.get(row["format"], row["format"]))
        if row["width"] * row["height"] > 1 << 26:
            return

        def load():
            with Image.open(path.full) as p:
                p.load()
                return p.size

        size = self.open("PIL", path, row, load)
        if size is not None:
            self.want(path, size, (row["width"], row["height"]))

    def audio(self, path, row, b):
        wav = b[:4] == b"RIFF" and b[8:12] == b"WAVE"
        self.want(path, path.suffix, "wav" if wav else "bin")
        if wav and (sound := self.open("soundfile", path, row, lambda: soundfile.read(path.full, always_2d=True))):
            samples, rate = sound
            if not self.is_odd(row):  # where what is declared may be something else
                declared = row["sample_rate"], row["channels"], row["frames"]
                self.want(path, (rate, samples.shape[1], len(samples)), declared)

    def text(self, path, row, b):
        self.want(path, path.suffix, "txt")
        self.want(path, b, row["text"].encode())

    def graphs(self, path, row, b):
        try:
            whole = isinstance(json.loads(b), dict)
        except ValueError:
            whole = False
        self.want(path, path.suffix, "json" if whole else "pb")

    def tensors(self, path, row, b):
        if path.suffix == "npy":
            array = self.open("numpy", path, {"run": ""}, lambda: np.load(path.full, allow_pickle=False))
            if array is None:
                return
            self.want(path, (array.dtype.name, list(array.shape)), (row["dtype"], row["shape"]))
            self.want(path, array.dtype.newbyteorder("="), array.dtype)
            self.want(path, hashlib.sha256(array.tobytes()).hexdigest(), row["bytes"]["sha256"])
            if row["values"] is not None:
                self.want(path, jsonable(array.astype(np.float64).ravel().tolist()), jsonable(row["values"]))
        elif path.suffix == "json":
            self.want(path, (row["dtype"], row["bytes"]), ("string", None))
            self.want(path, json.loads(b), {"shape": row["shape"], "strings": row["strings"]})
        else:
            self.want(path, path.suffix, "pb")
            t = tensor_pb2.TensorProto.FromString(b)
            shape, elements = decode(t)
            self.want(path, (type_name(t.dtype), shape), (row["dtype"], row["shape"]))
            if row["dtype"] in NUMPY and not t.half_val:  # halfs of torch may be none
                self.fail(path, "is not .npy")
            if is_real(t):
                self.want(path, jsonable(elements.astype(np.float64).tolist()), jsonable(row["values"]))

    def meshes(self, path, row, b):
        self.want(path, path.suffix, "ply")
        data = self.open("plyfile", path, {"run": ""}, lambda: plyfile.PlyData.read(path.full))
        if data is None:
            return
        elements = {e.name: e.data for e in data.elements}
        points = [float(v[axis]) for v in elements["vertex"] for axis in "xyz"]
        self.want(path, points, row["vertices"] or [])
        self.want(path, [float(i) for f in elements.get("face", []) for i in f["vertex_indices"]], row["faces"] or [])
        if row["colors"] or "color" in elements:
            colored = elements.get("color", elements["vertex"])
            rgb = [float(c[name]) for c in colored for name in ("red", "green", "blue")]
            self.want(path, rgb, row["colors"] or [])


class Path(str):
    """A path of the manifest, with its place on disk."""

    def __new__(cls, root, path):
        p = super().__new__(cls, path)
        p.full, p.suffix = os.path.join(root, path), path.rpartition(".")[2]
        return p


# ---- the directory --------------------------------------------------------------------------------------------


def walk(root):
    """The files below a directory, and what is no plain file or directory."""
    files, others = set(), []
    for base, dirs, names in os.walk(root):
        for name in dirs + names:
            full = os.path.join(base, name)
            if os.path.islink(full) or not os.path.isfile(full) and not os.path.isdir(full):
                others.append(full)
        files |= {os.path.relpath(os.path.join(base, name), root).replace(os.sep, "/") for name in names}
    return files, others


def check_tree(f, root, manifest):
    files, others = walk(root)
    for other in others:
        f.fail(other, "neither a file nor a directory")
    named = [line["path"] for line in manifest]
    f.want("manifest.csv", [p for p, n in Counter(named).items() if n > 1], [])
    f.want("files that manifest.csv has not", sorted(files - set(named) - {"manifest.csv", ".tbexport.json"}), [])
    f.want("files that are missing", sorted(set(named) - files), [])
    for path in named:
        parts = path.split("/")
        if len(parts) != 4 or {"", ".", ".."} & set(parts) or max(len(p.encode()) for p in parts) > 100 or "\\" in path:
            f.fail(path, "no path of TABLE/RUN/TAG/NAME")
        if path.rpartition(".")[2] not in EXTENSIONS:
            f.fail(path, "another extension than those there are")
    alike = Counter(p.casefold() for p in {p.rpartition("/")[0] for p in named})
    f.want("directories that are equal but for case", [p for p, n in alike.items() if n > 1], [])


def check_rows(f, root, name, rows, runs, manifest):
    """Holds the lines and files of one table to its rows."""
    lines = [line for line in manifest if line["path"].startswith(name + "/")]
    places = [(r["run"], r["tag"] or "", str(r["step"]), str(r.get("index", 0))) for r in rows]
    want = [(f"{name}/{path}", *place) for path, place in zip(paths(rows, runs), places)]
    got = [(line["path"].rpartition(".")[0], *(line[c] for c in ("run", "tag", "step", "index"))) for line in lines]
    f.want(f"{name}: files", len(got), len(want))
    for g, w in zip(got, want):
        f.want(name, g, w)
    for line, row in zip(lines, rows):
        path = Path(root, line["path"])
        try:
            with open(path.full, "rb") as file:
                b = file.read()
        except OSError as e:
            f.fail(path, e)
            continue
        f.want(path, line["sha256"], hashlib.sha256(b).hexdigest())
        for column in ("image", "audio", "bytes"):
            if column in row and name != "tensors":
                f.want(path, line["sha256"], row[column]["sha256"])
        getattr(f, name)(path, row, b)
    return len(lines)


def check_columns(f, directory, manifest):
    for name, column in (("images", "image"), ("audio", "audio")):
        path = os.path.join(directory, name + ".jsonl")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                got = [json.loads(line)[column]["path"] for line in file]
            f.want(f"{name}.path", got, [line["path"] for line in manifest if line["path"].startswith(name + "/")])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logdir")
    parser.add_argument("directory")
    parser.add_argument("--tables")
    parser.add_argument("--min", nargs="*", default=[])
    parser.add_argument("--odd", nargs="*", default=[], help="patterns of runs")
    args = parser.parse_args()
    rows, runs = {name: [] for name in TABLES}, set()
    for name, row in tables(args.logdir, (*TABLES, "tags", "events")):
        runs.add(row["run"])
        if name in rows:
            rows[name].append(row)
    with open(os.path.join(args.directory, "manifest.csv"), encoding="utf-8", newline="") as file:
        manifest = list(csv.DictReader(file))
    f = Files(args.odd)
    check_tree(f, args.directory, manifest)
    counts = {name: check_rows(f, args.directory, name, rows[name], runs, manifest) for name in TABLES}
    if args.tables:
        check_columns(f, args.tables, manifest)
    print(", ".join(f"{n} {name}" for name, n in counts.items()), f"-- opened {dict(f.opened)}, {f.wrong} wrong")
    if f.wrong:
        sys.exit(1)
    for least in args.min:
        name, n = least.split("=")
        if (counts | f.opened)[name] < int(n):
            sys.exit(f"fewer than {n}: {name}")


if __name__ == "__main__":
    main()
