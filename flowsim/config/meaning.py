"""What each field of a configuration is, from the docstring beneath it in ``flowsim.params``.

Read off the source when somebody asks: Pydantic can do it for every class at import, but takes 0.3 s of each start.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from flowsim.config.fields import TOP, Options, below, fitting
from flowsim.config.problems import KeyPath
from flowsim.config.translate import value_at

FORM_KEYS = ("shape", "model", "form")
"""Keys that choose between forms of a part; the form's own class says what it is."""


def meaning_of(tree: Mapping[str, Any], path: KeyPath) -> str:
    """What a parameter is; a free name, such as a ward's, means what the mapping it stands in does."""
    options: Options = TOP
    says = ""
    for size, key in enumerate(path):
        models = [one.base for one in fitting(options, value_at(tree, path[:size])) if one.is_model]
        own = next((text for model in models if (text := _own(model, key))), "")
        numbers_of_a_shape = key != "shape" and any("shape" in model.model_fields for model in models)
        says = f"{says} {own}".strip() if numbers_of_a_shape else own or says
        options = below(options, key)
    return says


def _own(model: type[BaseModel], key: str) -> str:
    return _form(model) if key in FORM_KEYS else field_meanings(model).get(key, "")


def _form(model: type[BaseModel]) -> str:
    first = inspect.cleandoc(model.__doc__ or "").partition("\n\n")[0]
    return " ".join(first.replace("``", "").split())


def field_meanings(model: type[BaseModel]) -> dict[str, str]:
    """Docstrings of a model's fields, inherited ones included, by the key a file writes."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        found |= _docstrings(base.__module__).get(base.__name__.partition("[")[0], {})
    return {(field.alias or name): found[name] for name, field in model.model_fields.items() if name in found}


@cache
def _docstrings(module: str) -> dict[str, dict[str, str]]:
    """By class, then by field."""
    if not module.startswith("flowsim."):
        return {}
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: dict(_beneath(node)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _beneath(node: ast.ClassDef) -> list[tuple[str, str]]:
    pairs = zip(node.body, node.body[1:], strict=False)
    return [
        (field.target.id, says.value.value)
        for field, says in pairs
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(says, ast.Expr) and isinstance(says.value, ast.Constant) and isinstance(says.value.value, str)
    ]
