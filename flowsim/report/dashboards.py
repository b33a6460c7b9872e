"""The section on the dashboards the Alliance asked for: Huddle tracker, LIFE tracker, journeys, outcome framework."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowsim.measures import TRACKERS
from flowsim.plots import headings, style
from flowsim.plots.trackers import huddle_months, life_months
from flowsim.plots.words import NONE, interval, label, month_label, number, quantity, sentence_case
from flowsim.report.numbers import Cell, Line
from flowsim.report.pictures import Picture, picture

if TYPE_CHECKING:
    import pandas as pd

TITLES = {
    "huddles": "Huddle tracker",
    "life": "LIFE tracker",
    "outcomes": "Outcomes by month",
    "journeys": "Journeys across Huddles and LIFE",
    "packages": "Packages by size and weeks",
}
SHEETS = {"journeys": "Journeys by month", "packages": "Packages by month"}
"""Sheets of the workbook that are called otherwise than here."""
_USED = {
    "huddles": "huddles",
    "life": "referrals",
    "outcomes": "admissions",
    "journeys": "first_life",
    "packages": "begun",
}


def section(outcome: Any) -> dict[str, Any]:
    """Tables and pictures of the last scenario that has something to show, and the framework of all scenarios."""
    kept = getattr(getattr(outcome, "record", None), "trackers", {})
    if not kept:
        return {}
    found = []
    for name in kept:
        months = outcome.tracker_months(name)
        scenario = _last_with(months, _USED[name])
        if scenario:
            found.append(_tracker(outcome, name, months[months["scenario"] == scenario], scenario))
    return {"trackers": found, **_framework(outcome.framework())}


def _last_with(months: pd.DataFrame, column: str) -> str:
    """The last scenario in which this is not 0 throughout; empty if there is none."""
    rows = months[(months["column"] == column) & (months["mean"] > 0)]
    return str(rows["scenario"].iloc[-1]) if len(rows) else ""


def _tracker(outcome: Any, name: str, months: pd.DataFrame, scenario: str) -> dict[str, Any]:
    by, every = TRACKERS[name]
    columns = {column: words for column, words in every.items() if column in outcome.record.trackers[name].columns}
    wide = months.pivot(index="month", columns="column", values="mean").sort_index()
    frame = outcome.tracker(name)
    totals = frame[frame["scenario"] == scenario].groupby(by, sort=False)[list(columns)].sum()
    whole = wide.sum().to_frame().T.set_axis(["All months"])
    return {
        "title": f"{TITLES[name]}: {label(scenario)}",
        "sheet": SHEETS.get(name, TITLES[name]),
        "picture": _picture(name, months, scenario),
        "heads": [headings.count(name, column)[0] for column in columns],
        "months": _lines(wide, list(columns)) + _lines(whole, list(columns)),
        "by": sentence_case(by),
        "rows": _lines(totals.rename(lambda row: headings.row(name, str(row))), list(columns))
        if len(totals) > 1
        else [],
        "definitions": [(headings.count(name, column)[0], words) for column, words in columns.items()],
    }


def _lines(table: pd.DataFrame, columns: list[str]) -> list[Line]:
    return [
        Line(sentence_case(month_label(str(head))), "", tuple(Cell(_count(float(value))) for value in values))
        for head, values in zip(table.index, table[columns].to_numpy(), strict=True)
    ]


def _count(value: float) -> str:
    """A mean of counts: whole where it is, else with one decimal."""
    return number(value, 0 if value.is_integer() else 1)


def _picture(name: str, months: pd.DataFrame, scenario: str) -> Picture | None:
    if name not in ("huddles", "life"):
        return None
    drawn, (ax,) = style.figure(height=3.4)
    with style.styled():
        (huddle_months if name == "huddles" else life_months)(months, scenario, ax=ax)
    totals = months.groupby("column", sort=False)["mean"].sum()
    said = "; ".join(
        f"{headings.count(name, str(column))[0]} {number(float(total))}" for column, total in totals.items()
    )
    return picture(drawn, f"tracker{name}", f"{TITLES[name]} by month: {label(scenario)}", f"In all months: {said}.")


def _framework(frame: pd.DataFrame) -> dict[str, Any]:
    """Indicators that are computed, a line each with a cell for each scenario; and the others with the reason."""
    names = [str(name) for name in frame["scenario"].drop_duplicates()]
    computed: list[tuple[str, str, list[Cell], str]] = []
    others: list[tuple[str, str, str]] = []
    for (domain, indicator), rows in frame.groupby(["domain", "indicator"], sort=False):
        note = str(rows["note"].iloc[0])
        if rows["computed"].any():
            computed.append((str(domain), str(indicator), [_cell(row) for row in rows.itertuples()], note))
        else:
            others.append((str(domain), str(indicator), note))
    return {"names": names, "computed": computed, "others": others}


def _cell(row: Any) -> Cell:
    ends = interval(float(row.ci_low), float(row.ci_high), str(row.unit), float(row.mean))
    return Cell(quantity(float(row.mean), str(row.unit), float(row.ci_low)), "" if ends == NONE else ends)
