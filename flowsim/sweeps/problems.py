"""What is wrong with a design, in the user's words; and what can go wrong with the folder of a sweep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from flowsim.config.problems import KeyPath, Mark, Problem, did_you_mean, problem_at, shown
from flowsim.config.reader import Document, RefusedValue


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
    found = []
    for detail in details:
        path = tuple(str(part) for part in detail["loc"])
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
    return f"{_tidy(detail['msg'])}, not {shown(value)}", ""


def _tidy(message: str) -> str:
    return message.replace("Input should", "must").replace("String should", "must").replace("Value error, ", "")


def reason(error: BaseException) -> str:
    """What went wrong, in one line."""
    text: Any = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return str(text).splitlines()[0] if text else type(error).__name__
