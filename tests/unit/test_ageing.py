"""Age bands that grow apart: who presents moves as little as it can, and by exactly the shares stated."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from flowsim.build import Builder
from flowsim.clock import DAY
from flowsim.config.load import load
from flowsim.params import Scenario
from flowsim.population import Plan, make_plan
from flowsim.population.ageing import shares_at

pytestmark = pytest.mark.unit

BANDS = {
    "65-84": {"share": 0.8, "presentations_per_1000": 100},
    "85+": {"share": 0.2, "presentations_per_1000": 400},
}


def scenario(growth: dict[str, float] | None, days: float = 730.5) -> Scenario:
    population: dict[str, Any] = {
        "people": 4000,
        "practices": {"count": 4, "list_size_cv": 0.0, "networks": {"N1": "north"}},
        "age_bands": BANDS,
        "frailty": {"fit": {"share": 0.5, "hazard_ratio": 1.0}, "frail": {"share": 0.5, "hazard_ratio": 3.0}},
        "ageing": {"start": "2017-01-02", "growth_per_year": growth} if growth else None,
    }
    stay = {"P0": {"share": 1.0, "stay": {"shape": "fixed", "days": 2.0}}}
    tree = {
        "name": "ageing",
        "clock": {"start": "2017-01-02", "warm_up_days": 0, "window_days": days},
        "population": population,
        "cohorts": {"all": {"from_population": True, "arrivals": {"per_day": 8.0}, "pathways": stay}},
        "hospital": {"wards": {"A": "unlimited"}},
    }
    return Scenario.model_validate(tree)


def plan(growth: dict[str, float] | None) -> Plan:
    one = scenario(growth)
    return make_plan(one, 3, 0, Builder(one).wards())


def people_of(one: Plan) -> dict[int, int]:
    return {spell.key: spell.supported_person for spell in one.spells}


def test_bands_that_grow_alike_move_nobody():
    assert people_of(plan({"65-84": 0.05, "85+": 0.05})) == people_of(plan(None))


def test_presentations_pass_only_from_the_band_that_falls_behind_to_the_one_that_gains():
    before, after = plan(None), plan({"65-84": 0.0, "85+": 0.3})
    assert before.people is not None
    band, old, new = before.people.band, people_of(before), people_of(after)
    moved = [(int(band[old[key]]), int(band[new[key]])) for key in old if old[key] != new[key]]
    assert list(old) == list(new)
    assert set(moved) == {(0, 1)}


def test_nobody_moves_before_the_start_and_more_do_later():
    growth = {"start": "2018-01-02", "growth_per_year": {"65-84": 0.0, "85+": 0.3}}
    one = scenario(None).with_(population={"ageing": growth})
    old, new = people_of(plan(None)), make_plan(one, 3, 0, Builder(one).wards()).spells
    moved = np.array([spell.at / DAY for spell in new if spell.supported_person != old[spell.key]])
    assert moved.min() > 365.0
    assert (moved > 550).sum() > (moved < 550).sum()


def test_the_share_of_the_oldest_grows_as_stated():
    people = plan(None).people
    population = scenario({"65-84": 0.0, "85+": 0.3}).population
    assert people is not None
    assert population is not None
    weights = np.array([people.weight[people.band == band].sum() for band in (0, 1)])
    exact = shares_at(
        population, weights, np.array([spell.at / DAY for spell in plan(None).spells]), dt.date(2017, 1, 2)
    )
    oldest = people.band[[spell.supported_person for spell in plan({"65-84": 0.0, "85+": 0.3}).spells]] == 1
    error = np.sqrt((exact[:, 1] * exact[:, 0]).sum()) / len(oldest)
    assert abs(oldest.mean() - exact[:, 1].mean()) < 4.0 * error  # four standard errors of a share


def test_shares_after_a_year_are_those_of_the_grown_bands():
    population = scenario({"65-84": 0.0, "85+": 0.5}).population
    assert population is not None
    found = shares_at(population, np.array([1.0, 1.0]), np.array([0.0, 365.25]), dt.date(2017, 1, 2))
    assert np.allclose(found, [[0.5, 0.5], [0.4, 0.6]])


def test_a_band_without_growth_stated_is_refused():
    with pytest.raises(ValidationError, match=r"must name exactly 65-84, 85\+"):
        scenario({"85+": 0.02})


def test_without_ageing_the_fingerprint_is_what_it_was():
    base = load("do_nothing")
    growth = {"65-74": 0.0, "75-84": 0.0, "85+": 0.0}
    older = base.with_(population={"ageing": {"start": "2017-04-01", "growth_per_year": growth}})
    assert older.fingerprint != base.fingerprint
    assert older.with_(population={"ageing": None}).fingerprint == base.fingerprint
