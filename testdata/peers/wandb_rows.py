"""Prints what the offline runs of W&B hold, as a JSON object a run: id, name, config, rows, summary, exit code.

    python wandb_rows.py DIR

The records are decoded by wandb's own protobuf classes, and by its own JSON rules. Their framing, LevelDB's log after
seven bytes of wandb's, is read here: wandb has no Python class for it any more. Of media it gives the SHA-256 of those files
that are there and that a record has uploaded."""

import binascii
import glob
import hashlib
import json
import os
import struct
import sys

from wandb.proto import wandb_internal_pb2

BLOCK, HEAD = 1 << 15, 7
FULL, FIRST, MIDDLE, LAST = 1, 2, 3, 4


def records(path):
    with open(path, "rb") as f:
        data = f.read()
    if data[:4] != b":W&B" or struct.unpack("<H", data[4:6])[0] != 0xBEE1 or data[6] != 0:
        sys.exit(f"{path}: begins with {data[:7]!r}")
    at, parts = HEAD, []
    while at < len(data):
        if BLOCK - at % BLOCK < HEAD:  # the rest of a block that has no room for a header
            at += BLOCK - at % BLOCK
            continue
        crc, length, kind = struct.unpack_from("<IHB", data, at)
        body = data[at + HEAD:at + HEAD + length]
        if binascii.crc32(bytes([kind]) + body) != crc or len(body) != length:
            sys.exit(f"{path}: wrong checksum at {at}")
        at += HEAD + length
        if (kind in (FULL, FIRST)) == bool(parts):
            sys.exit(f"{path}: a record of kind {kind} at {at}")
        parts.append(body)
        if kind in (FULL, LAST):
            yield wandb_internal_pb2.Record.FromString(b"".join(parts))
            parts = []
    if parts:
        sys.exit(f"{path}: ends within a record")


def items(update):
    """{key: value} of items, those of nested keys as dicts."""
    all = {}
    for item in update:
        at, keys = all, list(item.nested_key) or [item.key]
        for key in keys[:-1]:
            at = at.setdefault(key, {})
        if keys[-1] in at:
            sys.exit(f"{keys} is there twice")
        at[keys[-1]] = json.loads(item.value_json)
    return all


def medium(m, sums):
    """What a value of media shows."""
    kind = m["_type"]
    if kind == "histogram":
        return {"kind": kind, "bins": m["bins"], "counts": m["values"]}
    kind = {"image-file": "image", "images/separated": "image", "audio-file": "audio", "audio": "audio"}[kind]
    if m["_type"].endswith("-file"):
        files, labels = [m], [m.get("caption")]
        if m["size"] != sums.get(m["path"], (None, None))[1]:
            return {"kind": kind, "wrong": m}
    elif kind == "image":
        files, labels = [{"path": path} for path in m["filenames"]], [None] * m["count"]
    else:
        files, labels = m["audio"], m["captions"]
    for f in files:
        if f.get("sha256", sums.get(f["path"], (None,))[0]) != sums.get(f["path"], (None,))[0]:
            return {"kind": kind, "wrong": m}
    return {"kind": kind, "files": [sums.get(f["path"], (None,))[0] for f in files], "labels": [x or None for x in labels]}


def read(path):
    run, sums = {"rows": [], "summary": {}, "counted": False}, {}
    folder = os.path.join(os.path.dirname(path), "files")
    all = list(records(path))
    for r in all:
        for f in r.files.files:
            with open(os.path.join(folder, f.path), "rb") as file:
                content = file.read()
            sums[f.path] = hashlib.sha256(content).hexdigest(), len(content)
    for r in all:
        what = r.WhichOneof("record_type")
        if what == "run":
            run |= {"id": r.run.run_id, "run": r.run.display_name, "config": items(r.run.config.update)}
        elif what == "history":
            row = items(r.history.item)
            if row["_step"] != r.history.step.num:
                sys.exit(f"{path}: step {r.history.step.num} is {row['_step']}")
            run["rows"].append({key: medium(x, sums) if isinstance(x, dict) else x for key, x in row.items()})
        elif what == "summary":
            run["summary"] = {key: x for key, x in items(r.summary.update).items() if not isinstance(x, dict)}
        elif what == "metric":
            run["counted"] = True
        elif what == "exit":
            run["exit"] = r.exit.exit_code
    return run


for path in sorted(glob.glob(os.path.join(glob.escape(sys.argv[1]), "offline-run-*", "*.wandb"))):
    print(json.dumps(read(path)))
