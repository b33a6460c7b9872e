"""The same bytes of results, whatever the number of workers, the hash seed, or the moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import flowsim as fs

pytestmark = pytest.mark.back

# Some weeks in which practices go live, D2A spreads over the wards and LIFE grows.
SETTINGS = ["clock.start=2017-10-09", "clock.warm_up_days=7", "clock.window_days=42", "initial.home_care=200"]
TABLES = [
    "replications.parquet",
    "daily.parquet",
    "attribution.parquet",
    "tracker.huddles.parquet",
    "tracker.life.parquet",
    "summary.csv",
]


def _compare(folder: Path, jobs: int, hash_seed: str, seed: int = 0) -> dict[str, bytes]:
    words = [sys.executable, "-m", "flowsim", "compare", "do_nothing", "transition_year", "-n", "3", "--quiet"]
    words += ["--seed", str(seed), "--jobs", str(jobs), "--out", str(folder)]
    words += [word for setting in SETTINGS for word in ("--set", setting)]
    done = subprocess.run(words, env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return {name: (folder / name).read_bytes() for name in TABLES}


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("once") / "run"
    _compare(folder, jobs=1, hash_seed="0")
    return folder


@pytest.mark.parametrize(("jobs", "hash_seed"), [(2, "0"), (1, "4321"), (2, "4321")])
def test_results_do_not_depend_on_workers_or_hash_seed(once, tmp_path, jobs, hash_seed):
    again = _compare(tmp_path / "run", jobs, hash_seed)
    assert [name for name in TABLES if again[name] != (once / name).read_bytes()] == []


def test_another_seed_gives_other_results(once, tmp_path):
    other = _compare(tmp_path / "run", jobs=1, hash_seed="0", seed=1)
    assert other["replications.parquet"] != (once / "replications.parquet").read_bytes()


def test_the_bed_days_saved_by_cause_add_up_exactly(once):
    from flowsim.experiment.reading import read

    record = read(once)[0].record
    total = record.parts[0, :, record.causes.index("total")]
    causes = np.delete(record.parts[0], record.causes.index("total"), axis=1)
    assert (total != 0.0).all()
    assert causes.sum(axis=1) == pytest.approx(total, abs=1e-6)  # days of some thousands; the rest is rounding
    assert np.array_equal(total, record.of("bed_days")[0] - record.of("bed_days")[1])


def test_every_self_check_of_every_run_is_in_the_manifest(once):
    manifest = json.loads((once / "manifest.json").read_text(encoding="utf-8"))
    checks = manifest["self_checks"]
    conserved = [(one["scenario"], one["runs"]) for one in checks if one["check"] == "people conserved"]
    assert conserved == [("do_nothing", 3), ("transition_year", 3)]
    assert [one for one in checks if one["failed"] or not one["numbers"]] == []


def test_a_replication_does_not_depend_on_those_before_it():
    scenario = fs.load("transition_year", SETTINGS)
    three = fs.run(scenario, replications=3, seed=0, jobs=1).record
    one = fs.run(scenario, replications=1, seed=0, jobs=1).record
    assert one.values[:, 0].tobytes() == three.values[:, 0].tobytes()


def test_a_scenario_compared_with_itself_differs_by_exactly_zero_in_every_measure_and_day():
    scenario = fs.load("transition_year", SETTINGS)
    record = fs.compare(scenario, scenario, replications=2, seed=0, jobs=1).record
    assert record.failures == ()
    assert record.values[0].tobytes() == record.values[1].tobytes()
    assert record.daily[0].tobytes() == record.daily[1].tobytes()
    assert not record.parts.any()
