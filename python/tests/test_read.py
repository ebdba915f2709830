"""The tables, as pandas, polars, pyarrow and DuckDB have them, are those that the program writes as CSV."""

import io
import math
import os
import subprocess
import warnings

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from conftest import LOGS, ROOT

import tbexport

MANY_LINES = pacsv.ParseOptions(newlines_in_values=True)
LOGDIRS = ["sample", "dtypes", "odd", "restarts", "hparams"]


@pytest.fixture(autouse=True)
def damage_is_no_failure():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", tbexport.DamageWarning)
        yield


def csv(*args):
    """What the program writes as CSV: every cell a text, empty where it is null."""
    text = tbexport.run("csv", *args).stdout
    header = pacsv.read_csv(io.BytesIO(text.encode()), parse_options=MANY_LINES).column_names
    options = pacsv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False)
    table = pacsv.read_csv(io.BytesIO(text.encode()), parse_options=MANY_LINES, convert_options=options)
    return pd.DataFrame({name: table[name].to_pylist() for name in header}, dtype=object)


def all_of(scan):
    """The scan as a table by each of its ways out."""
    yield "arrow", scan.to_arrow()
    yield "c stream", pa.table(scan)
    yield "pandas", pa.Table.from_pandas(scan.to_pandas(), preserve_index=False)
    yield "polars", scan.to_polars().to_arrow()
    yield "polars, lazily", pl.DataFrame(scan).to_arrow()
    yield "duckdb", duckdb.sql("from scan").to_arrow_table()
    yield "batches", pa.Table.from_batches(list(scan), scan.schema)


def texts(column):
    """A column as the program writes it in CSV."""
    return ["" if value is None else text(value) for value in column.to_pylist()]


