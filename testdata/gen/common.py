"""What all generators share: where the files go, and a clock, host and pid that are the same on every machine."""

import os
import pathlib
import shutil
import socket
import time

LOGS = pathlib.Path(__file__).resolve().parent.parent / "logs"
START = 1700000000.25


class Clock:
    """Stands in for time.time(). It moves only when a generator says so, because writers ask it from
    background threads too, as often as they like."""

    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now

    def tick(self, seconds=0.125):
        self.now += seconds
        return self.now

    def reset(self, later=0.0):
        """A new run starts: back to the start (or so many seconds after it)."""
        self.now = START + later


clock = Clock()


def freeze():
    """Makes the file names and wall times of Python writers reproducible."""
    time.time = clock
    socket.gethostname = lambda: "host"
    os.getpid = lambda: 1


def fresh(path):
    """An empty directory LOGS/path, so that a second call of a generator leaves no old files behind."""
    full = LOGS / path
    shutil.rmtree(full, ignore_errors=True)
    full.mkdir(parents=True)
    return str(full)


def settle(directory, first=0):
    """Gives the files of a writer that insists on the real clock and host their reproducible names, numbered in the
    order in which they were made; those that have such a name already are left alone. What stands in the files is as
    written."""
    names = sorted(n for n in os.listdir(directory) if "tfevents" in n and ".host." not in n)
    for i, name in enumerate(names, first):
        suffix = ".v2" if name.endswith(".v2") else ""
        os.rename(
            os.path.join(directory, name),
            os.path.join(directory, f"events.out.tfevents.{int(START) + i}.host.1.{i}{suffix}"),
        )
