"""The section on money: who saves what, how it is shared, and what the papers say; as plain values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from flowsim.plots import style
from flowsim.plots.money import net_saving
from flowsim.plots.money import picture as drawn_money
from flowsim.plots.words import decimals_in, label, number, sentence_case
from flowsim.report import saved
from flowsim.report.pictures import Picture, picture

if TYPE_CHECKING:
    from flowsim.experiment.statistics import Estimate
    from flowsim.money.book import Book
    from flowsim.money.saving import Savings

MOST_PANELS = 4
"""Alternatives drawn, so that the picture stays on one page."""
FULL_PRICE = (
    "A freed bed day counts at its full price: it is worth that only to others who need the bed, and becomes cash only "
    "if beds close. Nothing is discounted."
)
PRINCIPLES = (
    "Gains and losses of all partners go into one pot and are shared pro rata to the weights in the terms; no partner "
    "ends below its cost of doing nothing, and what floors leave uncovered is shown as contingency. What the package "
    "fund pays comes from outside the pot. Amounts are means over the replications and add up to the penny."
)


def section(outcome: Any, terms: str | None = None) -> dict[str, Any]:
    """What the page says of money; of one scenario nothing, and only ``why`` where terms and run do not fit.

    Parameters
    ----------
    terms : str, optional
        A file of terms; the shipped ones unless named.
    """
    from flowsim.money.book import book_of

    record = getattr(outcome, "record", None)
    if record is None or len(record.scenarios) < 2:
        return {}
    try:
        book = book_of(outcome, terms)
    except (ValueError, KeyError) as error:
        first = str(error.args[0]).splitlines()[0]
        return {"why": f"Not shown, because prices or terms do not fit this run: {first}.", "finding": "not shown"}
    return {**_shown(book), "terms": book.savings.terms.file, "own_terms": terms is not None}


def _shown(book: Book) -> dict[str, Any]:
    names = book.savings.alternatives
    return {
        "why": "",
        "finding": _finding(book.savings),
        "words": _words(book),
        "picture": _picture(book),
        "tables": saved.tables(book.savings),
        "sharing": [saved.sharing(book, name) for name in names],
        "principles": [PRINCIPLES, *_losses(book)],
        "claims": _claims(book),
        "not_computed": [f"{one.claim.title}: {one.note}" for one in book.answers if not math.isfinite(one.found.mean)],
        "stated": _stated(book),
        "council": saved.council(book),
    }


def _net(savings: Savings, name: str) -> Estimate:
    return savings.estimate(saved.over(savings, savings.saved(name)))


def _finding_of(savings: Savings, name: str) -> str:
    """What all public payers save net by one alternative, with its interval."""
    one = _net(savings, name)
    return net_saving(one.mean, one.low, one.high, saved.when(savings))


def _finding(savings: Savings) -> str:
    """What all public payers save net, with its interval if there is one alternative."""
    if len(savings.alternatives) == 1:
        return _finding_of(savings, savings.alternatives[0])
    found = {name: _net(savings, name) for name in savings.alternatives}
    said = saved.when(savings)
    ranked = sorted(found, key=lambda name: found[name].mean)
    low, high = (f"£{saved.millions(found[name].mean)} million ({label(name)})" for name in (ranked[0], ranked[-1]))
    return f"net saving of all public payers {said}: from {low} to {high}"


def _words(book: Book) -> list[str]:
    savings = book.savings
    against = (
        f"Each payer's cost under {label(savings.base)} less its cost under the alternative, in the same year and for "
        f"the same people, at prices of {savings.book.price_year}. LIFE episodes and Huddle meetings are priced as "
        "care; staff of the programme beside them and initiatives are its programme costs. The cost of care among the "
        "measures leaves programme costs out and counts what people pay themselves."
    )
    return [against, FULL_PRICE, " ".join(_of_fund(book))]


def _of_fund(book: Book) -> list[str]:
    """What the fund pays, said once for all alternatives of which it is true."""
    names, of = book.savings.alternatives, dict[str, list[str]]()
    for text in book.fund_words():
        name = next((one for one in names if text.startswith(f"{one}, ")), "")
        of.setdefault(text.removeprefix(f"{name}, "), []).extend([label(name)] if name and len(names) > 1 else [])
    return [sentence_case(text) if not who else f"{', '.join(who)}, {text}" for text, who in of.items()]


def _picture(book: Book) -> Picture:
    shown = book.savings.alternatives[:MOST_PANELS]
    net = book.tables["money"][book.tables["money"]["alternative"].isin(shown)]
    with style.styled():
        drawn = drawn_money(net, {name: _finding_of(book.savings, name) for name in shown})
    rows = net[(net["line"] == "net saving") & (net["payer"] == "public system")].itertuples()
    said = "; ".join(
        f"{label(str(row.alternative))}, {row.year}: £{saved.millions(float(str(row.mean)))} million" for row in rows
    )
    note = f"The first {len(shown)} alternatives; all are in the tables." if book.savings.alternatives != shown else ""
    return picture(drawn, "money", "Net saving by payer and year", f"Net saving of all public payers. {said}.", note)


def _losses(book: Book) -> list[str]:
    """In how many of a hundred replications the partners together lose, for years in which that happens."""
    frame = book.tables["money_shares"]
    rows = frame[(frame["partner"] == "contingency") & (frame["loss_share"] > 0.0)].to_dict("records")
    said = [f"{label(row['alternative'])}, {row['year']}, in {100 * row['loss_share']:.0f}\u00a0%" for row in rows]
    return [f"The partners together lose in some replications: {'; '.join(said)}."] if said else []


def _claims(book: Book) -> list[dict[str, str]]:
    """What the papers say, each with the figure of this comparison."""
    several = len(book.savings.alternatives) > 1
    return [
        {
            "said": one.claim.title,
            "reported": _amount(one.claim.reported, one.claim.unit),
            "found": _amount(number(one.found.mean, decimals), one.claim.unit),
            "interval": f"{number(one.found.low, decimals)} to {number(one.found.high, decimals)}"
            if math.isfinite(one.found.low)
            else "",
            "of": ", ".join([*([label(one.alternative)] if several else []), one.year]),
            "verdict": one.verdict.value,
            "why": one.note or one.claim.why,
        }
        for one in book.answers
        if math.isfinite(one.found.mean)
        for decimals in [decimals_in("", one.found.mean)]
    ]


def _amount(words: str, unit: str) -> str:
    """A number with its unit; the sign of pounds stands before it."""
    *before, figure = words.split(" ")
    pounds, rest = unit.startswith("£"), unit.removeprefix("£")
    said = f"£{figure}{rest}" if pounds else f"{figure}\u00a0{rest}"
    return " ".join([*before, said])


def _stated(book: Book) -> list[str]:
    """Savings that sources state and no run computes, each once."""
    found = []
    for one in book.stated:
        name, line = (str(one[key]).replace("_", " ") for key in ("initiative", "line"))
        spent = one["spent_pounds"]
        per = "" if one["per"] == "pound_spent" else f" a {str(one['per']).replace('_', ' ')}"
        words = f"{name}{'' if line == 'net' else f', {line}'}: £{one['pounds']:,.0f}{per}"
        found.append(words if spent is None else f"{words} for £{spent:,.0f} spent")
    return list(dict.fromkeys(found))
