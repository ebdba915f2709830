"""Compares what a tracker's own programs read of runs that tbexport wrote with the oracle: every point by scalars.py with
its step and its row's time, pictures, sounds and histograms by kinds.py, files by their SHA-256, hparams by TensorBoard's plugin.

    check_trackers.py LOGDIR RUNS.jsonl --of wandb|trackio [--min-points N] [--min-media N] [--min-params N]

RUNS.jsonl is what testdata/peers/wandb_rows.py or trackio_rows.py prints of runs written with --no-fold-hparams.
What these trackers cannot hold, and is no difference:

- A row is a step of a run: points of one step share a row, and its time is the earliest that is finite. Of several points of
  a tag at a step, each has a row of its own.
- Trackio's times are microseconds of the years 1 to 9999; one that is no number is 1970. W&B's row has none then.
- Trackio has "NaN" and such as texts in a config.
- Names that a tracker keeps for itself have another name, with a mark.
- W&B's steps grow: where those of a run do not, rows are counted and the step is global_step.
- Pictures and sounds of formats that no browser shows, and histograms whose buckets overlap or are not finite, are left out.
- Of a histogram 512 buckets at most; of more, the sum of the counts and the outer edges are compared. A gap between buckets is one
  without a count. The last one of an old histogram has no limit: it ends at the greatest number, or is left out where it is empty.
- What is no scalar, hparam, picture, sound or histogram is not there. A run with none of these is left out.
Exit status: 0 the same, 1 different, 2 too little to tell."""

import argparse
import datetime
import hashlib
import itertools
import json
import math
import sys

from google.protobuf.message import DecodeError
from tensorboard.plugins.hparams import api_pb2, error, metadata

import kinds
import scalars

SHOWN = {"images": ("png", "jpeg", "gif", "bmp", "webp"),
         "audio": ("audio/wav", "audio/wave", "audio/x-wav", "audio/mpeg", "audio/mp3", "audio/ogg", "audio/flac", "audio/aac")}  # fmt: skip
MOST_BUCKETS = 512


def number_key(x):
    """Equal for numbers that are the same: NaN is NaN, and -0 is not 0."""
    return {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}.get(x) if isinstance(x, str) else repr(float(x))


class Wandb:
    counts = True

    @staticmethod
    def key(name):
        if name == "":
            return "unnamed"
        return "tag/" + name if name == "global_step" or name.startswith("_") else name

    @staticmethod
    def time(seconds):
        return seconds

    @staticmethod
    def row(row, counted):
        row = dict(row)
        at, time = row.pop("_step"), row.pop("_timestamp", None)
        row.pop("_runtime", None)
        return (row.pop("global_step"), at) if counted else (at, 0), time, row

    @staticmethod
    def items(key, value, _):
        yield key, value


class Trackio:
    counts = False
    KEPT = ("project", "run", "timestamp", "step", "time", "metrics", "_Username", "_Created", "_Group", "_tbexport")

    def key(self, name):
        return "__" + name if name in self.KEPT else name

    @staticmethod
    def time(seconds):
        micros = 0
        if seconds is not None:
            exact = math.copysign(math.floor(abs(seconds * 1e6) + 0.5), seconds)
            micros = int(min(max(exact, -62_135_596_800_000_000), 253_402_300_799_000_000))
        time = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(microseconds=micros)
        return time.isoformat(timespec="microseconds")

    @staticmethod
    def row(row, _):
        row = dict(row)
        return (row.pop("step"), 0), row.pop("timestamp"), row

    @staticmethod
    def items(key, value, several):
        """One picture or sound a key."""
        if "files" not in value:
            yield key, value
        else:
            for i, (file, label) in enumerate(zip(value["files"], value["labels"])):
                yield (f"{key}/{i}" if several else key), value | {"files": [file], "labels": [label]}


# ---- what the logs hold ---------------------------------------------------------------------------------------


def buckets(h):
    """(edges, counts) side by side; None where there are none that can be shown."""
    edges, counts = [], []
    for i, (left, right, count) in enumerate(zip(h["left"], h["right"], h["count"])):
        if i == len(h["count"]) - 1 and h["max"] is not None and left <= h["max"] < right:
            right = h["max"]  # the writer of an old histogram says that there is no limit
        elif i == len(h["count"]) - 1 and h["max"] is not None and count == 0 and right >= sys.float_info.max:
            break
        if not all(map(math.isfinite, (left, right, count))) or right < left or edges and left < edges[-1]:
            return None
        if edges and left > edges[-1]:
            edges, counts = [*edges, left], [*counts, 0.0]
        edges, counts = [*(edges or [left]), right], [*counts, count]
    return (edges, counts) if counts else None


