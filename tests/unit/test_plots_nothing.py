"""Tables that are empty, lack a column or know no such scenario: said in words; and long series stay readable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import recorded
from matplotlib.backends.backend_agg import FigureCanvasAgg

import flowsim as fs
from flowsim.experiment import Comparison
from flowsim.plots import dates, style
from flowsim.plots.package_sizes import WEEKS

pytestmark = pytest.mark.unit

COMPARED = Comparison(recorded.of_two())
SUMMARY, CAUSES = COMPARED.summary().iloc[:0], COMPARED.attribution().iloc[:0]
MONTHS = pd.DataFrame(columns=["scenario", "month", "column", "mean", "ci_low", "ci_high"])
YEARS = pd.DataFrame(columns=["year", "alternative", "measure", "mean", "ci_low", "ci_high"])


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: fs.plot.forest(SUMMARY), "No difference can be drawn"),
        (lambda: fs.plot.waterfall(CAUSES), "There is nothing to compare"),
        (lambda: fs.plot.delays(SUMMARY), "Nobody stays in a bed after being ready to leave"),
        (lambda: fs.plot.package_sizes(pd.DataFrame(columns=["scenario", "size", "month", "begun", *WEEKS])),
         "No package began"),
        (lambda: fs.plot.saved_by_year(YEARS), "There are no years to compare"),
        (lambda: fs.plot.beds_by_year(pd.DataFrame(columns=["scenario", "replication", "year", "measure", "value"])),
         "There are no years to draw"),
    ],
)  # fmt: skip
def test_an_empty_table_gives_a_picture_that_says_so(draw: Callable[[], Any], said: str) -> None:
    ax = draw()
    assert ([one.get_text() for one in ax.texts], ax.axison) == ([said], False)


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda empty: fs.plot.forest(empty), "the summary table has no column scenario, measure"),
        (lambda empty: fs.plot.delays(empty), "the summary table has no column scenario, measure"),
        (lambda empty: fs.plot.waterfall(empty), "the attribution table has no column alternative"),
        (lambda empty: fs.plot.package_sizes(empty), "the packages table has no column scenario"),
        (lambda empty: fs.plot.saved_by_year(empty), "the yearly table has no column year"),
        (lambda empty: fs.plot.beds_by_year(empty), "the yearly table has no column scenario"),
        (lambda empty: fs.plot.huddle_months(empty, "before"), "the months table has no column scenario"),
        (lambda _: fs.plot.huddle_months(MONTHS, "before"), "no scenario 'before'; the table is empty"),
        (lambda _: fs.plot.life_months(MONTHS, "before"), "no scenario 'before'; the table is empty"),
        (lambda _: fs.plot.waterfall(COMPARED, "nobody"), "no scenario 'nobody'; there is after"),
    ],
)
def test_what_is_missing_is_named(draw: Callable[[pd.DataFrame], Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        draw(pd.DataFrame())


def test_each_year_along_ten_years_of_months_is_named() -> None:
    names = [f"{year}-{month:02d}" for year in range(2017, 2027) for month in range(1, 13)]
    ax = fs.plot.xmr(dict.fromkeys(names, 1.0) | {names[0]: 2.0})
    said = [one.get_text() for one in ax.get_xticklabels()]
    assert said == [f"Jan\n{year}" for year in range(2017, 2027)]


def test_years_below_a_run_of_thirty_are_no_more_than_fit() -> None:
    ax = style.own(None)
    dates.dated(ax, dt.datetime(2017, 4, 1), dt.datetime(2047, 4, 1))
    low, high = ax.get_xlim()
    said = [one.get_text() for one in ax.get_xticklabels() if low <= one.get_position()[0] <= high]
    assert said == [f"Jan\n{year}" for year in range(2019, 2047, 3)]


def test_values_outside_the_limits_are_not_written_over_each_other() -> None:
    values = 100.0 + np.tile([0.0, 1.0], 60)
    values[[20, 21, 22, 80]] = 200.0
    ax = fs.plot.xmr({f"month {at}": value for at, value in enumerate(values)})
    assert sum(one.get_text() == "200" for one in ax.texts) == 2


def test_months_above_a_long_calendar_do_not_touch_what_is_counted() -> None:
    days = pd.date_range("2009-04-01", periods=365 * 16)
    rows = {"scenario": "one", "replication": 0, "series": "beds_escalation", "value": 1.0}
    ax = fs.plot.open_beds(pd.DataFrame({**rows, "day": range(len(days)), "date": days}))
    figure: Any = ax.get_figure(root=True)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    (counted,) = (one for one in ax.texts if one.get_text().startswith("Per cent"))
    top = max(one.get_window_extent(canvas.get_renderer()).y1 for one in ax.get_xticklabels())
    assert counted.get_window_extent(canvas.get_renderer()).y0 > top
