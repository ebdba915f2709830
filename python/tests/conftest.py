"""What the tests share. They run against the installed package, from a clone of the repository.

$TBEXPORT_CORPUS names the folder of event files of other people; without it, it is looked for beside the clone.
"""

import gc
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / "testdata" / "logs"


def pytest_configure(config):
    config.addinivalue_line("markers", "long: takes minutes")
    config.addinivalue_line("markers", "corpus: reads event files of other people")


@pytest.fixture(autouse=True)
def nothing_left(tmp_path, monkeypatch):
    """Every test must leave no process and no temporary file."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    yield
    gc.collect()
    children = subprocess.run(
        ["ps", "-o", "comm=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    ).stdout
    left = [line for line in children.splitlines() if line.startswith("tbexport")]
    assert left == []
    assert [p.name for p in temporary.iterdir() if p.name.startswith("tbexport-")] == []


@pytest.fixture
def sample():
    return LOGS / "sample"


@pytest.fixture
def corpus():
    folder = Path(os.environ.get("TBEXPORT_CORPUS") or ROOT.parent / "shared" / "corpus")
    assert (folder / "INDEX.tsv").exists(), f"no corpus of event files in {folder}: $TBEXPORT_CORPUS may name it"
    return folder


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A function that puts a Python script in the place of the program."""

    def replace(body):
        path = tmp_path / "tbexport-fake"
        path.write_text(f"#!{sys.executable}\n{HEAD}\n{textwrap.dedent(body)}")
        path.chmod(0o755)
        monkeypatch.setenv("TBEXPORT_BINARY", str(path))
        return path

    return replace


# The beginning of such a script: rows(n) makes a batch, write(...) writes some.
HEAD = """
import os, signal, sys, time
import pyarrow as pa

SCHEMA = pa.schema([
    pa.field("run", pa.dictionary(pa.int32(), pa.string()), False),
    pa.field("tag", pa.dictionary(pa.int32(), pa.string()), False),
    pa.field("step", pa.int64(), False), pa.field("wall_time", pa.timestamp("us", "UTC")),
    pa.field("value", pa.float64(), False)])

def rows(n):
    names = pa.DictionaryArray.from_arrays(pa.array([0] * n, pa.int32()), ["a"])
    return pa.RecordBatch.from_arrays(
        [names, names, pa.array(range(n)), pa.array(range(n), pa.timestamp("us", "UTC")), pa.array([0.5] * n)],
        schema=SCHEMA)

out = sys.stdout.buffer
writer = pa.ipc.new_stream(out, SCHEMA)
"""
