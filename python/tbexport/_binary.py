"""Where the program is."""

from __future__ import annotations

import os
import sys

from ._errors import Error


def binary() -> str:
    """Return the path of the program: $TBEXPORT_BINARY, else the one inside this package."""
    named = os.environ.get("TBEXPORT_BINARY")
    if named:
        return named
    name = "tbexport.exe" if sys.platform == "win32" else "tbexport"
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_bin", name)
    if not os.path.exists(path):
        raise Error(
            f"{path} is not there: install a wheel, or 'pip install .' in a clone of the repository; "
            "$TBEXPORT_BINARY may name another program"
        )
    return path
