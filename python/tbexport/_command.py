"""Keyword arguments to words of a command line."""

from __future__ import annotations

import os
from ast import literal_eval
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, TypeAlias

from ._errors import UsageError
from ._tables import LISTS, OPTIONS

Path: TypeAlias = "str | os.PathLike[str]"
Logdir: TypeAlias = "Path | Sequence[Path] | Mapping[str, Path]"
Time: TypeAlias = "datetime | float | str"


def words(options: Mapping[str, Any]) -> list[str]:
    """Return the flags for keyword arguments; defaults, None, False and empty lists make none."""
    flags: list[str] = []
    for name, value in options.items():
        option = OPTIONS[name]
        if value is None or value is False or (not option.always and value == literal_eval(option.default)):
            continue
        flag = "--" + option.flag
        if value is True:
            flags.append(flag)
            continue
        for text in _texts(name, value):
            flags.append(f"{flag}={text}")
    return flags


def logdirs(logdir: Logdir) -> list[str]:
    """Return the LOGDIR arguments: a path, several, or a mapping of names to paths (NAME=PATH)."""
    if isinstance(logdir, (str, os.PathLike)):
        paths = [_path(logdir)]
    elif isinstance(logdir, Mapping):
        paths = [f"{name}={os.fspath(path)}" for name, path in logdir.items()]
    elif isinstance(logdir, Iterable):
        paths = [_path(path) for path in logdir]
    else:
        raise TypeError(f"a logdir is a path, a list of paths or a dict of names to paths, not {logdir!r}")
    if not paths:
        raise UsageError("no logdir: the list is empty")
    return ["--", *paths]


def _path(path: Path) -> str:
    """Return a str as it is, which may be NAME=PATH; an os.PathLike is always a path."""
    text = os.fspath(path)
    if not isinstance(text, str):
        raise TypeError(f"a path is a str, not {text!r}")
    if not isinstance(path, str) and "=" in text and not os.path.isabs(text):
        return os.path.join(os.curdir, text)
    return text


def _texts(name: str, value: Any) -> list[str]:
    """Return the texts that stand for the value of an option, each of which takes a flag."""
    if name == "steps" and not isinstance(value, str):
        first, last = value
        return [f"{'' if first is None else int(first)}:{'' if last is None else int(last)}"]
    if name in ("since", "until"):
        return [_time(value)]
    if isinstance(value, (str, os.PathLike)):
        return [str(os.fspath(value))]
    if OPTIONS[name].type.startswith("str | Sequence"):
        if not isinstance(value, Iterable):
            raise TypeError(f"{name} is a str or a list of them, not {value!r}")
        texts = [_text(name, item) for item in value]
        return [",".join(texts)] if name in LISTS and texts else texts
    return [str(value)]


def _text(name: str, item: Any) -> str:
    if not isinstance(item, str):
        raise TypeError(f"{name} is a str or a list of them, and {item!r} is none")
    return item


def _time(value: Time) -> str:
    """Return the text of a time: a datetime that has no time zone is in UTC, as wall_time is."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            value = value.replace(tzinfo=timezone.utc)
        return value.isoformat()
    if isinstance(value, str):
        return value
    return repr(float(value))
