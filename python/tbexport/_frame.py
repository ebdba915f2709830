"""Record batches to a pandas frame, with little more memory than the frame's own.

pyarrow's way holds all batches beside the frame it makes. Tables of numbers and names, which are the long ones, are
appended to the frame's own columns batch by batch instead. Both give the same frame.
"""

from __future__ import annotations

import mmap
import sys
from typing import TYPE_CHECKING, Any, cast

from ._packages import need, need_pyarrow

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import pandas as pd
    import pyarrow as pa

SMALL_BYTES = 1 << 20
NOT_A_TIME = -(1 << 63)


def frame(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> pd.DataFrame:
    """Return the frame of all batches."""
    pandas = need("pandas", "pandas")
    pa = need_pyarrow()
    columns = [_column(field) for field in schema]
    if not schema or None in columns:
        table = pa.Table.from_batches(list(batches), schema)
        return cast("pd.DataFrame", table.to_pandas(split_blocks=True, self_destruct=True))
    for batch in batches:
        for column, array in zip(columns, batch.columns, strict=True):
            column.append(array)
    # A frame of a list of columns, as names need not be unique.
    made = pandas.DataFrame({i: column.finish() for i, column in enumerate(columns)}, copy=False)
    made.columns = pandas.Index(schema.names)
    return cast("pd.DataFrame", made)


def _column(field: pa.Field) -> Any:
    """Return what collects a column; None where it is no column of numbers or names."""
    types = need_pyarrow().types
    if types.is_dictionary(field.type) and types.is_string(field.type.value_type):
        return _Names()
    if types.is_float64(field.type):
        return _Numbers("float64")
    if types.is_int64(field.type) and not field.nullable:
        return _Numbers("int64")
    if types.is_timestamp(field.type) and field.type.tz == "UTC":
        return _Times(field.type.unit)
    return None


class _Numbers:
    """A column that grows in place."""

    def __init__(self, dtype: str) -> None:
        self.values = _Memory(dtype)
        self.rows = 0

    def append(self, array: pa.Array) -> None:
        self.room(len(array))[:] = array.to_numpy(zero_copy_only=False)

    def room(self, rows: int) -> np.ndarray[Any, Any]:
        """Add rows, and return them to be filled in."""
        first, self.rows = self.rows, self.rows + rows
        return self.values.of_length(self.rows)[first : self.rows]

    def finish(self) -> Any:
        return self.values.cut(self.rows)


class _Times(_Numbers):
    """Timestamps in UTC; null is NaT."""

    def __init__(self, unit: str) -> None:
        super().__init__("int64")
        self.unit = unit

    def append(self, array: pa.Array) -> None:
        numbers = array.view("int64")
        super().append(numbers.fill_null(NOT_A_TIME) if numbers.null_count else numbers)

    def finish(self) -> Any:
        pd = need("pandas", "pandas")
        times = pd.array(super().finish().view(f"M8[{self.unit}]"), copy=False)
        if int(pd.__version__.partition(".")[0]) < 3:
            return times.tz_localize("UTC")
        # tz_localize would copy, and before pandas 3 view takes microseconds for nanoseconds.
        return times.view(pd.DatetimeTZDtype(self.unit, "UTC"))


class _Names(_Numbers):
    """A category, whose names are in order of appearance; null is the code -1."""

    def __init__(self) -> None:
        super().__init__("int8")
        self.codes: dict[str, int] = {}
        self.dictionary: pa.Array | None = None
        self.lookup: Any = None

    def append(self, array: pa.DictionaryArray) -> None:
        indices = array.indices
        if self.dictionary is None or not self.dictionary.equals(array.dictionary):
            self._learn(array.dictionary)
        rows = self.room(len(indices))
        if indices.null_count:
            indices = indices.fill_null(len(self.lookup) - 1)
        elif len(self.lookup) == 2:  # one name, and the code of null
            rows[:] = self.lookup[0]
            return
        self.lookup.take(indices.to_numpy(), out=rows, mode="clip")

    def _learn(self, dictionary: pa.Array) -> None:
        np = need("numpy", "pandas")
        self.dictionary = dictionary
        codes = [self.codes.setdefault(name, len(self.codes)) for name in dictionary.to_pylist()]
        for dtype in ("int8", "int16", "int32"):
            if len(self.codes) <= np.iinfo(dtype).max:
                break
        if dtype != self.values.dtype:
            wider = _Memory(dtype)
            wider.of_length(self.rows)[: self.rows] = self.values.of_length(self.rows)[: self.rows]
            self.values = wider
        self.lookup = np.array([*codes, -1], dtype)

    def finish(self) -> Any:
        pd = need("pandas", "pandas")
        return pd.Categorical.from_codes(super().finish(), categories=pd.Index(list(self.codes), dtype=_text(pd)))


class _Memory:
    """An array of unknown length. What is not written to yet takes no memory, and growing copies nothing, on Linux."""

    def __init__(self, dtype: str) -> None:
        self.dtype = dtype
        self.array: np.ndarray[Any, Any] = need("numpy", "pandas").empty(0, dtype)
        self.map: mmap.mmap | None = None

    def of_length(self, rows: int) -> np.ndarray[Any, Any]:
        """Return the array with at least as many rows, which are there until it is asked for more."""
        if rows > len(self.array):
            if sys.platform == "linux":
                self._remap(2 * rows * self.array.itemsize)
            else:
                self.array.resize(rows + (rows >> 4), refcheck=False)
        return self.array

    def cut(self, rows: int) -> np.ndarray[Any, Any]:
        """Return the first rows as an array of that length, and no other memory."""
        if rows * self.array.itemsize < SMALL_BYTES:
            small: np.ndarray[Any, Any] = self.array[:rows].copy()
            return small
        if self.map is not None:
            self._remap(rows * self.array.itemsize)
        else:
            self.array.resize(rows, refcheck=False)
        made: np.ndarray[Any, Any] = self.array
        return made

    def _remap(self, size: int) -> None:
        """Change the size of the mapping, which must not be in use meanwhile."""
        numpy = need("numpy", "pandas")
        self.array = numpy.empty(0, self.dtype)
        if self.map is None:
            # Private, so that a forked process has a copy of its own.
            self.map = mmap.mmap(-1, max(size, 1 << 24), flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        else:
            self.map.resize(size)
        self.array = numpy.frombuffer(self.map, self.dtype)


def _text(pd: Any) -> Any:
    """Return the type that this pandas infers for strings."""
    return pd.Series([""]).dtype
