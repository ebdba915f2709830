"""The tables and their options: the one list that everything else is made from.

To add a table, add its line to TABLES; to add a flag, a line to OPTIONS and its name to the tables that take it. Then
run generate.py, which writes the functions.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """A keyword argument that is a flag of the program.

    Attributes:
        flag: the flag, without dashes.
        type: the annotation of the argument.
        default: its default, as source text; the flag is left out then.
        doc: what the documentation says of it.
        always: the program's own default is another, so that the flag is never left out.
    """

    flag: str
    type: str
    default: str
    doc: str
    always: bool = False


@dataclass(frozen=True)
class Table:
    """A table of the program.

    Attributes:
        doc: one line on what a row is.
        columns: names and types, as "name:type"; empty where they depend on the data.
        options: the names of the options that it takes.
        pictures: it has a column "image" of pictures, which decode=True opens.
    """

    doc: str
    columns: str
    options: tuple[str, ...]
    pictures: bool = False


OPTIONS = {
    "runs": Option(
        "run",
        "str | Sequence[str] | None",
        "None",
        "only runs whose name matches one of these globs; ** matches across /, a leading ! excludes",
    ),
    "run_regexes": Option(
        "run-regex", "str | Sequence[str] | None", "None", "only runs whose name contains a match of one of these"
    ),
    "tags": Option("tag", "str | Sequence[str] | None", "None", "only tags that match one of these globs, likewise"),
    "tag_regexes": Option(
        "tag-regex", "str | Sequence[str] | None", "None", "only tags that contain a match of one of these"
    ),
    "steps": Option(
        "steps",
        "str | tuple[int | None, int | None] | None",
        "None",
        'only these steps, (A, B) or "A:B", both included; either may be left out',
    ),
    "since": Option(
        "since",
        "Time | None",
        "None",
        "only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text",
    ),
    "until": Option("until", "Time | None", "None", "only points up to this time, likewise"),
    "sample": Option(
        "sample", "int", "0", "at most this many points a series: the first, the last and others evenly by index"
    ),
    "restarts": Option(
        "restarts",
        'Literal["keep", "step", "session"]',
        '"keep"',
        'points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the writer '
        "asked",
    ),
    "hparams": Option(
        "hparams",
        'Literal["last", "first"]',
        '"last"',
        'hparams that a run logged more than once: "last", all names with their last values; "first", the first record '
        "alone, as TensorBoard shows",
    ),
    "wall_time_unit": Option(
        "wall-time-unit", 'Literal["s", "ms", "us", "ns"]', '"s"', "the unit of the wall times in the files"
    ),
    "time": Option(
        "time",
        'Literal["timestamp", "seconds"]',
        '"timestamp"',
        'wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64)',
        always=True,
    ),
    "relative_time": Option(
        "relative-time", "bool", "False", "add relative_time: seconds since the series' first exported point"
    ),
    "wide": Option(
        "wide",
        'bool | Literal["run/tag"]',
        "False",
        'a row for each run and step and a column for each tag, instead of a row a point; "run/tag": a row for each '
        "step and a column for each run and tag; the logs are read twice",
    ),
    "filter": Option(
        "filter",
        "str | None",
        "None",
        'only rows that satisfy this, in the grammar of mlflow.search_runs: "params.lr < 0.1 and metrics.acc > 0.9"',
    ),
    "order_by": Option(
        "sort", "str | Sequence[str] | None", "None", 'by these columns, lowest first; "metrics.acc desc" the other way'
    ),
    "columns": Option(
        "columns", "str | Sequence[str] | None", "None", "only these columns, in this order; * is anything"
    ),
    "limit": Option("limit", "int", "0", "at most this many rows; 0: all"),
    "metric_summary": Option(
        "metric-summary",
        "str | Sequence[str] | None",
        "None",
        "columns for each metric beside its last value: min, max, mean, best_step, max_step",
    ),
    "no_fold_hparams": Option(
        "no-fold-hparams",
        "bool",
        "False",
        "a row for every run, also where add_hparams of PyTorch or Keras wrote a part of another run",
    ),
    "strict": Option("strict", "bool", "False", "fail at the first damage, instead of reading past it"),
    "ignore_crc": Option("ignore-crc", "bool", "False", "trust records with a wrong CRC, and files framed wrongly"),
    "jobs": Option("jobs", "int", "0", "read this many runs at a time; 0: one a processor"),
    "temp_dir": Option(
        "temp-dir", "str | os.PathLike[str] | None", "None", "where the points of very long runs go meanwhile"
    ),
}

# Repeatable flags whose values are one comma-separated list.
LISTS = frozenset({"metric_summary"})

NAMES = ("runs", "run_regexes", "tags", "tag_regexes")
POINTS = ("steps", "since", "until", "sample", "restarts")
TIMES = ("time", "relative_time")
READING = ("strict", "ignore_crc", "wall_time_unit", "jobs", "temp_dir")
VALUES = (*NAMES, *POINTS, "time", *READING)
VALUE = "run:name tag:name step:int64 wall_time:time "
TAGLESS = "run:name tag:name? step:int64 wall_time:time "

TABLES = {
    "scalars": Table(
        "the scalars: a row a point, by run, then tag, then in file order",
        "run:name tag:name step:int64 wall_time:time value:float64",
        (*NAMES, *POINTS, *TIMES, "wide", *READING),
    ),
    "hparams": Table(
        "the hyperparameters: a row an hparam of a run, by run and name",
        "run:name name:name type:name value:text? number:float64? bool:bool?",
        ("runs", "run_regexes", "hparams", "no_fold_hparams", *READING),
    ),
    "runs": Table(
        "the runs: a row a run, with its hparams (params.NAME) and the last values of its metrics (metrics.TAG), as "
        "mlflow.search_runs has them",
        "",
        (
            "filter",
            "order_by",
            "columns",
            "limit",
            "metric_summary",
            "no_fold_hparams",
            "hparams",
            *NAMES,
            "restarts",
            *READING,
        ),
    ),
    "text": Table("the texts: a row a text of a value", VALUE + "index:int64 shape:list<int64> text:text", VALUES),
    "histograms": Table(
        "the histograms: a row a histogram, with all its buckets as they were stored",
        VALUE + "left:list<float64> right:list<float64> count:list<float64> min:float64? max:float64? num:float64? "
        "sum:float64? sum_squares:float64?",
        VALUES,
    ),
    "images": Table(
        "the images: a row an image of a value",
        VALUE + "index:int32 width:int32 height:int32 format:text? sha256:text image:blob?",
        VALUES,
        pictures=True,
    ),
    "audio": Table(
        "the audio: a row a clip of a value",
        VALUE + "index:int32 sample_rate:float64? channels:int32? frames:int64? content_type:text? label:text? "
        "sha256:text audio:blob?",
        VALUES,
    ),
    "pr_curves": Table(
        "the precision-recall curves: a row a curve, with a number a threshold in each list",
        VALUE + "threshold:list<float64> tp:list<float64> fp:list<float64> tn:list<float64> fn:list<float64> "
        "precision:list<float64> recall:list<float64> shown:int32",
        VALUES,
    ),
    "meshes": Table(
        "the meshes: a row a mesh of a step, with three numbers a point",
        VALUE + "name:text index:int32 vertices:list<float64>? faces:list<float64>? colors:list<float64>? config:text?",
        VALUES,
    ),
    "tensors": Table(
        "the tensors that are no other kind: a row a tensor",
        VALUE + "plugin:text? dtype:text shape:list<int64> values:list<float64>? strings:list<text>? bytes:binary?",
        VALUES,
    ),
    "graphs": Table(
        "the graphs and run metadata: a row a graph, as the bytes that were logged",
        TAGLESS + "what:text bytes:binary",
        VALUES,
    ),
    "layouts": Table(
        "the layouts of custom scalars: a row a chart",
        VALUE + "category:text chart:text kind:text? series:list<curve>",
        VALUES,
    ),
    "tags": Table(
        "the tags: a row a tag of a run",
        "run:name tag:name kind:text plugin:text? display_name:text? description:text? content:binary? points:int64 "
        "first_step:int64 last_step:int64",
        (*NAMES, *READING),
    ),
    "events": Table(
        "the events that no other table has: a row an event, as the bytes of its record",
        TAGLESS + "what:text bytes:binary",
        VALUES,
    ),
}
