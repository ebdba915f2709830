"""One run of the program, and what it says at its end."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import weakref
from typing import IO, Any, cast

from ._binary import binary
from ._errors import Error, NotFoundError, UsageError

# As large as Linux lets everyone have; smaller pipes cost half of the speed.
PIPE_BYTES = 1 << 20

DONE, USAGE, LOST, INTERRUPTED = 0, 2, 3, 130


class Process:
    """A running program, whose standard output is read from `stdout`.

    Whoever holds it must call finish after the last byte, or close to end it early. One that is forgotten ends when it
    is collected.
    """

    def __init__(self, words: list[str]) -> None:
        """Start the program with these words; a report is asked for besides."""
        try:
            self._directory = tempfile.mkdtemp(prefix="tbexport-")
        except OSError as error:
            raise Error(f"no temporary directory can be made: {error}") from error
        self._said = -1
        try:
            self._said = _memory_file(self._directory)
            end = words.index("--") if "--" in words else len(words)
            self._report = os.path.join(self._directory, "report.json")
            words = [*words[:end], f"--report={self._report}", *words[end:]]
            self._popen = subprocess.Popen(
                [binary(), *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._said,
                bufsize=0,
                pipesize=PIPE_BYTES,
            )
        except BaseException as error:
            _remove(self._directory, self._said)
            if isinstance(error, OSError) and not isinstance(error, Error):
                raise Error(f"the program does not start: {error}") from error
            raise
        assert self._popen.stdout is not None
        self.stdout = io.BufferedReader(_Pipe(self._popen.stdout), PIPE_BYTES)
        self._owner = os.getpid()
        self._end = weakref.finalize(self, _end, self._popen, self._directory, self._said, self._owner)

    def ours(self) -> bool:
        """Report whether this process started it, and not the one that this process was forked from."""
        return os.getpid() == self._owner

    def finish(self) -> Outcome:
        """Wait for the end and return what came of it.

        Raises:
            Error: the program failed, whatever it wrote until then.
            KeyboardInterrupt: it was interrupted.
        """
        try:
            while self.stdout.read(PIPE_BYTES):
                pass
            status = self._popen.wait()
            return outcome(status, self.said(), self._read_report())
        finally:
            self.close()

    def close(self) -> None:
        """End the program if it still runs, and remove its temporary files. More calls do nothing."""
        self._end()

    def said(self, offset: int = 0) -> str:
        """Return what the program has said so far, from an offset in bytes on."""
        parts = []
        while part := _read_at(self._said, offset):
            parts.append(part)
            offset += len(part)
        return b"".join(parts).decode("utf-8", "replace")

    def _read_report(self) -> dict[str, Any] | None:
        try:
            with open(self._report, encoding="utf-8") as file:
                report: dict[str, Any] = json.load(file)
                return report
        except (OSError, ValueError):
            return None


class _Pipe(io.RawIOBase):
    """The program's standard output, waiting for which does not keep a signal waiting.

    A signal that comes just before a read, or to another thread, does not end that read.
    """

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = cast("io.RawIOBase", pipe)
        self._ready = None
        if hasattr(select, "poll"):  # Windows has none, and takes no pipes
            self._ready = select.poll()
            self._ready.register(pipe.fileno(), select.POLLIN)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        while self._ready is not None and not self._ready.poll(100):
            pass  # Python looks for signals here
        return cast("int | None", self._pipe.readinto(buffer))

    def close(self) -> None:
        self._pipe.close()
        super().close()


class Outcome:
    """A run of the program that did not fail.

    Attributes:
        report: what it read, exported and lost; None where it wrote none.
        damage: what was lost, as text; None where nothing was.
        status: its exit status.
    """

    def __init__(self, status: int, damage: str | None, report: dict[str, Any] | None) -> None:
        self.status = status
        self.damage = damage
        self.report = report


def outcome(status: int, said: str, report: dict[str, Any] | None) -> Outcome:
    """Turn an exit status and the words on standard error into an Outcome or an exception."""
    if status == DONE:
        return Outcome(status, None, report)
    if status == LOST:
        return Outcome(status, _damage(said), report)
    if status in (INTERRUPTED, -signal.SIGINT):
        raise KeyboardInterrupt("tbexport was interrupted")
    kind, message = _message(said)
    if status < 0:
        message = f"tbexport was killed by signal {-status}" + (f": {message}" if message else "")
    elif not message:
        message = f"tbexport ended with status {status} and said nothing"
    if status == USAGE:
        raise UsageError(message, status, report)
    if kind == "not_found":
        raise NotFoundError(message, message.removesuffix(": no such file or directory"), status)
    raise Error(message, status, report)


def _damage(said: str) -> str:
    lines = _lines(said)
    damaged = [line.removeprefix("warning: ") for line in lines if line.startswith("warning: ")]
    closing = [re.sub(r" -> .*?, [0-9.]+ s", "", line) for line in lines[-1:]]
    return re.sub(r" \(-v lists [^)]*\)", " (the report lists all)", "\n".join([*damaged, *closing]))


def _message(said: str) -> tuple[str, str]:
    """Return kind and text of the error among what the program said. Not all commands say a kind."""
    for line in said.splitlines():
        if line.startswith('{"error":'):
            with contextlib.suppress(ValueError, LookupError):
                error = json.loads(line)["error"]
                return error["kind"], error["message"]
    lines = _lines(said)
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    message = "\n".join(errors or [line for line in lines if not line.startswith("Try '")])
    return "not_found" if message.endswith(": no such file or directory") else "", message


def _lines(said: str) -> list[str]:
    """Return what the program said to people."""
    lines = [line for line in said.splitlines() if line and not line.startswith("{")]
    return [line.removeprefix("tbexport: ") for line in lines]


def _memory_file(directory: str) -> int:
    """Open a file for standard error: in memory where the system can, so that a full disk loses no message."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("tbexport-stderr")
    return os.open(os.path.join(directory, "stderr"), os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0))


def _read_at(file: int, offset: int) -> bytes:
    if hasattr(os, "pread"):
        return os.pread(file, 1 << 20, offset)
    os.lseek(file, offset, os.SEEK_SET)
    return os.read(file, 1 << 20)


def _end(popen: subprocess.Popen[bytes], directory: str, said: int, owner: int) -> None:
    """End a program and remove its files. In a child that was forked meanwhile, only close what it got a copy of."""
    if os.getpid() != owner:
        with contextlib.suppress(OSError):
            os.close(said)
        return
    if popen.poll() is None:
        with contextlib.suppress(OSError):
            popen.terminate()
    # Closed before waiting: a program that writes is woken up.
    if popen.stdout is not None:
        with contextlib.suppress(OSError):
            popen.stdout.close()
    try:
        popen.wait(timeout=5)
    except subprocess.TimeoutExpired:
        popen.kill()
        popen.wait()
    _remove(directory, said)


def _remove(directory: str, said: int) -> None:
    if said >= 0:
        with contextlib.suppress(OSError):
            os.close(said)
    shutil.rmtree(directory, ignore_errors=True)
