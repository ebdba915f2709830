"""Packages that only some functions need."""

from __future__ import annotations

import importlib
from typing import Any


def need(module: str, extra: str) -> Any:
    """Import and return a module, or raise an ImportError that says which extra of tbexport brings it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f"{module} is needed for this, and does not import ({error}): pip install 'tbexport[{extra}]'",
            name=module,
        ) from error


def need_pyarrow() -> Any:
    """Import pyarrow, which must be new enough to hand its streams to others."""
    pyarrow = need("pyarrow", "pandas")
    if not hasattr(pyarrow.RecordBatchReader, "__arrow_c_stream__"):
        raise ImportError(
            f"pyarrow {pyarrow.__version__} is too old, 14 is the first that does: pip install 'tbexport[pandas]'",
            name="pyarrow",
        )
    return pyarrow
