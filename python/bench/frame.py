"""How long a frame takes, and how much memory, against the program alone and against tbparse.

    go run ./cmd/bench --dir DIR --prepare parquet tbparse      # makes the logdirs, and installs tbparse
    python python/bench/frame.py DIR/logdirs/v1-500x10x2000
    python python/bench/frame.py DIR/logdirs/v1-50x10x2000 --tbparse DIR/venv/bin/python

Pairs run in turn, and the ratio of each pair counts, as the machine may have other work.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import time

import tbexport
from tbexport._binary import binary
from tbexport._process import PIPE_BYTES

TBPARSE = """
import sys, time
from tbparse import SummaryReader
start = time.perf_counter()
frame = SummaryReader(sys.argv[1], extra_columns={"dir_name", "wall_time"}, event_types={"scalars"}).scalars
print(time.perf_counter() - start)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logdir")
    parser.add_argument("--tbparse", metavar="PYTHON", help="a Python that has tbparse")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    tbexport.read_scalars(options.logdir, steps=(0, 0))  # imports
    before = peak()
    ratios = []
    for n in range(options.rounds):
        other = tbparse(options.tbparse, options.logdir) if options.tbparse else thrown_away(options.logdir)
        start = time.perf_counter()
        df = tbexport.read_scalars(options.logdir)
        ours = time.perf_counter() - start
        if n == 0:
            size = df.memory_usage(deep=True).sum()
            more = (peak() - before) / size
            print(f"{len(df):,} rows, {size / 1e6:.0f} MB; peak over what was there before {more:.2f}x")
        ratios.append(other / ours if options.tbparse else ours / other)
        print(f"frame {ours:.2f} s, the other {other:.2f} s, ratio {ratios[-1]:.2f}")
        del df
    print(f"median ratio {statistics.median(ratios):.2f}")


def peak() -> int:
    """Return the most memory that this process has had, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def thrown_away(logdir: str) -> float:
    """Return the seconds in which the program writes the rows into a pipe that is only emptied."""
    start = time.perf_counter()
    words = [binary(), "arrow", "--time=timestamp", "--quiet", logdir]
    with subprocess.Popen(words, stdout=subprocess.PIPE, bufsize=0, pipesize=PIPE_BYTES) as program:
        buffer = bytearray(PIPE_BYTES)
        while program.stdout.readinto(buffer):
            pass
    return time.perf_counter() - start


def tbparse(python: str, logdir: str) -> float:
    """Return the seconds in which tbparse makes its frame."""
    return float(subprocess.run([python, "-c", TBPARSE, logdir], capture_output=True, check=True).stdout)


if __name__ == "__main__":
    main()
