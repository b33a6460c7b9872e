"""What a manifest must hold for its run folder to be read back; more is allowed."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Number = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]


class _Form(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")


class _Scenario(_Form):
    title: str
    fingerprint: str
    config: str


class _Replications(_Form):
    asked: Count
    finished: Count
    numbers: list[Count]
    stopped_by_user: bool


class _Failure(_Form):
    scenario: str
    replication: Count
    reason: str


class _SelfCheck(_Form):
    scenario: str
    check: str
    runs: Count
    failed: Count
    numbers: str


class _File(_Form):
    bytes: Count
    sha256: str


class _Manifest(_Form):
    flowsim: str
    model_version: int
    engine: str
    git_commit: str | None
    command: list[str]
    written: str
    scenarios: Annotated[dict[str, _Scenario], Field(min_length=1)]
    seed: Count
    replications: _Replications
    seconds: Number
    warnings: list[str]
    stability: list[str]
    failures: list[_Failure]
    self_checks: list[_SelfCheck]
    machine: dict[str, str | int]
    packages: dict[str, str]
    files: dict[str, _File]


def manifest_from(text: str) -> dict[str, Any]:
    """The manifest that a text holds.

    Raises
    ------
    ValueError
        Naming the first thing that is not as :func:`flowsim.experiment.manifest.manifest_of` writes it.
    """
    try:
        tree: dict[str, Any] = json.loads(text)
        _Manifest.model_validate(tree)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    except ValidationError as error:
        raise ValueError(_said(tree, error)) from error
    return tree


def _said(tree: Any, error: ValidationError) -> str:
    """The first thing that is wrong, in words."""
    if not isinstance(tree, dict) or "flowsim" not in tree:
        return "another program wrote it, as it names no version of flowsim"
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"]))
    return f"it lacks {place}" if first["type"] == "missing" else f"{place}: {first['msg']}"
