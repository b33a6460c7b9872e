"""Reading one mapping of a design: each value typed, ranged and known, every fault noted with its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flowsim.config.problems import KeyPath, Problem, did_you_mean, problem_at, shown
from flowsim.config.reader import Document, RefusedValue

MISSING = object()


class Fields:
    """The keys of one mapping of a document.

    Parameters
    ----------
    document : Document
        For the places of keys.
    path : tuple of str
        Of the mapping.
    tree : dict
        The mapping.
    problems : list of Problem
        To which faults are added; what is faulty is given as its default or None.
    """

    def __init__(self, document: Document, path: KeyPath, tree: dict[str, Any], problems: list[Problem]) -> None:
        self.document, self.path, self.tree, self.problems = document, path, tree, problems
        self.asked: list[str] = []

    def note(self, key: str, message: str, hint: str = "") -> None:
        """Add a fault of a key; of the mapping itself if the key is empty."""
        path = (*self.path, *key.split("/")) if key else self.path
        mark = self.document.marks.get(path) or self.document.marks.get(self.path) or self.document.marks[()]
        self.problems.append(problem_at(mark, path, message, hint))

    def get(self, key: str, default: Any = MISSING, rule: str = "") -> Any:
        """The value of a key as it stands; a fault if it is empty, or missing and has no default."""
        self.asked.append(key)
        value = self.tree.get(key, default)
        if value is MISSING:
            self.note(key, "is missing", rule)
            return None
        if value is None and key in self.tree:
            self.note(key, "is empty", rule or "give it a value, or leave it out")
        return None if isinstance(value, RefusedValue) else value

    def text(self, key: str, default: Any = MISSING, rule: str = "must be text") -> str | None:
        """A word."""
        value = self.get(key, default, rule)
        if isinstance(value, str) and value:
            return value
        if value is not None:
            self.note(key, f"{rule}, not {shown(value)}")
        return None

    def choice(self, key: str, words: Sequence[str], default: Any = MISSING) -> str | None:
        """One of some words."""
        value = self.get(key, default, f"one of {', '.join(words)}")
        if isinstance(value, str) and value in words:
            return value
        if value is not None:
            self.note(key, f"{shown(value)} is not one of the choices", did_you_mean(str(value), words, "one of"))
        return None

    def number(self, key: str, low: float, high: float, default: Any = MISSING, *, above: bool = False) -> float | None:
        """A number within a range; with ``above``, not the lowest itself, nor with it the highest."""
        rule = f"a number above {low:g} and below {high:g}" if above else f"a number from {low:g} to {high:g}"
        value = self.get(key, default, rule)
        if value is None:
            return None
        known = isinstance(value, (int, float)) and not isinstance(value, bool)
        if known and (low < value < high if above else low <= value <= high):
            return float(value)
        self.note(key, f"must be {rule}, not {shown(value)}")
        return None

    def whole(self, key: str, low: int, high: int, default: Any = MISSING) -> int | None:
        """A whole number within a range."""
        rule = f"a whole number from {low} to {high}"
        value = self.get(key, default, rule)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self.note(key, f"must be {rule}, not {shown(value)}")
        return None

    def place(self, key: str) -> int | dt.date | None:
        """A whole number, or a date."""
        value = self.get(key, rule="a whole number or a date such as 2017-10-02")
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str):
            try:
                return dt.date.fromisoformat(value)
            except ValueError:
                pass
        if value is not None:
            self.note(key, f"must be a whole number or a date such as 2017-10-02, not {shown(value)}")
        return None

    def mapping(self, key: str, default: Any = MISSING) -> Fields | None:
        """The fields of a mapping inside."""
        value = self.get(key, default, "a mapping")
        if isinstance(value, dict):
            return Fields(self.document, (*self.path, key), value, self.problems)
        if value is not None:
            self.note(key, f"must be a mapping, not {shown(value)}")
        return None

    def listed(self, key: str, default: Any = MISSING) -> list[Any]:
        """A list."""
        value = self.get(key, default, "a list")
        if isinstance(value, list):
            return value
        if value is not None:
            self.note(key, f"must be a list, not {shown(value)}")
        return []

    def no_others(self) -> None:
        """Note every key that was not asked for."""
        for key in self.tree:
            if key not in self.asked:
                self.note(key, "unknown key", did_you_mean(key, self.asked))
