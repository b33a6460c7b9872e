"""From a file (and what it extends, and ``--set``) to a scenario, knowing where each value was set."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flowsim.config.fields import leaves
from flowsim.config.files import Source, find, find_extended, nearby, packaged, read_file
from flowsim.config.problems import ConfigError, KeyPath, Mark, Problem, dotted, said_at
from flowsim.config.reader import Document
from flowsim.config.settings import SET, read_setting
from flowsim.config.translate import Finding
from flowsim.config.validate import all_faults, placed, validate
from flowsim.params import Scenario
from flowsim.params.tree import overlay

EXTENDS = "extends"
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was set: ``configs/base.yaml:12``, ``--set``, or ``default`` for one that no file states."""

    text: str
    file: str = ""
    line: int = 0


DEFAULT = Origin("default")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario, the tree it came from, the origin of each stated value by dotted path, and its files, top first."""

    scenario: Scenario
    tree: dict[str, Any]
    origins: dict[str, Origin]
    chain: tuple[str, ...]
    documents: tuple[Document, ...] = field(default=(), repr=False)
    marks: dict[KeyPath, Mark] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class _Merged:
    """Layers laid over one another so far."""

    tree: dict[str, Any] = field(default_factory=dict)
    marks: dict[KeyPath, Mark] = field(default_factory=dict)
    under: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def lay(self, tree: Mapping[str, Any], marks: Mapping[KeyPath, Mark]) -> None:
        """Lay a tree over what is there; a path keeps its old mark only if the new tree does not state it."""
        merged = overlay(self.tree, tree)
        self.marks = {path: mark for path in _paths(merged) if (mark := marks.get(path) or self.marks.get(path))}
        self.tree = merged


def load(source: str | os.PathLike[str], settings: Sequence[str] = ()) -> Scenario:
    """The scenario of a configuration file, or of a shipped one by its name (``do_nothing``).

    Parameters
    ----------
    source : path
        A YAML file; it may extend another one of its folder, or a shipped one.
    settings : list of text
        Values laid over it, as in ``["life.slots=140"]``; the last one wins.

    Raises
    ------
    ConfigError
        With every problem that could be found, each with file, line, column and path.
    """
    return read(source, settings).scenario


def read(source: str | os.PathLike[str], settings: Sequence[str] = ()) -> Loaded:
    """As :func:`load`, with where each value came from.

    Raises
    ------
    ConfigError
        With every problem that could be found.
    """
    documents, problems = _chain(find(os.fspath(source)))
    whole = not problems and all(document.tree is not None for document in documents)
    merged = _Merged(problems=[*problems, *(one for document in documents for one in document.problems)])
    for document in reversed(documents):
        merged.under = merged.tree
        merged.lay(_without_extends(document), document.marks)
    if whole:
        _set(merged, settings)
    scenario = _validated(merged, documents[0].file, whole)
    if scenario is None:
        raise ConfigError(_in_order(merged.problems, [document.file for document in documents]))
    origins = {dotted(path): _origin(merged.marks[path]) for path, _ in leaves(merged.tree)}
    scenario._origins.update({path: origin.text for path, origin in origins.items()})
    chain = tuple(document.file for document in documents)
    return Loaded(scenario, merged.tree, origins, chain, tuple(documents), merged.marks)


def _set(merged: _Merged, settings: Iterable[str]) -> None:
    stated = merged.tree
    for text in settings:
        setting = read_setting(text, merged.tree)
        merged.problems += setting.problems
        if not setting.problems:
            merged.lay(setting.tree, dict.fromkeys(_paths(setting.tree), setting.mark))
    merged.under = stated if merged.tree is not stated else merged.under


def _in_order(problems: Iterable[Problem], files: Sequence[str]) -> list[Problem]:
    """Each problem once, by file (the top one first, ``--set`` last) and line."""
    rank = {file: place for place, file in reversed(list(enumerate(files)))}
    return sorted(dict.fromkeys(problems), key=lambda one: (rank.get(one.file, len(files)), one.line, one.column))


def _validated(merged: _Merged, file: str, whole: bool) -> Scenario | None:
    """The scenario, or None when something is wrong; all problems are then noted."""
    if not merged.tree:
        return None
    result = validate(merged.tree)
    if isinstance(result, Scenario):
        return None if merged.problems else result
    donors = [merged.under, _base()]
    found = all_faults(merged.tree, result, donors)
    if not whole:  # what an unreadable file would have stated is not missing
        found = [one for one in found if not _may_be_elsewhere(one, merged.tree)]
    merged.problems += placed(found, merged.marks, file)
    return None


def _may_be_elsewhere(one: Finding, tree: Mapping[str, Any]) -> bool:
    return one.kind == "missing" or (one.kind == "value_error" and (not one.path or _is_mapping(one.path, tree)))


def _is_mapping(path: KeyPath, tree: Any) -> bool:
    for key in path:
        if not isinstance(tree, Mapping) or key not in tree:
            return True
        tree = tree[key]
    return isinstance(tree, Mapping)


def _base() -> dict[str, Any]:
    tree = read_file(Source(packaged() / "base.yaml", "configs/base.yaml")).tree
    return tree or {}


def _without_extends(document: Document) -> dict[str, Any]:
    return {key: value for key, value in (document.tree or {}).items() if key != EXTENDS}


def _chain(top: Source) -> tuple[list[Document], list[Problem]]:
    """The files from the top one to the one that extends nothing, and what is wrong with the links between them."""
    documents, sources = [read_file(top, scenario=True)], [top]
    while EXTENDS in (tree := documents[-1].tree or {}):
        mark = documents[-1].marks[(EXTENDS,)]
        following = _follow(tree[EXTENDS], sources)
        if isinstance(following, str):
            return documents, [said_at(mark, (EXTENDS,), following)]
        sources.append(following)
        documents.append(read_file(following))
    return documents, []


def _follow(name: Any, sources: Sequence[Source]) -> Source | str:
    if not isinstance(name, str):
        return "must be the name of one file; for example base.yaml"
    found = find_extended(name, sources[-1], sources[0].path.resolve().parent)
    if isinstance(found, str):
        hint = f"; {nearby(sources[-1].path.parent / Path(name).name)}" if found.startswith("there is no") else ""
        return f"{name!r}: {found}{hint}"
    if any(found.path.resolve() == one.path.resolve() for one in sources):
        return f"files extend one another in a circle: {' → '.join([*(one.shown for one in sources), found.shown])}"
    if len(sources) >= _LONGEST_CHAIN:
        return f"more than {_LONGEST_CHAIN} files extend one another"
    return found


def _paths(tree: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    yield path
    rows = tree.items() if isinstance(tree, Mapping) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in rows:
        yield from _paths(value, (*path, str(key)))


def _origin(mark: Mark) -> Origin:
    if mark.file.startswith(SET):
        return Origin(SET, mark.file)
    return Origin(f"{mark.file}:{mark.line}", mark.file, mark.line)
