"""Exports of tables and sweeps: the same numbers, nothing overwritten unasked, clear messages."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import recorded
import tiny_sweeps
from SALib.analyze import morris, sobol
from typer.testing import CliRunner, Result

from flowsim.cli.app import app
from flowsim.experiment import Comparison
from flowsim.experiment.folder import write
from flowsim.experiment.reading import read
from flowsim.exports import TARGETS, ExportError, export
from flowsim.sweeps.api import Options
from flowsim.uncertain.question import read_question
from flowsim.uncertain.sensitivity import analyse

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder of two scenarios with made-up numbers."""
    return recorded.run_folder(tmp_path_factory.mktemp("recorded") / "run")


def typed(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["export", *map(str, words)])


def files(path: Path) -> list[str]:
    return sorted(one.name for one in path.iterdir())


def test_csv_files_hold_the_tables_of_the_run(folder, tmp_path):
    paths = export(folder, "csv", tmp_path)
    results = read(folder)[0]
    assert isinstance(results, Comparison)
    frames = [results.replications, results.daily.drop(columns="day"), results.attribution(), results.summary()]
    found = [pd.read_csv(path) for path in paths]
    assert [len(one) for one in found] == [len(one) for one in frames]
    assert all(
        np.allclose(one.select_dtypes("number"), frame.select_dtypes("number"), rtol=1e-14, equal_nan=True)
        for one, frame in zip(found, frames, strict=True)
    )


def test_no_name_in_a_csv_file_is_a_formula(tmp_path):
    record = recorded.of_two()
    hostile = record.scenarios[1].model_copy(update={"name": "=cmd|' /C calc'!A0"})
    results = Comparison(replace(record, scenarios=(record.scenarios[0], hostile)))
    write(results, tmp_path / "run", configs={one.name: recorded.TEXT for one in results.scenarios})
    begun = [line[:2] for path in export(tmp_path / "run", "csv") for line in path.read_text("utf-8").splitlines()]
    assert ("=c" in begun, "'=" in begun) == (False, True)


@pytest.mark.parametrize("target", ["csv", "xlsx"])
def test_nothing_is_overwritten_without_force(folder, tmp_path, target):
    first, again = (typed(folder, "--to", target, "--out", tmp_path / "out") for _ in range(2))
    assert (first.exit_code, again.exit_code, "is there already" in again.stderr) == (0, 2, True)
    assert typed(folder, "--to", target, "--out", tmp_path / "out", "--force").exit_code == 0


def test_a_workbook_goes_to_the_file_that_is_named(folder, tmp_path):
    assert typed(folder, "--to", "xlsx", "--out", tmp_path / "board.xlsx").exit_code == 0
    assert openpyxl.load_workbook(tmp_path / "board.xlsx", read_only=True).sheetnames[0] == "Cover"


