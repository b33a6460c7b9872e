"""The folder a validation is kept in: claims, answer, table, page; written whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from flowsim.claims.claim import Claims
from flowsim.claims.conduct import Validation
from flowsim.claims.words import COLUMNS, markdown, row_of, tree_of
from flowsim.experiment.folder import FolderError, whole
from flowsim.experiment.manifest import origin
from flowsim.experiment.texts import csv_bytes

ANSWER = "answer.json"
PICTURE = "claims.png"
READINGS = "readings.csv"


def keep(
    validation: Validation,
    folder: Path,
    command: Sequence[str] = (),
    complete: Callable[[Path], object] | None = None,
) -> dict[str, Any]:
    """Write ``answer.json``, ``claims.csv``, ``claims.yaml``, ``claims.md`` and ``readings.csv``; give the answer.

    Parameters
    ----------
    complete : callable, optional
        Called with the folder before it is moved to its place, to add the picture.

    Raises
    ------
    FolderError
        If the folder is not new or empty, or cannot be written.
    """
    tree = {**tree_of(validation), "run_dir": str(folder), **origin(command)}
    try:
        with whole(folder, force=None) as part:
            (part / "claims.yaml").write_text(validation.claims.text, encoding="utf-8")
            (part / "claims.csv").write_bytes(_table(validation))
            (part / READINGS).write_bytes(_readings(validation))
            (part / "claims.md").write_text(markdown(validation, PICTURE if complete else "") + "\n", encoding="utf-8")
            text = json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False)
            (part / ANSWER).write_text(text + "\n", encoding="utf-8")
            if complete is not None:
                complete(part)
    except OSError as error:
        raise FolderError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return tree


def kept(claims: Claims, folder: Path) -> Validation:
    """A validation from its folder, judged anew: words and tolerances may have changed since, what was run may not.

    Raises
    ------
    FolderError
        If the folder holds none, or its runs are not of these scenarios and readings.
    """
    try:
        tree = json.loads((folder / ANSWER).read_text(encoding="utf-8"))
        rows = list(csv.DictReader((folder / READINGS).read_text(encoding="utf-8").splitlines()))
    except (OSError, ValueError) as error:
        raise FolderError(f"{folder}: holds no validation that can be read: {error}") from error
    values: dict[str, list[float]] = {key: [] for key in claims.readings()}
    for row in rows:
        values.setdefault(row["reading"], []).append(float(row["value"] or "nan"))
    numbers = tuple(dict.fromkeys(int(row["replication"]) for row in rows))
    same = all(tree["fingerprint"].get(one.name) == one.fingerprint for one in claims.scenarios)
    if not same or any(len(values[key]) != len(numbers) for key in claims.readings()):
        raise FolderError(f"{folder}: was run with other scenarios or readings; run it again")
    arrays = {key: np.array(column) for key, column in values.items()}
    return Validation(claims, numbers, arrays, int(tree["seed"]), len(numbers), seconds=float(tree["seconds"]))


def _table(validation: Validation) -> bytes:
    """One row per claim, in the columns of the frame."""
    return csv_bytes(COLUMNS, ([row_of(one)[name] for name in COLUMNS] for one in validation.judged))


def _readings(validation: Validation) -> bytes:
    """Every number read: replication, reading, value."""
    rows = [
        [replication, key, float(values[place])]
        for key, values in validation.values.items()
        for place, replication in enumerate(validation.replications)
    ]
    return csv_bytes(["replication", "reading", "value"], rows)
