"""Compares what `tbexport ls --json` says with TensorBoard's own inspector (what `tensorboard --inspect` runs).

    tbexport ls --json LOGDIR > ls.json
    inspector.py ls.json [--min-tags N]

The inspector knows of every value of a tag its step and which field it stands in. So for every run and tag, the number
of values and their first, last, lowest and highest step are compared, and for every run its graphs. Exits with 0 if all
is the same, 1 if not, and 2 if fewer tags were compared than --min-tags, or none. Python 3.11, and
`pip install tensorboard==2.21.0 "setuptools<81"`."""

import argparse
import json
import sys

from google.protobuf.message import DecodeError
from tensorboard.backend.event_processing import event_file_inspector as inspector
from tensorboard.backend.event_processing import event_file_loader

# Runs where the inspector is known to see something else, by a part of their file's path, and why.
KNOWN_DIFFERENT = {
    "/odd/undecodable-record/": "it stops at the record, where tbexport goes on behind it",
    "/odd/tags-invalid-utf8/": "it cannot parse an event with such a tag",
    "/odd/metadata-value-later/": "it does not count a value of which no field is set",
    "/kinds/damaged-tensors/": "it cannot parse an event whose image or tensor is broken, and stops there",
    "/dtypes/not-scalars/": "it counts a tensor whose content contradicts its type, which is damage to tbexport",
    "/odd/tags-empty/": "it takes no node_name for a tag",
}
FIELDS = inspector.TAG_FIELDS


def observed(files):
    """{tag: {field: [step]}}, and the number of graphs, as the inspector finds them."""
    steps, graphs = {}, 0
    for path in files:
        found = inspector.get_field_to_observations_map(event_file_loader.LegacyEventFileLoader(path).Load())
        graphs += len(found["graph"])
        for field in FIELDS:
            for o in found[field]:
                steps.setdefault(o["tag"], {}).setdefault(field, []).append(o["step"])
    return steps, graphs


def listed(run):
    """{tag: (values, first, last, min, max)} of the fields that the inspector knows. First and last are None where a
    tag has values of several kinds."""
    tags = {}
    for t in run["tags"]:
        if t["kind"] in ("hparams", "metadata"):  # without a value in any field
            continue
        row = (t["values"], t["first_step"], t["last_step"], t["min_step"], t["max_step"])
        old = tags.get(t["tag"])
        tags[t["tag"]] = row if old is None else (
            row[0] + old[0], None, None, min(row[3], old[3]), max(row[4], old[4]))
    return tags


def compare(run, steps, graphs):
    ours = listed(run)
    for tag in sorted(set(ours) | set(steps)):
        have, seen = ours.get(tag), steps.get(tag)
        if have is None and any(t["tag"] == tag for t in run["tags"]):
            continue  # hparams with a null tensor
        if seen is None and not any(t["scalar"] for t in run["tags"] if t["tag"] == tag):
            continue  # values of which no field is set, only metadata
        if have is None or seen is None:
            yield f"{tag!r}: tbexport has {have}, the inspector {seen}"
            continue
        every = [step for field in seen.values() for step in field]
        # The inspector keeps a list for each field, so of several nobody knows which was first.
        first, last = (every[0], every[-1]) if len(seen) == 1 else (None, None)
        want = (len(every), first, last, min(every), max(every))
        if any(None not in (a, b) and a != b for a, b in zip(have, want)):
            yield f"{tag!r}: tbexport has {have}, the inspector {want}"
    if run["kinds"].get("graphs", 0) < graphs:
        yield f"tbexport has {run['kinds'].get('graphs', 0)} graphs, the inspector {graphs}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("listing")
    parser.add_argument("--min-tags", type=int, default=1)
    args = parser.parse_args()
    with open(args.listing) as f:
        runs = json.load(f)["runs"]
    different, tags = False, 0
    for run in runs:
        files = [f["path"] for f in run["files"]]
        known = next((why for part, why in KNOWN_DIFFERENT.items() if any(part in f for f in files)), None)
        try:
            differences = list(compare(run, *observed(files)))
        except DecodeError as e:
            differences = [f"the inspector fails: {e}"]
        tags += len(run["tags"])
        if known:
            print(f"{run['run']}: known, {known}" if differences else f"{run['run']}: KNOWN_DIFFERENT, but it is the same")
            continue
        for line in differences:
            different = True
            print(f"{run['run']}: {line}")
    print(f"{tags} tags of {len(runs)} runs compared")
    sys.exit(1 if different else 2 if tags < max(args.min_tags, 1) else 0)


if __name__ == "__main__":
    main()