def value_of(table, rows):
    """What can be shown of a value of media; None: nothing."""
    if table == "histograms":
        found = buckets(rows[0])
        return found and {"kind": "histogram", "bins": found[0], "counts": found[1]}
    column, kind, blob = ("format", "image", "image") if table == "images" else ("content_type", "audio", "audio")
    rows = [r for r in rows if r[column] in SHOWN[table] and (kind == "image" or r[blob]["bytes"])]
    return rows and {"kind": kind, "files": [r[blob]["sha256"] for r in rows], "labels": [r.get("label") or None for r in rows]} or None


def params(files):
    """({name: value}, whether the session failed): of each name the last value."""
    found, failed = {}, False
    for event in scalars.events(files):
        for value in event.summary.value:
            content = value.metadata.plugin_data.content
            if value.metadata.plugin_data.plugin_name != metadata.PLUGIN_NAME:
                continue
            try:
                if value.tag == metadata.SESSION_START_INFO_TAG:
                    found |= dict(metadata.parse_session_start_info_plugin_data(content).hparams.items())
                elif value.tag == metadata.SESSION_END_INFO_TAG:
                    failed = metadata.parse_session_end_info_plugin_data(content).status == api_pb2.STATUS_FAILURE
            except (error.HParamsError, DecodeError):
                pass
    return {name: plain(v) for name, v in found.items()}, failed


def plain(v):
    """A google.protobuf.Value as Python has it."""
    kind = v.WhichOneof("kind")
    if kind == "list_value":
        return [plain(x) for x in v.list_value.values]
    if kind == "struct_value":
        return {key: plain(x) for key, x in v.struct_value.fields.items()}
    return None if kind in (None, "null_value") else getattr(v, kind)


class Rows:
    """The rows of a run, as a tracker is to have them."""

    def __init__(self, tracker, files):
        self.rows, self.points, self.media = {}, 0, 0
        self.orderly = True  # steps grow, and are counts
        tags = scalars.read_run(files)
        self.keys = {tag: self.marked(tracker, tag) for tag in tags}
        for tag, series in tags.items():
            self.points += len(series)
            self.add([(step, time, {self.keys[tag]: value}) for step, time, value in series])
        run, taken = kinds.Run(files, lambda text: None), set(self.keys.values())
        for table in ("images", "audio", "histograms"):
            for tag, values in itertools.groupby(sorted(run.rows[table], key=lambda r: (r[0].encode(), r[1])), lambda r: r[0]):
                values = [list(rows) for _, rows in itertools.groupby(values, lambda r: r[1])]
                key = tracker.key(tag)
                while key in taken:
                    key += "." + table
                taken.add(key)
                several = max(map(len, values)) > 1
                shown = [(rows[0][2], rows[0][3], value_of(table, [r[4] for r in rows])) for rows in values]
                shown = [(step, time, dict(tracker.items(key, value, several))) for step, time, value in shown if value]
                self.media += len(shown)
                self.add(shown)

    @staticmethod
    def marked(tracker, name):
        key = tracker.key(name)
        return key if key == name else key + "_" + hashlib.sha256(name.encode()).hexdigest()[:8]

    def add(self, values):
        """Adds values of one tag in their order: those of one step to its first rows."""
        nth, last = {}, -1
        for step, time, items in values:
            self.orderly &= last < step <= 1 << 53
            last, n = step, nth.get(step, 0)
            nth[step] = n + 1
            times, row = self.rows.setdefault((step, n), ([], {}))
            times.append(time)
            row.update(items)


# ---- the comparison -------------------------------------------------------------------------------------------


def shown(value):
    """A value of a row in a form to compare."""
    if not isinstance(value, dict):
        return number_key(value)
    if value["kind"] != "histogram":
        return value
    edges, counts = [number_key(x) for x in value["bins"]], [number_key(x) for x in value["counts"]]
    return {"kind": "histogram", "bins": edges, "counts": counts}


def coarser(want, got):
    """Whether got can be want with buckets joined."""
    return (isinstance(want, dict) and want["kind"] == "histogram" and len(want["counts"]) > MOST_BUCKETS >= len(got["counts"])
            and set(got["bins"]) <= set(want["bins"]) and got["bins"][0] == want["bins"][0] and got["bins"][-1] == want["bins"][-1]
            and math.isclose(sum(got["counts"]), sum(want["counts"])))  # fmt: skip


