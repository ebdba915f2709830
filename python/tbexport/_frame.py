"""Record batches to a pandas frame, with little more memory than the frame's own.

pyarrow's way holds all batches beside the frame it makes. Tables of numbers and names, which are the long ones, are
appended to the frame's own columns batch by batch instead. Both give the same frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ._packages import need, need_pyarrow

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import pandas as pd
    import pyarrow as pa

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
        self.values = need("numpy", "pandas").empty(0, dtype)
        self.rows = 0

    def append(self, array: pa.Array) -> None:
        self.extend(array.to_numpy(zero_copy_only=False))

    def extend(self, values: np.ndarray[Any, Any]) -> None:
        rows = self.rows + len(values)
        if rows > len(self.values):
            # resize moves pages, not bytes, where the system can. An eighth is little to have too much for a while,
            # and much enough where it copies.
            self.values.resize(rows + (self.rows >> 3), refcheck=False)
        self.values[self.rows : rows] = values
        self.rows = rows

    def finish(self) -> Any:
        self.values.resize(self.rows, refcheck=False)
        return self.values


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
        times = super().finish().view(f"M8[{self.unit}]")
        return pd.array(times, dtype=pd.DatetimeTZDtype(self.unit, "UTC"), copy=False)


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
        if indices.null_count:
            indices = indices.fill_null(len(self.lookup) - 1)
        self.extend(self.lookup[indices.to_numpy()])

    def _learn(self, dictionary: pa.Array) -> None:
        np = need("numpy", "pandas")
        self.dictionary = dictionary
        codes = [self.codes.setdefault(name, len(self.codes)) for name in dictionary.to_pylist()]
        for dtype in ("int8", "int16", "int32"):
            if len(self.codes) <= np.iinfo(dtype).max:
                break
        if self.values.dtype != dtype:
            self.values = self.values.astype(dtype)
        self.lookup = np.array([*codes, -1], dtype)

    def finish(self) -> Any:
        pd = need("pandas", "pandas")
        return pd.Categorical.from_codes(super().finish(), categories=pd.Index(list(self.codes), dtype=_text(pd)))


def _text(pd: Any) -> Any:
    """Return the type that this pandas infers for strings."""
    return pd.Series([""]).dtype
