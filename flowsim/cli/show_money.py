"""Net savings, shares, statements and the council's table on the terminal."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flowsim.experiment.words import number
from flowsim.money.council import BASELINE, EFFICIENCY, GROWTH
from flowsim.money.saving import NET
from flowsim.plots.words import payer_label

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.money.book import Book

_STYLES = {"reproduced": "green", "within reach": "yellow", "contradicted": "bold red"}


def show(book: Book) -> None:
    """Print every table for people, in millions of pounds where that is the paper's own unit."""
    console = Console(width=None if sys.stdout.isatty() else 170, highlight=False)
    tables = book.tables
    for name in book.savings.alternatives:
        console.print(_savings(book, tables["money"], name))
    for words in book.fund_words():
        console.print(Text(words))
    for name in book.savings.alternatives:
        console.print(_shares(tables["money_shares"], name, book.savings.book.titles))
    console.print(
        Text(
            "Shared pro rata to the weights, nobody below its do-nothing line; a loss of all falls to the contingency."
        )
    )
    for name in book.savings.alternatives:
        for words in _losses(tables["money_shares"], name):
            console.print(Text(words))
    console.print(_statements(tables["money_statements"]))
    if book.stated:
        console.print(_stated(book))
    if book.factors:
        console.print(_factors(book))
    console.print(_council(book))
    for words in book.budget_words():
        console.print(Text(words))


def _table(title: str, heads: Sequence[str]) -> Table:
    table = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(Text(head), justify="right" if place else "left", overflow="fold")
    return table


def _savings(book: Book, frame: pd.DataFrame, name: str) -> Table:
    net = frame[(frame["alternative"] == name) & (frame["line"] == NET)]
    payers = list(dict.fromkeys(net["payer"]))
    against, year = book.savings.base, book.savings.book.price_year
    title = f"{name}: net saving against {against} of the same year, £ million at prices of {year}, with 95 % intervals"
    table = _table(title, ["year", *(payer_label(one, within=True) for one in payers)])
    for label_, rows in net.groupby("year", sort=False):
        cells = {row["payer"]: _millions(row["mean"], row["ci_low"], row["ci_high"]) for row in rows.to_dict("records")}
        table.add_row(Text(book.savings.book.titles[str(label_)]), *(Text(cells[one]) for one in payers))
    return table


def _shares(frame: pd.DataFrame, name: str, titles: Mapping[str, str]) -> Table:
    heads = ["year", "partner", "cost doing nothing", "saves itself", "weight", "gets from others", "after sharing"]
    table = _table(f"{name}: open book of risk and gain, £", heads)
    for row in frame[frame["alternative"] == name].to_dict("records"):
        amounts = [row[key] for key in ("do_nothing", "saving", "transfer", "after_sharing")]
        if row["partner"] == "contingency" and not row["after_sharing"]:
            continue
        said = [f"{one:,.2f}".replace("-", "\N{MINUS SIGN}") for one in amounts]
        words = [
            titles[row["year"]],
            payer_label(row["partner"], within=True),
            said[0],
            said[1],
            f"{row['weight']:g}",
            *said[2:],
        ]
        table.add_row(*map(Text, words))
    return table


def _losses(frame: pd.DataFrame, name: str) -> list[str]:
    """In how many of a hundred replications the partners together lose, for years in which that happens."""
    rows = frame[(frame["alternative"] == name) & (frame["partner"] == "contingency") & (frame["loss_share"] > 0.0)]
    return [
        f"{name}, {row['year']}: the partners together lose in {100 * row['loss_share']:.0f} % of replications."
        for row in rows.to_dict("records")
    ]


def _statements(frame: pd.DataFrame) -> Table:
    heads = ["claim", "what the papers say", "reported", "alternative", "against", "year", "model (95 %)", "verdict"]
    table = _table("What the papers say of money, and what the model gives", heads)
    for row in frame.to_dict("records"):
        figure = _found(row["mean"], row["ci_low"], row["ci_high"])
        found = "; ".join(part for part in (figure, row["note"]) if part)
        said = f"{row['reported']} {row['unit']}"
        words = [row["claim"], row["title"], said, row["alternative"], row["against"], row["year"], found]
        table.add_row(*map(Text, words), Text(row["verdict"], style=_STYLES.get(row["verdict"], "")))
    return table


def _stated(book: Book) -> Table:
    """What sources say initiatives save, which is no part of the sums above."""
    table = _table(
        "Stated by the sources, not computed and not in the sums above",
        ["scenario", "initiative", "what for", "£", "per", "for £ spent", "payer", "prices of"],
    )
    for one in book.stated:
        spent = "" if one["spent_pounds"] is None else f"{one['spent_pounds']:,.0f}"
        words = [one["scenario"], one["initiative"], one["line"], f"{one['pounds']:,.0f}", one["per"].replace("_", " ")]
        table.add_row(
            *map(Text, [*words, spent, payer_label(one["payer"] or "whole system", within=True), one["price_year"]])
        )
    return table


def _factors(book: Book) -> Table:
    """Factors on costs that sources state, and what became of each."""
    heads = ["scenario", "initiative", "cost of", "factor", "applied", "because"]
    table = _table("Factors on costs as the sources state them", heads)
    for column in table.columns:
        column.justify = "left"
    for one in book.factors:
        words = [one["scenario"], one["initiative"], one["cost_of"].replace("_", " "), f"{one['factor']:g}"]
        table.add_row(*map(Text, [*words, one["applied"], one["because"]]))
    return table


def _council(book: Book) -> Table:
    """The printed table, a year a line, and what each alternative saves the council in that year."""
    names = book.savings.alternatives
    title = "The council's budget in scope as printed, £ million, and what the model saves the council"
    heads = [
        "year",
        "baseline",
        "demographic",
        "other growth",
        "inflation",
        "efficiency",
        "total printed",
        "total summed",
    ]
    table = _table(title, [*heads, *(f"saved by {name}" for name in names)])
    frame = book.tables["money_council"]
    columns = (BASELINE, *GROWTH, EFFICIENCY, "affordable_printed", "affordable_computed")
    for year, rows in frame.groupby("year", sort=False):
        found = rows.to_dict("records")
        saved = [_millions(row["council_net_saving"], row["ci_low"], row["ci_high"]) for row in found]
        table.add_row(*map(Text, [str(year), *(f"{found[0][key] / 1e6:.1f}" for key in columns), *saved]))
    return table


def _millions(mean: float, low: float, high: float) -> str:
    """``4.85 (4.10 to 5.60)`` in millions; an en dash where there is no number."""
    if math.isnan(mean):
        return "–"
    words = [f"{one / 1e6:.2f}".replace("-", "\N{MINUS SIGN}") for one in (mean, low, high)]
    return words[0] if math.isnan(low) else f"{words[0]} ({words[1]} to {words[2]})"


def _found(mean: float, low: float, high: float) -> str:
    if math.isnan(mean):
        return ""
    return number(mean) if math.isnan(low) else f"{number(mean)} ({number(low)} to {number(high)})"
