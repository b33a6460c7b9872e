"""Intervals hold the truth as often as they say, also when the numbers decide how many there are."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.coverage.measure import finished, record_of
from experiments.coverage.systems import systems
from flowsim.experiment.precision import Target, next_look, replications_needed
from flowsim.experiment.statistics import estimate
from flowsim.experiment.tables import summary_rows
from flowsim.rng import stream

pytestmark = pytest.mark.theory

REPEATS = 2000
TARGET = Target(0.06, relative=True)
"""Of draws with a coefficient of variation of 0.2, about 45 are enough."""


def _covers(values: np.ndarray) -> bool:
    found = estimate(values)
    return found.low <= 1.0 <= found.high


@pytest.fixture(scope="module")
def draws() -> np.ndarray:
    """Results of 400 replications of known mean 1, for each repeat."""
    return 1.0 + 0.2 * stream(1, 0, "draws").standard_normal((REPEATS, 400))


def test_a_run_that_stops_itself_covers_with_93_to_97_per_cent(draws):
    hits = 0
    for values in draws:
        count = 30
        while (look := next_look(values[:count, None], TARGET, 400)).count > count:
            count = look.count
        hits += _covers(values[:count])
    assert 0.93 <= hits / REPEATS <= 0.97


def test_a_first_look_at_3_covers_clearly_less(draws):
    counts = [replications_needed(values, TARGET, first=3, ahead=False) for values in draws]
    hits = sum(_covers(values[:count]) for values, count in zip(draws, counts, strict=True))
    assert hits / REPEATS < 0.93


def test_intervals_of_a_mean_and_a_paired_difference_cover_the_exact_value():
    system = next(one for one in systems() if len(one.scenarios) > 1)
    hits = dict.fromkeys([known.name for known in system.known], 0)
    for seed in range(40):
        record = record_of(system, seed, [finished(system, seed, number) for number in range(10)])
        rows = {(row.scenario, row.measure): row for row in summary_rows(record)}
        for known in system.known:
            row = rows[system.scenarios[-1 if known.differs else 0].name, known.measure]
            one = row.diff if known.differs else row.own
            hits[known.name] += one.low <= known.exact <= one.high
    assert min(hits.values()) >= 32  # of 40 at 95 % fewer happen once in 4,000 times
