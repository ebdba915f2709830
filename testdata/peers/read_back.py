#!/usr/bin/env python3
"""Reads exported scalars back with the libraries that people use, and compares them value by value.

    read_back.py DIR

DIR holds the same scalars as x.parquet, x.csv, x.csv.gz, x.csv.zst, x.jsonl, x.arrows (IPC stream) and x.arrow (IPC
file), or some of these; x.csv must be among them. What Python's own csv module and float() make of x.csv is the truth;
every other reading must have the same rows in the same order: strings equal, integers equal, floats equal bit by bit
(any NaN equals any NaN), timestamps equal to the microsecond, null only where the CSV is empty. Types are checked too:
step is int64, value and relative_time are float64, wall_time is float64 or a UTC timestamp, run and tag are strings or
categories of strings.

Of a Parquet file, the row groups' statistics are compared with their rows, and DuckDB must pass over the row groups
whose statistics exclude a run that it is asked for.

Prints one line a reading, with the number of rows. Exit status 1 if anything differs, 2 for wrong usage.

Needs pyarrow, pandas, polars and duckdb (see requirements.txt beside this file).
"""

import csv
import datetime
import os
import re
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet

STRINGS = ("run", "tag")
INTEGERS = ("step",)
FLOATS = ("value", "relative_time")
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
NULL = np.iinfo(np.int64).min  # stands for a null timestamp


class Difference(Exception):
    pass


# ---------------------------------------------------------------- the truth


def micros(text):
    """Microseconds since the epoch of an RFC 3339 timestamp in UTC, by integers only."""
    if text == "":
        return NULL
    year, month, day, hour, minute, second, fraction = re.fullmatch(
        r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{6})Z", text
    ).groups()
    days = datetime.date(int(year), int(month), int(day)).toordinal() - EPOCH.toordinal()
    return (((days * 24 + int(hour)) * 60 + int(minute)) * 60 + int(second)) * 1_000_000 + int(fraction)


def truth(path):
    """The columns of a CSV file: name -> numpy array."""
    csv.field_size_limit(1 << 30)
    with open(path, newline="", encoding="utf-8") as file:
        lines = csv.reader(file)
        header = next(lines)
        columns = list(zip(*lines)) or [()] * len(header)
    result = {}
    for name, texts in zip(header, columns):
        if name in STRINGS:
            result[name] = np.array(texts, dtype=object)
        elif name in INTEGERS:
            result[name] = np.array([int(t) for t in texts], dtype=np.int64)
        elif name == "wall_time" and any(t.endswith("Z") for t in texts):
            result[name] = np.array([micros(t) for t in texts], dtype="datetime64[us]")
        else:
            result[name] = np.array([float(t) for t in texts], dtype=np.float64)
    return result


# ---------------------------------------------------------------- what the readers made of it


def plain(column):
    """A column of an Arrow table as a numpy array of the truth's kind."""
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(column, pa.ChunkedArray):  # several dictionaries
        column = pa.concat_arrays([c.cast(c.type.value_type) for c in column.chunks])
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        no_nulls(column)
        return np.array(column.to_pylist(), dtype=object)
    if pa.types.is_timestamp(kind):
        if kind.tz is None:
            raise Difference(f"type {kind} has no time zone")
        values = column.cast(pa.timestamp("us", kind.tz)).cast(pa.int64())
        return values.fill_null(NULL).to_numpy(zero_copy_only=False).view("datetime64[us]")
    no_nulls(column)
    return column.to_numpy(zero_copy_only=False)


def no_nulls(column):
    if column.null_count:
        raise Difference(f"{column.null_count} nulls")


def from_arrow(table):
    return {name: plain(table.column(name)) for name in table.column_names}


def from_polars(frame):
    return from_arrow(frame.to_arrow())


def from_pandas(frame):
    result = {}
    for name in frame.columns:
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            column = column.astype(object)
        if name in STRINGS:
            result[name] = column.to_numpy(dtype=object)
        elif isinstance(column.dtype, pd.DatetimeTZDtype):
            result[name] = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
        else:
            result[name] = column.to_numpy()
    return result


