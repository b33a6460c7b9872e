"""Luck of the kept, residents of practices, and the rate at which they present."""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from flowsim.params import Scenario
from flowsim.params.practices import practice_sizes
from flowsim.population.demand import LAYER, candidates, rate_of
from flowsim.population.luck import Block, Luck, key_of
from flowsim.population.people import choose, settle
from flowsim.population.plan import mean_factor
from flowsim.rng import luck

pytestmark = pytest.mark.unit


def scenario(**parts: Any) -> Scenario:
    tree: dict[str, Any] = {
        "name": "people",
        "clock": {"start": "2017-01-02", "warm_up_days": 0, "window_days": 100},
        "hospital": {"wards": {"A": 5, "B": 15}},
    }
    return Scenario.model_validate(tree | parts)


def test_keys_are_names_for_good():
    low, high = key_of("over_65", 0, np.array([5])), key_of("over_65", 1, np.array([5]))
    assert (high - low).tolist() == [1 << 24]
    assert key_of("over_65", 0, np.array([6])) - low == 1
    assert key_of("under_65", 0, np.array([5])) != low
    assert low > 1 << 36


def test_a_key_holds_26_bits_of_its_groups_name_then_layer_then_row():
    (key,) = key_of("over_65", 3, np.array([5])).tolist()
    name = int.from_bytes(hashlib.sha256(b"over_65").digest()[:4], "big") >> 6
    assert (key >> 36, (key >> 24) & 0xFFF, key & 0xFFFFFF) == (name | 1, 3, 5)


def test_points_of_the_plane_are_those_of_their_named_luck():
    (layer,) = candidates("all", LAYER, 20.0, 4, 2)
    gaps = -np.log1p(-luck(4, 2, 10, "all", 0, "gap")) / LAYER
    assert layer.at[:10].tolist() == pytest.approx(np.cumsum(gaps).tolist())
    assert (layer.height / LAYER).tolist() == pytest.approx(luck(4, 2, len(layer.at), "all", 0, "height").tolist())


def test_luck_of_some_is_the_luck_they_have_among_all_over_several_blocks():
    blocks = [
        Block("a", 0, 9, np.array([1, 4, 8])),
        Block("a", 1, 9, np.array([0, 2])),
        Block("b", 0, 9, np.array([7])),
    ]
    everybody = Luck(0, 0, blocks)
    assert everybody.size == 6
    for rows in ([0, 5], [2, 3, 4], [5], [1]):
        some = everybody.only(np.array(rows))
        assert some.size == len(rows)
        assert np.array_equal(some.of("stay", 2), everybody.of("stay", 2)[rows])
        assert np.array_equal(some.keys(), everybody.keys()[rows])


def test_the_first_spells_luck_is_that_of_depth_nought():
    everybody = Luck(3, 1, [Block("a", 2, 4, np.arange(4))])
    assert np.array_equal(everybody.of("stay"), everybody.of("stay", 0))
    assert np.array_equal(everybody.of("stay"), luck(3, 1, 4, "a", 2, "stay", 0))
    assert Luck(3, 1, []).of("stay").tolist() == Luck(3, 1, []).keys().tolist() == []


# -- people and demand -------------------------------------------------------------------------------------------------

POPULATION: dict[str, Any] = {
    "people": 1003,
    "practices": {"count": 4, "list_size_cv": 0.6, "networks": {"N1": "north", "N2": "south", "N3": "south"}},
    "age_bands": {
        "65-84": {"share": 0.8, "presentations_per_1000": 100},
        "85+": {"share": 0.2, "presentations_per_1000": 400},
    },
    "frailty": {"fit": {"share": 0.5, "hazard_ratio": 1.0}, "frail": {"share": 0.5, "hazard_ratio": 3.0}},
}


def population() -> Any:
    return scenario(population=POPULATION).population


def test_lists_are_lognormal_quantiles_to_the_nearest_person():
    sigma = math.sqrt(math.log(1 + 0.6**2))
    exact = np.exp(sigma * stats.norm.ppf([0.125, 0.375, 0.625, 0.875]))
    assert sorted(practice_sizes(population()).tolist()) == pytest.approx(exact / exact.sum() * 1003, abs=1.0)


def test_people_left_over_go_to_the_largest_remainders():
    places = (np.arange(4) * 0.6180339887498949 + 0.125) % 1.0
    weights = np.exp(math.sqrt(math.log(1.36)) * stats.norm.ppf((stats.rankdata(places) - 0.5) / 4))
    exact = weights / weights.sum() * 1003
    over = practice_sizes(population()) - np.floor(exact)
    assert set(over.tolist()) == {0, 1}
    assert (exact % 1)[over == 1].min() > (exact % 1)[over == 0].max()


