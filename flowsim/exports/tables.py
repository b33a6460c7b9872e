"""The tables of a run folder as a workbook or as CSV files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flowsim.exports import ExportError, Options, check_free, is_file_name, made, place, write_files

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.experiment import Results


def to_xlsx(run_dir: Path, out: Path | None, options: Options) -> list[Path]:
    """Write the workbook: to a file, into a folder, or without a place the run folder's own ``results.xlsx`` anew.

    Raises
    ------
    ExportError
        If the run folder cannot be read, or a file is in the way that flowsim did not write there itself and ``force``
        is not given.
    """
    from flowsim import workbook
    from flowsim.experiment.folder import FolderError
    from flowsim.experiment.reading import read
    from flowsim.experiment.remake import remake, resolved_texts

    try:
        if out is None:
            return remake(run_dir, {workbook.NAME: workbook.make}, force=options.force)
        file = out if is_file_name(out) else out / workbook.NAME
        check_free(file, options, "file")
        results, _, manifest = read(run_dir)
        made(file.parent)
        texts = resolved_texts(run_dir, manifest)
        try:
            return [workbook.write(file, results, manifest=manifest, configs=texts)]
        except OSError as error:
            raise ExportError(f"{file}: cannot be written: {error.strerror or error}") from error
    except (FolderError, workbook.WorkbookError) as error:
        raise ExportError(str(error)) from error


def to_csv(run_dir: Path, out: Path | None, options: Options) -> list[Path]:
    """Write the summary, replications, daily numbers, dashboards, years and bed days saved by cause into a folder.

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
    return [path for name, frame in frames.items() for path in write_files(folder, {name: frame()})]  # one at a time


def _frames(results: Results) -> dict[str, Callable[[], pd.DataFrame]]:
    """What makes each table that these results have, by the name of its file."""
    found: dict[str, Callable[[], pd.DataFrame]] = {
        "replications.csv": lambda: results.replications,
        "daily.csv": lambda: results.daily.drop(columns="day"),
    }
    attribution = getattr(results, "attribution", None)
    found |= {} if attribution is None else {"attribution.csv": attribution}
    found |= {"summary.csv": results.summary}
    found |= {f"tracker.{name}.csv": partial(results.tracker, name) for name in results.record.trackers}
    return {**found, "yearly.csv": results.yearly_summary} if results.years else found
