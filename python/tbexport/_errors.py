"""What goes wrong, by kind."""

from __future__ import annotations

import errno
import os
from typing import Any


class Error(Exception):
    """The program failed: the text is its own. What was read until then is not all there is.

    Attributes:
        status: its exit status, negative for the number of the signal that ended it; None where it did not run.
        report: what was read and lost (see Scan.report), where the program got as far as to say it.
    """

    def __init__(self, message: str, status: int | None = None, report: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.report = report


class UsageError(Error, ValueError):
    """An argument is wrong, or does not go together with another."""


class NotFoundError(Error, FileNotFoundError):
    """A logdir is not there. filename is its path."""

    def __init__(self, message: str, path: str, status: int) -> None:
        super().__init__(message, status)
        self.errno, self.strerror, self.filename = errno.ENOENT, os.strerror(errno.ENOENT), path

    def __str__(self) -> str:
        return str(self.args[0])


class DamageWarning(UserWarning):
    """All that is readable was read, but some of the data is lost or unreadable.

    Attributes:
        report: what was read and lost, with its place (see Scan.report).
    """

    def __init__(self, message: str, report: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.report = report
