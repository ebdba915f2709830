"""Reads a directory that `tbexport parquet --partition-by run` wrote, with every library that knows such directories.

    partitions.py DIR

Reads {run: value} as JSON from standard input: the runs, with the one value that each of them has. Given the type of
the column, every library must bring every name back. Left to guess, a library may take the names for something else;
what each makes of them is printed as JSON, to be compared with what the README says.

Exit status 1 if anything differs."""

import json
import sys

import duckdb
import polars
import pyarrow
import pyarrow.dataset


def with_pyarrow(directory, told):
    partitioning = "hive"
    if told:
        partitioning = pyarrow.dataset.partitioning(pyarrow.schema([("run", pyarrow.string())]), flavor="hive")
    table = pyarrow.dataset.dataset(directory, partitioning=partitioning).to_table(columns=["run", "value"])
    return table["run"].to_pylist(), table["value"].to_pylist()


def with_polars(directory, told):
    frame = polars.scan_parquet(
        directory + "/**/*.parquet", hive_partitioning=True, glob=True,
        hive_schema={"run": polars.String} if told else None,
    ).select("run", "value").collect()
    return frame["run"].to_list(), frame["value"].to_list()


def with_duckdb(directory, told):
    types = ", hive_types = {'run': VARCHAR}" if told else ""
    pattern = (directory + "/*/*.parquet").replace("'", "''")
    rows = duckdb.sql(f"SELECT run, value FROM read_parquet('{pattern}', hive_partitioning = true{types})").fetchall()
    return [r for r, _ in rows], [v for _, v in rows]


LIBRARIES = {"pyarrow": with_pyarrow, "polars": with_polars, "duckdb": with_duckdb}


def main():
    directory = sys.argv[1]
    expected = json.load(sys.stdin)
    by_value = {value: run for run, value in expected.items()}
    failed = False
    guessed = {}
    for library, read in LIBRARIES.items():
        runs, values = read(directory, told=True)
        got = dict(zip(runs, values))
        if got != expected or len(runs) != len(expected):
            failed = True
            for value in sorted(by_value):
                back = [r for r, v in zip(runs, values) if v == value]
                if back != [by_value[value]]:
                    print(f"{library}: {by_value[value]!r} came back as {back!r}", file=sys.stderr)
        try:
            runs, values = read(directory, told=False)
            guessed[library] = {by_value[v]: r if isinstance(r, str) or r is None else f"{type(r).__name__} {r}" for r, v in zip(runs, values)}
        except Exception as e:
            guessed[library] = type(e).__name__
    json.dump(guessed, sys.stdout)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
