"""YAML to plain mappings, lists and values, with the place of every key; whatever is doubtful is refused.

Built on the events of ruamel.yaml's pure parser, so nothing in a file can construct an object, expand an alias or
repeat a key unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unicodedata import category

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from flowsim.config.literals import RefusedWordError, plain
from flowsim.config.problems import KeyPath, Mark, Problem, problem_at

DEEPEST = 50
"""Levels of mappings and lists a file may have."""

_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # make text run the other way, unseen

_PARSER_SLIPS = (ValueError, TypeError, LookupError, AttributeError, AssertionError, OverflowError, RecursionError)
"""What ruamel.yaml's parser raises on damaged text beside its own errors (an escape beyond Unicode, for one)."""


class RefusedValue:
    """Stands where a value was refused; no type of the model accepts it, so nothing can run with it."""

    def __repr__(self) -> str:
        return "(refused)"


REFUSED = RefusedValue()


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read: its tree (None if it could not be read to its end), a mark for each path, its problems."""

    file: str
    tree: dict[str, Any] | None
    marks: dict[KeyPath, Mark] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    lines: tuple[str, ...] = ()


class _StopReadingError(Exception):
    """Reading cannot go on; the reason is already among the problems."""


class _Builder:
    """Turns a stream of parse events into a tree."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.marks: dict[KeyPath, Mark] = {}
        self.problems: list[Problem] = []
        self.events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)

    def document(self) -> dict[str, Any] | None:
        """The tree of the one document, whose top must be a mapping."""
        tree: dict[str, Any] | None = None
        starts = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                starts += 1
                if starts > 1:
                    self._note(event, (), "a second document begins here", "a configuration is one document")
                    raise _StopReadingError
            elif isinstance(event, MappingStartEvent):
                self.marks[()] = self._mark(event)
                value = self.value(event, (), 1)
                tree = value if isinstance(value, dict) else None
            elif isinstance(event, (ScalarEvent, SequenceStartEvent, AliasEvent)):
                self._wrong_top(event)
        if not starts:
            self.problems.append(problem_at(Mark(self.file), (), "the file is empty", "a configuration is a mapping"))
        return tree

    def _wrong_top(self, event: Any) -> None:
        if isinstance(event, ScalarEvent) and not event.value and event.style is None:
            message = "the file is empty"
        else:
            message = "the top level is not a mapping"
        self._note(event, (), message, "a configuration is lines of `key: value`")
        raise _StopReadingError

    def value(self, event: Any, path: KeyPath, depth: int) -> Any:
        """The value that begins with an event."""
        if depth > DEEPEST:
            self._note(event, path, f"nested more than {DEEPEST} deep", "")
            raise _StopReadingError
        if isinstance(event, AliasEvent):
            self._note(event, path, f"alias *{event.anchor} is not allowed", "write the value out, or use extends")
            return REFUSED
        refused = self._decorated(event, path)
        if isinstance(event, MappingStartEvent):
            value: Any = self._mapping(path, depth)
        elif isinstance(event, SequenceStartEvent):
            value = self._sequence(path, depth)
        else:
            value = self.scalar(event, path)
        return REFUSED if refused else value

    def _decorated(self, event: Any, path: KeyPath) -> bool:
        if event.tag is not None:
            self._note(event, path, f"tag {event.tag} is not allowed", "plain values only")
            return True
        if event.anchor is not None:
            self._note(event, path, f"anchor &{event.anchor} is not allowed", "aliases are refused; use extends")
        return False

    def _mapping(self, path: KeyPath, depth: int) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._key(event, path, depth)
            value_event = next(self.events)
            if key is None or key in tree:
                if key is not None:
                    first = self.marks[(*path, key)].line
                    self._note(event, (*path, key), f"duplicate key, first given on line {first}", "keep one")
                self._skip(value_event, (*path, "?"), depth)
                continue
            self.marks[(*path, key)] = self._mark(event)
            tree[key] = self.value(value_event, (*path, key), depth + 1)
        return tree

    def _key(self, event: Any, path: KeyPath, depth: int) -> str | None:
        if not isinstance(event, ScalarEvent):
            self._note(event, path, "a key must be a plain word", "not a list, a mapping or an alias")
            self._skip(event, (*path, "?"), depth)
            return None
        if event.style is None and event.value in ("", "<<"):
            what = "merge key << is not allowed" if event.value else "a key is missing before the colon"
            self._note(event, path, what, "use extends" if event.value else "")
            return None
        if self._decorated(event, path) or self._unprintable(event, path, within=""):
            return None
        key: str = event.value
        return key

    def _skip(self, event: Any, path: KeyPath, depth: int) -> None:
        """Read past a value whose key cannot be used, noting nothing of it."""
        marks, problems = self.marks, self.problems
        self.marks, self.problems = {}, []
        try:
            self.value(event, path, depth + 1)
        finally:
            self.marks, self.problems = marks, problems

    def _sequence(self, path: KeyPath, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            place = (*path, str(len(items)))
            self.marks[place] = self._mark(event)
            items.append(self.value(event, place, depth + 1))
        return items

    def scalar(self, event: Any, path: KeyPath) -> Any:
        """One word; quoted words and blocks are always text."""
        if self._unprintable(event, path, within="\n\t"):
            return REFUSED
        if event.style is not None:
            return event.value
        try:
            return plain(event.value)
        except RefusedWordError as refused:
            self._note(event, path, str(refused), refused.hint)
            return REFUSED

    def _unprintable(self, event: Any, path: KeyPath, within: str) -> bool:
        """Note text that would disturb a terminal, a file name or a table; signs ``within`` are allowed."""
        odd = next((one for one in event.value if _disturbing(one) and one not in within), None)
        if odd is not None:
            what = "half a character (a lone surrogate)" if category(odd) == "Cs" else "a control character"
            self._note(event, path, f"text holds {what}, {odd!a}", "leave it out")
        return odd is not None

    def _mark(self, event: Any) -> Mark:
        return Mark(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _note(self, event: Any, path: KeyPath, message: str, hint: str) -> None:
        self.problems.append(problem_at(self._mark(event), path, message, hint))


def _disturbing(letter: str) -> bool:
    return category(letter) in ("Cc", "Cs") or letter in _TURNING


def parse(text: str, file: str) -> Document:
    """Read YAML text; never raises, all problems are in the document.

    Parameters
    ----------
    text : str
        The text of a file.
    file : str
        The name the problems show.
    """
    builder = _Builder(text, file)
    tree = None
    try:
        tree = builder.document()
    except _StopReadingError:
        pass
    except YAMLError as error:
        builder.problems.append(_syntax(error, text, file))
    except _PARSER_SLIPS as error:
        builder.problems.append(problem_at(Mark(file), (), f"not readable as YAML: {error}"))
    return Document(file, tree, builder.marks, tuple(builder.problems), tuple(text.splitlines()))


def _syntax(error: YAMLError, text: str, file: str) -> Problem:
    if isinstance(error, ReaderError):
        before = text[: error.position]
        mark = Mark(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        return problem_at(mark, (), "a character that YAML does not allow", "remove it, or write it as an escape")
    if isinstance(error, MarkedYAMLError):
        place = error.problem_mark or error.context_mark
        mark = Mark(file, place.line + 1, place.column + 1) if place else Mark(file)
        words = " ".join(part.strip() for part in (error.context, error.problem) if part)
        return problem_at(mark, (), f"not readable as YAML: {words}", "look for a missing colon, quote or bracket")
    return problem_at(Mark(file), (), "not readable as YAML")


def parse_value(text: str, file: str, path: KeyPath) -> tuple[Any, tuple[Problem, ...]]:
    """One value, or an inline mapping or list, under the rules of a file: what follows ``=`` in ``--set``."""
    if "\n" in text or "\r" in text:
        return REFUSED, (problem_at(Mark(file), path, "a value must be on one line"),)
    document = parse(f"value: {text}\n" if text.strip() else "value:\n", file)
    found = [
        problem_at(Mark(file), (*path, *one.path.split(".")[1:]) if one.path else path, one.message, one.hint)
        for one in document.problems
    ]
    if document.tree is not None and list(document.tree) != ["value"]:
        found.append(problem_at(Mark(file), path, f"{text!r} is not one value"))
    return (document.tree["value"] if document.tree and not found else REFUSED), tuple(found)
