"""Compares the tables that tbexport wrote in a database with the oracle: every point by scalars.py, texts,
histograms, pictures and sound by kinds.py, and the view runs with tbexport's own table of runs, which check_hparams.py holds to
TensorBoard's plugin.

    check_sql.py LOGDIR --sqlite FILE [--runs RUNS.parquet] [--min-points N] [--min-rows N]
    check_sql.py LOGDIR --psql PROGRAM --dsn URI --schema NAME [...]

They are read by Python's SQLite, or by psql. Runs go by their paths below LOGDIR: with --no-fold-hparams each is one.
Differences that are known: NUL is left out of texts and tags; SQLite has NULL for NaN, and no negative zero; start and end
of a run are its first and last event, whatever its session says, and are not compared.
Exit status: 0 the same, 1 different, 2 too little to tell."""

import argparse
import csv
import hashlib
import io
import json
import math
import os
import sqlite3
import subprocess
import sys

import kinds
import scalars

csv.field_size_limit(1 << 30)

POINTS = """SELECT r.path, m.tag, p.metric_id, p.step, p.wall_time, p.value FROM point p JOIN metric m USING (metric_id)
    JOIN run r USING (run_id) ORDER BY r.path, m.tag, p.metric_id, p.seq"""
VIEW = """SELECT r.path, s.tag, s.step, s.wall_time, s.value FROM scalars s JOIN run r USING (run_id)
    ORDER BY r.path, s.tag, s.seq"""
TEXT = """SELECT r.path, t.tag, t.position, t.step, t.wall_time, t.value FROM text t JOIN run r USING (run_id)
    ORDER BY r.path, t.tag, t.seq, t.position"""
HISTOGRAM = """SELECT r.path, h.tag, h.bucket, h.step, h.wall_time, h.left_edge, h.right_edge, h.count FROM histogram h
    JOIN run r USING (run_id) ORDER BY r.path, h.tag, h.seq, h.bucket"""
MEDIA = """SELECT r.path, t.tag, t.kind, t.position, t.step, t.wall_time, t.bytes, t.sha256, t.path FROM media t JOIN run r USING (run_id)
    ORDER BY r.path, t.tag, t.kind, t.seq, t.position"""
RUNS = """SELECT r.path, s.run, s.experiment, s."group", s.status, s.files, s.points,
    s.last_step, s.params, s.metrics FROM runs s JOIN run r USING (run_id) ORDER BY r.path"""


class SQLite:
    """The file that it is in."""

    def __init__(self, path):
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def rows(self, query):
        return self.db.execute(query)

    @staticmethod
    def number(x):
        return math.nan if x is None else float(x)


class PSQL:
    """psql's CSV: what is not quoted is NULL."""

    def __init__(self, program, dsn, schema):
        self.program, self.dsn, self.schema = program, dsn, schema

    def rows(self, query):
        copy = f'SET search_path TO "{self.schema}"; SET TimeZone TO UTC; COPY ({query}) TO STDOUT (FORMAT csv, FORCE_QUOTE *, NULL \'\\N\')'
        done = subprocess.run([self.program, "-X", "-q", "-d", self.dsn, "-v", "ON_ERROR_STOP=1", "-c", copy],
                              check=True, stdout=subprocess.PIPE, env=os.environ | {"PGCLIENTENCODING": "UTF8"})  # fmt: skip
        for row in csv.reader(io.StringIO(done.stdout.decode(), newline="")):
            yield [None if x == "\\N" else x for x in row]

    @staticmethod
    def number(x):
        return float(x)


def plain(text):
    return text.replace("\0", "")


def number_key(x):
    """Equal for numbers that are the same: NaN is NaN, and -0 is 0."""
    return "NaN" if x != x else repr(x + 0.0)


