"""The run folder: everything a result came from, written whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from flowsim.experiment import tables
from flowsim.experiment.manifest import Manifest, manifest_of
from flowsim.experiment.parquet import (
    write_attribution,
    write_daily,
    write_laid,
    write_replications,
    write_sets,
    write_tracker,
    write_yearly,
)
from flowsim.experiment.putting import beside, put
from flowsim.experiment.record import Record
from flowsim.experiment.results import Results
from flowsim.experiment.texts import csv_bytes
from flowsim.experiment.words import cautions

MANIFEST = "manifest.json"


class FolderError(Exception):
    """The run folder cannot be written there; the message says why and what to do."""


class FolderTakenError(FolderError):
    """Something is in that place already, perhaps another run that ended first."""


def default_folder(names: Sequence[str], now: dt.datetime, root: Path = Path("runs")) -> Path:
    """A folder that does not exist yet: ``runs/<date>-<time>-<names>``, with a number if two begin in one second."""
    words = "-".join(plain(name)[:40] for name in names[:3])
    return free(root / f"{now:%Y%m%d-%H%M%S}-{words}")


def free(path: Path) -> Path:
    """The path itself, or with the first number behind it that names nothing yet."""
    found, number = path, 2
    while os.path.lexists(found):
        found, number = path.with_name(f"{path.name}-{number}"), number + 1
    return found


def check_folder(path: Path, *, force: bool | None = False) -> None:
    """Refuse, before anything is run, a folder that cannot or should not be written.

    Parameters
    ----------
    force : bool, optional
        Whether an older run folder may be replaced; None where nobody can ask for that.

    Raises
    ------
    FolderError
        If it is a file, a broken link or a mount point, is not empty (with ``force``: and is no run folder), or its
        parent cannot be written to.
    """
    if path.is_symlink() and not path.exists():
        raise FolderError(f"{path}: is a link that leads nowhere")
    if os.path.ismount(path):
        raise FolderError(f"{path}: is a mount point, which cannot be replaced; give a folder inside it")
    if path.exists() and not path.is_dir():
        raise FolderError(f"{path}: is a file; give a folder that is new or empty")
    if path.is_dir() and any(path.iterdir()):
        if not force:
            remedy = "" if force is None else ", or --force to replace an older run"
            raise FolderTakenError(f"{path}: is not empty; give another folder{remedy}")
        if not (path / MANIFEST).is_file():
            raise FolderError(f"{path}: holds other files and no {MANIFEST}; --force only replaces a run folder")
    parent = next(one for one in path.absolute().parents if one.exists())
    if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
        raise FolderError(f"{path}: cannot be written, {parent} does not allow it")
    try:
        tempfile.TemporaryDirectory(prefix=f".{path.name[:80]}.", dir=parent).cleanup()
    except OSError as error:  # rights are not all: a full disk, a system's own folder
        raise FolderError(f"{path}: cannot be written: {error.strerror}") from None


def write(
    results: Results,
    path: Path,
    *,
    configs: Mapping[str, str],
    command: Sequence[str] = (),
    force: bool = False,
    complete: Callable[[Path, Manifest], object] | None = None,
) -> Manifest:
    """Write the run folder of some results, all but the report, and give its manifest.

    It is written beside its place and moved there when whole. Tables hold the same bytes for any number of workers.

    Parameters
    ----------
    configs : mapping of scenario name to text
        The resolved configuration of each scenario.
    command : sequence of str
        What the user typed, for the manifest.
    force : bool
        Replace an older run folder.
    complete : callable, optional
        Called with the folder, before it is moved to its place, and the manifest; what it adds is sealed as well.

    Raises
    ------
    FolderError, OSError
        As :func:`check_folder`; or if the disk is full, for one. Nothing is left behind then.
    """
    with whole(path, force=force) as part:
        manifest = _fill(part, results.record, configs, command)
        if complete is not None:
            complete(part, manifest)
        seal(part, manifest)
    return manifest


@contextmanager
def whole(path: Path, *, force: bool | None = False) -> Iterator[Path]:
    """A folder to fill, which is moved to its place when the block ends, and is gone if it fails.

    Raises
    ------
    FolderError, OSError
        As :func:`check_folder`.
    """
    check_folder(path, force=force)
    path = path.absolute()
    with beside(path) as part:
        yield part
        _move(part, path, force)


def _fill(part: Path, record: Record, configs: Mapping[str, str], command: Sequence[str]) -> Manifest:
    files = config_files(list(configs))
    for name, text in configs.items():
        (part / files[name]).write_text(text, encoding="utf-8")
    write_replications(record, part / "replications.parquet")
    write_daily(record, part / "daily.parquet")
    if len(record.scenarios) > 1:
        write_attribution(record, part / "attribution.parquet")
    if record.years:
        write_yearly(record, part / "yearly.parquet")
    for name in record.trackers:
        write_tracker(record, name, part / f"tracker.{name}.parquet")
    if record.sets is not None:
        write_sets(record.sets, part / "parameter_sets.parquet")
        write_laid(record, record.sets, part / "parameter_values.parquet")
    _write_summary(record, part / "summary.csv")
    _write_log(record, part / "run.log")
    return manifest_of(record, command, files)


def seal(folder: Path, manifest: Manifest) -> None:
    """Write the manifest with the checksum of every other file of the folder; again, once a report was added."""
    files = sorted(one for one in folder.iterdir() if one.is_file() and not one.name.endswith(MANIFEST))
    sums = {one.name: {"bytes": one.stat().st_size, "sha256": _sha256(one)} for one in files}
    _write_manifest(folder, {**manifest, "files": sums})


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
    put(folder / MANIFEST, (text + "\n").encode(errors="backslashreplace"))  # file names need not be text


def check_unchanged(file: Path, manifest: Manifest, *, force: bool = False) -> None:
    """Refuse to replace a file of a run folder that is not as flowsim wrote it, unless that is forced.

    Raises
    ------
    FolderError
        If it was changed since, or was never written by flowsim, or is no file.
    """
    if not os.path.lexists(file):
        return
    if not file.is_file():
        raise FolderError(f"{file}: is no file, so it cannot be replaced; move it away")
    stated = manifest["files"].get(file.name, {}).get("sha256")
    if force or _sha256(file) == stated:
        return
    found = "was not written by flowsim" if stated is None else "has been changed since flowsim wrote it"
    raise FolderError(f"{file}: {found}; move it away, or give --force to replace it")


def sealed(folder: Path) -> list[str]:
    """Names of the files a run folder rests on: its manifest and what that lists; none if it is no run folder."""
    try:
        listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("files", {})
    except FileNotFoundError:
        return []
    except (OSError, ValueError, AttributeError):
        return [MANIFEST]
    return [MANIFEST, *listed]


def reseal(folder: Path, manifest: Manifest, names: Sequence[str]) -> None:
    """Put the checksums of files made anew into the manifest; all others stay as they were stated."""
    sums = {name: {"bytes": (folder / name).stat().st_size, "sha256": _sha256(folder / name)} for name in names}
    _write_manifest(folder, {**manifest, "files": dict(sorted({**manifest["files"], **sums}.items()))})


def config_files(names: Sequence[str]) -> dict[str, str]:
    """Name of the file that holds each scenario's resolved configuration."""
    if len(names) == 1:
        return {names[0]: "config.resolved.yaml"}
    found: dict[str, str] = {}
    for name in names:
        safe, number = plain(name), 2
        file = f"config.{safe}.resolved.yaml"
        while file in found.values():
            file, number = f"config.{safe}-{number}.resolved.yaml", number + 1
        found[name] = file
    return found


