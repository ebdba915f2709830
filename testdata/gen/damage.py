"""Damaged copies of one small file of logs/, each in a run of its own under testdata/damaged (see the README there).
Needs only the standard library."""

import gzip
import random
import shutil
import struct

from common import LOGS

SOURCE = LOGS / "restarts" / "no-start"
FIRST, SECOND = sorted(SOURCE.iterdir())
OUT = LOGS.parent / "damaged"


def offsets(data):
    """Where each record begins, and the end."""
    at = [0]
    while at[-1] < len(data):
        at.append(at[-1] + 16 + struct.unpack_from("<Q", data, at[-1])[0])
    return at


def write(case, data, number=0):
    directory = OUT / case
    directory.mkdir(exist_ok=True)
    (directory / f"events.out.tfevents.170000000{number}.host.1.{number}").write_bytes(data)


def flip(data, at, bit=1):
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1:]


def main():
    for old in OUT.iterdir():
        if old.is_dir():
            shutil.rmtree(old)
    data = FIRST.read_bytes()
    at = offsets(data)
    middle, last = at[5], at[-2]  # record 5 of 12, counted from 0, and the last one

    write("torn-in-data", data[:at[-1] - 9])
    write("torn-in-header", data[:last + 5])
    write("torn-before-data-crc", data[:at[-1] - 4])
    write("torn-then-next-file", data[:at[-1] - 9])
    write("torn-then-next-file", SECOND.read_bytes(), 1)
    write("data-crc", flip(data, at[6] - 1))
    write("data-bit", flip(data, middle + 12 + 20))
    write("data-crc-twice", flip(flip(data, at[4] - 1), at[8] - 1))
    write("data-crc-of-last", flip(data, len(data) - 1))
    write("length-crc", flip(data, middle + 8))
    write("length-crc-of-first", flip(data, 8))
    write("length-crc-of-last", flip(data, last + 8))
    write("length-huge", flip(data, middle + 7, 0x7F))  # 2^63 - something: not to be believed, nor allocated
    write("zero-tail", data + bytes(4096))
    write("zero-tail-in-record", data[:last + 20] + bytes(4096))
    write("zeros-only", bytes(512))
    write("zero-hole", data[:middle] + bytes(256) + data[middle:])
    write("two-files-in-one", data + SECOND.read_bytes())
    write("two-files-in-one-torn", data[:at[-1] - 9] + SECOND.read_bytes())
    write("record-lost", data[:middle + 7] + data[at[6] + 3:])
    write("gzip", gzip.compress(data, mtime=0))
    write("text", b"This is a note that somebody saved under the name of an event file.\n" * 4)
    page = random.Random(9).randbytes(128)
    write("page-overwritten", data[:300] + page + data[300 + len(page):])


if __name__ == "__main__":
    main()