class Check:
    def __init__(self, database):
        self.database, self.wrong = database, []

    def same(self, what, want, got):
        """Compares {key: list} in order; several lists of one key stand in any order."""
        rows = 0
        for key in sorted(want.keys() | got.keys()):
            a, b = want.get(key, []), got.get(key, [])
            rows += sum(map(len, a))
            if sorted(a) != sorted(b):
                self.wrong.append(f"{what} {key}: want {str(a)[:300]}\n  got {str(b)[:300]}")
        return rows

    def points(self, logdir):
        n = self.database.number
        want, got, view = {}, {}, {}
        for (run, tag), series in scalars.read_logdir(logdir).items():
            want.setdefault((run, plain(tag)), []).append([(s, number_key(w), number_key(v)) for s, w, v in series])
        metrics = {}
        for run, tag, metric, step, wall_time, value in self.database.rows(POINTS):
            series = metrics.setdefault((run, tag, metric), [])
            if not series:
                got.setdefault((run, tag), []).append(series)
            series.append((int(step), number_key(n(wall_time)), number_key(n(value))))
        total = self.same("points of", want, got)
        # The view has the key for a tag, and every point once.
        viewed = sum(1 for _ in self.database.rows(VIEW))
        if viewed != total:
            self.wrong.append(f"{viewed} points in the view scalars, {total} in the logs")
        return total

    def values(self, logdir):
        n = self.database.number
        want, got = ({"text": {}, "histogram": {}, "media": {}} for _ in range(2))
        for name, row in kinds.tables(logdir, ("text", "histograms", "images", "audio")):
            key, at = (row["run"], plain(row["tag"])), (row["step"], number_key(row["wall_time"]))
            if name in ("images", "audio"):
                kind, blob = ("image", row["image"]) if name == "images" else ("audio", row["audio"])
                want["media"].setdefault((*key, kind), [[]])[0].append((row["index"], *at, blob["bytes"], blob["sha256"]))
                continue
            if name == "text":
                want["text"].setdefault(key, [[]])[0].append((row["index"], *at, plain(row["text"])))
                continue
            for i, bucket in enumerate(zip(row["left"], row["right"], row["count"])):
                want["histogram"].setdefault(key, [[]])[0].append((i, *at, *map(number_key, bucket)))
        for run, tag, position, step, wall_time, text in self.database.rows(TEXT):
            got["text"].setdefault((run, tag), [[]])[0].append((int(position), int(step), number_key(n(wall_time)), text))
        for run, tag, bucket, step, wall_time, *numbers in self.database.rows(HISTOGRAM):
            row = (int(bucket), int(step), number_key(n(wall_time)), *(number_key(n(x)) for x in numbers))
            got["histogram"].setdefault((run, tag), [[]])[0].append(row)
        for run, tag, kind, position, step, wall_time, size, sha256, path in self.database.rows(MEDIA):
            got["media"].setdefault((run, tag, kind), [[]])[0].append((int(position), int(step), number_key(n(wall_time)), int(size), sha256))
            if path is not None:
                with open(path, "rb") as f:
                    content = f.read()
                if len(content) != int(size) or hashlib.sha256(content).hexdigest() != sha256:
                    self.wrong.append(f"{path} is not what the table says of it")
        return sum(self.same(f"{name} of", want[name], got[name]) for name in want)

    def runs(self, path):
        import pyarrow.parquet

        table = pyarrow.parquet.read_table(path)
        want = {row["run"]: row for row in table.to_pylist()}
        rows = 0
        for name, called, experiment, group, status, files, points, last_step, params, metrics in self.database.rows(RUNS):
            row = want.pop(name, None)
            if row is None:
                self.wrong.append(f"run {name!r} is no row of the table of runs")
                continue
            rows += 1
            got = {"experiment": experiment, "status": status, "files": int(files), "points": int(points),
                   "last_step": None if last_step is None else int(last_step)}  # fmt: skip
            if called != name and name != ".":
                self.wrong.append(f"run {name!r} is called {called!r}")
            got["group"] = group
            for column, x in got.items():
                if x != (plain(row[column]) if isinstance(row[column], str) else row[column]):
                    self.wrong.append(f"run {name!r}: {column} is {x!r}, want {row[column]!r}")
            self.json(name, "params.", params, row)
            self.json(name, "metrics.", metrics, row)
        # A run with nothing to carry over is left out.
        for name, row in want.items():
            if row["points"] or any(x is not None for c, x in row.items() if c.startswith("params.")):
                self.wrong.append(f"run {name!r} is missing")
        return rows

    def json(self, run, prefix, text, row):
        got = json.loads(text or "{}", parse_constant=float)
        want = {}
        for column, x in row.items():
            if column.startswith(prefix) and x is not None and "\0" not in column:
                want[column.removeprefix(prefix)] = x
        for key, x in want.items():
            if key not in got or not alike(got[key], x):
                self.wrong.append(f"run {run!r}: {prefix}{key} is {got.get(key)!r}, want {x!r}")


def alike(got, want):
    """A value of JSON and that of a column, which is text where the runs' types differ."""
    if isinstance(want, float) and got is None:
        return want != want
    if isinstance(want, float):
        return number_key(float(got)) == number_key(want)
    if isinstance(want, str):
        return plain(want) == got or number_like(want, got)
    return got == want


def number_like(want, got):
    if isinstance(got, bool):
        return want.lower() == str(got).lower()
    try:
        return not isinstance(got, str) and (got is None and want == "nan" or float(want) == float(got))
    except (ValueError, TypeError):
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logdir")
    parser.add_argument("--sqlite", metavar="FILE")
    parser.add_argument("--psql", metavar="PROGRAM")
    parser.add_argument("--dsn")
    parser.add_argument("--schema", default="tbexport")
    parser.add_argument("--runs", metavar="RUNS.parquet", help="of tbexport parquet --table runs --no-fold-hparams")
    parser.add_argument("--min-points", type=int, default=1)
    parser.add_argument("--min-rows", type=int, default=0, help="of values that are no points")
    args = parser.parse_args()
    check = Check(SQLite(args.sqlite) if args.sqlite else PSQL(args.psql, args.dsn, args.schema))
    points, rows = check.points(args.logdir), check.values(args.logdir)
    runs = check.runs(args.runs) if args.runs else 0
    for text in check.wrong[:20]:
        print(text)
    print(f"{points} points, {rows} rows of other values, {runs} runs compared, {len(check.wrong)} wrong")
    if check.wrong:
        sys.exit(1)
    if points < args.min_points or rows < args.min_rows or args.runs and not runs:
        sys.exit(2)


if __name__ == "__main__":
    main()
