"""Compares tables that tbexport wrote with what kinds.py makes of the logdir.

    check_kinds.py LOGDIR DIR [--min-rows N] [--without COLUMN ...]

DIR holds NAME.parquet, as `tbexport parquet LOGDIR --table all -o DIR/` writes them, or NAME.jsonl, of `tbexport jsonl
--table NAME`, in which blobs are base64 or left out. A table that is not there must be one without rows. Every row is
compared, in its order: blobs by their SHA-256, numbers exactly. Exits with 0 if all is the same, 1 if not, 2 if fewer
rows than N were compared."""

import argparse
import base64
import json
import os
import sys

from kinds import TABLES, blob, jsonable, tables
from scalars import same

# Columns that hold blobs, alone or as the bytes of a struct.
BLOBS = ("image", "audio", "bytes", "content")


def as_blob(x):
    if isinstance(x, dict):
        x = x.get("bytes")
    if isinstance(x, str):
        x = base64.b64decode(x)
    return None if x is None else blob(x)


def read(directory, name):
    """The rows of a table that tbexport wrote; None where there is no file."""
    path = os.path.join(directory, name)
    if os.path.exists(path + ".parquet"):
        import pyarrow.parquet

        rows = [row for batch in pyarrow.parquet.ParquetFile(path + ".parquet").iter_batches() for row in batch.to_pylist()]
    elif os.path.exists(path + ".jsonl"):
        with open(path + ".jsonl") as f:
            rows = [json.loads(line) for line in f]
    else:
        return None
    return [{column: as_blob(x) if column in BLOBS else jsonable(x) for column, x in row.items()} for row in rows]


def equal(a, b):
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    if isinstance(a, float) and isinstance(b, (int, float)) or isinstance(b, float) and isinstance(a, int):
        return same(float(a), float(b))
    return a == b


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logdir")
    parser.add_argument("directory")
    parser.add_argument("--min-rows", type=int, default=1)
    parser.add_argument("--without", nargs="*", default=[], help="columns that are not compared")
    parser.add_argument("--tags-differ", nargs="*", default=[], metavar="RUN",
                        help="runs whose tags are not compared: the oracle passes over whole events that do not decode, and "
                             "counts values of scalars that do not")  # fmt: skip
    args = parser.parse_args()
    want = {name: [] for name in TABLES}
    for name, row in tables(args.logdir, TABLES):
        if name == "tags" and row["run"] in args.tags_differ:
            continue
        want[name].append({column: x if column in BLOBS else jsonable(x) for column, x in row.items() if column not in args.without})
    compared, wrong = 0, 0
    for name in TABLES:
        got = read(args.directory, name) or []
        if name == "tags":
            got = [row for row in got if row["run"] not in args.tags_differ]
        if len(got) != len(want[name]):
            wrong += 1
            print(f"{name}: {len(got)} rows, want {len(want[name])}")
        for i, (g, w) in enumerate(zip(got, want[name])):
            compared += 1
            # A column that only one of them has: a blob that JSON Lines leaves out, or the kind of a tag.
            different = [c for c in g.keys() & w.keys() if not equal(g[c], w[c])]
            if different and (wrong := wrong + 1) <= 20:
                place = {c: w.get(c) for c in ("run", "tag", "step", "index")}
                print(f"{name}, row {i}, {place}:")
                for c in different:
                    print(f"  {c}: {str(g[c])[:200]}\n  {' ' * len(c)}  want {str(w[c])[:200]}")
    print(f"{compared} rows compared, {wrong} wrong")
    if wrong:
        sys.exit(1)
    if compared < args.min_rows:
        sys.exit(2)


if __name__ == "__main__":
    main()
