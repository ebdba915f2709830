"""How far a reading is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._process import Process


class Progress:
    """Placeholder."""

    def __init__(self, process: Process, wanted: bool | None) -> None:
        pass

    def close(self) -> None:
        pass
