"""Any command of the program."""

from __future__ import annotations

import os
import subprocess
import warnings

from ._binary import binary
from ._errors import DamageWarning, Error
from ._process import LOST, outcome


def run(*args: str | os.PathLike[str]) -> subprocess.CompletedProcess[str]:
    """Run the program with these arguments and return what it wrote.

    Args:
        args: the words of the command line, as in run("csv", "logs", "--tag=loss").

    Returns:
        stdout and stderr as text, and returncode, which is 0 or 3.

    Raises:
        Error: the program failed; UsageError: the words are wrong; FileNotFoundError: a logdir is not there.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    try:
        done = subprocess.run(
            [binary(), *args],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
    except OSError as error:
        raise Error(f"the program does not start: {error}") from error
    if args and done.returncode == LOST and args[0] in ("verify", "repair"):
        return done  # that something is damaged is what they are asked
    what = outcome(done.returncode, done.stderr, None)
    if what.damage is not None:
        warnings.warn(DamageWarning(what.damage), stacklevel=2)
    return done
