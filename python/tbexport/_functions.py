"""The read and scan functions. Written by generate.py from _tables.py."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from ._command import Logdir, Time
from ._scan import Scan

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "read_audio",
    "read_events",
    "read_graphs",
    "read_histograms",
    "read_hparams",
    "read_images",
    "read_layouts",
    "read_meshes",
    "read_pr_curves",
    "read_runs",
    "read_scalars",
    "read_tags",
    "read_tensors",
    "read_text",
    "scan_audio",
    "scan_events",
    "scan_graphs",
    "scan_histograms",
    "scan_hparams",
    "scan_images",
    "scan_layouts",
    "scan_meshes",
    "scan_pr_curves",
    "scan_runs",
    "scan_scalars",
    "scan_tags",
    "scan_tensors",
    "scan_text",
]


def scan_scalars(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    relative_time: bool = False,
    wide: bool | Literal["run/tag"] = False,
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> Scan:
    """Return the scalars of the logs as a Scan: nothing is read yet.

    A table of the scalars: a row a point, by run, then tag, then in file order.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), value (float64).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        relative_time: add relative_time: seconds since the series' first exported point.
        wide: a row for each run and step and a column for each tag, instead of a row a point; "run/tag": a row for each
            step and a column for each run and tag; the logs are read twice.
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The scan.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return Scan(
        "scalars",
        logdir,
        {
            "runs": runs,
            "run_regexes": run_regexes,
            "tags": tags,
            "tag_regexes": tag_regexes,
            "steps": steps,
            "since": since,
            "until": until,
            "sample": sample,
            "restarts": restarts,
            "time": time,
            "relative_time": relative_time,
            "wide": wide,
            "strict": strict,
            "ignore_crc": ignore_crc,
            "wall_time_unit": wall_time_unit,
            "jobs": jobs,
            "temp_dir": temp_dir,
        },
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    )


