"""What the report says where parameters were drawn: how much of the spread is not known, and how much is chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flowsim.measures import COMPARED
from flowsim.plots.differences import HEADLINES
from flowsim.plots.words import NONE, decimals_in, interval, measure_label, number, quantity
from flowsim.report.numbers import Cell, Line, unit_words

if TYPE_CHECKING:
    import pandas as pd

WORDS = (
    "In every parameter set each scenario has the set's values and meets the set's own people. Intervals of a mean "
    "hold what is not known, as far as the evidence says, as well as chance. The range of parameter sets is that of "
    "what to expect in each (5 to 95 % of sets), with chance taken out; the share is the part of the variance of a "
    "single run that is not chance."
)


def was_drawn(summary: pd.DataFrame) -> bool:
    """Whether a summary is of drawn parameter sets."""
    return "unknown_share" in summary.columns


def asked(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Parameter sets and replications of each, as pairs of a heading and words."""
    stated = manifest.get("uncertain")
    if not isinstance(stated, Mapping):
        return []
    sets = f"{number(stated['sets'])}, {number(stated['per_set'])} replications of each"
    return [("Parameter sets", sets), ("Unknowns drawn", number(len(stated["unknowns"])))]


def tables(summary: pd.DataFrame) -> list[tuple[str, list[Line]]]:
    """For each alternative (or the one scenario) the headline measures: mean, range of sets, share not chance."""
    if not was_drawn(summary):
        return []
    names = [str(name) for name in summary["scenario"].drop_duplicates()]
    compared = "diff_unknown_share" in summary.columns
    found = []
    for name in names[1:] if compared else names:
        rows = summary[(summary["scenario"] == name) & summary["measure"].isin([*COMPARED, *HEADLINES])]
        lines = [_line(row, "diff_" if compared else "") for row in rows.itertuples()]
        found.append((name, [line for line in lines if line is not None]))
    return found


def _line(row: Any, kind: str) -> Line | None:
    low, high, share = (float(getattr(row, f"{kind}unknown_{key}")) for key in ("p5", "p95", "share"))
    mean = float(row.diff_mean if kind else row.mean)
    ends = (row.diff_low, row.diff_high) if kind else (row.ci_low, row.ci_high)
    if math.isnan(mean):
        return None
    unit, signed = str(row.unit), bool(kind) and str(row.measure) not in COMPARED
    decimals = decimals_in(unit, mean, *(end for end in ends if math.isfinite(end)))
    cells = (
        Cell(
            quantity(mean, unit, signed=signed, decimals=decimals),
            interval(float(ends[0]), float(ends[1]), unit, signed=signed, decimals=decimals),
        ),
        Cell(interval(low, high, unit, signed=signed, decimals=decimals)),
        Cell(NONE if math.isnan(share) else f"{100 * share:.0f} %"),
    )
    return Line(measure_label(str(row.measure)), unit_words(unit), cells)
