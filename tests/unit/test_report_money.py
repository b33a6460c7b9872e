"""Who saves what, on the page: figures of the books, words for what they are worth, nothing where they do not fit."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import recorded

from flowsim.config.load import load
from flowsim.experiment import Comparison, Results, compare
from flowsim.money.ledger import Year, financial_year
from flowsim.money.terms import Fund
from flowsim.report import money
from flowsim.report.money import section
from flowsim.report.page import render

pytestmark = pytest.mark.unit


def small(name: str) -> Any:
    """A shipped scenario over eight days of two financial years."""
    clock = {"start": "2018-03-25", "warm_up_days": 3.0, "window_days": 8.0}
    return load(name).with_(clock=clock, initial={"home_care": 10, "placements": 5})


@pytest.fixture(scope="module")
def done() -> Any:
    """Do-nothing against the transition year."""
    return compare(small("do_nothing"), small("transition_year"), replications=3, seed=3, jobs=1)


@pytest.fixture(scope="module")
def shown(done: Any) -> dict[str, Any]:
    return section(done)


@pytest.fixture(scope="module")
def text(done: Any) -> str:
    return render(done, {"seed": 3}, {})


def test_the_net_saving_of_a_payer_is_what_the_columns_before_it_make(shown: dict[str, Any]) -> None:
    table = shown["tables"][0]
    for line in table.lines:
        before, after, *parts, net = (float(cell.value.replace("\u2212", "-")) for cell in line.cells)
        assert net == pytest.approx(before - after, abs=0.011)
        assert net == pytest.approx(sum(parts), abs=0.021)


def test_the_finding_is_the_net_saving_of_all_public_payers(shown: dict[str, Any]) -> None:
    total = next(line for line in shown["tables"][0].lines if line.name == "All public payers")
    assert total.cells[-1].value.removeprefix("\u2212") in shown["finding"]
    assert "in the 8 days measured" in shown["finding"]


def test_the_picture_says_what_the_heading_and_the_table_say(shown: dict[str, Any]) -> None:
    assert shown["picture"].title == f"Transition year: {shown['finding']}"


def test_partners_together_get_from_one_another_what_they_give(shown: dict[str, Any]) -> None:
    rows = [line for line in shown["sharing"][0].lines if line.name.endswith("all together")]
    assert rows != []
    for line in rows:
        saves, _, gets, after = (float(cell.value.replace("\u2212", "-").replace(",", "")) for cell in line.cells[1:])
        assert after == pytest.approx(saves, abs=0.001)
        assert gets == 0.0


def test_the_page_says_what_a_freed_bed_day_is_worth_and_whose_terms_these_are(text: str) -> None:
    part = text[text.index('<section aria-labelledby="money">') :]
    assert "becomes cash only if beds close" in part
    assert "<code>configs/money/programme.yaml</code>" in part


def test_the_section_is_in_the_contents(text: str) -> None:
    assert '<a href="#money">Who saves what</a>' in text


def test_the_lines_that_move_most_stand_in_order(shown: dict[str, Any]) -> None:
    table = next(one for one in shown["tables"] if one.caption.startswith("Cost lines"))
    amounts = [abs(float(line.cells[-1].value.replace("\u2212", "-"))) for line in table.lines]
    assert amounts == sorted(amounts, reverse=True)


def test_one_scenario_has_no_savings() -> None:
    assert section(Results(recorded.of_one())) == {}


def test_a_comparison_without_prices_says_so_in_one_sentence() -> None:
    found = section(Comparison(recorded.of_two()))
    assert found["why"].startswith("Not shown, because prices or terms do not fit this run: the run has no prices")
    assert found["finding"] == "not shown"


def test_several_alternatives_stand_side_by_side_and_the_tables_of_each_are_folded(done: Any) -> None:
    third = done.record.scenarios[1].with_(name="again")
    found = section(compare(*done.record.scenarios, third, replications=2, seed=3, jobs=1))
    assert re.search(r"from £\S+ million \(Transition year\) to £\S+ million \(Again\)$", found["finding"])
    assert [line.name for line in found["tables"][0].lines] == ["Transition year", "Again"]
    assert [one.folded for one in found["tables"]] == [False] + [True] * (len(found["tables"]) - 1)


@pytest.mark.parametrize(
    ("words", "unit", "said"),
    [
        ("10,000", "£ a day", "£10,000 a day"),
        ("6.5", "£m", "£6.5m"),
        ("at least 50", "%", "at least 50\u00a0%"),
        ("56", "beds", "56\u00a0beds"),
    ],
)
def test_an_amount_stands_with_its_unit(words: str, unit: str, said: str) -> None:
    assert money._amount(words, unit) == said


def test_a_scenario_without_prices_beside_one_with_prices_is_named() -> None:
    priced = small("do_nothing")
    found = section(compare(priced, priced.with_(name="free", costs=None), replications=2, seed=3, jobs=1))
    assert found["why"].endswith("the run has no prices of free; state costs in its configuration.")


def test_of_a_year_measured_in_part_that_part_of_the_fund_is_there() -> None:
    fund = Fund("f", ("life",), {"2017/18": 365.0}, "council")
    whole = financial_year("2017/18")
    assert fund.of(whole) == 365.0
    assert fund.of(replace(whole, end=whole.first.replace(month=5))) == pytest.approx(30.0)
    assert fund.of(financial_year("2018/19")) == 0.0


def test_a_year_may_begin_on_a_leap_day() -> None:
    begun = financial_year("2019/20").end.replace(month=2, day=29)
    assert Year("", begun, begun.replace(year=2021, month=3, day=1)).whole


def test_the_page_without_room_for_it_says_where_it_is(done: Any) -> None:
    text = render(done, {"seed": 3}, {}, largest=1)
    assert ('aria-labelledby="money"' in text, "`flowsim money` prints" in text) == (False, True)
