"""What a result came from: versions, scenarios, seed, machine, times, warnings, failures and self-checks."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import flowsim
from flowsim.experiment.mistaken import FORMAT
from flowsim.experiment.record import Record, Sets
from flowsim.experiment.words import cautions
from flowsim.params import MODEL_VERSION

Manifest = dict[str, Any]
PACKAGES = ("simpy", "numpy", "scipy", "pandas", "pydantic", "pyarrow", "joblib", "matplotlib", "ruamel.yaml")
ENGINE = "simpy"


def manifest_of(record: Record, command: Sequence[str], configs: Mapping[str, str]) -> Manifest:
    """The manifest of a record, but for the checksums of the files.

    Parameters
    ----------
    command : sequence of str
        What the user typed.
    configs : mapping of scenario name to file name
        Where each resolved configuration stands in the folder.
    """
    return {
        "format": FORMAT,
        **origin(command),
        "scenarios": {one.name: _scenario(one, configs) for one in record.scenarios},
        "seed": record.seed,
        "replications": {
            "asked": record.asked,
            "finished": len(record.replications),
            "numbers": list(record.replications),
            "stopped_by_user": record.stopped,
        },
        **({"uncertain": _uncertain(record.sets)} if record.sets is not None else {}),
        "seconds": round(record.seconds, 3),
        "warnings": cautions(record),
        "stability": list(record.warnings),
        "failures": [
            {"scenario": one.scenario, "replication": one.replication, "reason": one.reason} for one in record.failures
        ],
        "self_checks": [
            {"scenario": c.scenario, "check": c.name, "runs": c.runs, "failed": c.failed, "numbers": c.example}
            for c in record.checks
        ],
    }


def _uncertain(sets: Sets) -> dict[str, Any]:
    """What was drawn: how many sets, replications of each, unknowns with their grades, and notes."""
    return {
        "sets": len(sets.values),
        "per_set": sets.per_set,
        "unknowns": dict(zip(sets.names, sets.grades, strict=True)),
        "notes": list(sets.notes),
    }


def origin(command: Sequence[str]) -> dict[str, Any]:
    """What made a result: versions, commit, command, when, and on what kind of computer."""
    return {
        "flowsim": flowsim.__version__,
        "model_version": MODEL_VERSION,
        "engine": ENGINE,
        "git_commit": git_commit(),
        "command": list(command),
        "written": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "packages": packages(),
    }


def machine() -> dict[str, str | int]:
    """The computer and its Python; no name of the computer or of its user."""
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
    }


def packages() -> dict[str, str]:
    """Version of each package that results rest on; empty if it is not installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def git_commit() -> str | None:
    """Commit of the source this package runs from, with ``+changes`` if files differ from it; None if not in git."""
    source = Path(flowsim.__file__).parent
    commit = _git(source, "rev-parse", "HEAD")
    if commit is None or _git(source, "ls-files", "__init__.py") in (None, ""):
        return None  # installed into somebody else's repository
    return commit + ("+changes" if _git(source, "status", "--porcelain", "--", ".") else "")


def _scenario(scenario: Any, configs: Mapping[str, str]) -> dict[str, str | None]:
    return {"title": scenario.title, "fingerprint": scenario.fingerprint, "config": configs.get(scenario.name)}


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
