"""The run folder: whole, checked, and never in place of something else."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest
import recorded

from flowsim.experiment import Comparison
from flowsim.experiment.folder import (
    FolderError,
    FolderTakenError,
    check_folder,
    config_files,
    default_folder,
    seal,
    write,
)
from flowsim.experiment.reading import read, read_manifest
from flowsim.experiment.texts import cell

pytestmark = pytest.mark.unit

TEXT = "extends: do_nothing.yaml\nclock: {start: 2016-10-03, warm_up_days: 2, window_days: 10}\n"


def _written(path, **how):
    write(Comparison(recorded.of_two()), path, configs={"before": TEXT, "after": TEXT}, **how)
    return path


def test_a_folder_holds_what_a_result_came_from(tmp_path):
    folder = _written(tmp_path / "run")
    assert sorted(file.name for file in folder.iterdir()) == [
        "attribution.parquet",
        "config.after.resolved.yaml",
        "config.before.resolved.yaml",
        "daily.parquet",
        "manifest.json",
        "replications.parquet",
        "run.log",
        "summary.csv",
    ]


def test_the_manifest_holds_a_checksum_of_every_other_file(tmp_path):
    folder = _written(tmp_path / "run")
    files = json.loads((folder / "manifest.json").read_text())["files"]
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}
    del found["manifest.json"]
    assert {name: one["sha256"] for name, one in files.items()} == found


def test_the_manifest_shows_self_checks_with_their_numbers(tmp_path):
    manifest = json.loads((_written(tmp_path / "run") / "manifest.json").read_text())
    assert manifest["self_checks"][0] == {
        "scenario": "before",
        "check": "people conserved",
        "runs": 3,
        "failed": 0,
        "numbers": "5 came = 3 left + 2 inside",
    }


def test_nothing_is_left_beside_the_folder(tmp_path):
    _written(tmp_path / "run")
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


def test_the_same_results_have_the_same_bytes(tmp_path):
    first, second = _written(tmp_path / "first"), _written(tmp_path / "second")
    for name in ("replications.parquet", "daily.parquet", "attribution.parquet", "summary.csv"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_parquet_and_frames_say_the_same(tmp_path):
    import pandas as pd

    outcome = Comparison(recorded.of_two())
    kept = pd.read_parquet(_written(tmp_path / "run") / "replications.parquet")
    assert kept.astype({"scenario": str, "measure": str, "unit": str}).equals(
        outcome.replications.astype({"scenario": str, "measure": str, "unit": str})
    )


def test_a_folder_read_back_gives_the_same_numbers(tmp_path):
    outcome, _, _ = read(_written(tmp_path / "run"))
    record, again = recorded.of_two(), outcome.record
    assert (again.names, again.replications, again.measures) == (record.names, record.replications, record.measures)
    for name in ("values", "daily", "parts"):
        assert np.array_equal(getattr(record, name), getattr(again, name), equal_nan=True), name
    assert (again.checks, again.warnings) == (record.checks, record.warnings)


def test_a_changed_table_is_noticed(tmp_path):
    folder = _written(tmp_path / "run")
    (folder / "daily.parquet").write_bytes(b"something else")
    with pytest.raises(FolderError, match="has been changed since it was written"):
        read_manifest(folder)


def test_a_folder_that_is_no_run_is_named_as_such(tmp_path):
    with pytest.raises(FolderError, match="is no run folder"):
        read(tmp_path)


def test_a_folder_in_use_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("keep me")
    with pytest.raises(FolderError, match="is not empty"):
        check_folder(tmp_path)


def test_force_replaces_an_older_run(tmp_path):
    folder = _written(tmp_path / "run")
    (folder / "old").write_text("old")
    _written(folder, force=True)
    assert not (folder / "old").exists()


def test_force_never_replaces_what_is_no_run_folder(tmp_path):
    (tmp_path / "thesis.doc").write_text("three years of work")
    with pytest.raises(FolderError, match="only replaces a run folder"):
        check_folder(tmp_path, force=True)


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="is a file"):
        check_folder(tmp_path / "file")


def test_two_runs_of_one_second_have_two_folders(tmp_path):
    now = dt.datetime(2026, 11, 22, 9, 5, 0)
    first = default_folder(["a/b", "c"], now, tmp_path)
    first.mkdir(parents=True)
    assert first.name == "20261122-090500-a_b-c"
    assert default_folder(["a/b", "c"], now, tmp_path).name == "20261122-090500-a_b-c-2"


def test_configurations_whose_names_look_alike_have_files_of_their_own():
    assert list(config_files(["a b", "a/b"]).values()) == ["config.a_b.resolved.yaml", "config.a_b-2.resolved.yaml"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum"])
def test_no_word_of_the_summary_is_a_formula_to_a_spreadsheet(name):
    assert cell(name) == f"'{name}"


def test_negative_numbers_of_the_summary_stay_numbers(tmp_path):
    text = (_written(tmp_path / "run") / "summary.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    row = next(one for one in rows if one["scenario"] == "after" and one["measure"] == "bed_days")
    assert float(row["diff_mean"]) == -120.0
    assert row["diff_mean"] == "-120.0"


def test_a_link_that_leads_nowhere_is_refused(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FolderError, match="leads nowhere"):
        check_folder(tmp_path / "link")


def test_a_mount_point_is_refused():
    with pytest.raises(FolderError, match="is a mount point"):
        check_folder(Path("/"))


def test_a_run_that_ends_second_never_replaces_the_first(tmp_path):
    folder = tmp_path / "run"

    def meanwhile(_part, _manifest):
        folder.mkdir()
        (folder / "manifest.json").write_text("of another run")

    with pytest.raises(FolderTakenError, match="was taken while this ran"):
        _written(folder, complete=meanwhile)
    assert [one.read_text() for one in tmp_path.rglob("*") if one.is_file()] == ["of another run"]


def test_what_completes_a_folder_is_sealed_with_it(tmp_path):
    folder = _written(tmp_path / "run", complete=lambda part, _: (part / "report.html").write_text("page"))
    assert read_manifest(folder)["files"]["report.html"]["bytes"] == 4


def test_nothing_is_left_of_a_folder_that_could_not_be_completed(tmp_path):
    def full(_part, _manifest):
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space left"):
        _written(tmp_path / "run", complete=full)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_whose_name_is_no_text_can_be_written_and_read(tmp_path):
    folder = _written(Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff")), command=["--out", "\udcff"])
    assert read(folder)[2]["command"] == ["--out", "\udcff"]


def _edited(folder, change):
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.pop("seed"),
        lambda m: m.update(seed="1"),
        lambda m: m.update(seconds=float("nan")),
        lambda m: m.update(command=3),
        lambda m: m.update(warnings=None),
        lambda m: m.update(scenarios={}),
        lambda m: m.update(files={}),
        lambda m: m["files"]["daily.parquet"].pop("sha256"),
        lambda m: m["scenarios"].pop("after"),
        lambda m: m["scenarios"]["after"].update(title=3),
        lambda m: m["scenarios"]["after"].update(config="../../secret.yaml"),
        lambda m: m["scenarios"]["after"].update(fingerprint="of another scenario"),
        lambda m: m.update(scenarios=dict(reversed(m["scenarios"].items()))),
        lambda m: m["replications"].update(asked="three"),
    ],
)
def test_an_edited_manifest_is_no_manifest(tmp_path, change):
    folder = _written(tmp_path / "run")
    _edited(folder, change)
    with pytest.raises(FolderError):
        read(folder)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, '{"seed": NaN}'])
def test_what_is_no_manifest_is_named_as_such(tmp_path, text):
    folder = _written(tmp_path / "run")
    (folder / "manifest.json").write_text(text)
    with pytest.raises(FolderError, match="is no manifest of a run"):
        read(folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"name": "a web page", "icons": []}', "another program wrote it, as it names no version of flowsim; run it"),
        ("[]", "another program wrote it, as it names no version of flowsim; run it"),
        ('{"flowsim": "0.1.0"}', "it lacks model_version; run it"),
    ],
)
def test_what_is_wrong_with_a_manifest_is_said_in_words_with_the_remedy(tmp_path, text, said):
    folder = _written(tmp_path / "run")
    (folder / "manifest.json").write_text(text)
    with pytest.raises(FolderError) as refused:
        read(folder)
    assert f"{said} again, or give a folder that `flowsim run` or `flowsim compare` wrote" in str(refused.value)


@pytest.mark.parametrize("name", ["replications.parquet", "config.after.resolved.yaml"])
def test_a_damaged_file_with_a_new_checksum_is_no_traceback(tmp_path, name):
    folder = _written(tmp_path / "run")
    (folder / name).write_bytes((folder / name).read_bytes()[:40])
    seal(folder, json.loads((folder / "manifest.json").read_text()))
    with pytest.raises(FolderError, match="cannot be read as a run folder"):
        read(folder)
