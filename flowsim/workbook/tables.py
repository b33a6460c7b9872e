"""Sheets of what was measured: means, differences, causes, replications, years."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from flowsim.measures import CAUSES, INITIATIVES, describe
from flowsim.plots.causes import cause_label
from flowsim.plots.differences import Difference, direction
from flowsim.plots.words import label, measure_label, sentence_case
from flowsim.workbook.cells import NOT_APPLICABLE, NOT_AVAILABLE, Value, number_format
from flowsim.workbook.sheets import SCENARIO, Column, Sheet

if TYPE_CHECKING:
    import pandas as pd

_WHO = Column(SCENARIO, 22)
_WHAT = (Column("Measure", 38), Column("Unit", 14), Column("Better when", 11))
_INTERVAL = (Column("95 % interval from"), Column("95 % interval to"))
_SPREAD = (Column("Standard deviation"), Column("Count", 9, "0_)_)"))
_DIFFERENCE = (Column("Difference"), *_INTERVAL)
_UNKNOWN = (Column("5 % of parameter sets"), Column("95 % of parameter sets"), Column("Share not chance", 11, "0%_)_)"))
_NAME = Column("Name in the files", 38)
_COUNT = "Count is how many replications (with drawn parameters: parameter sets) the mean and its interval rest on."
_DAYS_MORE = "Difference = scenario less base; bed days saved and the beds they equal are base less scenario."


def summary(frame: pd.DataFrame) -> Sheet | None:
    """Each measure of each scenario from ``Results.summary()``, without what exists only as a difference."""
    drawn = "unknown_share" in frame
    rows, formats = [], []
    for one in _records(frame):
        if one["n"] == 0 or not _only_compared(one["measure"]):
            more = [one["unknown_p5"], one["unknown_p95"], one["unknown_share"]] if drawn else []
            rows.append([one["scenario"], *_what(one), *_own(one), *more, one["measure"]])
            formats.append(number_format(one["unit"], one["mean"], one["ci_low"], one["ci_high"]))
    return Sheet(
        "Summary",
        "Summary: every measure of every scenario, with its 95 % interval",
        "Mean of each measure over the replications of each scenario, with its interval",
        (_WHO, *_WHAT, Column("Mean"), *_INTERVAL, *_SPREAD, *(_UNKNOWN if drawn else ()), _NAME),
        rows,
        formats,
        (_COUNT,),
        "summary.csv",
    )


def differences(frame: pd.DataFrame) -> Sheet | None:
    """Each alternative held against the base on the same people, from ``Comparison.summary()``; None if not compared.

    The base's and the alternative's mean stand beside the difference.
    """
    if "diff_mean" not in frame:
        return None
    drawn = "diff_unknown_share" in frame
    base = {one["measure"]: one["mean"] for one in _records(frame) if one["scenario"] == frame["scenario"].iloc[0]}
    rows, formats = [], []
    for one in sorted(_records(frame), key=_first_saved(frame)):
        if one["scenario"] == frame["scenario"].iloc[0]:
            continue
        means = [NOT_APPLICABLE] * 2 if _only_compared(one["measure"]) else [base.get(one["measure"]), one["mean"]]
        ends = [one["diff_mean"], one["diff_low"], one["diff_high"]]
        more = [one[f"diff_unknown_{key}"] for key in ("p5", "p95", "share")] if drawn else []
        line = [one["scenario"], *_what(one), *means, *ends, _reading(one, base), *more, one["measure"]]
        rows.append(line)
        formats.append(number_format(one["unit"], *ends))
    means_of = (Column("Mean of the base"), Column("Mean of the scenario"))
    more_of = (Column("Reading", 22), *(_UNKNOWN if drawn else ()), _NAME)
    return Sheet(
        "Differences",
        f"Differences: what each scenario changes against {label(str(frame['scenario'].iloc[0]))}, on the same people",
        "Paired difference of each measure from the base, with its interval and how to read it",
        (_WHO, *_WHAT, *means_of, *_DIFFERENCE, *more_of),
        rows,
        formats,
        (_DAYS_MORE, "No clear difference: the interval holds 0. Differences of shares are in percentage points."),
        "summary.csv",
    )


def attribution(frame: pd.DataFrame) -> Sheet | None:
    """Bed days saved by cause, from ``Comparison.attribution()``; the causes of a scenario add up to its total."""
    meanings = {**CAUSES, **INITIATIVES, "total": "all causes together"}
    rows = [
        [
            one["alternative"],
            cause_label(one["cause"]),
            *(one[key] for key in ("mean", "ci_low", "ci_high", "sd", "n")),
            sentence_case(meanings.get(one["cause"], NOT_APPLICABLE)),
        ]
        for one in _records(frame)
    ]
    columns = (_WHO, Column("Cause", 22), Column("Bed days saved"), *_INTERVAL, *_SPREAD)
    return Sheet(
        "Attribution",
        "Attribution: which part of the programme saves the bed days",
        "Bed days saved by cause; the causes of a scenario add up to its total",
        (*columns, Column("What it counts", 90)),
        rows,
        ["#,##0.0"] * len(rows),
        ("Causes are told apart person by person; a number below 0 is bed days added. " + _COUNT,),
        "attribution.parquet",
    )


def replications(record: Any) -> Sheet | None:
    """Every measure of every replication, from a ``Record``: one row each, as in ``replications.parquet``."""
    found = [(name, describe(name)) for name in record.measures]
    at = {
        name: number_format(one.unit, *map(float, record.values[:, :, place].ravel()))
        for place, (name, one) in enumerate(found)
    }
    rows = [
        [name, number, measure_label(measure), one.unit, value, measure]
        for name, each in zip(record.names, record.values.tolist(), strict=True)
        for number, values in zip(record.replications, each, strict=True)
        for (measure, one), value in zip(found, values, strict=True)
    ]
    columns = (_WHO, Column("Replication", 11, "0"), *_WHAT[:2], Column("Value"), _NAME)
    return Sheet(
        "Replications",
        "Replications: every measure of every replication",
        "The single results behind the means: one row for each scenario, replication and measure",
        columns,
        rows,
        [at[measure] for *_, measure in rows],
        ("Replications of the same number meet the same people in every scenario.",),
        "replications.parquet",
    )


def yearly(frame: pd.DataFrame) -> Sheet | None:
    """Every measure by financial year, from ``Results.yearly_summary()``; None for a window without years."""
    if not len(frame):
        return None
    compared = "diff_mean" in frame
    rows, formats = [], []
    for one in _records(frame):
        own = [NOT_APPLICABLE] * 3 if _only_compared(one["measure"]) else [one["mean"], one["ci_low"], one["ci_high"]]
        ends = [one["diff_mean"], one["diff_low"], one["diff_high"]] if compared else []
        first = one["scenario"] == frame["scenario"].iloc[0]
        shown = [NOT_APPLICABLE] * 3 if first and compared else ends
        rows.append([one["year"], one["scenario"], *_what(one), *own, *shown, one["measure"]])
        formats.append(number_format(one["unit"], *(one["mean"], one["ci_low"]), *ends))
    differing = (Column("Difference"), Column("Difference from"), Column("Difference to")) if compared else ()
    return Sheet(
        "Yearly",
        "Yearly: every measure by financial year, April to March",
        "Each measure of each financial year of the window, and its difference from the base in the same year",
        (Column("Year", 9), _WHO, *_WHAT, Column("Mean"), *_INTERVAL, *differing, _NAME),
        rows,
        formats,
        (
            "The first and the last year end where the window does. Intervals hold for each year on its own. "
            + _DAYS_MORE,
        ),
        "yearly.parquet",
    )


def delays(frame: pd.DataFrame) -> Sheet | None:
    """Delayed bed days by reason, from ``Results.summary()``; None where none were measured."""
    beginning = "delayed_bed_days_"
    found = [one for one in _records(frame) if one["measure"].startswith(beginning)]
    rows: list[list[Value]] = [
        [
            one["scenario"],
            sentence_case(measure_label(one["measure"]).rpartition(": ")[2]),
            *(one[key] for key in ("mean", "ci_low", "ci_high", "sd", "n")),
            describe(one["measure"]).definition,
        ]
        for one in found
    ]
    columns = (_WHO, Column("Reason", 20), Column("Delayed bed days"), *_INTERVAL, *_SPREAD)
    sheet = Sheet(
        "Delays",
        "Delays: bed days of people who were ready to leave, by what they waited for",
        "Delayed bed days of each scenario by reason, with their intervals",
        (*columns, Column("What it counts", 90)),
        rows,
        ["#,##0.0"] * len(rows),
        (_COUNT,),
        "summary.csv",
    )
    return sheet if rows else None


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, line, strict=True)) for line in frame.itertuples(index=False, name=None)]


def _first_saved(frame: pd.DataFrame) -> Callable[[dict[str, Any]], tuple[int, bool]]:
    """Order of a summary's lines by scenario, what only a comparison has before the rest."""
    names = list(frame["scenario"].drop_duplicates())
    return lambda one: (names.index(one["scenario"]), not _only_compared(one["measure"]))


def _what(one: dict[str, Any]) -> list[Value]:
    return [measure_label(one["measure"]), one["unit"], better(one["measure"])]


def better(measure: str) -> str:
    """Which way a measure is good news: higher, lower, or neither."""
    found = direction(measure)
    return "neither" if found == "neutral" else found


def _own(one: dict[str, Any]) -> Sequence[Value]:
    return [one[key] for key in ("mean", "ci_low", "ci_high", "sd", "n")]


def _only_compared(measure: str) -> bool:
    from flowsim.measures import COMPARED

    return measure in COMPARED


def _reading(one: dict[str, Any], base: dict[str, float]) -> str:
    numbers = one["diff_mean"], one["diff_low"], one["diff_high"]
    if math.isnan(numbers[0]):
        return NOT_AVAILABLE
    found = Difference(one["scenario"], one["measure"], one["unit"], base.get(one["measure"], math.nan), *numbers)
    return found.verdict(direction(one["measure"]))