def from_duckdb(query):
    return from_arrow(query.to_arrow_table())


# ---------------------------------------------------------------- comparison


def compare(want, got):
    if list(got) != list(want):
        raise Difference(f"columns {list(got)} instead of {list(want)}")
    for name, expected in want.items():
        actual = got[name]
        if len(actual) != len(expected):
            raise Difference(f"{len(actual)} rows instead of {len(expected)}")
        if name not in STRINGS and actual.dtype != expected.dtype:
            raise Difference(f"column {name} is {actual.dtype} instead of {expected.dtype}")
        if len(actual) == 0:
            continue
        wrong = np.flatnonzero(~equal(expected, actual))
        if len(wrong):
            row = wrong[0]
            raise Difference(
                f"column {name}, row {row}: {actual[row]!r} instead of {expected[row]!r}, and {len(wrong) - 1} more"
            )


def equal(a, b):
    if a.dtype == np.float64:
        return (a.view(np.int64) == b.view(np.int64)) | (np.isnan(a) & np.isnan(b))
    if a.dtype.kind == "M":
        return a.view(np.int64) == b.view(np.int64)
    return np.array([type(y) is str and x == y for x, y in zip(a, b)]) if a.dtype == object else a == b


# ---------------------------------------------------------------- the readings


def sql(path):
    return "'" + path.replace("'", "''") + "'"


def readings(path, want):
    """(library, reading) for the file at path; a reading returns the columns."""
    timed = "wall_time" in want and want["wall_time"].dtype.kind == "M"
    if path.endswith(".parquet"):
        yield "pandas", lambda: from_pandas(pd.read_parquet(path))
        yield "pyarrow", lambda: from_arrow(pa.parquet.read_table(path))
        yield "polars", lambda: from_polars(pl.read_parquet(path))
        yield "duckdb", lambda: from_duckdb(duckdb.sql(f"select * from {sql(path)}"))
    elif ".csv" in path:
        yield from csv_readings(path, want, timed)
    elif path.endswith(".jsonl"):
        yield from jsonl_readings(path, want, timed)
    elif path.endswith(".arrows"):
        yield "pyarrow", lambda: from_arrow(pa.ipc.open_stream(open(path, "rb")).read_all())
        yield "pandas", lambda: from_pandas(pa.ipc.open_stream(open(path, "rb")).read_pandas())
        yield "polars", lambda: from_polars(pl.read_ipc_stream(path))
        yield "duckdb", lambda: from_duckdb(over_arrow(pa.ipc.open_stream(open(path, "rb"))))
    elif path.endswith(".arrow"):
        yield "pyarrow", lambda: from_arrow(pa.ipc.open_file(path).read_all())
        yield "pyarrow, mapped", lambda: from_arrow(pa.ipc.open_file(pa.memory_map(path)).read_all())
        yield "pandas", lambda: from_pandas(pd.read_feather(path))
        yield "polars", lambda: from_polars(pl.read_ipc(path))
        yield "polars, lazy", lambda: from_polars(pl.scan_ipc(path).collect())


def over_arrow(stream):
    return duckdb.sql("select * from stream")


