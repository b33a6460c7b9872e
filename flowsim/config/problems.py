"""What is wrong with a configuration, in the user's words: where, what, and what is allowed instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

KeyPath = tuple[str, ...]
"""Keys from the top of a configuration down to a value; positions in a list are written as numbers."""

_SHOWN = 100  # problems in one message; a damaged file can hold thousands


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file; line and column count from 1, and line 0 means the file (or ``--set``) as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: ``file:line:column: path: message; hint``."""

    file: str
    line: int
    column: int
    path: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        parts = [str(Mark(self.file, self.line, self.column)), self.path, self.message]
        return ": ".join(part for part in parts if part) + (f"; {self.hint}" if self.hint else "")


class ConfigError(Exception):
    """A configuration cannot be used; carries every problem found, and says them one a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[:_SHOWN]]
        if len(self.problems) > _SHOWN:
            lines.append(f"… and {len(self.problems) - _SHOWN} more")
        super().__init__("\n".join(lines))


def problem_at(mark: Mark, path: KeyPath, message: str, hint: str = "") -> Problem:
    """A problem at a place in a file."""
    return Problem(mark.file, mark.line, mark.column, _cut(dotted(path)), _cut(message), _cut(hint))


def said_at(mark: Mark, path: KeyPath, text: str) -> Problem:
    """A problem at a place in a file, of a text that is a message, or a message, ``; `` and a hint."""
    message, _, hint = text.partition("; ")
    return problem_at(mark, path, message, hint)


def _cut(text: str, length: int = 400) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def dotted(path: KeyPath) -> str:
    """A path as ``--set`` writes it: ``life.slots``."""
    return ".".join(path)


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word most like another, if any is like it at all; capitals make no difference."""
    folded = {one.casefold(): one for one in reversed(known)}
    near = get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def did_you_mean(word: str, known: Sequence[str], what: str = "known here") -> str:
    """A hint: the nearest of the known words, or all of them if none is near and they are few."""
    near = nearest(word, known)
    if near is not None:
        return f"did you mean {near}?"
    if not known:
        return ""
    return f"{what}: {', '.join(known[:20])}" + (", …" if len(known) > 20 else "")


def shown(value: object, length: int = 40) -> str:
    """A value as a message shows it: short, on one line, text in quotes, YAML's words for null, true and false."""
    words = {None: "null", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    text = repr(value)
    return text if len(text) <= length else text[: length - 1] + "…"
