"""The exit status is part of the data: whatever ends a stream early is an error, in every library."""

import gc
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
import warnings
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import LOGS

import tbexport

DAMAGED = LOGS.parent / "damaged"

WAYS = {
    "to_pandas": lambda scan: scan.to_pandas(),
    "to_polars": lambda scan: scan.to_polars(),
    "to_arrow": lambda scan: scan.to_arrow(),
    "batches": list,
    "pandas": getattr(pd.DataFrame, "from_arrow", None),  # since pandas 3
    "polars": pl.DataFrame,
    "pyarrow": pa.table,
    "duckdb": lambda scan: duckdb.sql("select sum(value) from scan").fetchall(),
}
OURS = ("to_pandas", "to_polars", "to_arrow", "batches")
if WAYS["pandas"] is None:
    del WAYS["pandas"]

# How a stream ends early, and what is said of it then. Each has two batches and is flushed.
CUTS = {
    "killed": ("os.kill(os.getpid(), signal.SIGKILL)", "killed by signal 9"),
    "failed between batches": ("sys.exit('tbexport: error: disk on fire')", "disk on fire"),
    "failed without a word": ("os._exit(1)", "status 1"),
    "failed after the end marker": ("writer.close(); sys.exit('tbexport: error: no report')", "no report"),
    "failed inside a batch": (
        "out.write(b'\\xff\\xff\\xff\\xff\\x80\\0\\0\\0' + bytes(40)); out.flush(); sys.exit('tbexport: error: cut')",
        "cut",
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("cut", CUTS)
def test_cut_stream(program, way, cut):
    end, says = CUTS[cut]
    program(f"writer.write(rows(1000)); writer.write(rows(1000)); out.flush()\n{end}")
    with pytest.raises(tbexport.Error if way in OURS else Exception, match=says) as raised:
        WAYS[way](tbexport.scan_scalars("logs"))
    if way in OURS:
        assert raised.value.status in (1, -9)


@pytest.mark.parametrize("way", WAYS)
def test_no_stream(way):
    """What fails before the first byte is as much of an error."""
    with pytest.raises(Exception, match="no such file or directory"):
        WAYS[way](tbexport.scan_scalars("no/such/logdir"))


@pytest.mark.parametrize("way", WAYS)
def test_damage_warns(way):
    scan = tbexport.scan_scalars(DAMAGED)
    with pytest.warns(tbexport.DamageWarning, match="length CRC") as caught:
        WAYS[way](scan)
    assert len(caught) == 1
    assert "lost in 12 damaged files" in str(caught[0].message)
    assert caught[0].message.report == scan.report
    assert scan.report["totals"]["damaged_files"] == 12
    if way in OURS:
        assert caught[0].filename == __file__


def test_on_damage():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        df = tbexport.read_scalars(DAMAGED, on_damage="ignore")
        assert df.attrs["tbexport"]["damaged"] == 14
        for way in WAYS.values():
            with pytest.raises(Exception, match="length CRC"):
                way(tbexport.scan_scalars(DAMAGED, on_damage="raise"))
    with pytest.raises(tbexport.Error, match="length CRC") as raised:
        tbexport.read_scalars(DAMAGED, on_damage="raise")
    assert raised.value.status == 3
    assert raised.value.report["totals"]["damaged_files"] == 12
    with pytest.raises(tbexport.UsageError):
        tbexport.scan_scalars(DAMAGED, on_damage="what")


def test_torn_file_is_no_damage(recwarn):
    df = tbexport.read_scalars(DAMAGED / "torn-in-data")
    assert len(df) > 0
    assert not recwarn.list


def test_errors_by_kind(sample):
    with pytest.raises(FileNotFoundError, match="no/such") as missing:
        tbexport.read_scalars("no/such")
    assert missing.value.filename == "no/such"
    assert isinstance(missing.value, tbexport.Error)
    with pytest.raises(tbexport.UsageError, match="--steps") as usage:
        tbexport.read_scalars(sample, steps="one")
    assert isinstance(usage.value, ValueError)
    assert "--help" not in str(usage.value)
    with pytest.raises(TypeError):
        tbexport.read_scalars(sample, no_such_flag=True)


def test_early_stop(program):
    """A reading that is given up ends the program at once."""
    program("""
        while True:
            writer.write(rows(10_000)); out.flush()
    """)
    for batch in tbexport.scan_scalars("logs"):
        assert batch.num_rows == 10_000
        break
    gc.collect()
    reader = tbexport.scan_scalars("logs").to_reader()
    assert reader.read_next_batch().num_rows == 10_000
    del reader
    scan = tbexport.scan_scalars("logs")
    assert len(duckdb.sql("select value from scan limit 5").fetchall()) == 5
    assert scan.report is None
    iter(tbexport.scan_scalars("logs"))  # and one that is never begun


def test_stop_while_it_waits(program):
    """So does one whose program writes nothing and heeds no pipe."""
    program("writer.write(rows(1)); out.flush(); time.sleep(1000)")
    batches = iter(tbexport.scan_scalars("logs"))
    next(batches)
    del batches


def test_one_process_a_query(sample, tmp_path, monkeypatch):
    count = tmp_path / "count"
    wrapper = tmp_path / "tbexport-counted"
    wrapper.write_text(f'#!/bin/sh\necho x >> "{count}"\nexec "{tbexport._binary.binary()}" "$@"\n')
    wrapper.chmod(0o755)
    monkeypatch.setenv("TBEXPORT_BINARY", str(wrapper))
    for table in ("scalars", "hparams", "runs"):
        scan = getattr(tbexport, f"scan_{table}")(sample)
        for name, way in {**WAYS, "duckdb": lambda scan: duckdb.sql("select count(*) from scan").fetchall()}.items():
            count.unlink(missing_ok=True)
            way(scan)
            assert len(count.read_text().split()) == 1, (table, name)
    count.unlink()
    assert tbexport.scan_scalars(sample).schema.names[0] == "run"
    assert not count.exists()


def test_schema_only(sample):
    """A schema that depends on the data leaves no process either."""
    scan = tbexport.scan_runs(sample)
    names = scan.schema.names
    assert scan.to_arrow().column_names == names


def test_threads(sample):
    scan = tbexport.scan_scalars(sample)
    rows = []
    threads = [threading.Thread(target=lambda: rows.append(scan.to_arrow().num_rows)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows == [6612] * 16


def read_in_child(scan):
    return len(scan.to_pandas())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_other_processes(sample, method):
    """A forked child neither disturbs the parent's reading nor is disturbed by it."""
    scan = tbexport.scan_scalars(sample)
    batches = iter(scan)
    first = next(batches)
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(read_in_child, [scan] * 4) == [6612] * 4
    assert first.num_rows + sum(batch.num_rows for batch in batches) == 6612


def test_fork_that_collects(program):
    program("writer.write(rows(1)); out.flush(); time.sleep(1); writer.write(rows(1)); writer.close()")
    batches = iter(tbexport.scan_scalars("logs"))
    next(batches)
    child = os.fork()
    if child == 0:
        del batches
        gc.collect()
        os._exit(0)
    os.waitpid(child, 0)
    assert sum(batch.num_rows for batch in batches) == 1


def test_pickle(sample):
    scan = pickle.loads(pickle.dumps(tbexport.scan_scalars(sample, tags="loss")))
    assert scan.command == tbexport.scan_scalars(sample, tags="loss").command


@pytest.mark.parametrize("way", ["to_pandas", "pyarrow", "polars", "to_polars", "duckdb"])
def test_keyboard_interrupt(program, tmp_path, way):
    """SIGINT to Python alone, as a notebook's kernel gets it, ends the reading and the program at once."""
    program(f"""
        open({str(tmp_path / "pid")!r}, "w").write(str(os.getpid()))
        writer.write(rows(10)); out.flush()
        while {way!r} == "duckdb":  # reads in threads of its own, and hears of it at the next batch
            time.sleep(0.1); writer.write(rows(10)); out.flush()
        time.sleep(1000)
    """)
    script = textwrap.dedent(f"""
        import faulthandler, sys, duckdb, pyarrow as pa, polars as pl, tbexport
        faulthandler.dump_traceback_later(20)
        scan = tbexport.scan_scalars("logs")
        ways = {{"to_pandas": lambda: scan.to_pandas(), "to_polars": lambda: scan.to_polars(),
                 "pyarrow": lambda: pa.table(scan), "polars": lambda: pl.DataFrame(scan),
                 "duckdb": lambda: duckdb.sql("select sum(value) from scan").fetchall()}}
        try:
            ways[{way!r}]()
        except BaseException as error:
            print(type(error).__name__, error)
    """)
    python = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, start_new_session=True)
    pid = tmp_path / "pid"
    while not (pid.exists() and pid.read_text()):
        time.sleep(0.01)
    time.sleep(0.3)
    os.kill(python.pid, signal.SIGINT)
    said, _ = python.communicate(timeout=30)
    assert "nterrupt" in said
    assert not Path(f"/proc/{int(pid.read_text())}").exists()


def test_full_temporary_directory(tmp_path, sample):
    """Where the program's own temporary file has no room, the error says so; nothing is cut silently."""
    script = f"""
import os, resource, tbexport
os.environ["TBEXPORT_BINARY"] = {tbexport._binary.binary()!r}
scan = tbexport.scan_scalars({str(sample)!r}, temp_dir={str(tmp_path / "no-such-directory")!r})
print(len(scan.to_pandas()))
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    scan.to_pandas()
except tbexport.Error as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    lines = said.stdout.splitlines()
    assert lines[0] == "6612", said.stderr
    assert "file too large" in lines[1], said.stderr


def test_old_or_no_pyarrow(monkeypatch, sample):
    scan = tbexport.scan_scalars(sample)
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"tbexport\[pandas\]"):
        scan.to_pandas()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r"tbexport\[pandas\]"):
        scan.to_arrow()

    class Old:
        __version__ = "13.0.0"
        RecordBatchReader = object

    monkeypatch.setitem(sys.modules, "pyarrow", Old)
    with pytest.raises(ImportError, match=r"13\.0\.0 is too old"):
        scan.to_arrow()


def test_program_is_missing(monkeypatch, tmp_path):
    monkeypatch.setenv("TBEXPORT_BINARY", str(tmp_path / "none"))
    with pytest.raises(tbexport.Error, match="does not start"):
        tbexport.read_scalars("logs")
    with pytest.raises(tbexport.Error, match="does not start"):
        tbexport.run("version")


def test_other_version(program):
    program("pa.ipc.new_stream(out, pa.schema([('x', pa.int64())])).close()")
    with pytest.raises(tbexport.Error, match="another version"):
        tbexport.read_scalars("logs")


SLOW = """
    said = lambda n: print('{"progress":{"bytes":%d,"total":300}}' % n, file=sys.stderr, flush=True)
    writer.write(rows(1)); out.flush()
    for n in (100, 200, 300):
        said(n); time.sleep(0.6)
    writer.close()
"""


def test_progress(program, monkeypatch, capsys):
    import tqdm.auto

    shown = []

    class Bar:
        def __init__(self, total, **_):
            shown.append(total)
            self.n = 0

        def refresh(self):
            shown.append(self.n)

        def close(self):
            shown.append("closed")

    monkeypatch.setattr(tqdm.auto, "tqdm", Bar)
    program(SLOW)
    assert len(tbexport.read_scalars("logs", progress=True)) == 1
    assert shown == [300, 100, 200, 300, "closed"]
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    tbexport.read_scalars("logs", progress=True)
    assert "tbexport: 66 % of" in capsys.readouterr().err
    tbexport.read_scalars("logs")
    assert capsys.readouterr().err == ""
