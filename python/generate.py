"""Writes tbexport/_functions.py from the list of tables: python generate.py [--check]."""

import sys
import textwrap
from pathlib import Path

# By itself, as the package does not import without the file that is written here.
sys.path.insert(0, str(Path(__file__).parent / "tbexport"))

from _tables import OPTIONS, TABLES, Table

TARGET = Path(__file__).parent / "tbexport" / "_functions.py"

HEAD = '''"""The read and scan functions. Written by generate.py from _tables.py."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from ._command import Logdir, Time
from ._scan import Scan

if TYPE_CHECKING:
    import pandas as pd
'''

LOGDIR = "a directory tree of runs or one event file; a list of them; or a dict of names to them"
COMMON = {
    "strings": ("bool", "False", "names as strings instead of categories"),
    "on_damage": (
        'Literal["warn", "raise", "ignore"]',
        '"warn"',
        'where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all else is '
        'read, or "ignore" it',
    ),
    "progress": ("bool | None", "None", "show how far it is after a second; None: in notebooks and on terminals"),
}
PICTURES = ("bool", "False", "images (PIL.Image.Image) instead of their bytes in the column image")

RAISES = '''    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
'''


def main() -> None:
    """Write the functions, or with --check fail where they are not as they would be written."""
    text = HEAD + f"\n__all__ = {exported()}\n"
    for name, table in TABLES.items():
        text += scan(name, table) + read(name, table)
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text)
    elif TARGET.read_text() != text:
        sys.exit(f"{TARGET} is not what {__file__} writes of the list of tables: run it")


def exported() -> str:
    """Return the names of all functions, as source text."""
    names = sorted(f"{verb}_{name}" for name in TABLES for verb in ("read", "scan"))
    return "[\n" + "".join(f'    "{name}",\n' for name in names) + "]"


def arguments(table: Table) -> dict[str, tuple[str, str, str]]:
    """Return annotation, default and words for each keyword argument of a table's functions."""
    options = {name: (OPTIONS[name].type, OPTIONS[name].default, OPTIONS[name].doc) for name in table.options}
    return {**options, **COMMON}


def signature(function: str, args: dict[str, tuple[str, str, str]], returns: str) -> str:
    """Return the head of a function."""
    lines = [f"    {name}: {kind} = {default},\n" for name, (kind, default, _) in args.items()]
    return f"\n\ndef {function}(\n    logdir: Logdir,\n    *,\n{''.join(lines)}) -> {returns}:\n"


def documentation(first: str, table: Table, args: dict[str, tuple[str, str, str]], returns: str) -> str:
    """Return the docstring of a function."""
    text = f'    """{first}\n\n' + paragraph(f"A table of {table.doc}.", "    ") + "\n"
    if table.columns:
        text += paragraph(f"Columns: {columns(table)}.", "    ") + "\n"
    text += "    Args:\n"
    for name, doc in {"logdir": LOGDIR, **{name: doc for name, (_, _, doc) in args.items()}}.items():
        text += paragraph(f"{name}: {doc}.", "        ", "            ")
    return text + "\n    Returns:\n" + paragraph(returns, "        ") + "\n" + RAISES


def columns(table: Table) -> str:
    """Return the columns in words."""
    units = {"time": "timestamp[us, UTC]", "name": "category", "text": "string", "blob": "struct of bytes and path"}
    words = []
    for column in table.columns.split():
        name, _, kind = column.partition(":")
        kind = kind.removesuffix("?")
        words.append(f"{name} ({units.get(kind, kind)})")
    return ", ".join(words)


def paragraph(text: str, indent: str, further: str | None = None) -> str:
    """Return text in lines of at most 120 columns."""
    return textwrap.fill(text, 120, initial_indent=indent, subsequent_indent=further or indent) + "\n"


def scan(name: str, table: Table) -> str:
    """Return the source of a scan function."""
    args = arguments(table)
    options = "".join(f'            "{option}": {option},\n' for option in table.options)
    return (
        signature(f"scan_{name}", args, "Scan")
        + documentation(f"Return the {name} of the logs as a Scan: nothing is read yet.", table, args, "The scan.")
        + f'    return Scan(\n        "{name}",\n        logdir,\n        {{\n{options}        }},\n'
        + "        strings=strings,\n        on_damage=on_damage,\n        progress=progress,\n    )\n"
    )


def read(name: str, table: Table) -> str:
    """Return the source of a read function."""
    args = arguments(table)
    if table.pictures:
        args["decode"] = PICTURES
    passed = "".join(f"        {arg}={arg},\n" for arg in args if arg != "decode")
    decode = "decode=decode" if table.pictures else ""
    return (
        signature(f"read_{name}", args, "pd.DataFrame")
        + documentation(
            f"Read the {name} of the logs into a pandas frame.",
            table,
            args,
            'The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.',
        )
        + f"    return scan_{name}(\n        logdir,\n{passed}    ).to_pandas({decode})\n"
    )


if __name__ == "__main__":
    main()
