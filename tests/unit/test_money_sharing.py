"""Whole pence, shares of risk and gain, prices and their years, and the council's printed table."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowsim.config.problems import ConfigError
from flowsim.money import PriceIndex, UnitCost, council_budget, pence, price_book, settle, share_out
from flowsim.money.settlement import Settlement

pytestmark = pytest.mark.unit

AMOUNT = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any)


@st.composite
def alliances(draw):
    """Partners with savings, weights, liabilities and amounts of their own."""
    weights = draw(WEIGHTS)
    names = [f"partner {place}" for place in range(len(weights))]
    column = {name: draw(AMOUNT) for name in names}
    liability = {name: draw(st.integers(0, 10**9)) for name in names if draw(st.booleans())}
    own = {name: draw(AMOUNT) for name in names if draw(st.booleans())}
    return column, dict(zip(names, weights, strict=True)), liability, own


def after(found: Settlement) -> list[int]:
    return [one.after for one in found.shares]


def test_pounds_are_read_as_they_are_printed():
    assert [pence(0.1 + 0.2), pence(45.4), pence(-1.005), pence(1e9)] == [30, 4540, -100, 10**11]


def test_what_is_no_amount_is_refused():
    with pytest.raises(ValueError, match="no amount"):
        pence(float("nan"))


def test_odd_pennies_go_to_the_largest_remainders():
    assert share_out(100, [1, 1, 1]) == [34, 33, 33]
    assert share_out(10, [2, 3, 4]) == [2, 3, 5]  # 2.22, 3.33, 4.44


@given(AMOUNT, WEIGHTS)
def test_shares_add_up_to_the_total_and_are_within_a_penny_of_pro_rata(total, weights):
    shares = share_out(total, weights)
    assert sum(shares) == total
    assert all(
        abs(Fraction(share) - Fraction(total * weight, sum(weights))) < 1
        for share, weight in zip(shares, weights, strict=True)
    )


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [float("inf")]])
def test_weights_that_share_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        share_out(1, weights)


@given(alliances())
def test_shares_and_contingency_add_up_to_the_total_and_no_partner_falls_below_its_floor(alliance):
    found = settle(*alliance)
    assert sum(after(found)) + found.contingency == found.total == sum(alliance[0].values())
    assert all(one.after >= one.floor == -alliance[2].get(one.partner, 0) for one in found.shares)


@given(alliances())
def test_the_contingency_pays_only_what_floors_leave_uncovered(alliance):
    found = settle(*alliance)
    own = alliance[3]
    shared = [one for one in found.shares if one.weight]
    spare = [one.partner for one in shared if one.after > one.floor]
    assert found.contingency <= 0
    assert found.contingency == 0 or spare == []
    assert own or found.contingency == 0 or found.total < 0


@given(st.lists(AMOUNT, min_size=2, max_size=5))
def test_transfers_between_partners_cancel_out_in_a_gain(amounts):
    saved = {str(place): amount for place, amount in enumerate(amounts)}
    found = settle(saved, dict.fromkeys(saved, 1))
    assert sum(one.transfer for one in found.shares) == -found.contingency
    assert found.contingency == min(sum(amounts), 0)


def test_a_gain_is_pro_rata_whoever_made_it():
    assert after(settle({"a": 100, "b": -10}, {"a": 1, "b": 2})) == [30, 60]


def test_a_loss_of_all_leaves_each_at_do_nothing_and_falls_to_the_contingency():
    found = settle({"a": -100, "b": 30}, {"a": 1, "b": 1})
    assert (after(found), found.contingency) == ([0, 0], -70)


def test_a_stated_liability_is_borne_pro_rata_before_the_contingency():
    found = settle({"a": -100, "b": 30}, {"a": 1, "b": 1}, liability={"a": 20, "b": 60})
    assert (after(found), found.contingency) == ([-20, -50], 0)


def test_what_is_a_partners_own_by_exception_stays_with_it():
    assert after(settle({"a": 100, "b": 0}, {"a": 1, "b": 1}, own={"a": 40})) == [70, 30]


def test_partners_without_a_weight_are_named():
    with pytest.raises(ValueError, match="weights are for a, savings of a, b"):
        settle({"a": 1, "b": 2}, {"a": 1})


BED = UnitCost("core_beds", "core_bed_day", 313.0, "hospital_trust", "2016/17")


def test_a_payer_that_does_not_exist_is_refused_with_the_nearest():
    with pytest.raises(
        ValueError, match=r"core_beds: no payer is called 'hospital_trst'; did you mean hospital_trust\?"
    ):
        price_book([UnitCost("core_beds", "core_bed_day", 313.0, "hospital_trst", "2016/17")])


def test_prices_of_two_years_are_refused_by_name():
    with pytest.raises(ValueError, match="life: prices of 2017/18 cannot be used beside prices of 2016/17: no index"):
        price_book([BED, UnitCost("life", "life_start", 1700.0, "ccg", "2017/18")])


def test_an_index_brings_prices_to_one_year():
    index = PriceIndex({"2016/17": 100.0, "2017/18": 104.0})
    book = price_book([BED, UnitCost("life", "life_start", 1040.0, "ccg", "2017/18")], index=index)
    assert [(one.pounds, one.price_year) for one in book.costs] == [(313.0, "2016/17"), (1000.0, "2016/17")]


def test_an_index_that_lacks_a_year_says_which_it_has():
    with pytest.raises(ValueError, match="the index has 2016/17"):
        price_book([BED, UnitCost("life", "life_start", 1.0, "ccg", "2018/19")], index=PriceIndex({"2016/17": 100.0}))


def test_one_item_has_one_price_for_a_payer():
    with pytest.raises(ValueError, match="core_beds: has two prices for hospital_trust"):
        price_book([BED, BED])


MILLION = 100_000_000
"""Pence."""


def test_printed_totals_differ_from_their_lines_in_exactly_four_years():
    tenth = MILLION // 10
    assert council_budget().rounding() == {"2018/19": -tenth, "2019/20": -tenth, "2022/23": tenth, "2025/26": -tenth}


def test_computed_totals_are_those_of_the_lines():
    computed = {one.year: one.affordable / MILLION for one in council_budget().years}
    assert list(computed.values()) == [45.4, 46.0, 47.3, 47.4, 47.5, 47.7, 48.0, 48.6, 49.2, 50.0]


def test_doing_nothing_adds_what_growth_and_inflation_make():
    increments = [one.increment / MILLION for one in council_budget().years]
    assert increments == [0.0, 0.0, 4.3, 6.7, 9.2, 11.8, 14.5, 17.5, 20.5, 23.7]


def test_the_pressure_stated_by_year_nine_is_not_in_the_table():
    budget = council_budget()
    assert (budget.years[-1].increment, budget.carried_on()) == (2_370_000_000, 2_690_000_000)
    assert budget.years[-1].increment < budget.pressure == 2_550_000_000 < budget.carried_on()


def test_each_year_takes_off_five_per_cent_as_far_as_one_decimal_shows():
    pairs = [(one, two) for one, two in pairwise(council_budget().years) if two.efficiency]
    assert len(pairs) == 8
    more = [two.efficiency - one.efficiency for one, two in pairs]
    assert more == [pytest.approx(0.05 * two.printed, abs=0.1 * MILLION) for _, two in pairs]


def test_a_table_with_a_short_line_is_refused_at_its_place(tmp_path):
    file = tmp_path / "budget.yaml"
    file.write_text("source: us\nyears: [2015/16, 2016/17]\nstated_pressure_by_year_nine: 1\nlines:\n  baseline: [1]\n")
    with pytest.raises(ConfigError) as refused:
        council_budget(file)
    first, *rest = refused.value.problems
    assert (first.line, first.path, first.message) == (5, "lines.baseline", "has 1 amounts for 2 years")
    assert {one.message for one in rest} >= {"is missing"}
