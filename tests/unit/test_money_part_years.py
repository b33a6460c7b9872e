"""Years of which a run has a part: their days are told, and nothing said of a year is held against them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from flowsim.claims import read_claims
from flowsim.cli import show_money
from flowsim.money import Partner, Savings, Statement, Terms, UnitCost, council_budget, financial_year, ledger
from flowsim.money.book import Book
from flowsim.money.ledger import Year
from flowsim.money.terms import Fund
from flowsim.plots.money import picture
from flowsim.workbook import money as workbook

pytestmark = pytest.mark.unit

SAVED = {"2017/18": 3e6, "2018/19": 5e6, "2019/20": 1e6}  # pounds of the council; of the last year 61 days of 366
PART = Year("2019/20", dt.date(2019, 4, 1), dt.date(2019, 6, 1))
YEARS = (financial_year("2017/18"), financial_year("2018/19"), PART)


def book(*statements: Statement, years: tuple[Year, ...] = YEARS, fund: Fund | None = None) -> Book:
    """Two replications that save the same, over these years."""
    rows = [
        (scenario, replication, year.label, measure, 9e6 - (SAVED[year.label] if scenario == "after" else 0.0))
        for scenario in ("before", "after")
        for replication in range(2)
        for year in years
        for measure in ("cost_home_care", "cost_payer_council")
    ]
    frame = pd.DataFrame(rows, columns=["scenario", "replication", "year", "measure", "value"])
    costs = (UnitCost("home_care", "home_care_hour", 16.0, "council", "2016/17"),)
    terms = Terms((Partner("council", 1.0),), statements=statements, fund=fund)
    return Book(Savings(ledger(frame, "2016/17", years), costs, terms), read_claims(), council_budget())


def printed(found: Book, capsys: Any) -> str:
    show_money.show(found)
    return str(capsys.readouterr().out)


def test_money_says_which_part_of_a_year_it_is_of():
    rows = book().tables["money"].drop_duplicates("year")
    assert list(zip(rows["year"], rows["days"], rows["part_of_year"], strict=True)) == [
        ("2017/18", 365, 1.0),
        ("2018/19", 365, 1.0),
        ("2019/20", 61, 61 / 366),
    ]


def test_days_of_a_year_are_told_wherever_its_money_is_read(capsys):
    found = book()
    said = printed(found, capsys)
    assert [said.count(words) for words in ("2019/20 (61 days) ", "2018/19 (")] == [2, 0]
    assert {row[1] for row in workbook._saved(found.savings).rows} == {"2017/18", "2018/19", "2019/20 (61 days)"}
    ticks = [tick.get_text() for tick in picture(found.tables["money"]).axes[0].get_xticklabels()]
    assert ticks == ["2017/18", "2018/19", "2019/20\n(61 days)"]


@pytest.mark.parametrize(
    ("years", "said"),
    [
        (YEARS, "save £4.00 million net a year on average"),
        (YEARS[1:], "save £5.00 million net in 2018/19"),
        (YEARS[2:], "save £1.00 million net in 61 days"),
    ],
)
def test_the_picture_says_the_mean_of_whole_years(years, said):
    assert said in picture(book(years=years).tables["money"]).axes[0].get_label()


def test_the_picture_claims_no_saving_that_chance_may_have_made():
    frame = book(years=YEARS[:1]).tables["money"].assign(ci_low=-1.0)
    assert "no clear net saving of all public payers in 2017/18" in picture(frame).axes[0].get_label()


def test_days_of_a_year_are_not_set_beside_the_councils_budget_of_a_year(capsys):
    found = book()
    table = found.tables["money_council"].set_index("year")["council_net_saving"]
    assert table["2018/19"] == 5e6
    assert pd.isna(table["2019/20"])
    assert "only part of 2019/20 (61 days): none of it is set beside the council's budget" in printed(found, capsys)


def test_what_a_fund_pays_for_days_of_a_year_is_told_as_that():
    said = book(fund=Fund("The fund", ("home_care",), {"2019/20": 366e3}, "council")).fund_words()
    assert said == [
        "after, 2019/20 (61 days): The fund pays £61,000 of its £61,000; £7,939,000 beyond it fall to the council."
    ]


def test_what_a_paper_says_of_a_year_is_not_held_against_days_of_it():
    (one,) = book(Statement("X-07", "net_saving", low=1.0, high=9e9, reported="1", year="2019/20")).answers
    assert (one.verdict.value, one.note) == ("not computed", "the run has only 61 days of 2019/20")
