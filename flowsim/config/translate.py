"""Validation errors in plain words: what is wrong, what was found, what is allowed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from flowsim.config.fields import Options, fitting, known_keys, options_at, without_tags
from flowsim.config.problems import KeyPath, did_you_mean, shown
from flowsim.config.reader import RefusedValue
from flowsim.params.values import FORMS

MOST = 1000
"""Faults looked at in one file; a message shows a hundred."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a tree: where, what, and what is allowed; ``kind`` is the validator's name for it."""

    path: KeyPath
    message: str
    hint: str
    kind: str


def findings(error: ValidationError, tree: Mapping[str, Any]) -> list[Finding]:
    """All faults of a validation error, without those that repeat a value already refused by the reader."""
    found: dict[tuple[KeyPath, str], Finding] = {}
    for detail in error.errors(include_url=False)[:MOST]:
        if not isinstance(detail["input"], RefusedValue):
            for one in _translated(detail, tree):
                found.setdefault((one.path, one.message), one)
    return without_echoes(list(found.values()))


def without_echoes(found: list[Finding]) -> list[Finding]:
    """Leave out what another fault explains: anything under an unknown key, and a key missing as it was misspelt."""
    unknown = [one for one in found if one.message == "unknown key"]
    meant = {(*one.path[:-1], one.hint.removeprefix("did you mean ").removesuffix("?")) for one in unknown}
    strange = {one.path for one in unknown}
    return [
        one
        for one in found
        if not any(one.path[:size] in strange for size in range(1, len(one.path)))
        and not (one.kind == "missing" and one.path in meant)
    ]


def _translated(detail: ErrorDetails, tree: Mapping[str, Any]) -> list[Finding]:
    path, kind = without_tags(detail["loc"]), detail["type"]
    if not path and kind == "value_error":
        return [_of_line(line, tree) for line in _words(detail).splitlines()]
    if "[key]" in detail["loc"]:
        return [_about_key(detail, path)]
    if kind == "extra_forbidden":
        keys = known_keys(options_at(path[:-1]), value_at(tree, path[:-1]))
        keys += ["extends"] if len(path) == 1 else []
        return [Finding(path, "unknown key", did_you_mean(path[-1], keys), kind)]
    if kind == "union_tag_not_found" or kind == "union_tag_invalid":
        return [_about_choice(detail, path)]
    message, _, hint = _message(detail, path).partition("; ")
    if kind == "missing" and path[0] == "initiatives":
        hint = _another(path[1], tree) + hint
    return [Finding(path, message, hint, kind)]


def _another(name: str, tree: Mapping[str, Any]) -> str:
    """What an overlay may have meant that only switches on an initiative there is."""
    near = get_close_matches(name, [one for one in value_at(tree, ("initiatives",)) if one != name], 1, 0.75)
    return f"did you mean {near[0]}? A new one: " if near else ""


def _words(detail: ErrorDetails) -> str:
    return str(detail.get("ctx", {}).get("error") or detail["msg"])


def _of_line(line: str, tree: Mapping[str, Any]) -> Finding:
    """A fault that the whole scenario states as ``path: message``."""
    path, _, message = line.partition(": ")
    message, _, hint = message.partition("; ")
    return Finding(split_path(path, tree), message, hint, "value_error")


def _about_key(detail: ErrorDetails, path: KeyPath) -> Finding:
    key, kind = path[-1], detail["type"]
    if kind == "literal_error":
        allowed = known_keys(options_at(path[:-1]), {})
        return Finding(path, "unknown key", did_you_mean(key, allowed), kind)
    if kind == "string_pattern_mismatch":
        return Finding(path, f"key {key!r} is not allowed", _pattern(detail), kind)
    if kind.startswith("int_"):
        return Finding(path, f"key {key!r} is not a whole number", "", kind)
    message, _, hint = _words(detail).partition("; ")
    return Finding(path, f"key {message}" if kind == "value_error" else f"key {key!r} {tidy(message)}", hint, kind)


def _about_choice(detail: ErrorDetails, path: KeyPath) -> Finding:
    context, value = detail.get("ctx", {}), detail["input"]
    key = str(context.get("discriminator", "")).strip("'")
    allowed = [tag for one in options_at(path) if (tag := one.tag) is not None and tag not in FORMS]
    if not isinstance(value, Mapping):
        hint = f"{key} is one of {', '.join(allowed)}"
        return Finding(path, f"must be a mapping with a {key}, not {shown(value)}", hint, detail["type"])
    if key not in value:
        return Finding((*path, key), "is missing", f"one of {', '.join(allowed)}", detail["type"])
    hint = did_you_mean(str(value[key]), allowed, "one of")
    return Finding((*path, key), f"unknown {key} {shown(value[key])}", hint, detail["type"])


