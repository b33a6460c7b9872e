"""The rule of the verdict at its edges, and what is said of chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import binomtest

from flowsim.claims.claim import Chance, Claim, Reading
from flowsim.claims.verdict import Verdict, judge, verdict_of
from flowsim.claims.words import chance_words
from flowsim.experiment.chances import rule_of_three, single_run_range, wilson
from flowsim.experiment.statistics import Estimate

pytestmark = pytest.mark.unit

READING = Reading("on_date", {"scenario": "after"})


def claim(**changes: object) -> Claim:
    """A claim of 10, give or take 1."""
    values = {"low": 10.0, "high": 10.0, "tolerance": 1.0, "reading": READING, **changes}
    return Claim(id="A-1", title="", source="", date="", reported="10", why="", **values)  # type: ignore[arg-type]


def found(low: float, high: float) -> Estimate:
    """An estimate with this interval."""
    return Estimate((low + high) / 2.0, 1.0, 30, low, high)


@pytest.mark.parametrize(
    ("interval", "runs", "verdict"),
    [
        ((11.0, 12.0), (11.0, 12.0), Verdict.REPRODUCED),  # touches the tolerance
        ((11.01, 12.0), (11.0, 13.0), Verdict.WITHIN_REACH),  # only a single run touches it
        ((11.01, 12.0), (11.01, 13.0), Verdict.CONTRADICTED),
        ((8.0, 9.0), (7.0, 9.0), Verdict.REPRODUCED),
        ((8.0, 8.99), (7.0, 9.0), Verdict.WITHIN_REACH),
        ((2.0, 30.0), (2.0, 30.0), Verdict.REPRODUCED),  # an interval so wide says little, and contradicts nothing
    ],
)
def test_the_rule_at_its_edges(interval, runs, verdict):
    assert verdict_of(claim(), found(*interval), *runs) is verdict


def test_a_bound_that_is_met_exactly_is_met_whatever_rounding_did():
    assert verdict_of(claim(low=0.3, high=0.3, tolerance=0.0), found(0.1 + 0.2, 0.4), 0.31, 0.4) is Verdict.REPRODUCED


def test_an_open_bound_is_met_from_one_side_only():
    at_least = claim(low=10.0, high=math.inf)
    assert verdict_of(at_least, found(500.0, 600.0), 400.0, 700.0) is Verdict.REPRODUCED
    assert verdict_of(at_least, found(5.0, 8.9), 4.0, 8.95) is Verdict.CONTRADICTED


def test_one_replication_gives_no_verdict_as_it_has_no_interval():
    alone = Estimate(11.0, math.nan, 1, math.nan, math.nan)
    assert verdict_of(claim(), alone, 11.0, 11.0) is Verdict.NOT_COMPUTED


def test_nothing_to_count_gives_no_verdict():
    judged = judge(claim(), {"A-1": np.array([math.nan, math.nan])})
    assert judged.verdict is Verdict.NOT_COMPUTED


def test_another_stated_scenario_brings_a_claim_within_reach():
    values = {"A-1": np.array([1.0, 2.0, 3.0]), "A-1/wide": np.array([8.0, 9.0])}
    assert judge(claim(), {"A-1": values["A-1"]}).verdict is Verdict.CONTRADICTED
    judged = judge(claim(also=("wide",)), values)
    assert judged.verdict is Verdict.WITHIN_REACH
    assert (judged.low, judged.high) == (1.0, 9.0)


def test_an_interval_does_not_leave_what_can_be():
    judged = judge(claim(), {"A-1": np.array([0.0, 0.0, 5.0])})
    assert judged.found.low == 0.0


def test_hits_are_counted_with_their_interval():
    seen = Chance(READING, "doing nothing", at_least=56.0)
    values = {"A-1": np.ones(4), "A-1/chance 0": np.array([55.9, 56.0, 60.0, math.nan])}
    found = judge(claim(chances=(seen,)), values).seen[0]
    assert (found.hits, found.n, found.share) == (2, 3, 2 / 3)
    assert found.rule_of_three is None
    assert found.extreme == 60.0


def test_none_of_n_is_said_with_the_rule_of_three():
    seen = Chance(READING, "Doing nothing", at_least=56.0)
    values = {"A-1": np.ones(30), "A-1/chance 0": np.zeros(30)}
    words = chance_words(judge(claim(chances=(seen,)), values).seen[0], "beds")
    assert words == (
        "Doing nothing: 0 (0 to 0) beds on average, highest 0; at least 56 in 0 of 30 replications, 0 to 11 %; "
        "rule of three: at most 10 %."
    )


@pytest.mark.parametrize(("hits", "n"), [(0, 30), (3, 30), (15, 30), (30, 30), (1, 1)])
def test_wilson_is_as_scipy_has_it(hits, n):
    other = binomtest(hits, n).proportion_ci(method="wilson")
    assert wilson(hits, n) == pytest.approx((other.low, other.high), abs=1e-12)


def test_shares_that_are_none_are_refused():
    with pytest.raises(ValueError, match="4 hits of 3"):
        wilson(4, 3)


def test_of_no_case_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)
    assert rule_of_three(0) == 1.0
    assert all(math.isnan(end) for end in single_run_range(np.array([math.nan])))


def test_the_range_of_one_more_run_is_that_of_all_until_they_are_many():
    assert single_run_range(np.arange(39.0)) == (0.0, 38.0)
    assert single_run_range(np.arange(79.0)) == (1.0, 77.0)  # the second of 79 from either end: 80 - 4 of 80 are inside