class Check:
    def __init__(self, tracker):
        self.tracker, self.wrong = tracker, []
        self.points = self.media = self.params = self.joined = 0

    def differs(self, run, what, want, got):
        self.wrong.append(f"{run!r}: {what}: want {str(want)[:300]}\n  got {str(got)[:300]}")

    def run(self, name, files, got):
        want = Rows(self.tracker, files)
        hparams, failed = params(files)
        if got is None:
            if want.rows or hparams:
                self.differs(name, "run", f"{len(want.rows)} rows, {len(hparams)} hparams", None)
            return
        self.points, self.media, self.params = self.points + want.points, self.media + want.media, self.params + len(hparams)
        self.config(name, hparams, got["config"])
        counted = got.get("counted", False)
        if self.tracker.counts and counted == want.orderly:
            self.differs(name, "rows are counted", not want.orderly, counted)
        rows = [self.tracker.row(row, counted) for row in got["rows"]]
        rows = [r for r in rows if r[2]]  # Trackio lists a run by its rows: one with hparams alone has an empty one
        expected = []
        for number, ((step, nth), (times, row)) in enumerate(sorted(want.rows.items())):
            place = (step, number) if counted else (step, 0)
            expected.append((place, self.tracker.time(min(filter(math.isfinite, times), default=None)), row))
        if not self.tracker.counts:  # its own programs give rows by time: those of one step stand in any order
            rows, expected = (sorted(x, key=lambda r: (r[0], r[1], sorted((k, str(shown(v))) for k, v in r[2].items()))) for x in (rows, expected))
        if len(rows) != len(expected):
            self.differs(name, "rows", len(expected), len(rows))
        for a, b in zip(expected, rows):
            self.row(name, a, b)
        if "exit" in got and got["exit"] != int(failed):
            self.differs(name, "exit code", int(failed), got["exit"])
        if "summary" in got:
            last = {key: value for _, _, row in expected for key, value in row.items() if not isinstance(value, dict)}
            for key, value in last.items():
                if shown(got["summary"].get(key, math.nan)) != shown(value):
                    self.differs(name, f"summary of {key!r}", value, got["summary"].get(key))

    def row(self, name, want, got):
        if want[:2] != got[:2] or want[2].keys() != got[2].keys():
            return self.differs(name, "row", (*want[:2], sorted(want[2])), (*got[:2], sorted(got[2])))
        for key, value in want[2].items():
            if shown(value) != shown(got[2][key]):
                if coarser(value, got[2][key]):
                    self.joined += 1
                else:
                    self.differs(name, f"{key!r} at {want[0]}", value, got[2][key])

    def config(self, name, hparams, config):
        want = {Rows.marked(self.tracker, key): value for key, value in hparams.items()}
        got = {key: value for key, value in config.items() if key in want or not key.startswith("_")}
        if want.keys() != got.keys():
            return self.differs(name, "names of hparams", sorted(want), sorted(got))
        for key, value in want.items():
            if not alike(value, got[key]):
                self.differs(name, f"hparam {key!r}", value, got[key])


def alike(want, got):
    """Numbers are the same whatever their type; a list or a struct is compared whole."""
    if isinstance(want, float) and not isinstance(got, bool) and isinstance(got, (int, float, str)):
        return number_key(want) == number_key(got)
    return type(want) is type(got) and want == got


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logdir")
    parser.add_argument("runs")
    parser.add_argument("--of", choices=("wandb", "trackio"), required=True)
    for what in ("points", "media", "params"):
        parser.add_argument(f"--min-{what}", type=int, default=1)
    args = parser.parse_args()
    check, got = Check(Wandb() if args.of == "wandb" else Trackio()), {}
    with open(args.runs) as f:
        for line in f:
            run = json.loads(line)
            if run["run"] in got:
                check.differs(run["run"], "run", "one", "two")
            got[run["run"]] = run
    for name, files in scalars.find_runs(args.logdir).items():
        check.run(name, files, got.pop(name, None))
    for name in got:
        check.differs(name, "run", None, "one")
    for text in check.wrong[:20]:
        print(text)
    print(f"{check.points} points, {check.media} values of media, {check.params} hparams compared, {check.joined} histograms with "
          f"buckets joined, {len(check.wrong)} wrong")  # fmt: skip
    if check.wrong:
        sys.exit(1)
    if check.points < args.min_points or check.media < args.min_media or check.params < args.min_params:
        sys.exit(2)


if __name__ == "__main__":
    main()
