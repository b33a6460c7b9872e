"""Luck keyed by name, lists of practices, and who presents."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from scipy import stats

from flowsim.build import Builder
from flowsim.clock import BadDurationError
from flowsim.params import Scenario
from flowsim.params.people import Population
from flowsim.params.practices import practice_sizes
from flowsim.population import make_plan
from flowsim.population.demand import LAYER, candidates
from flowsim.population.luck import Block, Luck
from flowsim.population.people import choose, settle
from flowsim.rng import luck, stream

pytestmark = pytest.mark.unit


# -- luck --------------------------------------------------------------------------------------------------------------


def test_the_first_quantiles_do_not_depend_on_how_many_are_drawn():
    assert np.array_equal(luck(1, 2, 10, "stay"), luck(1, 2, 1000, "stay")[:10])


@pytest.mark.parametrize(
    "other",
    [(2, 0, "stay"), (0, 1, "stay"), (0, 0, "delay"), (0, 0, "stay", 1), (0, 0, "s", "tay")],
    ids=["seed", "replication", "decision", "depth", "parts"],
)
def test_another_seed_replication_or_name_is_other_luck(other):
    assert not np.isin(luck(*other[:2], 100, *other[2:]), luck(0, 0, 100, "stay")).any()


def test_seed_nought_is_a_seed_and_streams_made_in_any_order_are_the_same():
    first = stream(0, 0, "a").random()
    stream(0, 0, "b").random()
    assert stream(0, 0, "a").random() == first


def test_luck_does_not_depend_on_the_hash_seed_of_the_process():
    code = "from flowsim.rng import luck; print(luck(0, 0, 3, 'stay', 1).tolist())"
    said = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "77")
    }
    assert said == {f"{luck(0, 0, 3, 'stay', 1).tolist()}\n"}


def test_luck_lies_strictly_between_nought_and_one_and_is_even():
    values = luck(0, 0, 100_000, "anything")
    assert 0.0 < values.min() < values.max() < 1.0
    assert stats.kstest(values, "uniform").pvalue > 1e-4


def test_the_kept_have_the_luck_they_have_among_all():
    everybody = Luck(0, 0, [Block("group", 0, 50, np.arange(50))])
    kept = Luck(0, 0, [Block("group", 0, 50, np.array([3, 17]))])
    assert np.array_equal(kept.of("stay", 1), everybody.of("stay", 1)[[3, 17]])
    assert np.array_equal(kept.keys(), everybody.keys()[[3, 17]])


# -- demand ------------------------------------------------------------------------------------------------------------


def test_a_longer_run_or_a_higher_rate_has_the_same_candidates_and_more():
    low, high = candidates("all", 10.0, 50.0, 3, 0), candidates("all", 2.5 * LAYER, 80.0, 3, 0)
    assert (len(low), len(high)) == (1, 3)
    count = len(low[0].at)
    assert np.array_equal(low[0].at, high[0].at[:count])
    assert np.array_equal(low[0].height, high[0].height[:count])
    assert high[0].at[count] >= 50.0


def test_candidates_fill_their_layer_evenly():
    layer = candidates("all", 2 * LAYER, 300.0, 0, 0)[1]
    assert stats.kstest(layer.height, stats.uniform(LAYER, LAYER).cdf).pvalue > 1e-4
    assert abs(len(layer.at) - LAYER * 300.0) < 4 * np.sqrt(LAYER * 300.0)


# -- people ------------------------------------------------------------------------------------------------------------


def population(**changes: Any) -> Population:
    tree: dict[str, Any] = {
        "people": 20_000,
        "practices": {"count": 20, "list_size_cv": 0.5, "networks": {"N1": "north", "N2": "south", "N3": "south"}},
        "age_bands": {
            "65-84": {"share": 0.8, "presentations_per_1000": 150},
            "85+": {"share": 0.2, "presentations_per_1000": 450},
        },
        "frailty": {"fit": {"share": 0.6, "hazard_ratio": 1.0}, "frail": {"share": 0.4, "hazard_ratio": 3.0}},
    }
    return Population.model_validate(tree | changes)


def test_practice_lists_add_up_to_everybody_and_are_as_unequal_as_stated():
    sizes = practice_sizes(population())
    assert sizes.sum() == 20_000
    assert sizes.std() / sizes.mean() == pytest.approx(0.5, rel=0.15)  # 20 quantiles cut the longest lists short


def test_practices_of_one_size_are_equal_to_one_person():
    practices = {"count": 7, "list_size_cv": 0.0, "networks": {"N": "north"}}
    sizes = practice_sizes(population(practices=practices))
    assert sizes.max() - sizes.min() <= 1


def test_practices_are_dealt_to_networks_in_turn():
    assert settle(population(), 0, 0).localities[:4] == ("north", "south", "south", "north")


def test_people_present_in_proportion_to_the_hazards_of_age_and_frailty():
    people = settle(population(), 0, 0)
    who = people.presenting(luck(0, 0, 50_000, "who"))
    oldest = (people.band[who] == 1).sum()
    exact = people.weight[people.band == 1].sum() / people.weight.sum()
    assert exact == pytest.approx(0.2 * 450 / (0.8 * 150 + 0.2 * 450), rel=0.05)
    assert stats.binomtest(int(oldest), 50_000, exact).pvalue > 1e-4


def test_each_quantile_falls_into_its_share():
    assert choose(np.array([0.001, 0.199, 0.2, 0.69, 0.7, 0.999]), [0.2, 0.5, 0.3]).tolist() == [0, 0, 1, 1, 2, 2]


def test_a_share_of_nothing_is_never_chosen():
    assert set(choose(np.linspace(0.001, 0.999, 999), [0.5, 0.0, 0.5]).tolist()) == {0, 2}


# -- plans -------------------------------------------------------------------------------------------------------------


def world(**parts: Any) -> Scenario:
    stay = {"shape": "lognormal", "mean_days": 3.0, "sigma": 1.0}
    tree: dict[str, Any] = {
        "name": "plan",
        "clock": {"start": "2017-01-02", "warm_up_days": 0, "window_days": 60},
        "cohorts": {"everyone": {"arrivals": {"per_day": 5}, "pathways": {"P0": {"share": 1.0, "stay": stay}}}},
        "hospital": {"wards": {"A": 5, "B": 15}},
    }
    return Scenario.model_validate(tree | parts)


def test_people_come_in_order_of_time_with_those_already_there_first():
    scenario = world(initial={"beds": {"P0": 3}})
    spells = make_plan(scenario, 0, 0, Builder(scenario).wards()).spells
    times = [spell.at for spell in spells]
    assert times == sorted(times)
    assert times[:4].count(0) == 3


def test_home_wards_are_in_proportion_to_beds():
    scenario = world(clock={"start": "2017-01-02", "warm_up_days": 0, "window_days": 1000})
    spells = make_plan(scenario, 0, 0, Builder(scenario).wards()).spells
    in_b = sum(spell.home_ward == 1 for spell in spells)
    assert stats.binomtest(in_b, len(spells), 0.75).pvalue > 1e-4


def test_a_stay_too_long_to_be_a_number_stops_the_run_with_its_cause():
    stay = {"shape": "lognormal", "mean_days": 1e308, "sigma": 4.0}
    cohort = {"arrivals": {"per_day": 50}, "pathways": {"P0": {"share": 1.0, "stay": stay}}}
    hospital = {"wards": {"A": "unlimited"}, "stay_factor": 100}
    scenario = world(cohorts={"everyone": cohort}, hospital=hospital)
    with np.errstate(over="ignore"), pytest.raises(BadDurationError, match=r"clinical stay: spell \d+ has .*inf"):
        make_plan(scenario, 0, 0, Builder(scenario).wards())


@pytest.mark.parametrize(("seed", "replication"), [(-1, 0), (0, -1)])
def test_a_negative_seed_or_replication_is_refused(seed, replication):
    from flowsim.engine import simulate

    with pytest.raises(ValueError, match="at least 0"):
        simulate(world(), seed, replication)


def test_people_already_there_are_dealt_to_localities_by_what_a_service_has_there():
    nothing = {"package": 0.0, "placement": 0.0, "none": 1.0}
    life = {
        "slots": 0,
        "by_locality": {"north": 6, "south": 2},
        "episode": {"shape": "fixed", "days": 9.0},
        "at_cap": nothing,
    }
    scenario = world(cohorts={}, life=life, initial={"life": 8})
    spells = make_plan(scenario, 0, 0, Builder(scenario).wards()).spells
    assert [spell.locality for spell in spells] == ["north"] * 6 + ["south"] * 2
