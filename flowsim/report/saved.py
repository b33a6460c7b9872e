"""The tables of the section on money: by payer, by year, by cost line, shared, and the council's own."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.plots.words import NONE, cost_line_label, days, label, number, payer_label
from flowsim.report.numbers import Cell, Line
from flowsim.report.sections import Table

if TYPE_CHECKING:
    from flowsim.experiment.statistics import Array, Estimate
    from flowsim.money.book import Book
    from flowsim.money.saving import Savings

MOST_LINES = 10
"""Cost lines shown of an alternative: those that move most."""
SMALL = 500.0
"""Pounds a year below which a cost line does not count as moved."""

_KINDS = {"unit costs": "Saved on care", "programme costs": "Programme costs", "package fund": "Moved to the fund"}


def tables(savings: Savings) -> list[Table]:
    """What each payer saves; of several alternatives all of them side by side first, the tables of each folded."""
    several = len(savings.alternatives) > 1
    each = [table for name in savings.alternatives for table in _of_one(savings, name)]
    return [_side_by_side(savings), *(_folded(one, "Money") for one in each)] if several else each


def _folded(table: Table, sheet: str) -> Table:
    """The table folded away; on paper a line says on which sheet of the workbook it is."""
    return replace(table, folded=True, where=f"the sheet {sheet} of results.xlsx has it")


def _of_one(savings: Savings, name: str) -> list[Table]:
    found = [_by_payer(savings, name)]
    if len(savings.book.years) > 1:
        found.append(_folded(_by_year(savings, name), "Money"))
    moved = _moved(savings, name)
    return [*found, _folded(moved, "Open book")] if moved.lines else found


def _side_by_side(savings: Savings) -> Table:
    payers = _order(savings)
    lines = [
        Line(label(name), "", tuple(_cell(savings.estimate(over(savings, savings.saved(name, one)))) for one in payers))
        for name in savings.alternatives
    ]
    caption = f"Net saving of every alternative by payer: £ million {when(savings)}"
    return Table(caption, [payer_label(one) for one in payers], lines, "Alternative", units=False)


def _by_payer(savings: Savings, name: str) -> Table:
    """Costs of both, and what the net saving of each payer consists of."""
    kinds = [kind for kind in _KINDS if any(savings.saved(name, payer, kind).any() for payer in savings.payers)]
    lines = []
    for payer in _order(savings):
        costs = [over(savings, savings.cost(one, payer)) for one in (savings.base, name)]
        parts = [over(savings, savings.saved(name, payer, kind)) for kind in kinds]
        net = savings.estimate(over(savings, savings.saved(name, payer)))
        cells = [Cell(millions(float(one.mean()))) for one in [*costs, *parts]]
        lines.append(Line(payer_label(payer), "", (*cells, _cell(net))))
    caption = f"Who pays and who saves, {label(name)}: £ million {when(savings)}"
    heads = [label(savings.base), label(name), *(_KINDS[kind] for kind in kinds), "Net saving"]
    return Table(caption, heads, lines, "Payer", units=False)


def _by_year(savings: Savings, name: str) -> Table:
    payers = _order(savings)
    by_payer = {payer: savings.saved(name, payer) for payer in payers}
    lines = [
        Line(
            year.title,
            "",
            tuple(_cell(savings.estimate(by_payer[payer][:, at])) for payer in payers),
        )
        for at, year in enumerate(savings.book.years)
    ]
    total = tuple(_cell(savings.estimate(by_payer[payer].sum(axis=1))) for payer in payers)
    caption = f"Net saving by year, {label(name)}: £ million against {label(savings.base)} of the same year"
    return Table(
        caption, [payer_label(one) for one in payers], [*lines, Line("All years", "", total)], "Year", units=False
    )


def _moved(savings: Savings, name: str) -> Table:
    """The cost lines of public payers that move most, without those that only move between payers and the fund."""
    from flowsim.money.bills import FUNDED
    from flowsim.money.prices import PEOPLE

    zero = np.zeros(savings.book.values.shape[1:3])
    both = [{(one.payer, one.kind, one.name): one.pounds for one in savings.lines[who]} for who in (savings.base, name)]
    rows = []
    for key in dict.fromkeys([*both[0], *both[1]]):
        before, after = (over(savings, found.get(key, zero)) for found in both)
        if key[0] != PEOPLE and key[1] != FUNDED and abs(float((before - after).mean())) >= SMALL:
            rows.append((key, before, after))
    rows.sort(key=lambda row: -abs(float((row[1] - row[2]).mean())))
    lines = [
        Line(
            f"{_line(savings, what)} ({payer_label(payer, within=True)})",
            "",
            (*(Cell(millions(float(one.mean()))) for one in (before, after)), _cell(savings.estimate(before - after))),
        )
        for (payer, _, what), before, after in rows[:MOST_LINES]
    ]
    caption = f"Cost lines that move most, {label(name)}: £ million {when(savings)}, before the fund takes its part"
    return Table(caption, [label(savings.base), label(name), "Saves"], lines, "What for (who pays)", units=False)


def sharing(book: Book, name: str) -> Table:
    """What each partner has before and after risk and gain are shared, by year and all together; pounds and pence."""
    frame, titles = book.tables["money_shares"], book.savings.book.titles
    lines = []
    for year, rows in frame[frame["alternative"] == name].groupby("year", sort=False):
        every = rows.to_dict("records")
        shown = [row for row in every if row["partner"] != "contingency" or row["after_sharing"]]
        titled = titles[str(year)]
        lines += [Line(f"{titled}, {payer_label(row['partner'], within=True)}", "", _shared([row])) for row in shown]
        lines.append(Line(f"{titled}, all together", "", _shared(every)))
    heads = ["Cost doing nothing", "Saves itself", "Weight", "Gets from others", "Saving after sharing"]
    caption = f"Open book of risk and gain, {label(name)}: pounds by year and partner"
    return _folded(Table(caption, heads, lines, "Year, partner", units=False), "Sharing")


def _shared(rows: list[dict[Hashable, Any]]) -> tuple[Cell, ...]:
    """Cells of a line of the open book, or of several lines added up in whole pence."""
    before, saving, transfer, after = (
        sum(round(100 * float(row[key])) for row in rows) / 100
        for key in ("do_nothing", "saving", "transfer", "after_sharing")
    )
    weight = f"{sum(float(row['weight']) for row in rows):g}"
    return tuple(map(Cell, (_pence(before), _pence(saving), weight, _pence(transfer), _pence(after))))


def council(book: Book) -> Table | None:
    """The printed table beside what the model saves the council; None if the run has no year of it."""
    frame = book.tables["money_council"]
    if not len(frame) or frame["council_net_saving"].isna().all():
        return None
    columns = {
        "do_nothing": "Doing nothing, as printed",
        "efficiency": "Efficiencies asked for",
        "affordable_printed": "Affordable, as printed",
    }
    lines = []
    for year, rows in frame.groupby("year", sort=False):
        found = rows.to_dict("records")
        printed = [Cell(number(found[0][key] / 1e6, 1)) for key in columns]
        saved = [Cell(millions(row["council_net_saving"]), interval(row["ci_low"], row["ci_high"])) for row in found]
        lines.append(Line(str(year), "", (*printed, *saved)))
    heads = [*columns.values(), *(f"Saved by {label(name)}" for name in book.savings.alternatives)]
    caption = "The council's budget in scope as printed, and what the model saves the council: £ million"
    where = "flowsim money prints it"
    return Table(caption, heads, lines, "Year", units=False, folded=True, where=where)


def over(savings: Savings, values: Array) -> Array:
    """Pounds by replication: the mean of whole years, or the sum of what was measured if there is no whole year."""
    whole = [at for at, year in enumerate(savings.book.years) if year.whole]
    found: Array = values[:, whole].mean(axis=1) if whole else values.sum(axis=1)
    return found


def when(savings: Savings) -> str:
    """What :func:`over` gives, in words."""
    years = savings.book.years
    whole = [year for year in years if year.whole]
    if not whole:
        return f"in the {days(sum(year.days for year in years))} measured"
    if len(whole) == 1:
        return f"in {whole[0].label}"
    return f"a year on average, {whole[0].label} to {whole[-1].label}"


def _order(savings: Savings) -> list[str]:
    """Partners and other public payers, all of them together, then people themselves."""
    from flowsim.money.prices import PEOPLE
    from flowsim.money.saving import SYSTEM

    public = [one for one in savings.payers if one != PEOPLE]
    return [*public, SYSTEM, *([PEOPLE] if PEOPLE in savings.payers else [])]


def _line(savings: Savings, name: str) -> str:
    titles = {one.name: one.title for one in savings.terms.posts}
    return titles.get(name) or cost_line_label(name)


def millions(pounds: float) -> str:
    """Pounds as millions with two decimals."""
    return number(pounds / 1e6, 2) if pounds else "0"


def interval(low: float, high: float) -> str:
    """An interval of pounds as millions; empty if there is none."""
    return f"{millions(low)} to {millions(high)}" if math.isfinite(low) and math.isfinite(high) else ""


def _cell(one: Estimate) -> Cell:
    if not math.isfinite(one.mean):
        return Cell(NONE)
    return Cell(millions(one.mean), interval(one.low, one.high) if one.low or one.high else "")


def _pence(pounds: float) -> str:
    return number(pounds, 2)