def csv_readings(path, want, timed):
    # pandas: without keep_default_na=False a run named "None" and the empty tag are not strings.
    numbers = [n for n in want if n in FLOATS or n == "wall_time"]
    options = dict(
        keep_default_na=False,
        na_values={n: ["NaN"] if not timed or n != "wall_time" else [""] for n in numbers},
        dtype={n: str for n in STRINGS if n in want},
    )

    def pandas():
        frame = pd.read_csv(pa.input_stream(path) if path.endswith(".zst") else path, **options)
        if timed:
            frame["wall_time"] = pd.to_datetime(frame["wall_time"], format="ISO8601", utc=True).astype("datetime64[us, UTC]")
        return from_pandas(frame)

    def arrow():
        convert = pa.csv.ConvertOptions(
            null_values=[""],
            column_types={n: pa.string() for n in STRINGS} | ({"wall_time": pa.timestamp("us", "UTC")} if timed else {}),
        )
        table = pa.csv.read_csv(path, parse_options=pa.csv.ParseOptions(newlines_in_values=True), convert_options=convert)
        return from_arrow(table)

    def polars():
        types = {n: pl.String for n in STRINGS if n in want}
        if timed:
            types["wall_time"] = pl.String
        frame = pl.read_csv(path, schema_overrides=types, empty_string_is_null=False, infer_schema_length=None)
        if timed:
            frame = frame.with_columns(pl.col("wall_time").replace("", None).str.to_datetime(time_unit="us", time_zone="UTC"))
        return from_polars(frame)

    def duck():
        names = ", ".join(f"'{n}'" for n in STRINGS if n in want)
        return from_duckdb(duckdb.sql(
            f"select * from read_csv({sql(path)}, header=true, delim=',', quote='\"', escape='\"', "
            f"columns={duck_types(want)}, force_not_null=[{names}])"))

    yield "pandas", pandas
    yield "pyarrow", arrow
    yield "polars", polars
    yield "duckdb", duck


def jsonl_readings(path, want, timed):
    floats = [n for n in want if n in FLOATS or n == "wall_time" and not timed]

    def pandas():
        # A column that holds "NaN" or "Infinity" comes as objects; astype(float) understands them.
        frame = pd.read_json(path, lines=True, precise_float=True, dtype=False)
        frame = frame.astype({n: "float64" for n in floats})
        if timed:
            frame["wall_time"] = pd.to_datetime(frame["wall_time"], format="ISO8601", utc=True).astype("datetime64[us, UTC]")
        return from_pandas(frame)

    def polars():
        types = {n: pl.String for n in STRINGS if n in want} | {"step": pl.Int64} | {n: pl.String for n in floats}
        if timed:
            types["wall_time"] = pl.String
        frame = pl.read_ndjson(path, schema={n: types[n] for n in want})
        frame = frame.with_columns(pl.col(n).cast(pl.Float64) for n in floats)
        if timed:
            frame = frame.with_columns(pl.col("wall_time").str.to_datetime(time_unit="us", time_zone="UTC"))
        return from_polars(frame)

    def duck():
        return from_duckdb(duckdb.sql(
            f"select * from read_json({sql(path)}, format='newline_delimited', columns={duck_types(want)})"))

    if not any(subnormal(want[n]).any() for n in floats):  # pandas refuses these numbers in JSON
        yield "pandas", pandas
    yield "polars", polars
    yield "duckdb", duck


def subnormal(column):
    return (column != 0) & (np.abs(column) < np.finfo(np.float64).tiny)


def duck_types(want):
    names = {"O": "VARCHAR", "i": "BIGINT", "f": "DOUBLE", "M": "TIMESTAMPTZ"}
    return "{" + ", ".join(f"'{n}': '{names[c.dtype.kind]}'" for n, c in want.items()) + "}"


# ---------------------------------------------------------------- Parquet's statistics


def check_statistics(path, want):
    """Compares the statistics of the row groups with their rows; returns how many row groups there are."""
    metadata = pa.parquet.ParquetFile(path).metadata
    start = 0
    for g in range(metadata.num_row_groups):
        group = metadata.row_group(g)
        end = start + group.num_rows
        for i in range(group.num_columns):
            chunk = group.column(i)
            check_chunk(g, chunk, want[chunk.path_in_schema][start:end])
        start = end
    return metadata.num_row_groups


