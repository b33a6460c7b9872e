"""A run folder read back: the same results, without running anything."""

from __future__ import annotations

import hashlib
from json import JSONDecodeError
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.experiment.comparison import Comparison
from flowsim.experiment.folder import MANIFEST, FolderError
from flowsim.experiment.manifest import Manifest
from flowsim.experiment.manifest_form import manifest_from
from flowsim.experiment.mistaken import again, mistaken, of_another_kind, of_another_version
from flowsim.experiment.parquet import read_cube, read_sets
from flowsim.experiment.record import CheckSummary, Record, Sets
from flowsim.experiment.replicate import Failure
from flowsim.experiment.results import Results
from flowsim.experiment.tracked import Cube

if TYPE_CHECKING:
    from flowsim.config.load import Loaded


def read(folder: Path) -> tuple[Results, dict[str, Loaded], Manifest]:
    """Results, configurations by scenario, and manifest of a run folder.

    Raises
    ------
    FolderError
        If it is no run folder, or one of another version, or a file of it is missing or has been changed since it was
        written; the message says what to do.
    """
    from flowsim.config.problems import ConfigError

    manifest = read_manifest(folder)
    try:
        configs = _configs(folder, manifest)
        record = _record(folder, manifest, configs)
    except (KeyError, TypeError, ValueError, OSError, ConfigError) as error:  # errors of pyarrow are ValueErrors
        raise FolderError(f"{folder}: cannot be read as a run folder: {error}; {again(manifest)}") from error
    return (Comparison if len(record.scenarios) > 1 else Results)(record), configs, manifest


def read_manifest(folder: Path) -> Manifest:
    """The manifest, once the files it lists are found as they were written (the report may be made anew)."""
    path = folder / MANIFEST
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise FolderError(f"{path}: is damaged: it is no text; run it again") from error
    except OSError as error:
        raise FolderError(mistaken(folder, MANIFEST)) from error
    other = of_another_kind(folder) or of_another_version(path, text)
    if other:
        raise FolderError(other)
    manifest = _manifest(path, text)
    for name, stated in manifest["files"].items():
        if name.endswith((".parquet", ".yaml")):
            _check(folder / Path(name).name, stated["sha256"], manifest)
    return manifest


def _manifest(path: Path, text: str) -> Manifest:
    try:
        manifest: Manifest = manifest_from(text)
    except ValueError as error:
        damaged = "half-written or damaged: " if isinstance(error, JSONDecodeError) else ""
        remedy = "run it again, or give a folder that `flowsim run` or `flowsim compare` wrote"
        raise FolderError(f"{path}: is no manifest of a run: {damaged}{error}; {remedy}") from error
    needed = ["replications.parquet", "daily.parquet", *(one["config"] for one in manifest["scenarios"].values())]
    unsealed = [name for name in needed if name not in manifest["files"]]
    if unsealed:
        raise FolderError(f"{path}: is no manifest of a run: it holds no checksum of {unsealed[0]}; run it again")
    return manifest


def _check(file: Path, stated: str, manifest: Manifest) -> None:
    """Refuse a file that is missing, cannot be read or is not as it was written."""
    if not file.is_file():
        raise FolderError(f"{file}: is missing; {again(manifest)}")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise FolderError(f"{file}: cannot be read: {error.strerror}") from error
    if hashlib.sha256(data).hexdigest() != stated:
        found = "has been changed since it was written, or is half-written"
        raise FolderError(f"{file}: {found}: its checksum differs; {again(manifest)}")


def _configs(folder: Path, manifest: Manifest) -> dict[str, Loaded]:
    from flowsim.config.load import read as read_config

    return {name: read_config(folder / Path(one["config"]).name) for name, one in manifest["scenarios"].items()}


def _record(folder: Path, manifest: Manifest, configs: dict[str, Loaded]) -> Record:
    labels, values = read_cube(folder / "replications.parquet", ("scenario", "replication", "measure"))
    if labels[0] != tuple(configs):
        raise ValueError(f"the manifest names {list(configs)}, the tables {list(labels[0])}")
    for name, one in configs.items():
        if one.scenario.fingerprint != manifest["scenarios"][name]["fingerprint"]:
            raise ValueError(f"the fingerprint of {name!r} is not that of its configuration")
    days, daily = read_cube(folder / "daily.parquet", ("scenario", "replication", "series"), "day")
    scenarios = [
        one.scenario.model_copy(update={"name": name, "title": manifest["scenarios"][name]["title"]})
        for name, one in configs.items()
    ]
    count, done = len(scenarios), len(labels[1])
    causes: tuple[str, ...] = ()
    parts = np.zeros(0)
    if count > 1:
        found, parts = read_cube(folder / "attribution.parquet", ("alternative", "replication", "cause"))
        causes = found[2]
    return Record(
        scenarios=tuple(scenarios),
        seed=int(manifest["seed"]),
        asked=int(manifest["replications"]["asked"]),
        replications=tuple(labels[1]),
        measures=labels[2],
        values=values.reshape(count, done, len(labels[2])),
        series=days[2],
        daily=daily.reshape(count, done, len(days[2]), len(days[3])),
        causes=causes,
        parts=parts.reshape(count - 1, done, len(causes)),
        sets=_sets(folder, manifest),
        **_yearly(folder, manifest, labels),
        trackers=_trackers(folder, manifest, labels),
        **_notes(manifest),
    )


def _yearly(folder: Path, manifest: Manifest, labels: list[tuple[Any, ...]]) -> dict[str, Any]:
    if "yearly.parquet" not in manifest["files"]:
        return {}
    found, values = read_cube(folder / "yearly.parquet", ("scenario", "replication", "year", "measure"))
    if [found[0], found[1], found[3]] != labels:
        raise ValueError("the years and the whole window are not of the same scenarios, replications and measures")
    return {"years": found[2], "yearly": values}


def _trackers(folder: Path, manifest: Manifest, labels: list[tuple[Any, ...]]) -> dict[str, Cube]:
    from flowsim.measures import TRACKERS

    found = {}
    for name in TRACKERS:
        file = f"tracker.{name}.parquet"
        if file in manifest["files"]:
            axes, values = read_cube(folder / file, ("scenario", "replication", "row", "month", "column"))
            if axes[:2] != labels[:2]:
                raise ValueError(f"{file} is not of the same scenarios and replications as the measures")
            found[name] = Cube(axes[2], axes[3], axes[4], values)
    return found


def _sets(folder: Path, manifest: Manifest) -> Sets | None:
    stated = manifest.get("uncertain")
    if stated is None:
        return None
    laid = folder / "parameter_values.parquet" if "parameter_values.parquet" in manifest["files"] else None
    return read_sets(folder / "parameter_sets.parquet", int(stated["per_set"]), tuple(stated["notes"]), laid)


def _notes(manifest: Manifest) -> dict[str, Any]:
    failures = [Failure(one["scenario"], one["replication"], one["reason"]) for one in manifest["failures"]]
    checks = [
        CheckSummary(one["scenario"], one["check"], one["runs"], one["failed"], one["numbers"])
        for one in manifest["self_checks"]
    ]
    return {
        "checks": tuple(checks),
        "failures": tuple(failures),
        "warnings": tuple(manifest["stability"]),
        "seconds": float(manifest["seconds"]),
        "stopped": bool(manifest["replications"]["stopped_by_user"]),
    }
