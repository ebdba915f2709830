"""The one list of tables is that of the program, and what is made from it is up to date."""

import re
import subprocess
import sys

import pytest
from conftest import ROOT

import tbexport
from tbexport._schema import fixed
from tbexport._tables import OPTIONS, TABLES

# Flags of the program that the functions see to themselves.
OWN = {
    "file",
    "extract",  # the verb extract writes files: tbexport.run("extract", ...)
    "output",
    "table",
    "overwrite",
    "report",
    "quiet",
    "verbose",
    "no-verify",
    "help",
    "progress",
    "error-format",
}


def test_functions_are_up_to_date():
    subprocess.run([sys.executable, ROOT / "python" / "generate.py", "--check"], check=True)


def test_flags():
    """Every flag of the program's verb is an option or one of its own, and every option a flag."""
    text = tbexport.run("arrow", "--help").stdout
    flags = set(re.findall(r"^ +(?:-\w, )?--([\w-]+)", text, re.MULTILINE))
    ours = {option.flag for option in OPTIONS.values()}
    assert flags - ours - OWN == set()
    assert ours - flags == set()


def test_options_are_used():
    assert {option for table in TABLES.values() for option in table.options} == set(OPTIONS)


@pytest.mark.parametrize("table", [name for name, table in TABLES.items() if table.columns])
@pytest.mark.parametrize("options", [{}, {"time": "seconds"}, {"time": "timestamp", "relative_time": True}])
@pytest.mark.parametrize("strings", [False, True])
def test_schemas(sample, table, options, strings):
    """What the list says of the columns is what the program writes: a reading fails where it is not."""
    options = {name: value for name, value in options.items() if name in TABLES[table].options}
    scan = getattr(tbexport, f"scan_{table}")(sample, strings=strings, **options)
    assert scan.to_arrow().schema == fixed(table, scan._options, strings)


def test_every_option_is_taken(sample):
    """The program takes each option of each table, as the functions hand it over."""
    values = {
        "runs": ["torch/*", "!x"], "run_regexes": "torch", "tags": "**", "tag_regexes": ["o"], "steps": (None, 100),
        "since": 0, "until": "2100-01-01", "sample": 5, "restarts": "step", "time": "seconds", "relative_time": True,
        "wide": True, "filter": "points > 0", "order_by": "metrics.accuracy desc", "columns": ["run", "metrics.*"],
        "limit": 1, "metric_summary": ["min", "max"], "no_fold_hparams": True, "strict": True, "ignore_crc": True,
        "jobs": 1, "temp_dir": ROOT, "hparams": "first", "wall_time_unit": "ms",
    }  # fmt: skip
    assert set(values) == set(OPTIONS)
    for name, table in TABLES.items():
        for option in table.options:
            df = getattr(tbexport, f"read_{name}")(sample, **{option: values[option]})
            assert len(df) > 0 or name not in ("scalars", "runs"), (name, option)