def check_chunk(group, chunk, rows):
    name, stats = chunk.path_in_schema, chunk.statistics
    where = f"row group {group}, column {name}"
    if stats is None or not stats.has_null_count:
        raise Difference(f"{where}: no statistics")
    nulls = int((rows.view(np.int64) == NULL).sum()) if rows.dtype.kind == "M" else 0
    if stats.null_count != nulls:
        raise Difference(f"{where}: {stats.null_count} nulls instead of {nulls}")
    if name in STRINGS or name in INTEGERS:
        if not stats.has_min_max:
            if name in STRINGS and max(len(s.encode()) for s in (min(rows), max(rows))) > 4096:
                return
            raise Difference(f"{where}: no minimum and maximum")
        low, high = min(rows, key=order), max(rows, key=order)
        if (stats.min, stats.max) != (low, high):
            raise Difference(f"{where}: {stats.min!r} to {stats.max!r} instead of {low!r} to {high!r}")
    elif rows.dtype == np.float64:
        if stats.has_min_max == bool(np.isnan(rows).any()):
            raise Difference(f"{where}: minimum and maximum {'beside NaN' if stats.has_min_max else 'missing'}")
        if stats.has_min_max and (stats.min, stats.max) != (rows.min(), rows.max()):
            raise Difference(f"{where}: {stats.min!r} to {stats.max!r} instead of {rows.min()!r} to {rows.max()!r}")


def order(value):
    return value.encode() if isinstance(value, str) else value


def check_skipping(path, want):
    """Asks DuckDB for the rows of the first and the last run; returns what it says of the row groups it scanned."""
    said = []
    for run in dict.fromkeys((want["run"][0], want["run"][-1])):
        literal = "'" + run.replace("'", "''") + "'"
        query = f"select count(*), sum(step % 1000003) from {sql(path)} where run = {literal}"
        steps = want["step"][want["run"] == run]
        ((count, total),) = duckdb.sql(query).fetchall()
        expected = sum(int(abs(s)) % 1000003 * (-1 if s < 0 else 1) for s in steps.tolist())
        if (count, total) != (len(steps), expected):
            raise Difference(f"run {run!r}: {count} rows with sum {total} instead of {len(steps)} with {expected}")
        plan = duckdb.sql("explain analyze " + query).fetchall()[0][1]
        scanned = re.search(r"Row Groups Scanned: (\d+) / (\d+)", plan)
        if scanned is None:
            raise Difference("EXPLAIN ANALYZE does not tell the row groups scanned")
        possible = possible_groups(path, run)
        if int(scanned[1]) > possible:
            raise Difference(f"run {run!r}: {scanned[1]} row groups scanned, though only {possible} can have it")
        said.append(f"{scanned[1]} of {scanned[2]}")
    return ", ".join(said)


def possible_groups(path, run):
    metadata = pa.parquet.ParquetFile(path).metadata
    chunks = (metadata.row_group(g).column(0) for g in range(metadata.num_row_groups))
    bounds = [c.statistics for c in chunks if c.path_in_schema == "run"]
    return sum(not s.has_min_max or order(s.min) <= order(run) <= order(s.max) for s in bounds)


# ---------------------------------------------------------------- main


def main(arguments):
    if len(arguments) != 1 or not os.path.isfile(os.path.join(arguments[0], "x.csv")):
        print(__doc__.split("\n\n")[1].strip(), file=sys.stderr)
        return 2
    directory = arguments[0]
    want = truth(os.path.join(directory, "x.csv"))
    rows = len(next(iter(want.values())))
    failed = rows == 0
    print(f"{'x.csv':<12} {'python':<16} {rows} rows" + (", so nothing was compared" if failed else ""))
    for name in ("x.parquet", "x.csv", "x.csv.gz", "x.csv.zst", "x.jsonl", "x.arrows", "x.arrow"):
        path = os.path.join(directory, name)
        if not os.path.exists(path):
            continue
        checks = [(library, lambda read=read: (compare(want, read()), f"{rows} rows")[1]) for library, read in readings(path, want)]
        if name == "x.parquet" and rows:
            checks.append(("statistics", lambda: f"{check_statistics(path, want)} row groups"))
            if "run" in want:
                checks.append(("duckdb skipping", lambda: f"{check_skipping(path, want)} row groups scanned"))
        for library, check in checks:
            try:
                outcome = check()
            except Exception as error:  # a reader that fails is a difference too
                failed, outcome = True, f"FAILED: {type(error).__name__}: {error}"
            print(f"{name:<12} {library:<16} {outcome}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