def plain(name: str) -> str:
    """A scenario's name as part of a file name."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "_" for c in name)[:60]


def _write_summary(record: Record, path: Path) -> None:
    columns = tables.summary_columns(record)
    rows = [tables.summary_cells(row)[: len(columns)] for row in tables.summary_rows(record)]
    path.write_bytes(csv_bytes(columns, rows))


def _write_log(record: Record, path: Path) -> None:
    lines = [f"{len(record.replications)} of {record.asked} replications in {record.seconds:.1f} s, seed {record.seed}"]
    lines += [f"warning: {text}" for text in cautions(record)]
    for failure in record.failures:
        lines.append(f"failure: {failure}")
        lines += [f"    {line}" for line in failure.trace.splitlines()]
    for check in record.checks:
        verdict = "ok" if not check.failed else f"FAILED in {check.failed}"
        lines.append(f"check: {check.scenario}: {check.name}: {verdict} of {check.runs} runs; {check.example}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _move(part: Path, path: Path, force: bool | None) -> None:
    if force and path.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{path.name[:80]}.old.", dir=path.parent))
        try:
            path.rename(old / "run")
            part.rename(path)
        finally:
            shutil.rmtree(old, ignore_errors=True)
        return
    try:
        part.rename(path)  # onto nothing or an empty folder, never onto what another run has put there meanwhile
    except OSError as error:
        if os.path.lexists(path):
            raise FolderTakenError(f"{path}: was taken while this ran") from error
        raise


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
