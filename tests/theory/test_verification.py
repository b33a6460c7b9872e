"""The cases of ``experiments/verification`` with few replications, and the formulae they are held against."""

from __future__ import annotations

import math

import pytest

from experiments.agreement import Row
from experiments.chains import Chain
from experiments.verification import exact
from experiments.verification.cases import CASES, rows_of
from experiments.verification.oracles import priority_match, skewed_tandem_match

pytestmark = pytest.mark.theory

SEED = 20170403


@pytest.mark.parametrize("name", list(CASES))
def test_a_system_with_an_exact_answer_gives_it(name: str) -> None:
    assert [row for row in rows_of(name, SEED, few=True) if not row.agrees] == []


@pytest.mark.parametrize("match", [skewed_tandem_match, priority_match], ids=lambda make: make.__name__)
def test_another_simulator_agrees_where_no_formula_reaches(match) -> None:
    assert [pair for pair in match().pairs(6, SEED) if not pair.agrees] == []


# -- the yardsticks ----------------------------------------------------------------------------------------------------


def test_erlangs_formulae_have_their_textbook_values() -> None:
    assert exact.erlang_b(5, 4.0) == pytest.approx(0.19907, abs=5e-6)
    assert exact.erlang_c(5, 4.0) == pytest.approx(0.55411, abs=5e-6)


def test_a_queue_with_little_and_with_much_waiting_room_is_erlangs_b_and_c() -> None:
    assert exact.mmck(5, 0, 4.0)["lost"] == pytest.approx(exact.erlang_b(5, 4.0))
    assert exact.mmck(5, 500, 4.0)["waiting"] == pytest.approx(4.0 * exact.mmc_wait(5, 4.0))


def test_cobhams_waits_keep_the_mean_wait_of_one_line() -> None:
    urgent, routine = exact.cobham(exact.erlang_c(5, 4.0) / 5.0, [0.3, 0.5])
    assert (1.5 * urgent + 2.5 * routine) / 4.0 == pytest.approx(exact.mmc_wait(5, 4.0))


def test_the_chain_of_stations_in_a_row_is_hunts_table() -> None:
    assert exact.saturated_tandem([1, 1], [1.0, 1.0]) == pytest.approx(2 / 3)
    assert exact.saturated_tandem([1, 1], [1.0, 1.25]) == pytest.approx(exact.hunt(1.0, 1.25))
    assert exact.saturated_tandem([1, 1, 1], [1.0, 1.0, 1.0]) == pytest.approx(exact.HUNT_THREE)
    assert exact.saturated_tandem([1] * 4, [1.0] * 4) == pytest.approx(0.5148, abs=5e-5)


def test_impatience_with_exponential_patience_is_the_chain_of_erlang_a() -> None:
    def moves(number: int):
        yield 1.7 if number < 200 else 0.0, number + 1
        yield 0.75 * min(number, 3) + 0.25 * max(number - 3, 0), number - 1

    waiting = Chain(0, moves).mean(lambda number: max(number - 3, 0))
    found = exact.impatient(1.7, 1 / 0.75, 3, lambda day: math.exp(-0.25 * day), 80.0)
    assert found["waiting"] == pytest.approx(waiting, rel=1e-5)
    assert found["give up"] == pytest.approx(0.25 * waiting / 1.7, rel=1e-5)


def test_the_rest_of_an_exponential_stay_is_that_stay() -> None:
    assert exact.remaining(lambda day: math.exp(-day / 6.0), 6.0, 5.0) == pytest.approx(1 - math.exp(-5 / 6))


def test_a_value_that_never_varies_agrees_only_if_it_is_the_exact_one() -> None:
    assert Row("s", "q", 2.0, 2.0, 0.0, 3).verdict == "equal"
    assert not Row("s", "q", 2.0, 2.1, 0.0, 3).agrees
