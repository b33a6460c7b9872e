"""``--set path=value``: one value laid over a scenario, typed as a file would be, its path checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flowsim.config.fields import TOP, Options, accepts_key, below, known_keys, options_of
from flowsim.config.problems import KeyPath, Mark, Problem, did_you_mean, dotted, nearest, problem_at
from flowsim.config.reader import parse_value
from flowsim.config.translate import describe, split_path, value_at

SET = "--set"


@dataclass(frozen=True, slots=True)
class Setting:
    """One ``--set`` as read: a tree that holds only its value, and what is wrong with it."""

    path: KeyPath
    tree: dict[str, Any]
    mark: Mark
    problems: tuple[Problem, ...]


def read_setting(text: str, tree: Mapping[str, Any]) -> Setting:
    """Read ``life.slots=140`` against the tree it will change."""
    name, equals, value_text = text.partition("=")
    mark = Mark(f"{SET} {text if len(text) <= 60 else text[:59] + '…'}")
    if not equals or not name.strip():
        problem = problem_at(mark, (), "is not of the form path=value", "for example life.slots=140")
        return Setting((), {}, mark, (problem,))
    path = split_path(name.strip(), tree)
    wrong = wrong_path(path, tree, mark)
    if wrong is not None:
        return Setting(path, {}, mark, (wrong,))
    value, problems = parse_value(value_text.strip(), mark.file, path)
    laid: Any = value
    for key in reversed(path):
        laid = {key: laid}
    return Setting(path, laid, mark, problems)


def wrong_path(path: KeyPath, tree: Mapping[str, Any], mark: Mark) -> Problem | None:
    """What is wrong with a path that shall be set in a tree, with the nearest right one; None if nothing is."""
    options: Options = TOP
    for size, key in enumerate(path):
        value = value_at(tree, path[:size])
        if isinstance(value, list):
            return problem_at(mark, path, f"{dotted(path[:size])} is a list", "set it whole: [1, 2, 3]")
        keys = [*known_keys(options, value), *(value if isinstance(value, Mapping) else ())]
        if not accepts_key(options, key, value):
            if _has_typed_keys(options):
                return problem_at(mark, path, f"{key!r} cannot be a key here", _keys_of(options))
            if not keys:
                message = f"{dotted(path[:size])} has no parts" if size else "unknown path"
                return problem_at(mark, path, message, f"it takes {describe(options)}")
            return problem_at(mark, path, "unknown path", _meant(path, size, list(dict.fromkeys(keys))))
        options = below(options, key)
    return None


def _meant(path: KeyPath, size: int, keys: list[str]) -> str:
    """A hint for a path whose key after the first ``size`` is unknown: the whole path with the nearest key."""
    near = nearest(path[size], keys)
    if near is None:
        return did_you_mean(path[size], keys)
    return f"did you mean {dotted((*path[:size], near, *path[size + 1 :]))}?"


def _has_typed_keys(options: Options) -> bool:
    return any(one.base in (dt.date, int) for option in options if option.keys for one in options_of(option.keys))


def _keys_of(options: Options) -> str:
    keys = [one for option in options if option.keys is not None for one in options_of(option.keys)]
    return f"a key is {describe(tuple(keys))}"
