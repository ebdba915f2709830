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
    "read_hparams",
    "read_runs",
    "read_scalars",
    "scan_hparams",
    "scan_runs",
    "scan_scalars",
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
    wide: bool = False,
    strict: bool = False,
    ignore_crc: bool = False,
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
        wide: a row for each run and step and a column for each tag, instead of a row a point; the logs are read twice.
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
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
    wide: bool = False,
    strict: bool = False,
    ignore_crc: bool = False,
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
        wide: a row for each run and step and a column for each tag, instead of a row a point; the logs are read twice.
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
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
    strict: bool = False,
    ignore_crc: bool = False,
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
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
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
            "strict": strict,
            "ignore_crc": ignore_crc,
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
    strict: bool = False,
    ignore_crc: bool = False,
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
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
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
        strict=strict,
        ignore_crc=ignore_crc,
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
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    restarts: Literal["keep", "step", "session"] = "keep",
    strict: bool = False,
    ignore_crc: bool = False,
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
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
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
            "runs": runs,
            "run_regexes": run_regexes,
            "tags": tags,
            "tag_regexes": tag_regexes,
            "restarts": restarts,
            "strict": strict,
            "ignore_crc": ignore_crc,
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
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    restarts: Literal["keep", "step", "session"] = "keep",
    strict: bool = False,
    ignore_crc: bool = False,
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
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        restarts: points that a restart wrote again: "keep" all; "step", as TensorBoard shows them; "session", as the
            writer asked.
        strict: fail at the first damage, instead of reading past it.
        ignore_crc: trust records with a wrong CRC, and files framed wrongly.
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
        runs=runs,
        run_regexes=run_regexes,
        tags=tags,
        tag_regexes=tag_regexes,
        restarts=restarts,
        strict=strict,
        ignore_crc=ignore_crc,
        jobs=jobs,
        temp_dir=temp_dir,
        strings=strings,
        on_damage=on_damage,
        progress=progress,
    ).to_pandas()
