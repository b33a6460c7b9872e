"""Which code makes the numbers: results of two versions are never mixed unasked."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import flowsim
from flowsim.params import MODEL_VERSION

_NO_NUMBERS = (
    "attribution",
    "calibration",
    "claims",
    "cli",
    "decide",
    "money",
    "plots",
    "report",
    "story",
    "sweeps",
    "uncertain",
)
"""Parts of the package that change no number of a run."""


@cache
def code_version() -> str:
    """SHA-256 over the source of all modules that can change a number, 16 hexadecimal digits of it."""
    root = Path(flowsim.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root)
        if name.parts[0] not in _NO_NUMBERS:
            digest.update(f"{name.as_posix()}\0".encode() + path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def versions() -> dict[str, Any]:
    """Version of the package and of the model, and of the code."""
    return {"flowsim": flowsim.__version__, "model_version": MODEL_VERSION, "code": code_version()}
