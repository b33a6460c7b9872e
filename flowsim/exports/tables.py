"""The tables of a run folder as CSV files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from flowsim.exports import ExportError, Options, place

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.experiment import Results


def to_csv(run_dir: Path, out: Path | None, options: Options) -> list[Path]:
    """Write replications, daily numbers and, of a comparison, bed days saved by cause into a folder.

    Raises
    ------
    ExportError
        If the run folder cannot be read, or a file is in the way and ``force`` is not given.
    """
    from flowsim.experiment.folder import FolderError
    from flowsim.experiment.reading import read

    try:
        results, _, _ = read(run_dir)
    except FolderError as error:
        raise ExportError(str(error)) from error
    frames = _frames(results)
    folder = place(run_dir, out, "csv", list(frames), options)
    for name, frame in frames.items():
        _write(frame(), folder / name)
    return [folder / name for name in frames]


def _frames(results: Results) -> dict[str, Callable[[], pd.DataFrame]]:
    found: dict[str, Callable[[], pd.DataFrame]] = {
        "replications.csv": lambda: results.replications,
        "daily.csv": lambda: results.daily.drop(columns="day"),
    }
    attribution = getattr(results, "attribution", None)
    return found if attribution is None else {**found, "attribution.csv": attribution}


def _write(frame: pd.DataFrame, path: Path) -> None:
    """One CSV file, whole or not there; no cell of it can be read as a formula."""
    from flowsim.experiment.texts import safe
    from flowsim.sweeps.files import write_whole

    text = safe(frame).to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
    write_whole(path, text.encode())
