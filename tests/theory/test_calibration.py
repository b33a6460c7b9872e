"""Calibration finds parameters that are known: targets from Erlang's formulas, not from runs."""

from __future__ import annotations

import json
from itertools import pairwise
from math import exp, factorial
from pathlib import Path

import pytest

import flowsim as fs
from flowsim.calibration import Calibration

pytestmark = pytest.mark.theory

RATE, STAY = "cohorts.everyone.arrivals.per_day", "cohorts.everyone.pathways.P0.stay.mean_days"
BEDS = 5
TRUTH = {RATE: 4.2, STAY: 0.95}


def waits(per_day: float, stay: float) -> float:
    """Chance of waiting for one of five beds (Erlang's second formula)."""
    work = per_day * stay
    full = work**BEDS / factorial(BEDS) * BEDS / (BEDS - work)
    return full / (sum(work**n / factorial(n) for n in range(BEDS)) + full)


def mean_wait_hours(per_day: float, stay: float) -> float:
    return 24.0 * waits(per_day, stay) / (BEDS / stay - per_day)


def waits_over_4h(per_day: float, stay: float) -> float:
    return waits(per_day, stay) * exp(-(BEDS / stay - per_day) * 4.0 / 24.0)


def written(folder: Path, beds: float, wait: float, **changes: object) -> Path:
    """Targets of a ward of five beds, where one person stays a day and another comes 4 times a day."""
    over = waits_over_4h(*TRUTH.values())
    tree = {
        "scenario": "theory/mmc",
        "set": {"clock.warm_up_days": 15, "clock.window_days": 80},
        "parameters": [{"path": RATE, "low": 3.0, "high": 4.8}, {"path": STAY, "low": 0.8, "high": 1.03}],
        "targets": [
            _target("beds in use", "core_beds_occupied_mean", beds, 0.1, "beds"),
            _target("wait for a bed", "wait_for_bed_hours_mean", wait, 1.0, "hours"),
            _target("mean stay", "length_of_stay_mean", TRUTH[STAY], 0.02, "days"),
            {**_target("waits over 4 hours", "wait_over_4h_share", over, 0.04, "share"), "hold_out": True},
        ],
        "waves": 2,
        "points": 14,
        "replications": 6,
        "final_replications": 12,
        "seed": 0,
        **changes,
    }
    path = folder / "targets.yaml"
    path.write_text(json.dumps(tree, indent=1), encoding="utf-8")  # every JSON file is a YAML file
    return path


def _target(name: str, measure: str, value: float, tolerance: float, unit: str) -> dict[str, object]:
    return {
        "name": name,
        "measure": measure,
        "value": value,
        "tolerance": tolerance,
        "unit": unit,
        "source": "Erlang's second formula",
    }


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Calibration:
    """Started from 4 a day and stays of a day, asked for what 4.2 a day and stays of 0.95 days give."""
    folder = tmp_path_factory.mktemp("fitted")
    beds, wait = TRUTH[RATE] * TRUTH[STAY], mean_wait_hours(*TRUTH.values())
    return fs.calibrate(written(folder, beds, wait), folder / "out", jobs=1)


@pytest.fixture(scope="module")
def impossible(tmp_path_factory: pytest.TempPathFactory) -> Calibration:
    """Asked for full beds and hardly a wait: with five beds, random arrivals and no control, there is no such ward."""
    folder = tmp_path_factory.mktemp("impossible")
    path = written(folder, 4.7, 0.5, final_replications=4)
    return fs.calibrate(path, folder / "out", jobs=1)


def test_the_truth_is_never_ruled_out(fitted: Calibration) -> None:
    assert fitted.possible(TRUTH)


def test_most_of_the_space_is_ruled_out(fitted: Calibration) -> None:
    assert fitted.findings.shares[-1] < 0.25  # two targets known to a few per cent, two parameters


def test_each_wave_leaves_no_more_than_the_one_before(fitted: Calibration) -> None:
    shares = fitted.findings.shares

    assert all(later <= 1.1 * before for before, later in pairwise(shares))  # 10 %: candidates


def test_the_best_point_gives_by_formula_what_was_asked_for(fitted: Calibration) -> None:
    best = {one.parameter.path: one.best for one in fitted.findings.parameters}

    # 12 runs of 80 days: the standard error of beds in use is 0.08 and that of the mean stay 0.01; three of them
    assert abs(best[RATE] * best[STAY] - TRUTH[RATE] * TRUTH[STAY]) < 0.1 + 3 * 0.08
    assert abs(best[STAY] - TRUTH[STAY]) < 0.02 + 3 * 0.01


def test_fitted_and_held_out_targets_are_met(fitted: Calibration) -> None:
    assert [one.verdict in ("met", "possible") for one in fitted.findings.targets] == [True] * 4
    assert [one.target.hold_out for one in fitted.findings.targets] == [False, False, False, True]


def test_the_overlay_loads_and_gives_the_figures_that_were_reported(fitted: Calibration) -> None:
    again = fs.run(fitted.scenario, replications=12, seed=0, jobs=1).summary().set_index("measure")["mean"]

    for one in fitted.findings.targets:
        assert again[one.target.measure] == pytest.approx(one.found.mean, rel=1e-12)


def test_targets_that_contradict_each_other_are_said_to(impossible: Calibration) -> None:
    assert impossible.findings.empty
    assert "wait for a bed" in [name for group in impossible.findings.conflicts for name in group]
    assert "No parameter set in the ranges meets all targets at once" in impossible.sentence()


def test_targets_that_can_each_be_met_are_not_called_impossible(impossible: Calibration) -> None:
    assert impossible.findings.impossible == ()


def test_a_target_that_nothing_meets_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, 40.0, 5.0, waves=1, points=6, replications=4, final_replications=4)
    found = fs.calibrate(path, tmp_path / "out", jobs=1)

    assert found.findings.impossible == ("beds in use",)
    assert any(text.startswith("beds in use: no value") for text in found.conflicts())
