"""Plain trees of a configuration: laying one over another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

INITIATIVES = "initiatives"
"""The one mapping whose order means something: a presentation is averted by the first of them that would."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

_OWN_FORM = ("from", "shape", "model", "form", "table")
"""A mapping with one of these keys states a whole value: it replaces what was there instead of mixing with it."""


def overlay(under: Any, over: Any) -> Any:
    """``over`` laid on ``under``: mappings are merged key by key, everything else replaces.

    A mapping that states its own form (a dated value, a distribution, an effect model) replaces the old one whole.
    Dates added to a table of dates take their place in time.
    """
    if not isinstance(under, Mapping) or not isinstance(over, Mapping):
        return over
    if any(key in over for key in _OWN_FORM):
        return dict(over)
    merged = dict(under)
    for key, value in over.items():
        merged[key] = overlay(under[key], value) if key in under else value
    if len(merged) > len(under) and under and all(_DATE.fullmatch(str(key)) for key in merged):
        return dict(sorted(merged.items()))  # a date put between those that were there
    return merged


def wholes(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each value of a tree that an overlay replaces whole, with its path: a number, a word, a list, a stated form."""
    if isinstance(tree, Mapping) and tree and not any(key in tree for key in _OWN_FORM):
        for key, value in tree.items():
            yield from wholes(value, (*path, str(key)))
    else:
        yield path, tree


def switched(base: Mapping[str, Any], alternative: Mapping[str, Any], paths: Iterable[Sequence[str]]) -> dict[str, Any]:
    """The first tree with what the second has at these paths, exactly; what the second lacks is taken out.

    Initiatives stand in the order of the second.
    """
    tree = dict(base)
    for path in paths:
        tree = _with(tree, alternative, path)
    listed, order = tree[INITIATIVES], alternative[INITIATIVES]
    return {**tree, INITIATIVES: {name: listed[name] for name in [*order, *listed] if name in listed}}


def _with(tree: Mapping[str, Any], source: Mapping[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """A copy of a tree whose value at a path is that of the source; gone if the source has none."""
    key, *below = path
    if below:
        return {**tree, key: _with(tree[key], source[key], below)}
    rest = dict(tree)
    if key in source:
        rest[key] = source[key]
    else:
        del rest[key]
    return rest