def text(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return number(value)
    return str(value)


def number(value):
    if math.isnan(value):
        return "NaN"
    return repr(value)


def same(cells, expected):
    """Compare texts; numbers in different spellings are equal."""
    return len(cells) == len(expected) and all(a == b or float(a) == float(b) for a, b in zip(cells, expected))


def check_scalars(logdir):
    expected = csv(logdir)
    scan = tbexport.scan_scalars(logdir, time="seconds")
    for way, table in all_of(scan):
        assert table.column_names == ["run", "tag", "step", "wall_time", "value"], way
        assert table["run"].to_pylist() == list(expected["run"]), way
        assert table["tag"].to_pylist() == list(expected["tag"]), way
        assert table["step"].to_pylist() == [int(step) for step in expected["step"]], way
        for column in ("wall_time", "value"):
            numbers = expected[column].map(float).to_numpy("float64")
            got = table[column].to_numpy()
            if way == "pandas":  # which does not tell NaN from null
                got = np.array([math.nan if v is None else v for v in table[column].to_pylist()])
            assert np.array_equal(got, numbers, equal_nan=True), (way, column)
    assert scan.report["totals"]["written"] == len(expected)


def check_table(scan, expected):
    schema = scan.to_arrow().schema
    for way, table in all_of(scan):
        assert table.column_names == list(expected.columns), way
        for i, column in enumerate(table.column_names):
            cells = expected.iloc[:, i]
            field = schema.field(i)
            if pa.types.is_timestamp(field.type):
                times = pd.to_datetime(cells.where(cells != "", None), format="ISO8601", utc=True)
                got = pd.to_datetime(pd.Series(table.column(i).to_pylist(), dtype="object"), utc=True)
                assert (got.isna() == times.isna()).all(), (way, column)
                assert (got.dropna() == times.dropna()).all(), (way, column)
                continue
            if way == "pandas" and pa.types.is_floating(field.type):
                cells = cells.replace("NaN", "")  # which are one there
                got = ["" if v == "NaN" else v for v in texts(table.column(i))]
            else:
                got = texts(table.column(i))
            assert same(got, list(cells)), (way, column)


@pytest.mark.parametrize("name", LOGDIRS)
def test_scalars(name):
    check_scalars(LOGS / name)


@pytest.mark.parametrize("name", LOGDIRS)
def test_hparams(name):
    check_table(tbexport.scan_hparams(LOGS / name), csv(LOGS / name, "--table=hparams"))


@pytest.mark.parametrize("name", ["sample", "hparams"])
def test_runs(name):
    check_table(tbexport.scan_runs(LOGS / name), csv(LOGS / name, "--table=runs"))


@pytest.mark.long
@pytest.mark.corpus
def test_corpus(corpus):
    for logdir in sorted(path for path in corpus.iterdir() if path.is_dir()):
        check_scalars(logdir)
        check_table(tbexport.scan_hparams(logdir), csv(logdir, "--table=hparams"))
        check_table(tbexport.scan_runs(logdir), csv(logdir, "--table=runs"))


@pytest.mark.long
@pytest.mark.parametrize("logdir", [LOGS, pytest.param("corpus", marks=pytest.mark.corpus)], ids=["testdata", "corpus"])
def test_oracle(logdir, request, tmp_path):
    """Another reader of event files, built on TensorBoard's own classes, finds the same in the frame."""
    if logdir == "corpus":
        logdir = request.getfixturevalue("corpus")
    df = tbexport.read_scalars(logdir, time="seconds")
    # By hand, as to_parquet writes null for NaN.
    names = {name: pa.array(df[name]) for name in ("run", "tag")}
    numbers = {name: pa.array(df[name].to_numpy()) for name in ("step", "wall_time", "value")}
    pq.write_table(pa.table({**names, **numbers}), tmp_path / "scalars.parquet")
    oracle = ROOT / "testdata" / "oracle" / "check_scalars.py"
    python = os.environ["TBEXPORT_TEST_ORACLE"]
    check = subprocess.run([python, oracle, logdir, tmp_path / "scalars.parquet"], capture_output=True, text=True)
    assert check.returncode == 0, check.stdout + check.stderr


def test_types(sample):
    df = tbexport.read_scalars(sample)
    assert [str(t) for t in df.dtypes] == ["category", "category", "int64", "datetime64[us, UTC]", "float64"]
    assert df.attrs["tbexport"] == {
        "version": tbexport.run("version").stdout.split()[1],
        "logdir": [str(sample)], "runs": 6, "files": 6, "points": 6612, "damaged": 0,
    }  # fmt: skip
    strings = tbexport.read_scalars(sample, strings=True)
    assert strings["run"].dtype == pd.Series(["a"]).dtype
    assert (strings["tag"] == df["tag"].astype(strings["tag"].dtype)).all()
    seconds = tbexport.read_scalars(sample, time="seconds", relative_time=True)
    assert [str(t) for t in seconds.dtypes][2:] == ["int64", "float64", "float64", "float64"]


def test_attrs_survive_parquet(sample, tmp_path):
    df = tbexport.read_scalars(sample)
    df.to_parquet(tmp_path / "a.parquet")
    assert pd.read_parquet(tmp_path / "a.parquet").attrs == df.attrs


def test_times_that_are_none():
    df = tbexport.read_scalars(LOGS / "odd", runs="wall-times*")
    seconds = tbexport.read_scalars(LOGS / "odd", runs="wall-times*", time="seconds")
    far = ~(seconds["wall_time"].abs() < 9e12)
    assert far.any()
    assert (df["wall_time"].isna() == far).all()


def test_lists_and_names_of_logdirs(sample):
    torch, tf1 = sample / "torch", sample / "tf1"
    assert set(tbexport.read_scalars([torch])["run"]) == {"baseline", "high-lr"}
    assert len(tbexport.read_scalars([torch, str(tf1)])["run"].unique()) == 3
    named = tbexport.read_scalars({"a": torch, "b": tf1})
    assert set(named["run"]) == {"a/baseline", "a/high-lr", "b/estimator"}


def test_ls(sample):
    runs = tbexport.ls(sample)
    df = tbexport.read_scalars(sample)
    assert dict(zip(runs["run"], runs["points"], strict=True)) == df["run"].value_counts().to_dict()
    assert str(runs["start"].dtype) == "datetime64[us, UTC]"
    tags = tbexport.ls(sample, long=True, runs="torch/*")
    assert set(tags["kind"]) == {"scalars", "text", "images", "histograms"}
    last = df[df["run"] == "torch/baseline"].groupby("tag", observed=True)["value"].last()
    ours = tags[tags["run"] == "torch/baseline"].set_index("tag")["last"]
    ours = ours.dropna()
    assert ours.to_dict() == last.to_dict()


def test_run(sample):
    done = tbexport.run("csv", sample, "--tag=loss")
    assert done.returncode == 0
    assert done.stdout.startswith("run,tag,step,wall_time,value\n")
    with pytest.raises(tbexport.UsageError, match="no command"):
        tbexport.run("no-such-command")
