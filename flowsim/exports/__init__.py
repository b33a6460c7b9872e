"""Results in the formats of neighbours: each target is a function, found when it is asked for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "exports"
"""Where a target writes if no place is given: ``RUN_DIR/exports/<target>``."""


class ExportError(Exception):
    """Nothing was exported; the message names the folder, file or option and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What may be asked of any target.

    Attributes
    ----------
    force : bool
        Whether files that are there already may be replaced.
    scenario : str, optional
        Of targets that hold one replication: its scenario, the last of the run folder if not given.
    replication : int
        Of such targets: its number.
    window : str, optional
        Of such targets: two dates, ``2018-01-08:2018-01-22``; each target has its own if not given.
    """

    force: bool = False
    scenario: str | None = None
    replication: int = 0
    window: str | None = None


_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,6}")
"""Of a folder's name at most a number follows a dot: runs/v1.2."""

Export = Callable[[Path, Path | None, Options], list[Path]]
"""A target: from a run folder into a place (None: the target's usual one); gives the files written."""


class Target(NamedTuple):
    """What a target is, in a line, the module and function that make it, and as what one file it may be written."""

    words: str
    module: str
    function: str
    file: str = ""


TARGETS = {
    "xlsx": Target("the workbook", "flowsim.exports.tables", "to_xlsx", ".xlsx"),
    "csv": Target("the tables of a run as CSV files", "flowsim.exports.tables", "to_csv"),
    "vidigi": Target("where each person is, a layout and settings", "flowsim.exports.vidigi", "to_vidigi"),
    "pm4py": Target("one event a row under the names of pm4py (XES)", "flowsim.exports.process", "to_pm4py", ".csv"),
    "bupar": Target("one activity a row for bupaR's activitylog()", "flowsim.exports.process", "to_bupar", ".csv"),
    "salib": Target(
        "problem, samples and outcomes of a sweep or sensitivity analysis", "flowsim.exports.salib", "to_salib"
    ),
}

OF_ONE_REPLICATION = ("vidigi", "pm4py", "bupar")
"""Targets that hold one replication, made again."""


def export(run_dir: Path, target: str, out: Path | None = None, options: Options | None = None) -> list[Path]:
    """Write a run folder's results in another format, and give the files written.

    Parameters
    ----------
    target : str
        One of :data:`TARGETS`.
    out : Path, optional
        Where to; by default ``exports/<target>`` in the run folder (the workbook: the run folder's own). A name with
        an extension that is no folder yet is a file: such a one only the targets of one table take.

    Raises
    ------
    ExportError
        If there is no such target, the place is named like a file that it does not write, the folder cannot be read, or
        a file is in the way and ``force`` is not given.
    """
    if target not in TARGETS:
        raise ExportError(f"--to {target}: there is none such; there are {', '.join(TARGETS)}")
    chosen = options or Options()
    if target not in OF_ONE_REPLICATION and (chosen.scenario, chosen.replication, chosen.window) != (None, 0, None):
        named = ", ".join(OF_ONE_REPLICATION)
        raise ExportError(f"--scenario, --replication and --window mean nothing to --to {target}, only to {named}")
    found = TARGETS[target]
    if out is not None and is_file_name(out) and out.suffix.lower() != found.file:
        raise ExportError(f"--out {out}: is named like a file, and {_rather(target, out)}")
    function: Export = getattr(import_module(found.module), found.function)
    return function(run_dir, out, chosen)


def is_file_name(out: Path) -> bool:
    """Whether a place is meant as a file: it has an extension, such as .csv, and is no folder that is there."""
    return _EXTENSION.fullmatch(out.suffix) is not None and not out.is_dir()


def _rather(target: str, out: Path) -> str:
    """What to give instead of a file that a target does not write."""
    folder, file = out.with_suffix(""), TARGETS[target].file
    if file:
        return f"--to {target} writes one {file} file; give {folder}{file}, or a folder such as {folder}"
    return f"--to {target} writes several files into a folder; give one, such as {folder}"


def place(run_dir: Path, out: Path | None, target: str, names: list[str], options: Options) -> Path:
    """The folder a target writes files of these names into, made if it is not there.

    Raises
    ------
    ExportError
        If it is a file or cannot be made, or one of the names is in it already and ``force`` is not given.
    """
    folder = out or run_dir / FOLDER / target
    for name in names:
        check_free(folder / name, options, "folder")
    return made(folder)


def check_free(file: Path, options: Options, kind: str) -> None:
    """Raise ExportError if a file is in the way and ``force`` is not given, or if it is one a run rests on.

    Parameters
    ----------
    kind : str
        What --out names: "file" or "folder".
    """
    from flowsim.experiment.folder import sealed

    if not os.path.lexists(file):
        return
    if file.name in sealed(file.parent):
        raise ExportError(f"{file}: is part of that run and is not replaced; give another {kind} with --out")
    if not options.force:
        raise ExportError(f"{file}: is there already; give another {kind} with --out, or --force")
    if not file.is_file():
        raise ExportError(f"{file}: is no file, so it cannot be replaced; give another {kind} with --out")


def made(folder: Path) -> Path:
    """A folder, made with those above it if it is not there; ExportError if it is a file or cannot be made."""
    if folder.exists() and not folder.is_dir():
        raise ExportError(f"{folder}: is a file; give a folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return folder


def write_files(folder: Path, files: Mapping[str, pd.DataFrame | str | bytes]) -> list[Path]:
    """Write files by name, each whole or not there, and give their paths; no cell of a frame is a formula.

    What is no text, as names of folders may be, is written as an escape.

    Raises
    ------
    ExportError
        If one cannot be written.
    """
    from flowsim.experiment.texts import safe
    from flowsim.sweeps.files import write_whole
    from flowsim.sweeps.problems import StoreError

    for name, what in files.items():
        data = what if isinstance(what, (str, bytes)) else _csv(safe(what))
        try:
            write_whole(folder / name, data if isinstance(data, bytes) else data.encode(errors="backslashreplace"))
        except StoreError as error:
            raise ExportError(str(error)) from error
    return [folder / name for name in files]


def _csv(frame: pd.DataFrame) -> str:
    """A frame as CSV; dates without the midnight that pandas gives them."""
    return str(frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d"))
