"""How far a reading is, shown while it lasts longer than a second."""

from __future__ import annotations

import json
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._process import Process

INTERVAL = 0.25


def shows(wanted: bool | None) -> bool:
    """Report whether progress is shown: as wanted, or else in notebooks and on terminals."""
    if wanted is not None:
        return wanted
    return _in_notebook() or (sys.stderr is not None and sys.stderr.isatty())


class Progress:
    """A bar for a program that says its progress as JSON lines: tqdm's where it is installed, else a line."""

    def __init__(self, process: Process, show: bool) -> None:
        """Begin to look at what the program says, in a thread of its own that holds up nobody."""
        self._process = process
        self._offset = 0
        self._bar: Any = None
        self._end = threading.Event()
        self._thread: threading.Thread | None = None
        if show:
            self._thread = threading.Thread(target=self._follow, name="tbexport progress", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Take the bar away. More calls do nothing."""
        self._end.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _follow(self) -> None:
        while not self._end.wait(INTERVAL):
            text = self._process.said(self._offset)
            whole = text[: text.rfind("\n") + 1]
            self._offset += len(whole.encode())
            said = [line for line in whole.splitlines() if line.startswith('{"progress":')]
            if said:
                progress = json.loads(said[-1])["progress"]
                self._show(progress["bytes"], progress["total"])

    def _show(self, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = _bar(total)
        self._bar.n = done
        self._bar.refresh()


class _Line:
    """A line on standard error, which is what there is without tqdm."""

    def __init__(self, total: int) -> None:
        self.n, self.total = 0, total

    def refresh(self) -> None:
        sys.stderr.write(f"\rtbexport: {100 * self.n // max(self.total, 1)} % of {self.total / 1e6:,.0f} MB ")
        sys.stderr.flush()

    def close(self) -> None:
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()


def _bar(total: int) -> Any:
    try:
        import tqdm.auto
    except ImportError:
        return _Line(total)
    return tqdm.auto.tqdm(total=total, unit="B", unit_scale=True, desc="tbexport", leave=False)


def _in_notebook() -> bool:
    """Report whether this is an IPython kernel, without importing IPython."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and hasattr(shell, "kernel")
