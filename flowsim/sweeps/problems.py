"""What is wrong with a design, in the user's words; and what can go wrong with the folder of a sweep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from flowsim.config.problems import KeyPath, Mark, Problem, did_you_mean, problem_at, shown
from flowsim.config.reader import Document, RefusedValue
from flowsim.config.translate import tidy


class SweepError(Exception):
    """A sweep cannot begin, or cannot go on, there; the message says why and what to do."""


class StoreError(SweepError):
    """The folder of a sweep cannot be written to: full, read-only, or gone. What was finished before is kept."""


def mark_of(document: Document, path: KeyPath) -> Mark:
    """Place of a key in a design, or of the nearest key above it."""
    while path and path not in document.marks:
        path = path[:-1]
    return document.marks.get(path, Mark(document.file))


def fault(document: Document, path: KeyPath, message: str, hint: str = "") -> Problem:
    """A problem at a key of a design."""
    return problem_at(mark_of(document, path), path, message, hint)


def faults(error: ValidationError, document: Document, models: Mapping[str, type[BaseModel]]) -> list[Problem]:
    """Validation errors of a design as problems.

    Parameters
    ----------
    models : mapping
        The model that stands under a key; "" is the top one.
    """
    details = [one for one in error.errors(include_url=False) if not isinstance(one["input"], RefusedValue)]
    inside = {one["loc"][:-1] for one in details}
    found = []
    for detail in details:
        if detail["loc"][-1] == "int" or (detail["type"] == "too_short" and detail["loc"] in inside):
            continue  # said by another: the float of a number, the faulty items of a list
        path = tuple(str(part) for part in detail["loc"] if part != "float")
        found.append(fault(document, path, *_words(detail, path, models)))
    return found


def _words(detail: ErrorDetails, path: KeyPath, models: Mapping[str, type[BaseModel]]) -> tuple[str, str]:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        model = models[path[0] if len(path) > 1 else ""]
        return "unknown key", did_you_mean(path[-1], list(model.model_fields))
    if kind == "missing":
        return "is missing", ""
    if kind == "literal_error":
        expected = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
        return f"unknown word {shown(value)}", did_you_mean(str(value), expected.split(", "), "one of")
    if kind == "too_short":
        return "is empty", "list at least one"
    rule = next((f"must be {words}" for start, words in _FORMS.items() if kind.startswith(start)), "")
    return f"{rule or tidy(detail['msg'])}, not {shown(value)}", ""


_FORMS = {
    "string_type": "text",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "int_": "a whole number",
    "float_": "a number",
    "bool_": "true or false",
}
"""What a value must be, by the beginning of the kind of an error."""


def reason(error: BaseException) -> str:
    """What went wrong, in one line."""
    text: Any = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return str(text).splitlines()[0] if text else type(error).__name__
