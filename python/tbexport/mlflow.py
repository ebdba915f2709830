"""Runs into an MLflow tracking server, and what came of it as objects.

The server and the credentials are those of MLflow's own environment variables (MLFLOW_TRACKING_URI and so on), unless
the arguments say otherwise. The package mlflow is not needed.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ._command import logdirs
from ._errors import DamageWarning, Error
from ._process import LOST, Process
from ._run import run as _command

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ._command import Logdir

__all__ = ["Difference", "Report", "Run", "migrate", "verify"]


@dataclass(frozen=True)
class Difference:
    """Something on the server that is not as in the logs.

    Attributes:
        what: the kind, such as metric or param.
        key: its name on the server.
        in_logs: what the logs say.
        on_server: what the server says.
    """

    what: str
    key: str
    in_logs: str
    on_server: str


@dataclass(frozen=True)
class Run:
    """What became of a run.

    Attributes:
        run: its name in the logs.
        name: its name on the server.
        run_id: its id on the server; empty where it is not there, or only planned.
        outcome: planned, created, completed, skipped, deleted, duplicate, verified, missing or failed.
        metrics: number of metrics.
        params: number of params.
        points: number of points of its metrics.
        points_sent: how many of them were sent this time.
        verified: it was read back this time, and nothing differs.
        differences: what differs.
        notes: what else there is to say.
        error: why it failed; empty where it did not.
    """

    run: str
    name: str
    run_id: str = ""
    outcome: str = "planned"
    metrics: int = 0
    params: int = 0
    points: int = 0
    points_sent: int = 0
    verified: bool = False
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Report:
    """What became of a migration, or of the comparison with one.

    Attributes:
        server: the URI of the server; empty for a plan.
        experiment: name of the experiment; empty for a plan.
        experiment_id: its id.
        runs: what became of each run.
        ok: every run is on the server as it is in the logs, as far as was looked, and nothing of the logs was lost.
        json: all of what the program reports, as --report and --json write it.
    """

    server: str
    experiment: str
    experiment_id: str
    runs: tuple[Run, ...]
    ok: bool
    json: dict[str, Any] = field(repr=False)


def migrate(
    logdir: Logdir,
    *,
    tracking_uri: str | None = None,
    experiment: str | None = None,
    dry_run: bool = False,
    verify: Literal["full", "latest", "none"] = "full",
    on_existing: Literal["skip", "replace", "fail"] = "skip",
    restore: bool = False,
    strip_prefixes: str | Sequence[str] | None = None,
    renames: Mapping[str, str] | None = None,
    merge: str | Sequence[str] | None = None,
    nest: bool = False,
    no_fold_hparams: bool = False,
    long_params: Literal["refuse", "truncate", "artifact", "skip"] = "refuse",
    nonfinite: Literal["keep", "skip", "fail"] = "keep",
    max_points_per_tag: int = 0,
    artifacts: Literal["events", "none"] = "events",
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    restarts: Literal["keep", "step", "session"] = "keep",
    jobs: int = 0,
    strict: bool = False,
    wait: float = 0,
) -> Report:
    """Migrate every run into an experiment of an MLflow server, read it back and compare.

    Calling it again skips what is complete, completes what is not and sends what is new; nothing is sent twice.

    Args:
        logdir: a directory tree of runs or one event file; several; or a dict of names to them.
        tracking_uri: URI of the server; by default $MLFLOW_TRACKING_URI.
        experiment: name of the experiment; by default $MLFLOW_EXPERIMENT_NAME, or _ID.
        dry_run: only plan, without the server: the runs' outcome is "planned".
        verify: read back "full", "latest" (last values only) or "none".
        on_existing: runs of an earlier migration: "skip" (but complete them), "replace" or "fail".
        restore: bring the experiment back if it is deleted.
        strip_prefixes: take these off the tags.
        renames: regular expressions to texts that replace their matches in the tags; $1 is a group.
        merge: make sibling directories of these names one run; the names prefix the keys.
        nest: make runs children of the run of their directory.
        no_fold_hparams: keep apart the runs that hold the hparams or metrics of the session above them.
        long_params: params over 6000 characters: "refuse", "truncate", "artifact" or "skip".
        nonfinite: NaN and infinities: "keep", "skip" or "fail".
        max_points_per_tag: at most this many points a series; 0: all.
        artifacts: "events" keeps the event files as artifacts, "none" does not.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        restarts: points that a restart wrote again: "keep" all, by "step" or by "session".
        jobs: send this many calls at a time; 0: the program's default.
        strict: fail at the first damage, and send nothing.
        wait: seconds to wait for a server on this machine that is starting.

    Raises:
        Error: it failed; calling it again goes on where it stopped.

    Warns:
        DamageWarning: something could not be read, or a run did not arrive as it is; the report says which.
    """
    flags = _flags(
        tracking_uri=tracking_uri,
        experiment=experiment,
        on_existing=on_existing,
        restore=restore,
        strip_prefix=strip_prefixes,
        rename=[f"{a}={b}" for a, b in (renames or {}).items()],
        merge=_joined(merge),
        nest=nest,
        no_fold_hparams=no_fold_hparams,
        long_params=long_params,
        nonfinite=nonfinite,
        max_points_per_tag=max_points_per_tag,
        artifacts=artifacts,
        verify=verify,
        run=runs,
        run_regex=run_regexes,
        tag=tags,
        tag_regex=tag_regexes,
        restarts=restarts,
        jobs=jobs,
        strict=strict,
        wait=f"{wait}s",
    )
    if dry_run:
        return _planned(["mlflow", "--dry-run", "--json", *flags, *logdirs(logdir)])
    return _reported(["mlflow", *flags], logdirs(logdir))


def verify(
    logdir: Logdir,
    *,
    tracking_uri: str | None = None,
    experiment: str | None = None,
    verify: Literal["full", "latest"] = "full",
    strip_prefixes: str | Sequence[str] | None = None,
    renames: Mapping[str, str] | None = None,
    merge: str | Sequence[str] | None = None,
    nest: bool = False,
    no_fold_hparams: bool = False,
    long_params: Literal["refuse", "truncate", "artifact", "skip"] = "refuse",
    nonfinite: Literal["keep", "skip", "fail"] = "keep",
    max_points_per_tag: int = 0,
    artifacts: Literal["events", "none"] = "events",
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    restarts: Literal["keep", "step", "session"] = "keep",
    jobs: int = 0,
    strict: bool = False,
    wait: float = 0,
) -> Report:
    """Compare an experiment with the logs that it came from; the arguments are those of the migration.

    Args:
        logdir: as for migrate.
        tracking_uri: as for migrate.
        experiment: as for migrate.
        verify: compare "full", or "latest" (last values only).
        strip_prefixes: as for migrate.
        renames: as for migrate.
        merge: as for migrate.
        nest: as for migrate.
        no_fold_hparams: as for migrate.
        long_params: as for migrate.
        nonfinite: as for migrate.
        max_points_per_tag: as for migrate.
        artifacts: as for migrate.
        runs: as for migrate.
        run_regexes: as for migrate.
        tags: as for migrate.
        tag_regexes: as for migrate.
        restarts: as for migrate.
        jobs: as for migrate.
        strict: fail at the first damage.
        wait: as for migrate.

    Raises:
        Error: the comparison failed.

    Warns:
        DamageWarning: something differs, or could not be read; the report says what.
    """
    flags = _flags(
        tracking_uri=tracking_uri,
        experiment=experiment,
        verify=verify,
        strip_prefix=strip_prefixes,
        rename=[f"{a}={b}" for a, b in (renames or {}).items()],
        merge=_joined(merge),
        nest=nest,
        no_fold_hparams=no_fold_hparams,
        long_params=long_params,
        nonfinite=nonfinite,
        max_points_per_tag=max_points_per_tag,
        artifacts=artifacts,
        run=runs,
        run_regex=run_regexes,
        tag=tags,
        tag_regex=tag_regexes,
        restarts=restarts,
        jobs=jobs,
        strict=strict,
        wait=f"{wait}s",
    )
    return _reported(["mlflow", "verify", *flags], logdirs(logdir))


def _joined(names: str | Sequence[str] | None) -> str | None:
    return names if names is None or isinstance(names, str) else ",".join(names)


def _flags(**options: str | Sequence[str] | bool | int | None) -> list[str]:
    """Return the flags for options; None, False, 0 and empty lists make none, and a list one an item."""
    words: list[str] = []
    for name, value in options.items():
        flag = "--" + name.replace("_", "-")
        if value is True:
            words.append(flag)
        elif isinstance(value, str) or (isinstance(value, int) and value):
            words.append(f"{flag}={value}")
        elif value and not isinstance(value, int):
            words += [f"{flag}={item}" for item in value]
    return words


def _planned(words: list[str]) -> Report:
    plan = json.loads(_command(*words).stdout)
    runs = tuple(
        Run(
            run=r["run"],
            name=r["name"],
            metrics=len(r["metrics"]),
            params=len(r["params"]),
            points=r["points"],
        )
        for r in plan["runs"]
    )
    return Report("", "", "", runs, True, plan)


def _reported(words: list[str], paths: list[str]) -> Report:
    """Run the program and read the report that it writes."""
    process = Process([*words, *paths])
    outcome = process.finish()
    if outcome.report is None:
        raise Error("the program wrote no report", outcome.status)
    report = _read(outcome.report, outcome.status != LOST)
    if outcome.damage is not None:
        warnings.warn(DamageWarning(outcome.damage, outcome.report), stacklevel=3)
    return report


def _read(report: dict[str, Any], ok: bool) -> Report:
    experiment = report["experiment"]
    return Report(report["server"], experiment["name"], experiment["id"], tuple(map(_run, report["runs"])), ok, report)


def _run(r: dict[str, Any]) -> Run:
    return Run(
        run=r["run"],
        name=r["name"],
        run_id=r["run_id"],
        outcome=r["outcome"],
        metrics=r["metrics"],
        params=r["params"],
        points=r["points"],
        points_sent=r["points_sent"],
        verified=r["verified"],
        differences=tuple(Difference(d["what"], d["key"], d["in_logs"], d["on_server"]) for d in r["differences"]),
        notes=tuple(r["notes"]),
        error=r.get("error", ""),
    )
