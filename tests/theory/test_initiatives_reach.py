"""Initiatives against what their numbers say: share averted = reach × effect, by the Poisson process itself."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from samples import agrees

import flowsim as fs
from flowsim.events import PRESENTATION

sys.path.append(str(Path(__file__).parents[1] / "behaviour"))
from towns import town, with_on

pytestmark = pytest.mark.theory

RUNS = 30


def shares(scenario: fs.Scenario, column: str) -> np.ndarray:
    """Share of index presentations, by run, that the first initiative averts or adds."""
    found = []
    for run in range(RUNS):
        spell = fs.simulate(scenario, 5, run).spell
        first = spell["origin"] == PRESENTATION
        base = (first & ~spell["induced"]).sum()
        found.append((spell[column][first] == 0).sum() / base)
    return np.array(found)


def test_the_averted_share_is_reach_times_effect():
    entry = {"multiplies": {"presentations": 0.7}, "reach": {"share": 0.4}}
    assert agrees(shares(with_on(town(60.0), one=entry), "averted_by"), 0.4 * 0.3)


def test_the_added_share_is_reach_times_what_is_above_one():
    entry = {"multiplies": {"presentations": 1.5}, "reach": {"share": 0.4}}
    assert agrees(shares(with_on(town(60.0), one=entry), "induced_by"), 0.4 * 0.5)


def test_two_that_avert_multiply():
    entry = {"multiplies": {"presentations": 0.6}}
    assert agrees(shares(with_on(town(60.0), one=entry, two=entry), "averted_by"), 0.4)


def test_a_straight_ramp_averts_half_over_its_length():
    ramp = {"from": 0.0, "to": 1.0, "start": "2017-01-02", "end": "2017-03-03"}
    entry = {"multiplies": {"presentations": 0.5}, "strength": ramp}
    assert agrees(shares(with_on(town(60.0), one=entry), "averted_by"), 0.25)


def test_the_frail_are_reached_as_often_as_they_present():
    frail = 0.4 * 3.0 / (0.4 * 3.0 + 0.6 * 1.0) * 8.0 / 11.0  # of over-65s by hazard; 8 of 11 presentations are theirs
    entry = {"multiplies": {"presentations": 0.5}, "reach": {"frailty": ["frail"]}}
    assert agrees(shares(with_on(town(60.0), one=entry), "averted_by"), 0.5 * frail)
