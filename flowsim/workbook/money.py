"""Sheets on money: who saves what, every line behind it, and how risk and gain are shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowsim.plots.words import cost_line_label, label, payer_label, sentence_case
from flowsim.workbook.cells import NOT_APPLICABLE
from flowsim.workbook.sheets import SCENARIO, Column, Sheet

if TYPE_CHECKING:
    from flowsim.money import Savings

_POUNDS, _PENCE = '"£"#,##0', '"£"#,##0.00'
_WHEN = (Column(SCENARIO, 22), Column("Year", 11))
_FULL_PRICE = "A freed bed day counts at its full price; it is cash only if beds close."


def sheets(outcome: Any, terms: str | None = None) -> list[Sheet]:
    """Savings, open book and shares of a comparison; none where there is nothing to compare or prices do not fit.

    Parameters
    ----------
    terms : str, optional
        A file of terms; the shipped ones unless named.
    """
    from flowsim.money import read_terms, savings_of

    if len(outcome.record.scenarios) < 2:
        return []
    try:
        savings = savings_of(outcome, read_terms(terms))
    except (ValueError, KeyError):
        return []
    return [_saved(savings), _open_book(savings), _shared(savings)]


def _where(savings: Savings) -> str:
    """Whose terms these are, and how to see what others give."""
    file = f" of {savings.terms.file}" if savings.terms.file else ""
    return f"Partners, weights, posts and the fund are the terms{file}; `flowsim report --terms` takes others."


def _saved(savings: Savings) -> Sheet:
    rows = [
        [one["alternative"], savings.book.titles[one["year"]], payer_label(one["payer"]), sentence_case(one["line"])]
        + [one[key] for key in ("mean", "ci_low", "ci_high", "sd", "n")]
        for one in savings.frame().to_dict("records")
    ]
    interval = (Column("95 % interval from", 15), Column("95 % interval to", 15))
    spread = (Column("Standard deviation", 15), Column("Count", 9, "0_)_)"))
    base, year = label(savings.base), savings.book.price_year
    return Sheet(
        "Money",
        f"Money: what each payer saves against {base} of the same year",
        "Net saving by scenario, year and payer, what it consists of, and its interval",
        (*_WHEN, Column("Payer", 19), Column("Line", 18), Column("Saving", 15), *interval, *spread),
        rows,
        [_POUNDS] * len(rows),
        (f"Pounds at prices of {year}; below 0 costs more than {base}. {_FULL_PRICE} {_where(savings)}",),
    )


def _open_book(savings: Savings) -> Sheet:
    titles = {one.name: one.title for one in savings.terms.posts}
    rows = [
        [one["alternative"], savings.book.titles[one["year"]], payer_label(one["payer"]), sentence_case(one["kind"])]
        + [titles.get(one["line"]) or cost_line_label(one["line"])]
        + [one[key] for key in ("do_nothing", "alternative_cost", "saving")]
        for one in savings.open_book().to_dict("records")
    ]
    what = (Column("Payer", 19), Column("Kind", 18), Column("What for", 44))
    costs = (Column("Cost doing nothing", 15), Column("Cost of the scenario", 15), Column("Saving", 15))
    return Sheet(
        "Open book",
        "Open book: every cost line of every payer and year, which add up to the net savings",
        "Mean cost of each line doing nothing and in the scenario, by year and payer",
        (*_WHEN, *what, *costs),
        rows,
        [_POUNDS] * len(rows),
        (f"Pounds at prices of {savings.book.price_year}; means over the replications. {_where(savings)}",),
    )


def _shared(savings: Savings) -> Sheet:
    rows = [
        [one["alternative"], savings.book.titles[one["year"]], payer_label(one["partner"])]
        + [one[key] for key in ("do_nothing", "saving", "weight", "transfer", "after_sharing")]
        + [NOT_APPLICABLE if one["partner"] == "contingency" else one["floor"], one["loss_share"]]
        for one in savings.settlements().to_dict("records")
    ]
    amounts = (Column("Cost doing nothing", 18), Column("Saves itself", 16), Column("Weight", 9, "0.##"))
    more = (Column("Gets from others", 16), Column("Saving after sharing", 16), Column("No less than", 13))
    return Sheet(
        "Sharing",
        "Sharing: risk and gain of the partners, pro rata to their weights, nobody below doing nothing",
        "What each partner saves itself, gets from the others, and has after sharing, by year",
        (*_WHEN, Column("Partner", 16), *amounts, *more, Column("Partners lose together in", 14, "0%_)_)")),
        rows,
        [_PENCE] * len(rows),
        (
            "All gains and losses go into one pot. What floors leave uncovered falls to the contingency; what the "
            f"package fund pays comes from outside the pot. Shares add up to the penny. {_where(savings)}",
        ),
    )
