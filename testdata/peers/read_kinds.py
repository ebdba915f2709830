"""Reads the tables that tbexport wrote, with what people use for each format, and compares them.

    read_kinds.py DIR

DIR holds parquet/, jsonl/, csv/ and arrow/ with a file a table, jsonl with --inline."""

import base64
import csv
import json
import math
import os
import sys

import datasets
import duckdb
import pandas
import polars
import pyarrow as pa
import pyarrow.parquet as pq

BLOBS = ("image", "audio", "bytes", "content")
csv.field_size_limit(1 << 30)


def plain(x):
    """NaN and the infinities as words, so that they compare, and bytes as base64."""
    if isinstance(x, float) and not math.isfinite(x):
        return "NaN" if x != x else "Infinity" if x > 0 else "-Infinity"
    if isinstance(x, bytes):
        return base64.b64encode(x).decode()
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    return [plain(v) for v in x] if isinstance(x, list) else x


def main():
    root = sys.argv[1]
    path = lambda form, name: os.path.join(root, form, name)
    names = sorted(n.removesuffix(".parquet") for n in os.listdir(path("parquet", "")) if n.endswith(".parquet"))
    want = {"text", "histograms", "images", "audio", "pr_curves", "meshes", "tensors", "graphs", "layouts", "tags", "events"}
    assert want <= set(names), want - set(names)
    for name in sorted(want):
        file = path("parquet", name + ".parquet")
        table = pq.read_table(file)
        rows = plain(table.to_pylist())
        assert len(rows) > 0, name

        arrow = pa.ipc.open_file(path("arrow", name + ".arrow")).read_all()
        assert plain(arrow.to_pylist()) == rows, f"{name}: arrow"

        with open(path("jsonl", name + ".jsonl"), encoding="utf-8") as f:
            lines = [json.loads(line) for line in f]
        assert len(lines) == len(rows), name
        for got, row in zip(lines, rows):
            for column, x in got.items():
                if column in ("image", "audio"):
                    x = x if isinstance(x, dict) else {"bytes": x, "path": None}
                    x = {"path": None} | x
                assert plain(x) == row[column] or isinstance(x, float) and x == row[column], (name, column, x, row[column])

        with open(path("csv", name + ".csv"), encoding="utf-8", newline="") as f:
            records = list(csv.DictReader(f))
        assert len(records) == len(rows), name
        for got, row in zip(records, rows):
            assert got["run"] == row["run"] and got["tag"] == (row["tag"] or ""), (name, got, row)
            for column in ("left", "count", "threshold", "vertices", "shape", "values"):
                if column in got and row[column] is not None:
                    assert plain(json.loads(got[column])) == row[column], (name, column, got[column], row[column])

        assert len(pandas.read_parquet(file)) == len(rows), name
        frame = polars.read_parquet(file)
        assert frame.height == len(rows), name
        assert duckdb.sql(f"select count(*) from (select * from '{file}')").fetchall()[0][0] == len(rows), name
        duckdb.sql(f"select * from '{file}'").fetchall()
        if name == "histograms":
            buckets = sum(len(r["count"]) for r in rows)
            got = duckdb.sql(f'select count(b) from (select unnest("left") a, unnest("right") b, unnest("count") c from \'{file}\')').fetchall()[0][0]
            assert got == buckets, (got, buckets)
            empty = sum(not r["count"] for r in rows)  # of which some versions make a row of nulls
            assert frame.explode(["left", "right", "count"]).height in (buckets, buckets + empty)
        loaded = datasets.load_dataset("parquet", data_files=file, split="train", cache_dir=os.path.join(root, "cache"))
        assert len(loaded) == len(rows), name
        if name == "images":
            assert isinstance(loaded.features["image"], datasets.Image), loaded.features
            shown = 0
            for i, row in enumerate(rows):
                if row["tag"].startswith("image") and row["run"] in ("kinds/tf2", "kinds/torch", "kinds/keras") and row["format"] == "png":
                    assert loaded[i]["image"].size == (row["width"], row["height"])
                    shown += 1
            print(f"{shown} pictures of datasets")
        if name == "audio":
            assert isinstance(loaded.features["audio"], datasets.Audio), loaded.features
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
