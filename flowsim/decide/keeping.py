"""The folder a decision is kept in: design, answer, every number drawn; written whole or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowsim.experiment.folder import FolderError, cell, check_folder

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
    check_folder(folder, force=None)
    folder = folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name[:80]}.", dir=folder.parent))
        try:
            (part / "design.yaml").write_text(design, encoding="utf-8")
            (part / "samples.csv").write_text(_text(samples), encoding="utf-8")
            for name, content in (files or {}).items():
                (part / name).write_bytes(content)
            text = json.dumps({**tree, **_origin(command)}, indent=2, ensure_ascii=False, allow_nan=False)
            (part / ANSWER).write_text(text + "\n", encoding="utf-8")
            part.chmod(0o755)
            part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise FolderError(f"{folder}: cannot be written: {error.strerror or error}") from error


def _text(samples: Samples) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["system", "replication", *samples.columns])
    for system, replication in sorted(samples.drawn):
        numbers = samples.drawn[(system, replication)]
        writer.writerow([cell(samples.names[system]), replication, *map(cell, numbers)])
    return text.getvalue()


def _origin(command: Sequence[str]) -> dict[str, Any]:
    import flowsim
    from flowsim.experiment.manifest import ENGINE, git_commit, machine, packages
    from flowsim.params import MODEL_VERSION

    return {
        "engine": ENGINE,
        "flowsim": flowsim.__version__,
        "model_version": MODEL_VERSION,
        "git_commit": git_commit(),
        "command": list(command),
        "written": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "packages": packages(),
    }
