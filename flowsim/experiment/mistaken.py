"""What a folder is that is no run folder, or one of another version: said so that one knows what to do."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import flowsim
from flowsim.params import MODEL_VERSION

FORMAT = 1
"""Version of the files of a run folder and of what the manifest says of them."""

_OTHERS = (
    ("sweep.json", "of a sweep, which has points.json, tables and pictures of its own"),
    ("calibration.json", "of a calibration, which has its own answer.json and pictures"),
    ("claims.csv", "of a validation, which has its own page, claims.md"),
    ("answer.json", "of an answer (select, solve or front), which is in its answer.json"),
)
_WROTE = "give a folder that `flowsim run` or `flowsim compare` wrote"


def mistaken(folder: Path, manifest: str) -> str:
    """Why there is no manifest to read in a folder, with what to do about it.

    Parameters
    ----------
    manifest : str
        Name of the file that a run folder has.
    """
    if not folder.exists():
        return f"{folder}: is no run folder: there is no such folder; {_WROTE}"
    if not folder.is_dir():
        inside = "; give the folder it is in" if (folder.parent / manifest).is_file() else f"; {_WROTE}"
        return f"{folder}: is no run folder, but a file{inside}"
    try:
        names = {one.name for one in folder.iterdir()}
    except OSError as error:
        return f"{folder}: is no run folder that can be read: {error.strerror}"
    if manifest in names:
        return f"{folder / manifest}: cannot be read; check that it is a file you may read"
    if not names:
        return f"{folder}: is no run folder: it is empty; {_WROTE}"
    other = of_another_kind(folder)
    if other:
        return other
    runs = sorted(name for name in names if (folder / name / manifest).is_file())
    if runs:
        more = f" and {len(runs) - 1} more" if len(runs) > 1 else ""
        return f"{folder}: is no run folder, but holds such: {folder / runs[-1]}{more}; give one of them"
    return f"{folder}: is no run folder: there is no {manifest} in it; {_WROTE}"


def of_another_kind(folder: Path) -> str:
    """That a folder is one of a sweep, a calibration and the like; empty if it is none, or holds a run."""
    kind = next((words for file, words in _OTHERS if (folder / file).exists()), "")
    if not kind or (folder / "replications.parquet").exists():
        return ""
    return f"{folder}: is no run folder, but the folder {kind}; {_WROTE}"


def of_another_version(path: Path, text: str) -> str:
    """Why a manifest of another version cannot be used, and what to do; empty if it can, or says nothing of versions.

    Asked before the manifest is read in full, as a newer one may hold other things.
    """
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(tree, dict):
        return ""
    model, form = tree.get("model_version"), tree.get("format", FORMAT)
    if not (isinstance(model, int) and isinstance(form, int)):
        return ""
    own = f"this is flowsim {flowsim.__version__}, model version {MODEL_VERSION}, folder format {FORMAT}"
    its = f"flowsim {tree.get('flowsim', '(unknown)')}, model version {model}, folder format {form}"
    if model > MODEL_VERSION or form > FORMAT:
        return f"{path}: was written by a newer version ({its}; {own}); update flowsim to read it"
    if model < MODEL_VERSION:
        return f"{path}: was written by an older version ({its}; {own}), whose numbers differ; {again(tree)}"
    return ""


def again(manifest: Mapping[str, Any]) -> str:
    """What to do about a run that cannot be read: the command that made it, where it is known."""
    words = manifest.get("command")
    typed = shlex.join(map(str, words)) if isinstance(words, list) and words else ""
    return f"run it again: {typed}" if typed else "run it again"