@pytest.mark.parametrize(
    ("target", "name", "says"),
    [
        ("csv", "p.csv", "--to csv writes several files into a folder; give one"),
        ("vidigi", "p.csv", "--to vidigi writes several files into a folder; give one"),
        ("salib", "p.json", "--to salib writes several files into a folder; give one"),
        ("xlsx", "p.csv", "--to xlsx writes one .xlsx file; give "),
        ("pm4py", "p.xes", "--to pm4py writes one .csv file; give "),
        ("bupar", "p.parquet", "--to bupar writes one .csv file; give "),
    ],
)
def test_a_file_that_a_target_does_not_write_is_refused_with_the_remedy(folder, tmp_path, target, name, says):
    said = typed(folder, "--to", target, "--out", tmp_path / name)
    assert (said.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert f"{tmp_path / name}: is named like a file, and {says}" in said.stderr
    assert f"such as {tmp_path / 'p'}\n" in said.stderr


@pytest.mark.parametrize("target", ["csv", "xlsx"])
def test_a_folder_with_a_dot_in_its_name_is_a_folder(folder, tmp_path, target):
    (tmp_path / "old.csv").mkdir()
    for name in ("old.csv", "v1.2"):
        assert typed(folder, "--to", target, "--out", tmp_path / name).exit_code == 0
        assert files(tmp_path / name)


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_target_says_what_is_wrong_with_a_folder_of_nothing(tmp_path, target):
    (tmp_path / "empty").mkdir()
    said = typed(tmp_path / "empty", "--to", target, "--out", tmp_path / "out")
    assert (said.exit_code, str(tmp_path / "empty") in said.stderr, (tmp_path / "out").exists()) == (2, True, False)


@pytest.mark.parametrize("target", ["csv", "xlsx"])
def test_a_place_below_a_file_is_bad_input(folder, tmp_path, target):
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    said = typed(folder, "--to", target, "--out", tmp_path / "file" / "below")
    assert (said.exit_code, said.stderr) == (2, f"{tmp_path / 'file' / 'below'}: cannot be written: Not a directory\n")


def test_a_file_that_cannot_be_written_is_named(folder, tmp_path):
    (tmp_path / "daily.csv").mkdir()
    said = typed(folder, "--to", "csv", "--out", tmp_path, "--force")
    assert (said.exit_code, said.stderr) == (
        2,
        f"{tmp_path / 'daily.csv'}: is no file, so it cannot be replaced; give another folder with --out\n",
    )


def test_an_unknown_target_names_those_there_are(folder):
    said = typed(folder, "--to", "spss")
    assert (said.exit_code, "csv" in said.stderr) == (2, True)


def test_a_sweep_is_analysed_by_salib_from_what_is_exported(tmp_path):
    ranges = {tiny_sweeps.WARD: {"low": 3, "high": 6, "whole": True}, tiny_sweeps.RATE: {"low": 2.0, "high": 6.0}}
    done = tiny_sweeps.swept(tmp_path, method="morris", trajectories=4, levels=6, parameters=ranges)
    problem, samples, outputs, _ = export(done.folder, "salib")
    stated = json.loads(problem.read_text(encoding="utf-8"))
    frame, means = pd.read_csv(samples), done.frame().groupby(["measure", "point"])["value"].mean()
    assert list(frame.columns) == [tiny_sweeps.WARD, tiny_sweeps.RATE]
    assert pd.read_csv(outputs)["presentations"].tolist() == means["presentations"].tolist()
    assert stated["analyze"] == {"method": "morris", "arguments": {"num_levels": 6}}
    arguments = stated["analyze"]["arguments"]
    found = morris.analyze(stated, frame.to_numpy(), pd.read_csv(outputs)["presentations"].to_numpy(), **arguments)
    assert found["mu_star"][0] == 0.0 < found["mu_star"][1]  # beds bring nobody; the rate does


def test_salib_finds_in_an_exported_sensitivity_analysis_what_flowsim_found(tmp_path):
    stay = "cohorts.everyone.pathways.P0.stay.mean_days"
    design = tiny_sweeps.written(
        tmp_path,
        method="sobol",
        points=32,
        replications=1,
        parameters={tiny_sweeps.RATE: {"low": 2, "high": 6}, stay: {"low": 0.9, "high": 1.1}},
        outcomes=["bed_days"],
    )
    done = analyse(read_question(design), Options(tmp_path / "out", 1, pictures=False))
    problem, samples, outputs, _ = export(done.folder, "salib")
    stated = json.loads(problem.read_text(encoding="utf-8"))
    assert stated["analyze"] == {"method": "sobol", "arguments": {"calc_second_order": False}}
    values = pd.read_csv(outputs)["bed_days"].to_numpy()
    found = sobol.analyze(stated, values, **stated["analyze"]["arguments"], seed=1)
    own = {one.unknown.name: one.effect.size for one in done.of("bed_days")}
    assert found["ST"].tolist() == pytest.approx([own[name] for name in pd.read_csv(samples).columns], rel=1e-12)


def test_the_call_in_the_readme_of_what_is_for_salib_runs_as_it_stands(tmp_path, monkeypatch, capsys):
    ranges = {tiny_sweeps.RATE: {"low": 2.0, "high": 6.0}}
    done = tiny_sweeps.swept(tmp_path, method="morris", trajectories=4, parameters=ranges)
    *_, readme = export(done.folder, "salib")
    lines = [line[4:] for line in readme.read_text(encoding="utf-8").splitlines() if line.startswith("    ")]
    monkeypatch.chdir(readme.parent)
    exec(compile("\n".join(lines), readme.name, "exec"), {})
    assert tiny_sweeps.RATE in capsys.readouterr().out


def test_of_points_spread_evenly_salib_is_told_a_method_for_any_sample(tmp_path):
    ranges = {tiny_sweeps.RATE: {"low": 2.0, "high": 6.0}}
    done = tiny_sweeps.swept(tmp_path, method="latin_hypercube", points=4, parameters=ranges)
    problem, *_ = export(done.folder, "salib")
    assert json.loads(problem.read_text(encoding="utf-8"))["analyze"] == {"method": "delta", "arguments": {}}


def test_a_grid_is_exported_to_salib_without_a_method_since_none_fits(tmp_path):
    problem, *_, readme = export(tiny_sweeps.swept(tmp_path).folder, "salib")
    assert json.loads(problem.read_text(encoding="utf-8"))["analyze"] is None
    assert "A grid is not the sample of one of SALib's methods" in readme.read_text(encoding="utf-8")


def test_a_sweep_that_is_not_finished_is_refused(tmp_path):
    done = tiny_sweeps.swept(tmp_path)
    (done.folder / "manifest.json").unlink()
    with pytest.raises(ExportError, match="is not finished"):
        export(done.folder, "salib")


def test_a_changed_table_of_a_sweep_is_refused(tmp_path):
    done = tiny_sweeps.swept(tmp_path)
    (done.folder / "salib_sample.csv").write_text("1,2\n", encoding="utf-8")
    with pytest.raises(ExportError, match=r"salib_sample\.csv: has been changed"):
        export(done.folder, "salib", tmp_path / "there")
    assert not (tmp_path / "there").exists()
