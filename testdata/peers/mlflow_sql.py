"""Compares what the database of an MLflow server holds of an experiment with the logdir that `tbexport mlflow` made it
of, read with testdata/oracle/scalars.py. Rows are read with SQL; no code of MLflow's server takes part.

    mlflow_sql.py DATABASE-URI LOGDIR EXPERIMENT RUNS [--stepped-back]

RUNS is how many runs there must be: each source once, complete, and none that was deleted and left behind; with
--stepped-back, deleted ones without a source are those of migrations that stepped back, and hold no point. Every point
of every series is one row, and there are no others; the latest value of each metric is that of its last step. Exits
with 0 if so, 1 if not."""

import collections
import os
import sys

import sqlalchemy

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import mlflow_check  # noqa: E402

RUNS = """SELECT r.run_uuid, r.lifecycle_stage, s.value, c.value FROM runs r
    JOIN experiments e ON e.experiment_id = r.experiment_id
    LEFT JOIN tags s ON s.run_uuid = r.run_uuid AND s.key = 'tbexport.source_id'
    LEFT JOIN tags c ON c.run_uuid = r.run_uuid AND c.key = 'tbexport.state'
    WHERE e.name = :experiment"""
ROWS = """SELECT m.run_uuid, m.key, m.timestamp, m.step, m.value, m.is_nan FROM {} m
    JOIN runs r ON r.run_uuid = m.run_uuid JOIN experiments e ON e.experiment_id = r.experiment_id
    WHERE e.name = :experiment"""


def by_series(rows):
    """{(run, key): [(step, timestamp, value, is_nan)]}"""
    series = collections.defaultdict(list)
    for run, key, timestamp, step, value, is_nan in rows:
        series[run, key].append((step, timestamp, value, bool(is_nan)))
    return series


def points(rows):
    return collections.Counter((t, step, "NaN" if nan else mlflow_check.stored(value)) for step, t, value, nan in rows)


def same_series(counters):
    """How often there is each set of points, whatever it is called."""
    return collections.Counter(frozenset(c.items()) for c in counters)


def check_runs(runs, wanted):
    sources = {source for _, _, source, _ in runs}
    if len(runs) != wanted or len(sources) != wanted:
        yield f"runs: {len(runs)} of {len(sources)} sources, want {wanted}"
    for run, stage, _, state in runs:
        if (stage, state) != ("active", "complete"):
            yield f"run {run}: {stage}, {state}"


def check_points(series, latest, logdir):
    expected = same_series(mlflow_check.points(s) for s in mlflow_check.scalars.read_logdir(logdir).values())
    got = same_series(points(rows) for rows in series.values())
    lost, extra = expected - got, got - expected
    if lost or extra:
        yield f"metrics: {lost.total()} are only in the logs, {extra.total()} only in the database"
    for at in series.keys() | latest.keys():
        want = sorted(series[at])[-1:]  # a NaN's value is 0
        if latest[at] != want:
            yield f"latest value of {at}: {latest[at]}, want {want}"


def main():
    uri, logdir, experiment, wanted, *stepped_back = sys.argv[1:]
    with sqlalchemy.create_engine(uri).connect() as connection:
        def select(text):
            return connection.execute(sqlalchemy.text(text), {"experiment": experiment}).all()
        runs = select(RUNS)
        if stepped_back:
            runs = [run for run in runs if (run[1], run[2]) != ("deleted", None)]
        series, latest = by_series(select(ROWS.format("metrics"))), by_series(select(ROWS.format("latest_metrics")))
    wrong = [*check_runs(runs, int(wanted)), *check_points(series, latest, logdir)]
    for text in wrong[:20]:
        print(text[:600], file=sys.stderr)
    print(f"{'DIFFERENT' if wrong else 'same'}: {len(runs)} runs, {len(series)} metrics, {sum(map(len, series.values()))} rows of points")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
