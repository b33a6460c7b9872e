"""What an unquoted word of YAML means: the core rules of YAML 1.2; what is read in several ways is refused."""

from __future__ import annotations

import re

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?")
_OTHER_BASE = re.compile(r"[-+]?0[xXoObB][0-9a-fA-F_]+")
_UNDERSCORES = re.compile(r"[-+]?[0-9][0-9]*(_[0-9]*)+(\.[0-9_]*)?([eE][-+]?[0-9]+)?")
_LONGEST = 400  # characters of a number: more than any float has, fewer than Python refuses to convert

_WORDS: dict[str, bool | float | None] = {"": None, "~": None}
_WORDS |= dict.fromkeys(("null", "Null", "NULL"), None)
_WORDS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
_WORDS |= dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan"))
_WORDS |= dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf"))
_WORDS |= dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf"))


class RefusedWordError(ValueError):
    """A word that readers of YAML do not agree about; ``hint`` says what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def plain(text: str) -> bool | int | float | str | None:
    """Value of an unquoted word.

    Whole numbers, decimals (``1e3`` and ``.5`` too), ``true``, ``false``, ``null`` or nothing; anything else is text,
    also ``12:30``, ``no`` and ``2017-12-01``.

    Raises
    ------
    RefusedWordError
        For ``010``, ``0x1F`` and ``1_000``, which older and newer YAML read differently, and for endless numbers.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _LEADING_ZERO.fullmatch(text):
        raise RefusedWordError(f"{text} is a number with a leading zero", f'write it without, or as text: "{text}"')
    if _OTHER_BASE.fullmatch(text):
        raise RefusedWordError(f"{text} is not a decimal number", f'write it in decimal, or as text: "{text}"')
    if _UNDERSCORES.fullmatch(text):
        raise RefusedWordError(
            f"{text} is a number with underscores", f'write {text.replace("_", "")}, or as text: "{text}"'
        )
    if len(text) > _LONGEST and _FLOAT.fullmatch(text):
        raise RefusedWordError(f"a number of {len(text)} characters", f"numbers have at most {_LONGEST}")
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