def _message(detail: ErrorDetails, path: KeyPath) -> str:
    """Message and hint with ``; `` between them."""
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "value_error":
        return _words(detail)
    if kind == "missing":
        return f"is missing; it takes {describe(options_at(path))}"
    if kind in _LIMITS:
        word, name = _LIMITS[kind]
        return f"must be {word} {context[name]:g}, not {shown(value)}"
    if kind == "finite_number":
        return f"must be a finite number, not {shown(value)}"
    if kind == "literal_error":
        words = [word for one in options_at(path) if get_origin(one.base) is Literal for word in get_args(one.base)]
        return f"unknown word {shown(value)}; {did_you_mean(str(value), words, 'one of')}"
    if kind in ("too_short", "too_long"):
        return _length(detail)
    if kind == "string_pattern_mismatch":
        return f"{shown(value)} is not of the right form; {_pattern(detail)}"
    for ending, says in _WRONG_TYPE.items():
        if kind.endswith(ending):
            return says(fitting(options_at(path), value), value)
    return f"{tidy(detail['msg'])}, not {shown(value)}"


_LIMITS = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("less than", "lt"),
    "less_than_equal": ("at most", "le"),
}


def _wrong(options: Options, value: Any) -> str:
    return f"must be {describe(options)}, not {shown(value)}" + (_remedy(options, value) or _choices(options))


_WRONG_TYPE: dict[str, Callable[[Options, Any], str]] = {
    "_type": _wrong,
    "_parsing": _wrong,
    "_from_float": _wrong,
    "_from_date_parsing": _wrong,
}


def _choices(options: Options) -> str:
    """The words that tell the members of a union apart, such as the shapes of a duration."""
    tags = {one.tag: one for one in options if one.is_model and one.tag not in (None, *FORMS)}
    for tag, one in tags.items():
        key = next((key for key, field in one.fields().items() if get_args(field.annotation) == (tag,)), "")
        return f"; its {key} is one of {', '.join(str(word) for word in tags)}"
    return ""


def _remedy(options: Options, value: Any) -> str:
    if [get_origin(one.base) for one in options] == [tuple] and isinstance(value, (str, int)):
        return f"; write [{value}]"
    if not isinstance(value, str):
        return ""
    bases = {one.base for one in options}
    number = bases & {int, float}
    if bool in bases and value.casefold() in ("yes", "no", "on", "off", "y", "n"):
        return "; write true or false"
    if number and re.fullmatch(r"[-+]?[0-9.]+ ?%", value):
        return f"; write {float(value.rstrip(' %')) / 100:g}" if value.count(".") <= 1 else ""
    if number and re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)", value):
        return "; write it without quotes"
    if number and re.fullmatch(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", value):
        return f"; write {value.replace(',', '')}"
    if number and re.fullmatch(r"[-+]?[0-9.]+ ?[a-z]+", value):
        return "; the unit is in the name of the key, write the number alone"
    return ""


def _length(detail: ErrorDetails) -> str:
    context, kind = detail.get("ctx", {}), detail["type"]
    limit = context["min_length" if kind == "too_short" else "max_length"]
    return f"needs at {'least' if kind == 'too_short' else 'most'} {limit} values, not {len(detail['input'])}"


def _pattern(detail: ErrorDetails) -> str:
    return {
        r"^\d{4}/\d{2}$": "write it as 2016/17",
        r"^[a-z][a-z0-9_]*$": "small letters, digits and underscores, a letter first",
    }.get(str(detail.get("ctx", {}).get("pattern")), f"its pattern is {detail.get('ctx', {}).get('pattern')}")


def tidy(message: str) -> str:
    """A message of pydantic as a rule: ``must be …``."""
    return message.replace("Input should", "must").replace("String should", "must").replace("Value error, ", "")


_PLAIN: dict[Any, str] = {
    int: "a whole number",
    float: "a number",
    str: "text",
    bool: "true or false",
    dt.date: "a date such as 2017-10-02",
    type(None): "null",
}


def describe(options: Options) -> str:
    """What may stand at a path, in words: ``a number or null``."""
    words = []
    for one in options:
        if get_origin(one.base) is Literal:
            words.append(" or ".join(str(word) for word in get_args(one.base)))
        elif one.is_model:
            words.append("a dated value" if one.tag in FORMS else "a mapping")
        else:
            words.append(_PLAIN.get(one.base) or ("a mapping" if one.keys is not None else "a list"))
    return " or ".join(dict.fromkeys(words)) or "a value"


def value_at(tree: Any, path: KeyPath) -> Any:
    """The value at a path of a tree, None if there is none."""
    for key in path:
        if isinstance(tree, Mapping):
            tree = tree.get(key)
        elif isinstance(tree, list) and key.isdecimal() and int(key) < len(tree):
            tree = tree[int(key)]
        else:
            return None
    return tree


def split_path(text: str, tree: Any) -> KeyPath:
    """A dotted path cut into keys; a key of the tree that holds dots itself stays whole."""
    parts = text.split(".")
    keys: list[str] = []
    while parts:
        sizes = range(len(parts), 0, -1)
        size = next((n for n in sizes if isinstance(tree, Mapping) and ".".join(parts[:n]) in tree), 1)
        key = ".".join(parts[:size])
        keys.append(key)
        tree, parts = value_at(tree, (key,)), parts[size:]
    return tuple(keys)
