"""Parameter sets: margins as the evidence says, ranks correlated as stated, shares that add up, every set valid."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from scipy import stats

from flowsim.config.evidence import Correlation, Evidence, EvidenceTable, load_evidence
from flowsim.config.load import load
from flowsim.config.spread import Spread, read_spread
from flowsim.uncertain.draw import correlated, draw, hypercube, rearranged, worlds_at
from flowsim.uncertain.marginals import quantile
from flowsim.uncertain.unknowns import UnknownError, Unknowns, unknowns_of
from flowsim.uncertain.values import scaled_to

pytestmark = pytest.mark.unit

N = 400


@cache
def scenario(name="transition_year", *settings):
    return load(name, settings)


def row(path, distribution, low=None, high=None):
    spread = read_spread(distribution)
    assert isinstance(spread, Spread)
    return Evidence(path, low=low, high=high, distribution=distribution, spread=spread, grade="D")


def of(*rows, name="transition_year", vary=(), pairs=(), settings=()) -> Unknowns:
    return unknowns_of([scenario(name, *settings)], EvidenceTable(rows, pairs), vary)


def numbers(rows, path, count=N, seed=1):
    """What a parameter is in each of some drawn sets."""
    sets = draw(of(*rows), count, seed)
    return [sets.values(number)[0][path] for number in range(count)]


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("uniform", stats.uniform(2.0, 4.0)),
        ("triangular 3", stats.triang(0.25, 2.0, 4.0)),
        # most likely at the configured 4 days
        ("triangular", stats.triang(0.5, 2.0, 4.0)),
        ("normal", stats.norm(4.0, 2.0 / stats.norm.ppf(0.975))),
        ("lognormal", stats.lognorm(math.log(3.0) / 2.0 / stats.norm.ppf(0.975), scale=math.sqrt(12.0))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_drawn_numbers_have_the_distribution_of_their_row(text, law):
    """A Latin hypercube is nearer to its law than chance would be: its distance is at most 1/N."""
    found = draw(of(row("life.valve.after_days", text, 2, 6)), N, 1).table()[:, 0]
    assert stats.kstest(found, law.cdf).statistic <= 1.0 / N + 1e-9


@pytest.mark.parametrize(("word", "low", "high"), [("gamma", 21.3, 27.9), ("beta", 0.1, 0.25), ("normal", -1.0, 3.0)])
def test_the_ends_of_a_fitted_law_are_its_outer_quantiles(word, low, high):
    found = [quantile(Spread(word), (low, high), 0.0, u) for u in (0.025, 0.975)]
    assert found == pytest.approx([low, high], rel=1e-8)


def test_a_column_of_the_hypercube_has_one_point_in_each_part():
    assert sorted(np.floor(hypercube(50, 3, "a") * 50).astype(int)) == list(range(50))


def test_a_further_unknown_moves_no_other():
    one = row("life.cap_days", "uniform", 40, 44)
    other = row("life.exit_wait.mean_days", "uniform", 3, 14)
    alone, together = draw(of(one), 20, 5), draw(of(one, other), 20, 5)
    assert alone.table()[:, 0].tolist() == together.table()[:, 0].tolist()


def test_seeds_differ_and_nought_is_a_seed():
    rows = [row("life.cap_days", "uniform", 40, 44)]
    assert draw(of(*rows), 5, 0).table().tolist() != draw(of(*rows), 5, 1).table().tolist()


def test_whole_numbers_stay_whole_and_are_equally_likely():
    found = numbers(
        [row("hospital.escalation.close_after_days", "uniform", 1, 4)], "hospital.escalation.close_after_days"
    )
    assert [found.count(days) for days in (1, 2, 3, 4)] == [100, 100, 100, 100]


def test_one_factor_scales_all_numbers_of_a_row_and_leaves_noughts():
    slots = numbers([row("life.slots", "scale 0.7 to 1.3")], "life.slots", 30)
    assert {one["from"] for one in slots} == {0}
    ratios = [one["steps"]["2018-01-01"] / one["steps"]["2017-09-25"] for one in slots]
    assert ratios == pytest.approx([130 / 60] * 30, rel=0.02)  # whole slots


def test_each_number_of_a_row_can_be_drawn_for_itself():
    unknowns = of(row("cohorts.over_65.arrivals.weekday_factors", "each shift -0.04 to 0.04"))
    assert unknowns.names[0] == "cohorts.over_65.arrivals.weekday_factors.0"
    assert len(unknowns.names) == 7


def test_a_scaled_number_is_held_between_low_and_high():
    beds = numbers([row("step_down.beds", "scale 0.5 to 1.5", 30, 40)], "step_down.beds", 60)
    assert (min(beds), max(beds)) == (30, 40)


SHARES = [
    row("cohorts.over_65.pathways.P0.share", "shares", 0.5, 0.72),
    row("cohorts.over_65.pathways.P1.share", "shares", 0.05, 0.25),
    row("cohorts.over_65.pathways.P2_home.share", "shares", 0.11, 0.22),
    row("cohorts.over_65.pathways.P2_bed.share", "shares", 0.02, 0.07),
    row("cohorts.over_65.pathways.P3.share", "shares", 0.01, 0.05),
    row("cohorts.over_65.pathways.escalation_route.share", "shares", 0.001, 0.015),
]


def test_shares_add_to_one_and_stay_in_their_ranges():
    sets = draw(of(*SHARES), 100, 1)
    for number in range(100):
        values = sets.values(number)[0]
        assert math.fsum(values.values()) == pytest.approx(1.0, abs=1e-9)
        assert all(one.low - 1e-9 <= values[one.path] <= one.high + 1e-9 for one in SHARES)


def test_of_shares_of_which_one_is_drawn_the_others_take_what_is_left():
    unknowns = of(*SHARES)
    values = worlds_at(unknowns, {"cohorts.over_65.pathways.P2_home.share": 0.0})[0].cohorts["over_65"].pathways
    assert values["P2_home"].share == 0.11
    assert values["P0"].share / values["P1"].share == pytest.approx(0.62 / 0.14)


def test_a_share_set_by_hand_stays_and_the_others_add_up_with_it():
    unknowns = of(*SHARES, settings=["cohorts.over_65.pathways.P0.share=0.62"])
    sets = draw(unknowns, 10, 1)
    assert {one.cohorts["over_65"].pathways["P0"].share for n in range(10) for one in sets.scenarios(n)} == {0.62}


def test_shares_that_cannot_add_up_are_refused():
    with pytest.raises(ValueError, match="cannot add to 1"):
        scaled_to(1.0, [0.2, 0.2], [(0.1, 0.3), (0.1, 0.3)])


def test_a_share_of_nought_stays_nought():
    values = draw(of(row("life.at_cap", "shares ±0.045")), 5, 1).values(0)[0]
    assert sorted(values) == ["life.at_cap.package", "life.at_cap.placement"]


PAIR = [row("life.cap_days", "uniform", 40, 44), row("life.exit_wait.mean_days", "triangular", 3, 14)]


@pytest.mark.parametrize("rank", [-0.7, 0.3, 0.9])
def test_ranks_are_correlated_as_stated(rank):
    pairs = (Correlation("life.cap_days", "life.exit_wait.mean_days", rank, "us"),)
    found = draw(of(*PAIR, pairs=pairs), N, 1).table()
    # the chance correlation of the sample is taken out; what is left comes from rearranging whole ranks
    assert stats.spearmanr(found).statistic == pytest.approx(rank, abs=0.03)


def test_correlating_leaves_the_margins_as_they_were():
    table = np.column_stack([hypercube(60, 1, name) for name in "ab"])
    _, factor = correlated(["a", "b"], [Correlation("a", "b", 0.8, "")])[0]
    assert (np.sort(rearranged(table, factor), axis=0) == np.sort(table, axis=0)).all()


def test_few_points_are_correlated_too():
    table = np.column_stack([hypercube(4, 1, name) for name in "ab"])
    _, factor = correlated(["a", "b"], [Correlation("a", "b", 0.8, "")])[0]
    assert rearranged(table, factor).shape == (4, 2)


def test_correlations_that_contradict_each_other_are_refused():
    pairs = [Correlation("a", "b", 0.9, ""), Correlation("b", "c", 0.9, ""), Correlation("a", "c", -0.9, "")]
    with pytest.raises(UnknownError, match="a, b, c contradict each other"):
        correlated(["a", "b", "c"], pairs)


def test_a_set_that_breaks_a_rule_is_drawn_again_and_counted():
    rows = [
        row("leaving.P1.delay.mean_days", "uniform", 0.25, 2),
        row("leaving.P1.assessment_days", "uniform", 0, 0.75),
    ]
    sets = draw(of(*rows), 100, 1)
    assert sets.redrawn["leaving.P1"] > 0
    assert all(one.leaving["P1"].delay.mean >= one.leaving["P1"].assessment_days for one in sets.scenarios(3))
    assert "broke a rule of the model: leaving.P1" in sets.notes()[0]


def test_a_rule_that_leaves_no_room_is_an_error():
    with pytest.raises(UnknownError, match="no valid parameter set"):
        draw(of(row("leaving.P1.assessment_days", "scale 1 to 1000000")), 3, 1)


def test_what_is_set_by_hand_is_held_and_said():
    unknowns = of(row("life.cap_days", "uniform", 40, 44), settings=["life.cap_days=41"])
    assert (unknowns.found, unknowns.held) == ((), ("life.cap_days: held as set by hand",))


def test_what_a_variant_states_is_held():
    variant = scenario().with_(life={"cap_days": 41})
    unknowns = unknowns_of([variant], EvidenceTable(tuple(PAIR)))
    assert unknowns.names == ("life.exit_wait.mean_days",)


def test_a_value_outside_the_range_of_its_evidence_is_held_and_said():
    unknowns = of(row("life.cap_days", "uniform", 50, 60))
    assert unknowns.held == ("life.cap_days: held at 42, which lies outside the 50 to 60 of its evidence",)


def test_a_range_that_excludes_the_value_is_refused_when_it_is_asked_for():
    with pytest.raises(UnknownError, match=r"life\.cap_days: its range 50 to 60 excludes its value 42"):
        of(row("life.cap_days", "uniform", 50, 60), vary=["life.cap_days"])


def test_a_what_if_is_held_unless_it_is_asked_for():
    claim = row("huddles.effect.rate_ratio", "what-if", 0.82, 1.1)
    assert of(claim).names == ()
    assert of(claim, vary=["huddles.effect.rate_ratio"]).names == ("huddles.effect.rate_ratio",)


def test_a_path_that_names_nothing_is_refused_with_the_nearest():
    with pytest.raises(UnknownError, match=r"did you mean life\.cap_days\?"):
        of(row("life.cap_days", "uniform", 40, 44), vary=["life.cap_day"])


def test_what_is_fixed_cannot_be_varied():
    with pytest.raises(UnknownError, match="fixed"):
        of(row("life.cap_days", "fixed", 42, 42), vary=["life.cap_days"])


def test_base_and_alternative_share_each_number_that_both_take():
    unknowns = unknowns_of([scenario("do_nothing"), scenario()], load_evidence())
    for base, other in [draw(unknowns, 6, 2).scenarios(number) for number in (0, 5)]:
        assert base.cohorts["over_65"].arrivals == other.cohorts["over_65"].arrivals
        assert base.hospital == other.hospital


def test_an_overlay_has_the_row_of_its_own():
    unknowns = unknowns_of([scenario("do_nothing"), scenario()], load_evidence())
    assert "transition_year:life.slots" in unknowns.names
    assert "life.slots" not in unknowns.names
