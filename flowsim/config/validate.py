"""A tree becomes a scenario, or the list of everything that is wrong with it.

Checks that look at several values run only where each value by itself is right. So that they are not hidden by a fault
elsewhere, faulty values are replaced by ones known to be right and the tree is tried again; what then comes to light
and does not concern a replaced value is a fault of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from flowsim.config.problems import KeyPath, Mark, Problem, problem_at
from flowsim.config.reader import RefusedValue
from flowsim.config.translate import Finding, findings, value_at, without_echoes
from flowsim.params import Scenario

_DAMAGED = 100  # faults from which on it is not worth looking behind them
_ROUNDS = 5  # tries with replaced values; each can uncover checks one level further up


def validate(tree: dict[str, Any]) -> Scenario | list[Finding]:
    """The scenario a tree describes, or the faults found at first sight."""
    try:
        return Scenario.model_validate(tree)
    except ValidationError as error:
        return findings(error, tree)


def all_faults(tree: dict[str, Any], first: Sequence[Finding], donors: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """The faults found at first sight and those behind them.

    Parameters
    ----------
    tree : dict
        The tree as merged.
    first : list of Finding
        What :func:`validate` found.
    donors : list of trees
        Trees whose values are right, nearest first: what the faulty file was laid over, the shipped base.
    """
    if len(first) >= _DAMAGED:
        return list(first)
    found, repaired = list(first), deepcopy(tree)
    replaced = [path for path, value in _refused(tree)]
    for path in replaced:
        _replace(repaired, path, donors)
    new = list(first)
    for _ in range(_ROUNDS):
        for one in new:
            path = one.path[:-1] if one.kind.startswith("union_tag") else one.path  # a whole other shape
            _replace(repaired, path, donors)
            replaced.append(path)
        again = validate(repaired)
        if isinstance(again, Scenario):
            break
        known = {(one.path, one.message) for one in found}
        found += [one for one in again if (one.path, one.message) not in known and not _follows(one, replaced)]
        done = set(replaced)
        new = [one for one in again if one.path not in done] + _holders(again, done)
        if not new:
            break
    return without_echoes(found)


def _holders(again: Sequence[Finding], done: Collection[KeyPath]) -> list[Finding]:
    """What holds a value that was left out for want of a donor, and cannot be without it: it is left out as well."""
    stuck = (one for one in again if one.kind == "missing" and one.path in done)
    return [replace(one, path=one.path[:-1]) for one in stuck if one.path[:-1] not in done]


def _follows(one: Finding, replaced: Sequence[KeyPath]) -> bool:
    """Whether a fault may come from our own replacing: it lies at, or speaks of, something replaced."""
    size = len(one.path)
    for path in replaced:
        if path == one.path[: len(path)]:
            return True
        if path[:size] == one.path and (one.kind != "value_error" or any(word in one.message for word in path[size:])):
            return True
    return False


def _replace(tree: dict[str, Any], path: KeyPath, donors: Sequence[Mapping[str, Any]]) -> None:
    """Put a donor's value at a path; if none has one, leave the key out."""
    if not path:
        return
    holder = value_at(tree, path[:-1])
    value = next((one for one in (value_at(donor, path) for donor in donors) if one is not None), None)
    if isinstance(holder, dict):
        if value is not None:
            holder[path[-1]] = deepcopy(value)
        else:
            holder.pop(path[-1], None)
    elif holder is not None:
        _replace(tree, path[:-1], donors)  # a place in a list: take the whole list


def _refused(tree: Any, path: KeyPath = ()) -> list[tuple[KeyPath, Any]]:
    if isinstance(tree, RefusedValue):
        return [(path, tree)]
    rows = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [found for key, value in rows for found in _refused(value, (*path, str(key)))]


def placed(found: Sequence[Finding], marks: Mapping[KeyPath, Mark], file: str) -> list[Problem]:
    """Findings as problems: each at the mark of its key, or of the nearest key above it, in order of place."""
    problems = []
    for one in found:
        path = one.path
        while path and path not in marks:
            path = path[:-1]
        problems.append(problem_at(marks.get(path, Mark(file)), one.path, one.message, one.hint))
    return problems
