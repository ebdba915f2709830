"""The runs and tags of logs, as a frame."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from ._command import logdirs, words
from ._packages import need
from ._run import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from ._command import Logdir

TIMES = ("start", "end", "first_time", "last_time")


def ls(
    logdir: Logdir,
    *,
    long: bool = False,
    runs: str | Sequence[str] | None = None,
    run_regexes: str | Sequence[str] | None = None,
    tags: str | Sequence[str] | None = None,
    tag_regexes: str | Sequence[str] | None = None,
    jobs: int = 0,
) -> pd.DataFrame:
    """List what is in the logs, without their points: a row a run; with long, a row a tag of a run.

    Args:
        logdir: a directory tree of runs or one event file; several; or a dict of names to them.
        long: a row for each tag: its kind, dtype, steps, times and values.
        runs: only runs whose name matches one of these globs; ** matches across /, a leading ! excludes.
        run_regexes: only runs whose name contains a match of one of these.
        tags: only tags that match one of these globs, likewise.
        tag_regexes: only tags that contain a match of one of these.
        jobs: read this many runs at a time; 0: one a processor.

    Returns:
        The frame. start, end, first_time and last_time are datetime64[us, UTC]; bytes are of the event files. The
        other columns are those of "tbexport ls --json".
    """
    pandas = need("pandas", "pandas")
    options = {
        "runs": runs,
        "run_regexes": run_regexes,
        "tags": tags,
        "tag_regexes": tag_regexes,
        "jobs": jobs,
    }
    listed = json.loads(run("ls", "--json", *words(options), *logdirs(logdir)).stdout)
    rows: list[dict[str, Any]] = []
    for of_run in listed["runs"]:
        of_tags = of_run.pop("tags", [])
        if long:
            rows += [{"run": of_run["run"], **of_tag} for of_tag in of_tags]
        else:
            of_run["tags"] = len(of_tags)
            of_run["files"] = len(of_run["files"])
            rows.append(of_run)
    made = pandas.DataFrame(rows)
    for name in made.columns:
        if name in TIMES:
            made[name] = pandas.to_datetime(pandas.to_numeric(made[name], errors="coerce"), unit="s", utc=True).astype(
                "datetime64[us, UTC]"
            )
    return cast("pd.DataFrame", made)
