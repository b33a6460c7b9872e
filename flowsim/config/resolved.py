"""A whole scenario written as one file, each value with where it came from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from flowsim.config.load import DEFAULT, Loaded
from flowsim.config.problems import KeyPath, dotted

_PLAIN_WORD = re.compile(r"[A-Za-z_](?:[\w.+/-]*[\w+])?(?: [A-Za-z0-9_]+)*", re.ASCII)
_NOT_WORDS = ("null", "true", "false", "yes", "no", "on", "off", "y", "n")


def resolved_yaml(loaded: Loaded) -> str:
    """The scenario in full, defaults included, as YAML that loads to the same fingerprint.

    After each value a comment says where it was set: a file and line, ``--set``, or ``default``.
    """
    lines = [f"# {loaded.scenario.name}: everything that ran, and where each value was set"]
    lines += [f"# from {' < '.join(_printable(file) for file in loaded.chain)}"]
    _emit(loaded.scenario.tree(), (), loaded, lines)
    return "\n".join(lines) + "\n"


def _emit(tree: Mapping[str, Any], path: KeyPath, loaded: Loaded, lines: list[str]) -> None:
    for key, value in tree.items():
        here = (*path, str(key))
        indent = "  " * len(path)
        if isinstance(value, Mapping) and value:
            lines.append(f"{indent}{_word(str(key))}:")
            _emit(value, here, loaded, lines)
        else:
            origin = loaded.origins.get(dotted(here), DEFAULT)
            lines.append(f"{indent}{_word(str(key))}: {inline(value)}  # {_printable(origin.text)}")


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
