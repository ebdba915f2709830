#!/usr/bin/env python3
"""Reads files with lists, structs and binary columns back with the libraries that people use.

    nested.py DIR

DIR holds the same rows in several formats, and truth.jsonl: the rows as JSON objects, bytes in base64. Every reading must
have the same rows in the same order: numbers, strings, bytes, null where null is, empty lists where they are. Lists of
equal length must explode together in pandas, polars and DuckDB, and `datasets` must make pictures of the column image.

Prints one line a reading. Exit status 1 if anything differs.

Needs the packages of ../oracle/requirements.txt.
"""

import base64
import csv
import io
import json
import os
import sys

import datasets
import duckdb
import numpy as np
import pandas as pd
import PIL.Image
import polars as pl
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

HISTOGRAM = ["left", "right", "count"]


def truth(path):
    with open(path, encoding="utf-8") as f:
        rows = [json.loads(line) for line in f]
    for row in rows:
        if row["image"]:
            row["image"]["bytes"] = base64.b64decode(row["image"]["bytes"])
        row["blob"] = None if row["blob"] is None else base64.b64decode(row["blob"])
    return rows


def plain(value):
    """A value as Python's own lists, dicts, strings and numbers."""
    if isinstance(value, (np.ndarray, list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (np.integer, np.floating)):
        value = value.item()
    if isinstance(value, float) and value != value or value is pd.NA:
        return None  # pandas has no other null in numbers; there is no NaN among the rows
    return value


def same(what, got, want):
    got = [plain(row) for row in got]
    if len(got) != len(want):
        raise SystemExit(f"{what}: {len(got)} rows instead of {len(want)}")
    for i, (a, b) in enumerate(zip(got, want)):
        if a != b:
            raise SystemExit(f"{what}: row {i} is\n{a}\ninstead of\n{b}")
    print(f"{what}: {len(got)} rows")


def exploded(rows):
    return [dict(step=row["step"], **dict(zip(HISTOGRAM, values))) for row in rows
            for values in zip(*(row[name] for name in HISTOGRAM))]


def over_duckdb(query):
    result = duckdb.sql(query)
    return [dict(zip(result.columns, row)) for row in result.fetchall()]


def check_parquet(path, rows):
    name = os.path.basename(path)
    file = pa.parquet.ParquetFile(path)
    elements = [c for c in (file.schema.column(i).path for i in range(len(file.schema))) if ".list." in c]
    if len(elements) != 9 or not all(".list.element" in e for e in elements):
        raise SystemExit(f"{name}: lists {elements}")
    same(f"{name}, pyarrow", pa.parquet.read_table(path).to_pylist(), rows)
    frame = pd.read_parquet(path)
    same(f"{name}, pandas", frame.to_dict("records"), rows)
    table = frame[["step"] + HISTOGRAM].explode(HISTOGRAM).dropna()
    same(f"{name}, pandas, explode", table.to_dict("records"), exploded(rows))
    frame = pl.read_parquet(path)
    same(f"{name}, polars", frame.to_dicts(), rows)
    table = frame.select("step", *HISTOGRAM).explode(HISTOGRAM).drop_nulls()
    same(f"{name}, polars, explode", table.to_dicts(), exploded(rows))
    same(f"{name}, duckdb", over_duckdb(f"select * from '{path}'"), rows)
    same(f"{name}, duckdb, unnest", over_duckdb(
        f"select step, unnest(\"left\") as left, unnest(\"right\") as right, unnest(count) as count from '{path}'"), exploded(rows))
    kind = duckdb.sql(f"select typeof(image.bytes) from '{path}' limit 1").fetchall()[0][0]
    if kind != "BLOB":
        raise SystemExit(f"{name}, duckdb: image.bytes is {kind}")
    group = file.metadata.row_group(0)
    for i in range(group.num_columns):
        chunk = group.column(i)
        binary = chunk.path_in_schema in ("image.bytes", "blob")
        if binary != (chunk.compression == "UNCOMPRESSED") or binary and (chunk.statistics.has_min_max or chunk.dictionary_page_offset):
            raise SystemExit(f"{name}: {chunk}")


def check_datasets(path, rows):
    loaded = datasets.load_dataset("parquet", data_files=path, split="train")
    if not isinstance(loaded.features["image"], datasets.Image):
        raise SystemExit(f"datasets: image is {loaded.features['image']}")
    for got, want in zip(loaded, rows, strict=True):
        if want["image"] is None:
            if got["image"] is not None:
                raise SystemExit(f"datasets: {got['image']} instead of None")
            continue
        picture = PIL.Image.open(io.BytesIO(want["image"]["bytes"]))
        if got["image"].size != picture.size or got["image"].tobytes() != picture.tobytes():
            raise SystemExit(f"datasets: another picture at step {want['step']}")
        if plain(got["left"]) != want["left"] or plain(got["words"]) != want["words"]:
            raise SystemExit(f"datasets: {got}")
    print(f"{os.path.basename(path)}, datasets: {len(rows)} rows, pictures")


def check_arrow(directory, rows):
    stream, file = os.path.join(directory, "x.arrows"), os.path.join(directory, "x.arrow")
    same("x.arrows, pyarrow", pa.ipc.open_stream(open(stream, "rb")).read_all().to_pylist(), rows)
    same("x.arrows, polars", pl.read_ipc_stream(stream).to_dicts(), rows)
    same("x.arrow, pyarrow", pa.ipc.open_file(file).read_all().to_pylist(), rows)
    same("x.arrow, pyarrow, mapped", pa.ipc.open_file(pa.memory_map(file)).read_all().to_pylist(), rows)
    same("x.arrow, polars", pl.read_ipc(file).to_dicts(), rows)


def without_blobs(rows):
    """The rows as JSON Lines has them: no bytes."""
    return [{k: v if k != "image" or v is None else {"path": v["path"]} for k, v in row.items() if k != "blob"} for row in rows]


def check_text(directory, rows):
    path, inline = os.path.join(directory, "x.jsonl"), os.path.join(directory, "inline.jsonl")
    want = without_blobs(rows)
    same("x.jsonl, json", map(json.loads, open(path, encoding="utf-8")), want)
    same("x.jsonl, polars", pl.read_ndjson(path, infer_schema_length=None).to_dicts(), want)
    same("x.jsonl, duckdb", over_duckdb(f"select * from read_json('{path}')"), want)
    same("inline.jsonl, json", truth(inline), rows)
    lists = HISTOGRAM + ["maybe", "shape", "words", "series"]
    want = [{k: v if k != "image" or v is None else v["path"] for k, v in row.items()} for row in without_blobs(rows)]

    def unpacked(readable):
        for row in readable:
            yield {k: json.loads(v) if k in lists and v else int(v) if k == "step" else v or None for k, v in row.items()}

    csv_path = os.path.join(directory, "x.csv")
    same("x.csv, csv", unpacked(csv.DictReader(open(csv_path, newline="", encoding="utf-8"))), want)
    same("x.csv, pandas", unpacked(pd.read_csv(csv_path, dtype=str, keep_default_na=False).to_dict("records")), want)
    same("x.csv, polars", unpacked(pl.read_csv(csv_path, infer_schema=False).to_dicts()), want)
    casts = ", ".join(f"\"{n}\"::json::double[] as \"{n}\"" for n in HISTOGRAM)
    same("x.csv, duckdb, unnest", over_duckdb(
        f"with t as (select step, {casts} from read_csv('{csv_path}', all_varchar=true)) "
        "select step::bigint as step, unnest(\"left\") as left, unnest(\"right\") as right, unnest(count) as count from t"), exploded(rows))


def main():
    directory = sys.argv[1]
    rows = truth(os.path.join(directory, "truth.jsonl"))
    for name in ("zstd", "snappy", "split"):
        check_parquet(os.path.join(directory, name + ".parquet"), rows)
        check_datasets(os.path.join(directory, name + ".parquet"), rows)
    check_arrow(directory, rows)
    check_text(directory, rows)


if __name__ == "__main__":
    main()
