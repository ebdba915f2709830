"""A table that is not read yet."""

from __future__ import annotations

import contextlib
import html
import shlex
import sys
import warnings
from collections import deque
from typing import TYPE_CHECKING, Any

from ._command import logdirs, words
from ._errors import DamageWarning, Error, UsageError
from ._frame import frame
from ._packages import need, need_pyarrow
from ._pictures import picture
from ._process import LOST, Outcome, Process
from ._progress import Progress, shows
from ._schema import fixed, shown
from ._tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from ._command import Logdir


class Scan:
    """A table of the logs that is not read yet.

    Each reading starts the program anew: to_pandas, to_polars, to_arrow, a loop over its record batches, and every
    consumer that takes Arrow streams, as pl.DataFrame(scan), pa.table(scan) and duckdb.sql("from scan"). Memory does
    not grow with the logs in those that do not keep the rows. (Not pl.from_arrow(scan), which makes one Series of
    structs.) A reading that is given up ends the program. A Scan may be used by several threads, and in forked and
    spawned processes.

    Names of runs and tags are dictionaries in Arrow and so categories in pandas and polars, unless strings was asked
    for.
    """

    def __init__(
        self,
        table: str,
        logdir: Logdir,
        options: Mapping[str, Any],
        *,
        strings: bool = False,
        on_damage: str = "warn",
        progress: bool | None = None,
    ) -> None:
        """Made by the scan functions, such as scan_scalars, which say what the arguments are."""
        if on_damage not in ("warn", "raise", "ignore"):
            raise UsageError(f'on_damage={on_damage!r}: "warn", "raise" or "ignore"')
        self._table = table
        self._options = dict(options)
        self._logdirs = logdirs(logdir)
        self._strings = strings
        self._on_damage = on_damage
        self._progress = progress
        self._schema: pa.Schema | None = None
        # A reading of which a reader knows the schema, and which none has begun to read. A deque needs no lock, which
        # a fork could copy while it is held.
        self._ready: deque[_Reading] = deque(maxlen=1)
        self._outcome: Outcome | None = None
        self._rows = 0

    @property
    def command(self) -> str:
        """The command line that a reading runs, as a shell takes it."""
        return shlex.join(["tbexport", *self._words()])

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema; where it depends on the data (runs, and wide scalars), that of the last reading.

        A reading begins, and is given up, where it is not known yet.
        """
        schema = self._schema or fixed(self._table, self._options, self._strings)
        if schema is None:
            reading = _Reading(self)
            schema = reading.schema
            reading.close()
        self._schema = schema
        return schema

    @property
    def report(self) -> dict[str, Any] | None:
        """What the last reading that came to its end read, exported and lost; None before.

        It is what --report writes: totals (runs, files, bytes, records, points, ...), problems, and for each of runs
        its files, with their damage.
        """
        return self._outcome.report if self._outcome else None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """Read the record batches, in flat memory."""
        return self._reading().batches()

    def to_reader(self) -> pa.RecordBatchReader:
        """Return a pyarrow.RecordBatchReader, which starts the program at the first batch.

        Where the schema depends on the data, the program starts at once, and waits to be read: by this reader or, as
        DuckDB asks for three readers and reads one, by another of the same scan.
        """
        return need_pyarrow().RecordBatchReader.from_batches(self._announced(), _Lazy(self))

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the stream as a capsule of Arrow's C stream interface, for every library that takes one."""
        return self.to_reader().__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> pa.Table:
        """Read all of it as a pyarrow.Table."""
        reading = self._reading()
        return need_pyarrow().Table.from_batches(list(reading.batches()), reading.schema)

    def to_pandas(self, *, decode: bool = False) -> pd.DataFrame:
        """Read all of it as a pandas.DataFrame.

        Its attrs["tbexport"] has version, logdir (a list), runs, files, points, and damaged, the number of files of
        which something was lost.

        Args:
            decode: images (PIL.Image.Image) instead of their bytes in the column image; None for bytes that Pillow
                cannot open.
        """
        need("pandas", "pandas")
        reading = self._reading()
        made = frame(reading.schema, reading.batches())
        if decode and "image" in made:
            made["image"] = made["image"].map(picture)
        made.attrs["tbexport"] = self._about()
        return made

    def to_polars(self) -> pl.DataFrame:
        """Read all of it as a polars.DataFrame."""
        polars = need("polars", "polars")
        lazy = _Lazy(self)
        reader = need_pyarrow().RecordBatchReader.from_batches(self._announced(), lazy)
        try:
            made: pl.DataFrame = polars.DataFrame(reader)
        except Exception:
            if lazy.error is not None:
                raise lazy.error from None
            raise
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Give what another process needs to read the same."""
        made_of = (self._table, self._logdirs[1:], self._options, self._strings, self._on_damage, self._progress)
        return _again, (made_of,)

    def __repr__(self) -> str:
        return f"<tbexport.Scan: {self.command}>"

    def _repr_html_(self) -> str:
        lines = [f"<code>{html.escape(self.command)}</code>"]
        if self._schema is not None or not _depends(self._table, self._options):
            shown_fields = list(self.schema)[:SHOWN_FIELDS]
            lines.append(", ".join(f"{html.escape(f.name)} <i>{html.escape(str(f.type))}</i>" for f in shown_fields))
        if self._outcome is not None:
            lines.append(
                "{rows:,} rows of {runs:,} runs in {files:,} files, {damaged:,} damaged".format(
                    rows=self._rows, **self._about()
                )
            )
        return "<br>".join(lines)

    def _announced(self) -> pa.Schema:
        """Return the schema of the next reading."""
        if not _depends(self._table, self._options):
            return self.schema
        reading = self._reading()
        self._ready.append(reading)
        return reading.schema

    def _reading(self) -> _Reading:
        """Return a reading of which no batch has been taken: the one that is ready, or else a new one."""
        reading = None
        with contextlib.suppress(IndexError):
            reading = self._ready.pop()
        if reading is None or not reading.ours():
            reading = _Reading(self)
            self._schema = reading.schema
        return reading

    def _words(self, more: Sequence[str] = ()) -> list[str]:
        table = [] if self._table == "scalars" else [f"--table={self._table}"]
        return ["arrow", *more, *table, *words(self._options), *self._logdirs]

    def _about(self) -> dict[str, Any]:
        report = self.report or {}
        totals = report.get("totals", {})
        return {
            "version": str(report.get("tool", "")).removeprefix("tbexport "),
            "logdir": self._logdirs[1:],
            "runs": totals.get("runs", 0),
            "files": totals.get("files", 0),
            "points": totals.get("written", 0),
            "damaged": totals.get("damaged_files", 0) + totals.get("unreadable_files", 0),
        }

    def _done(self, outcome: Outcome, rows: int) -> None:
        """Keep what came of a reading, and say what was lost."""
        self._outcome, self._rows = outcome, rows
        if outcome.status != LOST or self._on_damage == "ignore":
            return
        text = outcome.damage or "something could not be read"
        if self._on_damage == "raise":
            raise Error(text, LOST, outcome.report)
        warnings.warn(DamageWarning(text, outcome.report), stacklevel=_outside())


def _again(made_of: tuple[Any, ...]) -> Scan:
    table, paths, options, strings, on_damage, progress = made_of
    return Scan(table, paths, options, strings=strings, on_damage=on_damage, progress=progress)


def _depends(table: str, options: Mapping[str, Any]) -> bool:
    """Report whether the columns depend on the data."""
    return not TABLES[table].columns or bool(options.get("wide"))


SHOWN_FIELDS = 30
READERS = (__package__, "pyarrow", "pandas", "polars", "duckdb", "nanoarrow")


def _outside() -> int:
    """Return the stack level, for warnings.warn of the caller, of the code that reads, directly or by a library."""
    level, caller = 1, sys._getframe(1)
    while caller.f_back is not None and str(caller.f_globals.get("__name__")).partition(".")[0] in READERS:
        caller, level = caller.f_back, level + 1
    return level


class _Lazy:
    """An iterator over a scan's batches, which begins at the first, and keeps the error that it ended with."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.batches: Iterator[pa.RecordBatch] | None = None
        self.error: BaseException | None = None

    def __iter__(self) -> _Lazy:
        return self

    def __next__(self) -> pa.RecordBatch:
        if self.batches is None:
            self.batches = iter(self.scan)
        try:
            return next(self.batches)
        except StopIteration:
            raise
        except BaseException as error:
            self.error = error
            raise


