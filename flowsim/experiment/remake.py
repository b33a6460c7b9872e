"""What is made from the files of a run folder, made anew: the report, the workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from flowsim.experiment.folder import FolderError, check_unchanged, reseal
from flowsim.experiment.manifest import Manifest
from flowsim.experiment.putting import put
from flowsim.experiment.reading import read
from flowsim.experiment.results import Results

Maker = Callable[[Path, Results, Manifest, Mapping[str, str]], object]
"""Writes one file of a run folder, from the results, the manifest and the resolved configurations by scenario."""


def remake(run_dir: Path, makers: Mapping[str, Maker], *, force: bool = False) -> list[Path]:
    """Make files of a run folder anew, without running anything, put them into its manifest, and give their paths.

    Parameters
    ----------
    makers : mapping of file name to function
        What to make, and how.
    force : bool
        Also replace a file that flowsim did not write, or that was changed since.

    Raises
    ------
    FolderError
        If it is no run folder, or one of another version; if a file of it is missing, incomplete or changed since it
        was written; or if it cannot be written to. Nothing is changed then.
    """
    results, _, manifest = read(run_dir)
    for name in makers:
        check_unchanged(run_dir / name, manifest, force=force)
    paths = [run_dir / name for name in makers]
    try:
        made = _made(results, manifest, resolved_texts(run_dir, manifest), makers)
        for path, data in zip(paths, made, strict=True):
            put(path, data)
        reseal(run_dir, manifest, list(makers))
    except OSError as error:
        words = " and ".join(makers)
        why = f"{words} cannot be written there: {error.strerror or error}"
        raise FolderError(f"{run_dir}: {why}; copy the folder to where you may write") from error
    return paths


def _made(results: Results, manifest: Manifest, texts: Mapping[str, str], makers: Mapping[str, Maker]) -> list[bytes]:
    """What each file is to hold; all of them before the first is replaced, and made where no other command looks."""
    with TemporaryDirectory() as elsewhere:
        for name, make in makers.items():
            make(Path(elsewhere) / name, results, manifest, texts)
        return [(Path(elsewhere) / name).read_bytes() for name in makers]


def resolved_texts(run_dir: Path, manifest: Manifest) -> dict[str, str]:
    """The resolved configuration of each scenario of a run folder, as it stands in its file."""
    files = {name: run_dir / Path(one["config"]).name for name, one in manifest["scenarios"].items()}
    return {name: file.read_text(encoding="utf-8") for name, file in files.items()}
