"""Keyword arguments become the right words of a command line."""

import shlex
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

import tbexport


def words(logdir="logs", **options):
    program, verb, *rest = shlex.split(tbexport.scan_scalars(logdir, **options).command)
    assert (program, verb) == ("tbexport", "arrow")
    rest.remove("--time=timestamp")  # always there, as the program's default is another
    return rest


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, []),
        ({"tags": "loss"}, ["--tag=loss"]),
        ({"tags": ["loss", "-x"], "runs": ("a",)}, ["--run=a", "--tag=loss", "--tag=-x"]),
        ({"tags": []}, []),
        ({"tag_regexes": "a b", "run_regexes": "c"}, ["--run-regex=c", "--tag-regex=a b"]),
        ({"steps": "1:2"}, ["--steps=1:2"]),
        ({"steps": (1, None)}, ["--steps=1:"]),
        ({"steps": (None, 2)}, ["--steps=:2"]),
        ({"since": 0}, ["--since=0.0"]),
        ({"since": 1.5, "until": "2024-05-31"}, ["--since=1.5", "--until=2024-05-31"]),
        ({"since": datetime(2024, 5, 31, 12)}, ["--since=2024-05-31T12:00:00+00:00"]),
        (
            {"until": datetime(2024, 5, 31, 12, 0, 0, 250000, timezone(timedelta(hours=2)))},
            ["--until=2024-05-31T12:00:00.250000+02:00"],
        ),
        ({"sample": 5, "strict": True, "jobs": 2}, ["--sample=5", "--strict", "--jobs=2"]),
        ({"restarts": "keep", "sample": 0, "ignore_crc": False}, []),
        ({"restarts": "step"}, ["--restarts=step"]),
        ({"temp_dir": Path("/tmp")}, ["--temp-dir=/tmp"]),
    ],
)
def test_options(options, expected):
    assert words(**options) == [*expected, "--", "logs"]


@pytest.mark.parametrize(
    ("logdir", "expected"),
    [
        ("logs", ["logs"]),
        ("a=logs", ["a=logs"]),
        (Path("logs"), ["logs"]),
        (Path("lr=1"), ["./lr=1"]),
        (Path("/logs/lr=1"), ["/logs/lr=1"]),
        (["a", Path("b")], ["a", "b"]),
        ({"x": "a", "y": Path("b=c")}, ["x=a", "y=b=c"]),
        ("-logs", ["-logs"]),
    ],
)
def test_logdirs(logdir, expected):
    assert words(logdir) == ["--", *expected]


def test_metric_summary_is_one_list():
    command = tbexport.scan_runs("logs", metric_summary=["min", "max"], order_by=["a", "b desc"]).command
    assert command == "tbexport arrow --table=runs --sort=a '--sort=b desc' --metric-summary=min,max -- logs"


@pytest.mark.parametrize("logdir", [None, 5, b"logs", [b"logs"], [None]])
def test_not_a_logdir(logdir):
    with pytest.raises(TypeError):
        tbexport.scan_scalars(logdir)


def test_empty_list_of_logdirs():
    with pytest.raises(tbexport.UsageError):
        tbexport.scan_scalars([])


@pytest.mark.parametrize("tags", [5, [5], [None]])
def test_not_a_name(tags):
    with pytest.raises(TypeError, match="tags"):
        tbexport.scan_scalars("logs", tags=tags).command