class _Reading:
    """One reading of a scan: the program has been started, and its stream has said its schema."""

    def __init__(self, scan: Scan) -> None:
        self.pa = need_pyarrow()
        self.scan = scan
        show = shows(scan._progress)
        self.process = Process(scan._words(["--error-format=json"] + ["--progress=json"] * show))
        self.progress = Progress(self.process, show)
        failure = None
        try:
            self.reader = self.pa.ipc.open_stream(self.process.stdout)
            self.schema = shown(self.reader.schema, scan._strings)
        except (self.pa.ArrowException, OSError) as error:
            failure = error
        except BaseException:
            self.close()
            raise
        if failure is not None:
            self.failed(failure)
        wanted = fixed(scan._table, scan._options, scan._strings)
        if wanted is not None and not self.schema.equals(wanted):
            self.close()
            raise Error(f"the program is of another version than this package: the columns are\n{self.schema}")

    def ours(self) -> bool:
        """Report whether this process began the reading, and not the one that it was forked from."""
        return self.process.ours()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Read to the end; then the exit status says whether it was the end."""
        rows = 0
        try:
            while True:
                failure = None
                try:
                    batch = self.reader.read_next_batch()
                except StopIteration:
                    break
                except (self.pa.ArrowException, OSError) as error:
                    failure = error
                if failure is not None:
                    self.failed(failure)
                rows += batch.num_rows
                yield self.decoded(batch)
            self.progress.close()
            outcome = self.process.finish()
        finally:
            self.close()
        self.scan._done(outcome, rows)

    def decoded(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch with strings for dictionaries, if they are wanted."""
        if not self.scan._strings:
            return batch
        columns = [c.dictionary_decode() if hasattr(c, "dictionary_decode") else c for c in batch.columns]
        return self.pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def failed(self, error: Exception) -> None:
        """Raise what the program says of a stream that cannot be read, or else the error itself."""
        self.progress.close()
        self.process.finish()
        raise Error(f"the program's output cannot be read: {error}") from error

    def close(self) -> None:
        """End the program, if it still runs."""
        self.progress.close()
        self.process.close()
