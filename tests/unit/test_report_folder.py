"""`flowsim report` on folders that are not what they should be: a clear message, exit 2, nothing changed on disk."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import recorded
from typer.testing import CliRunner, Result

from flowsim.cli.app import app

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder, written once."""
    return recorded.run_folder(tmp_path_factory.mktemp("made") / "run")


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it in a place of its own."""
    return Path(shutil.copytree(made, tmp_path / "runs" / "mine"))


def reported(path: Path, *more: str) -> Result:
    """What the command says of a folder, with line breaks taken out."""
    return CliRunner().invoke(app, ["report", str(path), *more])


def disk(root: Path) -> dict[str, Any]:
    """Every file below a folder, with its bytes."""
    return {str(one.relative_to(root)): one.read_bytes() for one in sorted(root.rglob("*")) if one.is_file()}


def changed(folder: Path, **values: Any) -> None:
    """Write some keys of the manifest anew; None leaves a key out."""
    path = folder / "manifest.json"
    tree = {**json.loads(path.read_text(encoding="utf-8")), **values}
    kept = {key: value for key, value in tree.items() if not (key in values and value is None)}
    path.write_text(json.dumps(kept), encoding="utf-8")


def halved(name: str) -> Callable[[Path], None]:
    """A file of the folder cut in the middle."""

    def cut(folder: Path) -> None:
        """Leave the first half."""
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[: len(data) // 2])

    return cut


def only(name: str) -> Callable[[Path], None]:
    """A folder with one file of another command."""

    def leave(folder: Path) -> None:
        """Take the rest away."""
        for one in folder.iterdir():
            one.unlink()
        (folder / name).write_text("{}", encoding="utf-8")

    return leave


def emptied(folder: Path) -> None:
    """Take everything away."""
    for one in folder.iterdir():
        one.unlink()


DAMAGES: list[tuple[str, Callable[[Path], object], str, str]] = [
    ("empty", emptied, "it is empty", "give a folder that"),
    ("no manifest", lambda at: (at / "manifest.json").unlink(), "no manifest.json in it", "give a folder that"),
    ("half a manifest", halved("manifest.json"), "half-written or damaged", "run it again"),
    ("no text", lambda at: (at / "manifest.json").write_bytes(b"\xff\xfe\x00"), "is damaged", "run it again"),
    ("a list", lambda at: (at / "manifest.json").write_text("[]"), "is no manifest of a run", "run it again"),
    ("manifest a folder", lambda at: ((at / "manifest.json").unlink(), (at / "manifest.json").mkdir()),
     "cannot be read", "check that it is a file"),
    ("newer model", lambda at: changed(at, model_version=99), "was written by a newer version", "update flowsim"),
    ("newer format", lambda at: changed(at, format=99, scenarios=None), "folder format 99", "update flowsim"),
    ("older model", lambda at: changed(at, model_version=0), "by an older version", "run it again: flowsim"),
    ("half a table", halved("daily.parquet"), "daily.parquet: has been changed", "run it again: flowsim compare"),
    ("no table", lambda at: (at / "attribution.parquet").unlink(), "attribution.parquet: is missing", "run it again"),
    ("another config", halved("config.after.resolved.yaml"), "config.after.resolved.yaml", "run it again"),
    ("a sweep", only("sweep.json"), "the folder of a sweep", "give a folder that"),
    ("a validation", only("claims.csv"), "the folder of a validation", "give a folder that"),
    ("a calibration", only("calibration.json"), "the folder of a calibration", "give a folder that"),
    ("a solve", only("answer.json"), "select, solve or front", "give a folder that"),
    ("a report by hand", lambda at: (at / "report.html").write_text("mine"), "has been changed since", "--force"),
    ("a folder in the way", lambda at: ((at / "report.html").unlink(), (at / "report.html").mkdir()),
     "is no file", "move it away"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "problem", "remedy"), [one[1:] for one in DAMAGES], ids=[one[0] for one in DAMAGES])
def test_a_folder_that_is_not_whole_is_refused_with_problem_and_remedy(
    folder: Path, damage: Callable[[Path], object], problem: str, remedy: str
) -> None:
    damage(folder)
    before = disk(folder.parent)
    said = reported(folder)
    assert (said.exit_code, str(folder) in said.stderr, problem in said.stderr, remedy in said.stderr) == (
        2,
        True,
        True,
        True,
    ), said.stderr
    assert disk(folder.parent) == before


def test_a_folder_that_does_not_exist_is_not_made(tmp_path: Path) -> None:
    said = reported(tmp_path / "none")
    assert (said.exit_code, "there is no such folder" in said.stderr, list(tmp_path.iterdir())) == (2, True, [])


def test_a_file_of_a_run_folder_leads_to_the_folder(folder: Path) -> None:
    said = reported(folder / "report.html")
    assert (said.exit_code, "but a file; give the folder it is in" in said.stderr) == (2, True)


def test_a_folder_of_runs_names_one_of_them(folder: Path) -> None:
    said = reported(folder.parent)
    assert (said.exit_code, f"holds such: {folder}" in said.stderr) == (2, True)


def test_a_report_that_flowsim_wrote_is_replaced_without_force(folder: Path) -> None:
    assert [reported(folder).exit_code, reported(folder).exit_code] == [0, 0]


def test_a_report_that_flowsim_did_not_write_stays(folder: Path) -> None:
    tree = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    changed(folder, files={name: one for name, one in tree.items() if name != "report.html"})
    said = reported(folder)
    assert "was not written by flowsim" in said.stderr
    assert said.exit_code == 2


def test_force_replaces_a_report_that_was_changed(folder: Path) -> None:
    (folder / "report.html").write_text("mine", encoding="utf-8")
    assert reported(folder, "--force").exit_code == 0
    assert "<!DOCTYPE html>" in (folder / "report.html").read_text(encoding="utf-8")


def test_force_does_not_read_a_damaged_table(folder: Path) -> None:
    halved("daily.parquet")(folder)
    assert reported(folder, "--force").exit_code == 2


def test_a_new_report_vouches_for_no_other_file(folder: Path) -> None:
    before = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    (folder / "summary.csv").write_text("changed by hand", encoding="utf-8")
    reported(folder)
    after = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert after["summary.csv"] == before["summary.csv"]
