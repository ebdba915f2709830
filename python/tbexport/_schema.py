"""The Arrow schemas of the tables whose columns do not depend on the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._packages import need_pyarrow
from ._tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa


def fixed(table: str, options: Mapping[str, Any], strings: bool) -> pa.Schema | None:
    """Return the schema of a table under these options; None where only the data tell."""
    columns = TABLES[table].columns
    if not columns or options.get("wide"):
        return None
    pa = need_pyarrow()
    fields = [_field(column, options, strings) for column in columns.split()]
    if options.get("relative_time"):
        fields.append(pa.field("relative_time", pa.float64(), nullable=False))
    return pa.schema(fields)


def shown(schema: pa.Schema, strings: bool) -> pa.Schema:
    """Return the schema with dictionaries as strings, if strings are wanted."""
    if not strings:
        return schema
    pa = need_pyarrow()
    return pa.schema([f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in schema])


def _field(column: str, options: Mapping[str, Any], strings: bool) -> pa.Field:
    pa = need_pyarrow()
    name, _, kind = column.partition(":")
    nullable = kind.endswith("?")
    kind = kind.removesuffix("?")
    if kind == "time":
        stamp = options.get("time", "timestamp") == "timestamp"
        return pa.field(name, pa.timestamp("us", "UTC") if stamp else pa.float64(), nullable=stamp)
    return pa.field(name, _type(kind, strings), nullable=nullable)


def _type(kind: str, strings: bool) -> pa.DataType:
    """Return the type for a word of the list of tables: "name" is a string that few rows differ in."""
    pa = need_pyarrow()
    if kind.startswith("list<"):
        return pa.list_(pa.field("item", _type(kind[5:-1], strings), nullable=False))
    simple = {
        "name": pa.string() if strings else pa.dictionary(pa.int32(), pa.string()),
        "text": pa.string(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "float64": pa.float64(),
        "bool": pa.bool_(),
        "binary": pa.binary(),
        "curve": pa.struct([pa.field(part, pa.string()) for part in ("value", "lower", "upper")]),
        "blob": pa.struct([pa.field("bytes", pa.binary()), pa.field("path", pa.string())]),
    }
    return simple[kind]
