"""What may stand at a path of a configuration, read off the model's own types."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Discriminator, Tag, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from flowsim.config.problems import KeyPath
from flowsim.params import Scenario


@dataclass(frozen=True, slots=True)
class Option:
    """One of the types a value may have: ``base`` without its annotations, and the tag a union knows it by."""

    base: Any
    tag: str | None = None

    @property
    def is_model(self) -> bool:
        """Whether it is one of our own mappings of named keys."""
        return isinstance(self.base, type) and issubclass(self.base, BaseModel)

    @property
    def keys(self) -> Any:
        """Type of the keys of a free mapping, None if it is none."""
        return get_args(self.base)[0] if get_origin(self.base) is dict else None

    def fields(self) -> dict[str, FieldInfo]:
        """Named keys as a file writes them, with their types."""
        if not self.is_model:
            return {}
        return {field.alias or name: field for name, field in self.base.model_fields.items()}


Options = tuple[Option, ...]
TOP: Options = (Option(Scenario),)


def options_of(annotation: Any, discriminator: Any = None, tag: str | None = None) -> Options:
    """All types an annotation allows, in order.

    Parameters
    ----------
    annotation : type
        As written in a model: may be annotated, a union, a mapping or a list.
    discriminator : str or Discriminator, optional
        How a union is told apart, if its members are tagged.
    """
    origin = get_origin(annotation)
    if origin is Annotated:
        base, *notes = get_args(annotation)
        for note in notes:
            if isinstance(note, Tag):
                tag = note.tag
            elif isinstance(note, Discriminator):
                discriminator = note
            elif isinstance(note, FieldInfo) and note.discriminator is not None:
                discriminator = note.discriminator
        return options_of(base, discriminator, tag)
    if origin in (Union, types.UnionType):
        return tuple(one for member in get_args(annotation) for one in options_of(member, discriminator, tag))
    if isinstance(discriminator, str) and isinstance(annotation, type) and issubclass(annotation, BaseModel):
        (tag,) = get_args(annotation.model_fields[discriminator].annotation)
    return (Option(annotation, tag),)


@cache
def _of_field(model: type[BaseModel], key: str) -> Options:
    field = Option(model).fields()[key]
    notes = [note for note in field.metadata if isinstance(note, Discriminator)]
    return options_of(field.annotation, field.discriminator or (notes[0] if notes else None))


def below(options: Options, key: str) -> Options:
    """What may stand under a key (or a position of a list); nothing if the key is not known."""
    found: list[Option] = []
    for option in options:
        if option.is_model and key in option.fields():
            found += _of_field(option.base, key)
        elif option.keys is not None:
            found += options_of(get_args(option.base)[1])
        elif get_origin(option.base) in (tuple, list) and key.isdecimal():
            found += options_of(get_args(option.base)[0])
    return tuple(dict.fromkeys(found))


def fitting(options: Options, value: Any) -> Options:
    """The options that a value has chosen by its own words, such as ``shape: lognormal``; all if it has not."""
    if not isinstance(value, Mapping):
        return options
    chosen = [one for one in options if one.is_model and _agrees(one, value)]
    return tuple(chosen) or options


def _agrees(option: Option, value: Mapping[str, Any]) -> bool:
    words = [(key, get_args(one.annotation)) for key, one in option.fields().items() if one.is_required()]
    stated = [(value[key], allowed) for key, allowed in words if key in value and allowed and _is_literal(option, key)]
    return bool(stated) and all(word in allowed for word, allowed in stated if isinstance(word, str))


def _is_literal(option: Option, key: str) -> bool:
    return get_origin(option.fields()[key].annotation) is Literal


def known_keys(options: Options, value: Any) -> list[str]:
    """Keys that may stand in a mapping, given what it holds already."""
    chosen = fitting(options, value)
    keys = [key for one in chosen for key in one.fields()]
    keys += [word for one in chosen if get_origin(one.keys) is Literal for word in get_args(one.keys)]
    return list(dict.fromkeys(keys))


def options_at(path: KeyPath) -> Options:
    """What may stand at a path from the top of a scenario; nothing if the model has no such path."""
    options = TOP
    for key in path:
        options = below(options, key)
    return options


def accepts_key(options: Options, key: str, value: Any) -> bool:
    """Whether a key may be set in a mapping: a named key, or one of a free mapping that is there or well formed.

    Free names (of wards, cohorts) must be there already, so that a slip of the pen does not found a new ward.
    """
    if isinstance(value, Mapping) and key in value:
        return True
    if key in known_keys(options, value):
        return True
    for option in fitting(options, value):
        bases = {one.base for one in options_of(option.keys)} if option.keys is not None else set()
        if bases & {dt.date, int}:
            try:
                TypeAdapter(option.keys).validate_python(key)
            except ValidationError:
                continue
            return True
    return False


def without_tags(loc: tuple[int | str, ...]) -> KeyPath:
    """Path of a validation error without the names of union members that pydantic weaves into it."""
    options, path = TOP, []
    for raw in loc:
        part = str(raw)
        if part == "[key]":
            break
        tagged = tuple(one for one in options if one.tag == part)
        if tagged:
            options = tuple(Option(one.base) for one in tagged)
            continue
        path.append(part)
        options = below(options, part)
    return tuple(path)


def leaves(tree: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every value of a tree with its path; an empty mapping and a list count as one value."""
    if isinstance(tree, Mapping) and tree:
        for key, value in tree.items():
            yield from leaves(value, (*path, str(key)))
    else:
        yield path, tree