def read_scalars(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    relative_time: bool = False,
    wide: bool | Literal["run/tag"] = False,
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> pd.DataFrame:
    """Read the scalars of the logs into a pandas frame.

    A table of the scalars: a row a point, by run, then tag, then in file order.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), value (float64).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        relative_time: add relative_time: seconds since the series' first exported point.
        wide: a row for each run and step and a column for each tag, instead of a row a point; "run/tag": a row for each
            step and a column for each run and tag; the logs are read twice.
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return scan_scalars(
        logdir,
        runs=runs,
        run_regexes=run_regexes,
        tags=tags,
        tag_regexes=tag_regexes,
        steps=steps,
        since=since,
        until=until,
        sample=sample,
        restarts=restarts,
        time=time,
        relative_time=relative_time,
        wide=wide,
        strict=strict,
        ignore_crc=ignore_crc,
        wall_time_unit=wall_time_unit,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas()


def scan_hparams(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    hparams: Literal["last", "first"] = "last",
    no_fold_hparams: bool = False,
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> Scan:
    """Return the hparams of the logs as a Scan: nothing is read yet.

    A table of the hyperparameters: a row an hparam of a run, by run and name.

    Columns: run (category), name (category), type (category), value (string), number (float64), bool (bool).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        hparams: hparams that a run logged more than once: "last", all names with their last values; "first", the first
            record alone, as TensorBoard shows.
        no_fold_hparams: a row for every run, also where add_hparams of PyTorch or Keras wrote a part of another run.
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The scan.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return Scan(
        "hparams",
        logdir,
        {
            "runs": runs,
            "run_regexes": run_regexes,
            "hparams": hparams,
            "no_fold_hparams": no_fold_hparams,
            "strict": strict,
            "ignore_crc": ignore_crc,
            "wall_time_unit": wall_time_unit,
            "jobs": jobs,
            "temp_dir": temp_dir,
        },
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    )


def read_hparams(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    hparams: Literal["last", "first"] = "last",
    no_fold_hparams: bool = False,
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> pd.DataFrame:
    """Read the hparams of the logs into a pandas frame.

    A table of the hyperparameters: a row an hparam of a run, by run and name.

    Columns: run (category), name (category), type (category), value (string), number (float64), bool (bool).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        hparams: hparams that a run logged more than once: "last", all names with their last values; "first", the first
            record alone, as TensorBoard shows.
        no_fold_hparams: a row for every run, also where add_hparams of PyTorch or Keras wrote a part of another run.
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return scan_hparams(
        logdir,
        runs=runs,
        run_regexes=run_regexes,
        hparams=hparams,
        no_fold_hparams=no_fold_hparams,
        strict=strict,
        ignore_crc=ignore_crc,
        wall_time_unit=wall_time_unit,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas()


def scan_runs(
    logdir: Logdir,
    *,
    filter: str | None = None,
    order_by: str | Sequence[str] | None = None,
    columns: str | Sequence[str] | None = None,
    limit: int = 0,
    metric_summary: str | Sequence[str] | None = None,
    no_fold_hparams: bool = False,
    hparams: Literal["last", "first"] = "last",
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    restarts: Literal["keep", "step", "session"] = "keep",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> Scan:
    """Return the runs of the logs as a Scan: nothing is read yet.

    A table of the runs: a row a run, with its hparams (params.NAME) and the last values of its metrics (metrics.TAG),
    as mlflow.search_runs has them.

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        filter: only rows that satisfy this, in the grammar of mlflow.search_runs: "params.lr < 0.1 and metrics.acc >
            0.9".
        order_by: by these columns, lowest first; "metrics.acc desc" the other way.
        columns: only these columns, in this order; * is anything.
        limit: at most this many rows; 0: all.
        metric_summary: columns for each metric beside its last value: min, max, mean, best_step, max_step.
        no_fold_hparams: a row for every run, also where add_hparams of PyTorch or Keras wrote a part of another run.
        hparams: hparams that a run logged more than once: "last", all names with their last values; "first", the first
            record alone, as TensorBoard shows.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The scan.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return Scan(
        "runs",
        logdir,
        {
            "filter": filter,
            "order_by": order_by,
            "columns": columns,
            "limit": limit,
            "metric_summary": metric_summary,
            "no_fold_hparams": no_fold_hparams,
            "hparams": hparams,
            "runs": runs,
            "run_regexes": run_regexes,
            "tags": tags,
            "tag_regexes": tag_regexes,
            "restarts": restarts,
            "strict": strict,
            "ignore_crc": ignore_crc,
            "wall_time_unit": wall_time_unit,
            "jobs": jobs,
            "temp_dir": temp_dir,
        },
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    )


def read_runs(
    logdir: Logdir,
    *,
    filter: str | None = None,
    order_by: str | Sequence[str] | None = None,
    columns: str | Sequence[str] | None = None,
    limit: int = 0,
    metric_summary: str | Sequence[str] | None = None,
    no_fold_hparams: bool = False,
    hparams: Literal["last", "first"] = "last",
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    restarts: Literal["keep", "step", "session"] = "keep",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> pd.DataFrame:
    """Read the runs of the logs into a pandas frame.

    A table of the runs: a row a run, with its hparams (params.NAME) and the last values of its metrics (metrics.TAG),
    as mlflow.search_runs has them.

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        filter: only rows that satisfy this, in the grammar of mlflow.search_runs: "params.lr < 0.1 and metrics.acc >
            0.9".
        order_by: by these columns, lowest first; "metrics.acc desc" the other way.
        columns: only these columns, in this order; * is anything.
        limit: at most this many rows; 0: all.
        metric_summary: columns for each metric beside its last value: min, max, mean, best_step, max_step.
        no_fold_hparams: a row for every run, also where add_hparams of PyTorch or Keras wrote a part of another run.
        hparams: hparams that a run logged more than once: "last", all names with their last values; "first", the first
            record alone, as TensorBoard shows.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return scan_runs(
        logdir,
        filter=filter,
        order_by=order_by,
        columns=columns,
        limit=limit,
        metric_summary=metric_summary,
        no_fold_hparams=no_fold_hparams,
        hparams=hparams,
        runs=runs,
        run_regexes=run_regexes,
        tags=tags,
        tag_regexes=tag_regexes,
        restarts=restarts,
        strict=strict,
        ignore_crc=ignore_crc,
        wall_time_unit=wall_time_unit,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas()


def scan_text(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> Scan:
    """Return the text of the logs as a Scan: nothing is read yet.

    A table of the texts: a row a text of a value.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), index (int64), shape
    (list<int64>), text (string).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The scan.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return Scan(
        "text",
        logdir,
        {
            "runs": runs,
            "run_regexes": run_regexes,
            "tags": tags,
            "tag_regexes": tag_regexes,
            "steps": steps,
            "since": since,
            "until": until,
            "sample": sample,
            "restarts": restarts,
            "time": time,
            "strict": strict,
            "ignore_crc": ignore_crc,
            "wall_time_unit": wall_time_unit,
            "jobs": jobs,
            "temp_dir": temp_dir,
        },
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    )


def read_text(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> pd.DataFrame:
    """Read the text of the logs into a pandas frame.

    A table of the texts: a row a text of a value.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), index (int64), shape
    (list<int64>), text (string).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return scan_text(
        logdir,
        runs=runs,
        run_regexes=run_regexes,
        tags=tags,
        tag_regexes=tag_regexes,
        steps=steps,
        since=since,
        until=until,
        sample=sample,
        restarts=restarts,
        time=time,
        strict=strict,
        ignore_crc=ignore_crc,
        wall_time_unit=wall_time_unit,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas()


def scan_histograms(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> Scan:
    """Return the histograms of the logs as a Scan: nothing is read yet.

    A table of the histograms: a row a histogram, with all its buckets as they were stored.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), left (list<float64>), right
    (list<float64>), count (list<float64>), min (float64), max (float64), num (float64), sum (float64), sum_squares
    (float64).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The scan.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return Scan(
        "histograms",
        logdir,
        {
            "runs": runs,
            "run_regexes": run_regexes,
            "tags": tags,
            "tag_regexes": tag_regexes,
            "steps": steps,
            "since": since,
            "until": until,
            "sample": sample,
            "restarts": restarts,
            "time": time,
            "strict": strict,
            "ignore_crc": ignore_crc,
            "wall_time_unit": wall_time_unit,
            "jobs": jobs,
            "temp_dir": temp_dir,
        },
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    )


def read_histograms(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> pd.DataFrame:
    """Read the histograms of the logs into a pandas frame.

    A table of the histograms: a row a histogram, with all its buckets as they were stored.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), left (list<float64>), right
    (list<float64>), count (list<float64>), min (float64), max (float64), num (float64), sum (float64), sum_squares
    (float64).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return scan_histograms(
        logdir,
        runs=runs,
        run_regexes=run_regexes,
        tags=tags,
        tag_regexes=tag_regexes,
        steps=steps,
        since=since,
        until=until,
        sample=sample,
        restarts=restarts,
        time=time,
        strict=strict,
        ignore_crc=ignore_crc,
        wall_time_unit=wall_time_unit,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas()


def scan_images(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> Scan:
    """Return the images of the logs as a Scan: nothing is read yet.

    A table of the images: a row an image of a value.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), index (int32), width (int32),
    height (int32), format (string), sha256 (string), image (struct of bytes and path).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The scan.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return Scan(
        "images",
        logdir,
        {
            "runs": runs,
            "run_regexes": run_regexes,
            "tags": tags,
            "tag_regexes": tag_regexes,
            "steps": steps,
            "since": since,
            "until": until,
            "sample": sample,
            "restarts": restarts,
            "time": time,
            "strict": strict,
            "ignore_crc": ignore_crc,
            "wall_time_unit": wall_time_unit,
            "jobs": jobs,
            "temp_dir": temp_dir,
        },
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    )


def read_images(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
    decode: bool = False,
) -> pd.DataFrame:
    """Read the images of the logs into a pandas frame.

    A table of the images: a row an image of a value.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), index (int32), width (int32),
    height (int32), format (string), sha256 (string), image (struct of bytes and path).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.
        decode: images (PIL.Image.Image) instead of their bytes in the column image.

    Returns:
        The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return scan_images(
        logdir,
        runs=runs,
        run_regexes=run_regexes,
        tags=tags,
        tag_regexes=tag_regexes,
        steps=steps,
        since=since,
        until=until,
        sample=sample,
        restarts=restarts,
        time=time,
        strict=strict,
        ignore_crc=ignore_crc,
        wall_time_unit=wall_time_unit,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas(decode=decode)


def scan_audio(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> Scan:
    """Return the audio of the logs as a Scan: nothing is read yet.

    A table of the audio: a row a clip of a value.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), index (int32), sample_rate
    (float64), channels (int32), frames (int64), content_type (string), label (string), sha256 (string), audio (struct
    of bytes and path).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The scan.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return Scan(
        "audio",
        logdir,
        {
            "runs": runs,
            "run_regexes": run_regexes,
            "tags": tags,
            "tag_regexes": tag_regexes,
            "steps": steps,
            "since": since,
            "until": until,
            "sample": sample,
            "restarts": restarts,
            "time": time,
            "strict": strict,
            "ignore_crc": ignore_crc,
            "wall_time_unit": wall_time_unit,
            "jobs": jobs,
            "temp_dir": temp_dir,
        },
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    )


def read_audio(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> pd.DataFrame:
    """Read the audio of the logs into a pandas frame.

    A table of the audio: a row a clip of a value.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), index (int32), sample_rate
    (float64), channels (int32), frames (int64), content_type (string), label (string), sha256 (string), audio (struct
    of bytes and path).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return scan_audio(
        logdir,
        runs=runs,
        run_regexes=run_regexes,
        tags=tags,
        tag_regexes=tag_regexes,
        steps=steps,
        since=since,
        until=until,
        sample=sample,
        restarts=restarts,
        time=time,
        strict=strict,
        ignore_crc=ignore_crc,
        wall_time_unit=wall_time_unit,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas()


def scan_pr_curves(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> Scan:
    """Return the pr_curves of the logs as a Scan: nothing is read yet.

    A table of the precision-recall curves: a row a curve, with a number a threshold in each list.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), threshold (list<float64>), tp
    (list<float64>), fp (list<float64>), tn (list<float64>), fn (list<float64>), precision (list<float64>), recall
    (list<float64>), shown (int32).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The scan.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return Scan(
        "pr_curves",
        logdir,
        {
            "runs": runs,
            "run_regexes": run_regexes,
            "tags": tags,
            "tag_regexes": tag_regexes,
            "steps": steps,
            "since": since,
            "until": until,
            "sample": sample,
            "restarts": restarts,
            "time": time,
            "strict": strict,
            "ignore_crc": ignore_crc,
            "wall_time_unit": wall_time_unit,
            "jobs": jobs,
            "temp_dir": temp_dir,
        },
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    )


def read_pr_curves(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> pd.DataFrame:
    """Read the pr_curves of the logs into a pandas frame.

    A table of the precision-recall curves: a row a curve, with a number a threshold in each list.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), threshold (list<float64>), tp
    (list<float64>), fp (list<float64>), tn (list<float64>), fn (list<float64>), precision (list<float64>), recall
    (list<float64>), shown (int32).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return scan_pr_curves(
        logdir,
        runs=runs,
        run_regexes=run_regexes,
        tags=tags,
        tag_regexes=tag_regexes,
        steps=steps,
        since=since,
        until=until,
        sample=sample,
        restarts=restarts,
        time=time,
        strict=strict,
        ignore_crc=ignore_crc,
        wall_time_unit=wall_time_unit,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas()


def scan_meshes(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> Scan:
    """Return the meshes of the logs as a Scan: nothing is read yet.

    A table of the meshes: a row a mesh of a step, with three numbers a point.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), name (string), index (int32),
    vertices (list<float64>), faces (list<float64>), colors (list<float64>), config (string).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The scan.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return Scan(
        "meshes",
        logdir,
        {
            "runs": runs,
            "run_regexes": run_regexes,
            "tags": tags,
            "tag_regexes": tag_regexes,
            "steps": steps,
            "since": since,
            "until": until,
            "sample": sample,
            "restarts": restarts,
            "time": time,
            "strict": strict,
            "ignore_crc": ignore_crc,
            "wall_time_unit": wall_time_unit,
            "jobs": jobs,
            "temp_dir": temp_dir,
        },
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    )


def read_meshes(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> pd.DataFrame:
    """Read the meshes of the logs into a pandas frame.

    A table of the meshes: a row a mesh of a step, with three numbers a point.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), name (string), index (int32),
    vertices (list<float64>), faces (list<float64>), colors (list<float64>), config (string).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return scan_meshes(
        logdir,
        runs=runs,
        run_regexes=run_regexes,
        tags=tags,
        tag_regexes=tag_regexes,
        steps=steps,
        since=since,
        until=until,
        sample=sample,
        restarts=restarts,
        time=time,
        strict=strict,
        ignore_crc=ignore_crc,
        wall_time_unit=wall_time_unit,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas()


def scan_tensors(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> Scan:
    """Return the tensors of the logs as a Scan: nothing is read yet.

    A table of the tensors that are no other kind: a row a tensor.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), plugin (string), dtype
    (string), shape (list<int64>), values (list<float64>), strings (list<text>), bytes (binary).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The scan.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return Scan(
        "tensors",
        logdir,
        {
            "runs": runs,
            "run_regexes": run_regexes,
            "tags": tags,
            "tag_regexes": tag_regexes,
            "steps": steps,
            "since": since,
            "until": until,
            "sample": sample,
            "restarts": restarts,
            "time": time,
            "strict": strict,
            "ignore_crc": ignore_crc,
            "wall_time_unit": wall_time_unit,
            "jobs": jobs,
            "temp_dir": temp_dir,
        },
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    )


def read_tensors(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> pd.DataFrame:
    """Read the tensors of the logs into a pandas frame.

    A table of the tensors that are no other kind: a row a tensor.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), plugin (string), dtype
    (string), shape (list<int64>), values (list<float64>), strings (list<text>), bytes (binary).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return scan_tensors(
        logdir,
        runs=runs,
        run_regexes=run_regexes,
        tags=tags,
        tag_regexes=tag_regexes,
        steps=steps,
        since=since,
        until=until,
        sample=sample,
        restarts=restarts,
        time=time,
        strict=strict,
        ignore_crc=ignore_crc,
        wall_time_unit=wall_time_unit,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas()


def scan_graphs(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> Scan:
    """Return the graphs of the logs as a Scan: nothing is read yet.

    A table of the graphs and run metadata: a row a graph, as the bytes that were logged.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), what (string), bytes
    (binary).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The scan.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return Scan(
        "graphs",
        logdir,
        {
            "runs": runs,
            "run_regexes": run_regexes,
            "tags": tags,
            "tag_regexes": tag_regexes,
            "steps": steps,
            "since": since,
            "until": until,
            "sample": sample,
            "restarts": restarts,
            "time": time,
            "strict": strict,
            "ignore_crc": ignore_crc,
            "wall_time_unit": wall_time_unit,
            "jobs": jobs,
            "temp_dir": temp_dir,
        },
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    )


def read_graphs(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> pd.DataFrame:
    """Read the graphs of the logs into a pandas frame.

    A table of the graphs and run metadata: a row a graph, as the bytes that were logged.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), what (string), bytes
    (binary).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return scan_graphs(
        logdir,
        runs=runs,
        run_regexes=run_regexes,
        tags=tags,
        tag_regexes=tag_regexes,
        steps=steps,
        since=since,
        until=until,
        sample=sample,
        restarts=restarts,
        time=time,
        strict=strict,
        ignore_crc=ignore_crc,
        wall_time_unit=wall_time_unit,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas()


def scan_layouts(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> Scan:
    """Return the layouts of the logs as a Scan: nothing is read yet.

    A table of the layouts of custom scalars: a row a chart.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), category (string), chart
    (string), kind (string), series (list<curve>).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The scan.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return Scan(
        "layouts",
        logdir,
        {
            "runs": runs,
            "run_regexes": run_regexes,
            "tags": tags,
            "tag_regexes": tag_regexes,
            "steps": steps,
            "since": since,
            "until": until,
            "sample": sample,
            "restarts": restarts,
            "time": time,
            "strict": strict,
            "ignore_crc": ignore_crc,
            "wall_time_unit": wall_time_unit,
            "jobs": jobs,
            "temp_dir": temp_dir,
        },
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    )


def read_layouts(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> pd.DataFrame:
    """Read the layouts of the logs into a pandas frame.

    A table of the layouts of custom scalars: a row a chart.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), category (string), chart
    (string), kind (string), series (list<curve>).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return scan_layouts(
        logdir,
        runs=runs,
        run_regexes=run_regexes,
        tags=tags,
        tag_regexes=tag_regexes,
        steps=steps,
        since=since,
        until=until,
        sample=sample,
        restarts=restarts,
        time=time,
        strict=strict,
        ignore_crc=ignore_crc,
        wall_time_unit=wall_time_unit,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas()


def scan_tags(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> Scan:
    """Return the tags of the logs as a Scan: nothing is read yet.

    A table of the tags: a row a tag of a run.

    Columns: run (category), tag (category), kind (string), plugin (string), display_name (string), description
    (string), content (binary), points (int64), first_step (int64), last_step (int64).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The scan.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return Scan(
        "tags",
        logdir,
        {
            "runs": runs,
            "run_regexes": run_regexes,
            "tags": tags,
            "tag_regexes": tag_regexes,
            "strict": strict,
            "ignore_crc": ignore_crc,
            "wall_time_unit": wall_time_unit,
            "jobs": jobs,
            "temp_dir": temp_dir,
        },
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    )


def read_tags(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> pd.DataFrame:
    """Read the tags of the logs into a pandas frame.

    A table of the tags: a row a tag of a run.

    Columns: run (category), tag (category), kind (string), plugin (string), display_name (string), description
    (string), content (binary), points (int64), first_step (int64), last_step (int64).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return scan_tags(
        logdir,
        runs=runs,
        run_regexes=run_regexes,
        tags=tags,
        tag_regexes=tag_regexes,
        strict=strict,
        ignore_crc=ignore_crc,
        wall_time_unit=wall_time_unit,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas()


def scan_events(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> Scan:
    """Return the events of the logs as a Scan: nothing is read yet.

    A table of the events that no other table has: a row an event, as the bytes of its record.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), what (string), bytes
    (binary).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The scan.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return Scan(
        "events",
        logdir,
        {
            "runs": runs,
            "run_regexes": run_regexes,
            "tags": tags,
            "tag_regexes": tag_regexes,
            "steps": steps,
            "since": since,
            "until": until,
            "sample": sample,
            "restarts": restarts,
            "time": time,
            "strict": strict,
            "ignore_crc": ignore_crc,
            "wall_time_unit": wall_time_unit,
            "jobs": jobs,
            "temp_dir": temp_dir,
        },
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    )


def read_events(
    logdir: Logdir,
    *,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    steps: str | tuple[int | None, int | None] | None = None,
    since: Time | None = None,
    until: Time | None = None,
    sample: int = 0,
    restarts: Literal["keep", "step", "session"] = "keep",
    time: Literal["timestamp", "seconds"] = "timestamp",
    strict: bool = False,
    ignore_crc: bool = False,
    wall_time_unit: Literal["s", "ms", "us", "ns"] = "s",
    jobs: int = 0,
    temp_dir: str | os.PathLike[str] | None = None,
    strings: bool = False,
    on_damage: Literal["warn", "raise", "ignore"] = "warn",
    progress: bool | None = None,
) -> pd.DataFrame:
    """Read the events of the logs into a pandas frame.

    A table of the events that no other table has: a row an event, as the bytes of its record.

    Columns: run (category), tag (category), step (int64), wall_time (timestamp[us, UTC]), what (string), bytes
    (binary).

    Args:
        logdir: a directory tree of runs or one event file; a list of them; or a dict of names to them.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        steps: only these steps, (A, B) or "A:B", both included; either may be left out.
        since: only points from this time on: a datetime (UTC where it has no time zone), seconds since 1970, or a text.
        until: only points up to this time, likewise.
        sample: at most this many points a series: the first, the last and others evenly by index.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        time: wall_time as "timestamp" (microseconds, UTC) or as "seconds" since 1970 (float64).
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
        wall_time_unit: the unit of the wall times in the files.
        jobs: read this many runs at a time; 0: one a processor.
        temp_dir: where the points of very long runs go meanwhile.
        strings: names as strings instead of categories.
        on_damage: where some of the data is lost or unreadable: "warn" with a DamageWarning, "raise" an Error once all
            else is read, or "ignore" it.
        progress: show how far it is after a second; None: in notebooks and on terminals.

    Returns:
        The frame, whose attrs["tbexport"] says version, logdir, runs, files, points and damaged files.

    Raises:
        FileNotFoundError: a logdir is not there.
        UsageError: an argument is wrong, or does not go together with another.
        Error: reading failed; the text says where.

    Warns:
        DamageWarning: some of the data is lost or unreadable.
    """
    return scan_events(
        logdir,
        runs=runs,
        run_regexes=run_regexes,
        tags=tags,
        tag_regexes=tag_regexes,
        steps=steps,
        since=since,
        until=until,
        sample=sample,
        restarts=restarts,
        time=time,
        strict=strict,
        ignore_crc=ignore_crc,
        wall_time_unit=wall_time_unit,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas()
