"""Pictures on axes of one's own, narrow or in pairs, of one day or of nothing: words are whole, and points are seen."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
import recorded
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import flowsim as fs
from flowsim.experiment import Comparison
from flowsim.plots.contrast import luminance
from flowsim.plots.trackers import HATCHES, OUTCOMES

pytestmark = pytest.mark.unit

LONG = "a plan with as many words as anybody may write into a name and then a few more for the board"


def daily_of(values: list[float], *names: str) -> pd.DataFrame:
    """One replication of core and escalation beds from 1 April 2017 for each scenario."""
    rows = [
        (name, 0, day, pd.Timestamp("2017-04-01") + pd.Timedelta(days=day), series, value)
        for name in names or ("before", "after")
        for series, more in (("beds_core", 0.0), ("core_capacity", 100.0), ("beds_escalation", 0.0))
        for day, value in enumerate(more or one for one in values)
    ]
    return pd.DataFrame(rows, columns=["scenario", "replication", "day", "date", "series", "value"])


def outside(figure: Figure) -> list[str]:
    """Words that the edges of the drawn figure cut off."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    boxes = [*figure.axes, *(child for ax in figure.axes for child in ax.child_axes)]
    found = []
    for words in (one for box in boxes for one in [*box.texts, *box.get_xticklabels()]):
        edges = words.get_window_extent(canvas.get_renderer())
        if words.get_text() and (edges.x0 < -1 or edges.x1 > figure.bbox.x1 + 1 or edges.y1 > figure.bbox.y1 + 1):
            found.append(words.get_text())
    return found


def touching(figure: Figure) -> list[str]:
    """Words of the first axes that reach into the second."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    first, second = figure.axes
    left = second.get_tightbbox(canvas.get_renderer()).x0
    return [one.get_text() for one in first.texts if one.get_window_extent(canvas.get_renderer()).x1 > left + 1]


YEAR = list(np.linspace(80.0, 95.0, 365))
DAILY = daily_of(YEAR, "before", LONG)


@pytest.mark.parametrize("kind", ["occupancy", "core_beds", "escalation_beds", "open_beds"])
def test_no_word_is_cut_off_on_axes_of_a_plain_figure(kind: str) -> None:
    figure = Figure()
    getattr(fs.plot, kind)(DAILY, ax=figure.subplots())
    assert outside(figure) == []


def test_two_pictures_side_by_side_do_not_reach_into_each_other() -> None:
    figure = Figure(figsize=(12, 4.5))
    left, right = figure.subplots(1, 2)
    fs.plot.core_beds(DAILY, ax=left)
    fs.plot.escalation_beds(DAILY, ax=right)
    assert (touching(figure), outside(figure)) == ([], [])


def test_edges_that_were_moved_by_hand_stay() -> None:
    figure = Figure()
    figure.subplots_adjust(right=0.6)
    fs.plot.core_beds(DAILY, ax=figure.subplots())
    assert figure.get_layout_engine() is None


def test_months_below_narrow_axes_do_not_touch() -> None:
    figure = Figure(figsize=(3.5, 3.0))
    ax = figure.subplots()
    fs.plot.core_beds(daily_of(YEAR), ax=ax)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    boxes = [one.get_window_extent(canvas.get_renderer()) for one in ax.get_xticklabels() if one.get_text()]
    assert len(boxes) > 1
    assert all(one.x1 < other.x0 for one, other in pairwise(boxes))


@pytest.mark.parametrize("kind", ["core_beds", "occupancy"])
def test_a_single_day_is_a_point_that_is_seen(kind: str) -> None:
    ax = getattr(fs.plot, kind)(daily_of([80.0]))
    assert all(line.get_marker() == "o" for box in [ax, *ax.child_axes] for line in box.lines)


def test_names_beside_points_of_one_day_do_not_lie_on_each_other() -> None:
    ax = fs.plot.core_beds(daily_of([80.0]))
    heights = sorted(one.xy[1] for one in ax.texts if one.get_text() in ("Before", "After"))
    assert heights[1] - heights[0] > 0.03 * np.ptp(ax.get_ylim())


def test_a_title_speaks_of_as_many_days_as_there_are() -> None:
    said = [fs.plot.occupancy(daily_of(values)).child_axes[0].get_label() for values in ([80.0], [80.0] * 3)]
    assert [words.split(":")[0] for words in said] == ["Beds in use on the last day", "Beds in use in the last 3 days"]
    assert fs.plot.open_beds(daily_of([0.0])).get_label() == "Escalation beds are never open in 1 day"


def test_ticks_that_differ_are_written_differently() -> None:
    ax = fs.plot.escalation_beds(daily_of([0.0, 0.01, 0.04]))
    FigureCanvasAgg(ax.get_figure(root=True)).draw()  # type: ignore[arg-type]
    words = [one.get_text() for one in ax.get_yticklabels()]
    assert len(set(words)) == len(words)


def months(*columns: str) -> pd.DataFrame:
    """A tracker of three months around the new year, each column 5 a month."""
    rows = [(LONG + " $x_1$", month, one, 5.0, 4.0, 6.0) for month in MONTHS for one in columns]
    return pd.DataFrame(rows, columns=["scenario", "month", "column", "mean", "ci_low", "ci_high"])


MONTHS = ("2017-11", "2017-12", "2018-01")


def huddles() -> Any:
    table = months("people_supported", "admissions_avoided", "huddled_people_admitted")
    return fs.plot.huddle_months(table, LONG + " $x_1$")


def test_dollars_are_dollars_whoever_calls() -> None:
    ax = huddles()
    assert all(not one.get_parse_math() for one in ax.texts)


def test_months_are_named_as_dates_are() -> None:
    assert [one.get_text() for one in huddles().get_xticklabels()] == ["Nov\n2017", "Dec", "Jan\n2018"]


def test_the_top_of_the_bars_of_life_is_seen() -> None:
    names = ("starts", "referrals", *OUTCOMES)
    ax = fs.plot.life_months(months(*names), LONG + " $x_1$")
    assert ax.get_ylim()[1] > max(bar.get_y() + bar.get_height() for bar in ax.patches) * 1.02  # type: ignore[attr-defined]


def test_pictures_of_results_leave_the_warm_up_out_however_they_are_called() -> None:
    results = Comparison(recorded.of_two())
    direct, by_name = fs.plot.open_beds(results).get_label(), results.plot("open_beds").get_label()
    assert direct == by_name
    assert fs.plot.delays(results).get_label() == results.plot("delays").get_label()


def test_nothing_to_draw_is_said_without_axes() -> None:
    table = pd.DataFrame({"scenario": ["one"], "measure": ["bed_days"], "unit": ["days"], "mean": [3.0]})
    ax = fs.plot.delays(table.assign(diff_mean=np.nan, diff_low=np.nan, diff_high=np.nan))
    assert [one.get_text() for one in ax.texts] == ["Nobody stays in a bed after being ready to leave"]
    assert not ax.axison


def test_what_became_of_people_is_told_apart_without_colour() -> None:
    seen = [(HATCHES[name], round(luminance(colour), 1)) for name, (_, colour) in OUTCOMES.items()]
    assert len(set(seen)) == len(seen)
    ax = fs.plot.life_months(months("starts", "referrals", *OUTCOMES), LONG + " $x_1$")
    assert {bar.get_hatch() or "" for bar in ax.patches} == set(HATCHES.values())
