"""Files are put in their place whole, by commands that may fail, meet a device or run at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib
import pytest
import recorded
from typer.testing import CliRunner, Result

from flowsim.cli.app import app
from flowsim.experiment import Comparison
from flowsim.experiment.folder import FolderError
from flowsim.experiment.putting import beside, put
from flowsim.experiment.remake import remake
from flowsim.experiment.words import answers
from flowsim.exports import ExportError, Options, export
from flowsim.workbook import WorkbookError

pytestmark = pytest.mark.unit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return recorded.run_folder(tmp_path / "run")


def typed(*words: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, words)))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in sorted(folder.iterdir())}


def full(*_: Any) -> None:
    raise OSError(28, "No space left on device")


def test_what_cannot_be_put_leaves_nothing_behind(tmp_path):
    (tmp_path / "taken").mkdir()

    with pytest.raises(OSError, match="directory"):
        put(tmp_path / "taken", b"")

    assert [one.name for one in tmp_path.iterdir()] == ["taken"]


def test_a_file_put_there_by_two_at_once_is_of_one_of_them(tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    whole = [bytes([65 + number]) * 100_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda data: put(tmp_path / "file", data), whole))

    assert (tmp_path / "file").read_bytes() in whole
    assert len(list(tmp_path.iterdir())) == 1


def test_what_a_killed_command_left_is_cleared_away_by_the_next(tmp_path):
    killed = """
import os, signal, sys
from pathlib import Path
from flowsim.experiment.putting import beside
with beside(Path(sys.argv[1])) as part:
    (part / "half").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", killed, str(tmp_path / "run")], check=False)
    left = [one.name for one in tmp_path.iterdir()]

    with beside(tmp_path / "run"):
        pass

    assert (len(left), list(tmp_path.iterdir())) == (1, [])


def test_what_another_is_at_work_on_is_left_alone(tmp_path):
    with beside(tmp_path / "run") as first:
        with beside(tmp_path / "run"):
            pass

        assert first.is_dir()


def test_no_file_of_a_run_is_replaced_if_the_last_of_them_cannot_be_made(folder):
    before = bytes_of(folder)

    with pytest.raises(FolderError, match="cannot be written there: No space left on device; copy the folder"):
        remake(folder, {"first.txt": lambda path, *_: path.write_text("new"), "second.txt": full})

    assert bytes_of(folder) == before


@pytest.mark.parametrize("name", ["mine.yaml", "mine"])
def test_a_workbook_is_not_written_over_a_file_of_another_kind(tmp_path, name):
    (tmp_path / name).write_text("kept")

    with pytest.raises(WorkbookError, match=r"\.xlsx"):
        Comparison(recorded.of_two()).to_excel(tmp_path / name)

    assert (tmp_path / name).read_text() == "kept"


def test_a_workbook_does_not_replace_a_device(tmp_path):
    os.mkfifo(tmp_path / "pipe.xlsx")

    with pytest.raises(WorkbookError, match="cannot be replaced"):
        Comparison(recorded.of_two()).to_excel(tmp_path / "pipe.xlsx")

    assert (tmp_path / "pipe.xlsx").is_fifo()


def test_a_workbook_that_cannot_be_written_is_a_message(folder, tmp_path):
    (tmp_path / "file").write_text("")

    result = typed("export", folder, "--to", "xlsx", "--out", tmp_path / ("n" * 300 + ".xlsx"))

    assert (result.exit_code, "name too long" in result.stderr.lower()) == (2, True)


@pytest.mark.parametrize("name", ["manifest.json", "replications.parquet", "summary.csv"])
def test_force_does_not_replace_what_a_run_rests_on(folder, name):
    from flowsim.exports import check_free

    with pytest.raises(ExportError, match="part of that run"):
        check_free(folder / name, Options(force=True), "file")


def test_a_manifest_of_another_program_in_the_place_is_kept_as_well(tmp_path):
    from flowsim.exports import check_free

    (tmp_path / "manifest.json").write_text(json.dumps(["theirs"]))

    with pytest.raises(ExportError, match="part of that run"):
        check_free(tmp_path / "manifest.json", Options(force=True), "file")


def test_force_replaces_what_an_export_wrote(folder):
    first = export(folder, "csv")

    assert export(folder, "csv", options=Options(force=True)) == first


@pytest.mark.parametrize(
    "command", [["report"], ["dashboard"], ["money"], ["export", "--to", "csv"], ["export", "--to", "xlsx"]]
)
def test_a_name_that_is_too_long_is_bad_input(command):
    result = typed(*command, "n" * 300)

    assert (result.exit_code, "too long" in result.stderr) == (2, True)


def test_letters_the_font_lacks_are_no_warning():
    from flowsim.plots.style import figure, png

    drawn, (ax,) = figure(height=2.0)
    ax.set_title("\N{HOSPITAL}")

    assert png(drawn).startswith(b"\x89PNG")


def test_a_single_day_is_a_window_that_can_be_drawn():
    import datetime as dt

    from flowsim.plots.dates import dated
    from flowsim.plots.style import figure

    _, (ax,) = figure(height=2.0)
    day = dt.datetime(2017, 10, 1)
    dated(ax, day, day)

    first, last = ax.get_xlim()
    assert matplotlib.dates.num2date(last) - matplotlib.dates.num2date(first) == dt.timedelta(days=1)


def test_one_replication_without_a_change_says_so():
    from dataclasses import replace

    record = recorded.of_two()
    same = record.values[:, :1].copy()
    same[1] = same[0]
    alone = replace(record, replications=record.replications[:1], values=same, daily=record.daily[:, :1])

    (said,) = answers(replace(alone, parts=0.0 * record.parts[:, :1]))

    assert "changes no bed day" in said


def test_a_folder_name_that_is_no_text_can_stand_in_an_exported_file(tmp_path):
    from flowsim.exports import write_files

    (file,) = write_files(tmp_path, {"page.html": os.fsdecode(b"run \xff")})

    assert file.read_text() == "run \\udcff"