def test_residents_are_listed_by_practice_with_network_locality_and_weight():
    people = settle(population(), 0, 0)
    assert np.bincount(people.practice).tolist() == practice_sizes(population()).tolist()
    assert (np.diff(people.practice) >= 0).all()
    assert people.networks == ("N1", "N2", "N3", "N1")
    assert people.localities == ("north", "south", "south", "north")
    assert np.array_equal(people.weight, np.array([100, 400])[people.band] * np.array([1.0, 3.0])[people.tier])
    shares = (people.band.mean(), people.tier.mean())
    assert shares == pytest.approx((0.2, 0.5), abs=0.06)  # four standard errors of 1,003 people
    assert abs(np.corrcoef(people.band, people.tier)[0, 1]) < 0.13  # four standard errors: they are independent


def test_age_and_frailty_are_those_of_their_named_luck():
    people = settle(population(), 4, 2)
    assert np.array_equal(people.band, luck(4, 2, 1003, "people", "age band") >= 0.8)
    assert np.array_equal(people.tier, luck(4, 2, 1003, "people", "frailty") >= 0.5)


def test_people_are_chosen_in_order_of_their_weights():
    people = settle(population(), 0, 0)
    ladder = np.cumsum(people.weight) / people.weight.sum()
    assert people.presenting(np.array([1e-12, ladder[0] + 1e-9, 1.0])).tolist() == [0, 1, 1002]
    assert choose(np.array([1.0]), [0.5, 0.5]).tolist() == [1]


def test_stay_factors_keep_the_mean_over_those_who_present():
    """By hand: 80 and 80 of 160 presentations by age (0.8 x 100, 0.2 x 400); 1 and 3 of 4 by frailty."""
    found = mean_factor(population(), np.array([1.0, 2.0]), np.array([1.0, 1.4]))
    assert found == pytest.approx(1.5 * 1.3)


def rate(**arrivals: Any) -> Any:
    tree = {
        "over_65": {
            "arrivals": {"per_day": 4.0, **arrivals},
            "pathways": {"P0": {"share": 1.0, "stay": {"shape": "fixed", "days": 1.0}}},
        }
    }
    s = scenario(cohorts=tree)
    return rate_of(s.cohorts["over_65"].arrivals, "over_65", s.clock.start, 400.0, 0, 0)


def test_the_rate_of_a_moment_is_the_product_of_its_factors():
    arrivals = {"weekday_factors": [1, 2, 1, 1, 1, 1, 0], "month_factors": [1.0, 3.0] + [1.0] * 10, "level": 2.0}
    found = rate(**arrivals, hour_shares=[0.25, 0.75])
    moments = np.array([0.25, 1.5, 6.9, 29.1, 30.1])  # Monday 2 January; a Tuesday; a Sunday; 31 January; 1 February
    assert found.at(moments).tolist() == [4.0, 24.0, 0.0, 8.0, 12.0]
    assert found.top(40.0) == pytest.approx(4 * 2 * 3 * 2 * 1.5)


def test_weekdays_are_those_of_the_calendar_whichever_day_the_run_starts():
    arrivals = {"per_day": 4.0, "weekday_factors": [1, 1, 1, 1, 1, 0, 2]}
    tree = {"all": {"arrivals": arrivals, "pathways": {"P0": {"share": 1.0, "stay": {"shape": "fixed", "days": 1.0}}}}}
    s = scenario(cohorts=tree, clock={"start": "2017-01-05", "warm_up_days": 0, "window_days": 9})  # a Thursday
    found = rate_of(s.cohorts["all"].arrivals, "all", s.clock.start, 9.0, 0, 0)
    assert found.at(np.arange(9) + 0.5).tolist() == [4, 4, 0, 8, 4, 4, 4, 4, 4]


def test_day_noise_is_that_of_its_cohort_seed_and_replication():
    tree = {"arrivals": {"per_day": 4.0, "day_noise_cv": 0.5}, "pathways": {}}
    stay = {"P0": {"share": 1.0, "stay": {"shape": "fixed", "days": 1.0}}}
    s = scenario(cohorts={"all": tree | {"pathways": stay}})

    def noise(name: str, seed: int, replication: int) -> list[float]:
        return rate_of(s.cohorts["all"].arrivals, name, s.clock.start, 50.0, seed, replication).noise.tolist()

    exact = stats.gamma(4.0, scale=0.25).ppf(luck(1, 2, 51, "all", "day noise"))
    assert noise("all", 1, 2) == pytest.approx(exact.tolist())
    assert noise("all", 1, 2) != noise("all", 2, 2) != noise("all", 1, 3) != noise("two", 1, 3)


@pytest.mark.parametrize(("growth", "top"), [(0.1, 4.4), (-0.1, 4.0)])
def test_growth_compounds_from_its_day_and_its_bound_is_reached_at_the_end_or_the_start(growth: float, top: float):
    found = rate(growth_per_year=growth, growth_from="2017-01-12")
    assert found.at(np.array([5.0, 10.0, 10.0 + 365.25 / 10])).tolist() == pytest.approx(
        [4.0, 4.0, 4.0 * (1 + growth) ** 0.1]
    )
    assert found.top(10.0 + 365.25) == pytest.approx(top)
