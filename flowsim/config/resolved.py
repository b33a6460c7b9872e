"""A whole scenario written as one file, each value with where it came from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flowsim.config.load import DEFAULT, Loaded, Origin
from flowsim.config.problems import KeyPath, dotted

if TYPE_CHECKING:
    from flowsim.params import Scenario

_PLAIN_WORD = re.compile(r"[A-Za-z_](?:[\w.+/-]*[\w+])?(?: [A-Za-z0-9_]+)*", re.ASCII)
_NOT_WORDS = ("null", "true", "false", "yes", "no", "on", "off", "y", "n")


def resolved_yaml(loaded: Loaded) -> str:
    """The scenario in full, defaults included, as YAML that loads to the same fingerprint.

    After each value a comment says where it was set: a file and line, ``--set``, or ``default``.
    """
    lines = [f"# {loaded.scenario.name}: everything that ran, and where each value was set"]
    lines += [f"# from {' < '.join(_printable(file) for file in loaded.chain)}"]
    for path, value in _lines(loaded.scenario.tree()):
        begun = f"{'  ' * (len(path) - 1)}{_word(path[-1])}:"
        if isinstance(value, Mapping) and value:
            lines.append(begun)
        else:
            origin = loaded.origins.get(dotted(path), DEFAULT)
            lines.append(f"{begun} {inline(value)}  # {_printable(origin.text)}")
    return "\n".join(lines) + "\n"


def restored(scenario: Scenario, text: str | None) -> Loaded:
    """A scenario with where each of its values was set, as its :func:`resolved_yaml` says.

    Without such a text, or with that of a version that had other parameters, it says what the scenario itself knows.
    """
    tree = scenario.tree()
    found = list(_lines(tree))
    head, lines = (text or "").splitlines()[:2], (text or "").splitlines()[2:]
    if not _are_lines_of([path for path, _ in found], lines):
        return Loaded(scenario, tree, {path: _origin(one) for path, one in scenario.origins.items()}, ())
    origins = {
        dotted(path): _origin(line.rpartition("  # ")[2])
        for (path, value), line in zip(found, lines, strict=True)
        if not (isinstance(value, Mapping) and value)
    }
    return Loaded(scenario, tree, origins, tuple(head[-1].removeprefix("# from ").split(" < ")))


def _are_lines_of(paths: list[KeyPath], lines: list[str]) -> bool:
    pairs = zip(paths, lines, strict=False)
    return len(paths) == len(lines) and all(line.lstrip().startswith(f"{_word(path[-1])}:") for path, line in pairs)


def _origin(text: str) -> Origin:
    file, _, line = text.rpartition(":")
    return Origin(text, file, int(line)) if file and line.isascii() and line.isdigit() else Origin(text)


def _lines(tree: Mapping[str, Any], path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Each key of a tree that has a line of its own, in order: those above others too."""
    for key, value in tree.items():
        yield (*path, str(key)), value
        if isinstance(value, Mapping) and value:
            yield from _lines(value, (*path, str(key)))


def inline(value: Any) -> str:
    """A value on one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_word(str(key))}: {inline(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(inline(one) for one in value) + "]"
    return _word(value) if isinstance(value, str) else json.dumps(value)


def _word(text: str) -> str:
    if _PLAIN_WORD.fullmatch(text) and text.lower() not in _NOT_WORDS:
        return text
    return _printable(json.dumps(text, ensure_ascii=False))


def _printable(text: str) -> str:
    """Text with every character YAML does not allow written as an escape."""
    return "".join(one if one.isprintable() else f"\\U{ord(one):08X}" for one in text)
