"""The folder a decision is kept in: design, answer, every number drawn; written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowsim.experiment.folder import FolderError, whole
from flowsim.experiment.manifest import origin
from flowsim.experiment.texts import csv_bytes

ANSWER = "answer.json"


@dataclass(frozen=True, slots=True)
class Samples:
    """Every number drawn: what each system is called, what the numbers are, and the numbers of each replication."""

    names: Sequence[str]
    columns: Sequence[str]
    drawn: Mapping[tuple[int, int], Sequence[float]]


def keep(
    folder: Path,
    tree: Mapping[str, Any],
    design: str,
    samples: Samples,
    command: Sequence[str],
    files: Mapping[str, bytes] | None = None,
) -> None:
    """Write ``answer.json``, ``design.yaml``, ``samples.csv`` (system, replication, numbers) and further files.

    Raises
    ------
    FolderError
        If the folder is not new or empty, or cannot be written.
    """
    try:
        with whole(folder, force=None) as part:
            (part / "design.yaml").write_text(design, encoding="utf-8")
            (part / "samples.csv").write_bytes(_table(samples))
            for name, content in (files or {}).items():
                (part / name).write_bytes(content)
            text = json.dumps({**tree, **origin(command)}, indent=2, ensure_ascii=False, allow_nan=False)
            (part / ANSWER).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{folder}: cannot be written: {error.strerror or error}") from error


def _table(samples: Samples) -> bytes:
    rows = (
        [samples.names[system], replication, *samples.drawn[(system, replication)]]
        for system, replication in sorted(samples.drawn)
    )
    return csv_bytes(["system", "replication", *samples.columns], rows)
