"""Pictures and the words and numbers in them."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ElementTree

import matplotlib
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.figure import Figure

from flowsim import plots
from flowsim.plots import style, words
from flowsim.plots.differences import Difference

pytestmark = pytest.mark.unit


def daily_of(values: dict[str, list[list[float]]], series: str = "beds_core") -> pd.DataFrame:
    """Days of each replication of each scenario, from 1 April 2017."""
    rows = [
        (name, replication, day, pd.Timestamp("2017-04-01") + pd.Timedelta(days=day), series, value)
        for name, runs in values.items()
        for replication, run in enumerate(runs)
        for day, value in enumerate(run)
    ]
    return pd.DataFrame(rows, columns=["scenario", "replication", "day", "date", "series", "value"])


def summary_of(*rows: tuple[str, str, float, float, float, float]) -> pd.DataFrame:
    """Scenario, measure, mean, diff_mean, diff_low, diff_high; days throughout."""
    frame = pd.DataFrame(rows, columns=["scenario", "measure", "mean", "diff_mean", "diff_low", "diff_high"])
    return frame.assign(unit="days", sd=1.0, n=30, ci_low=frame["mean"] - 1, ci_high=frame["mean"] + 1)


SUMMARY = summary_of(
    ("base", "bed_days", 1000.0, math.nan, math.nan, math.nan),
    ("base", "delayed_bed_days", 200.0, math.nan, math.nan, math.nan),
    ("alt", "bed_days", 900.0, -100.0, -120.0, -80.0),
    ("alt", "delayed_bed_days", 201.0, 1.0, -5.0, 7.0),
)
CAUSES = pd.DataFrame(
    [
        ("alt", "total", 100.0, 80.0, 120.0),
        ("alt", "interaction", -5.0, -9.0, -1.0),
        ("alt", "d2a", 105.0, 90.0, 120.0),
    ],
    columns=["alternative", "cause", "mean", "ci_low", "ci_high"],
)


def texts(ax: plt.Axes) -> str:
    """All words drawn on the axes."""
    return "\n".join(one.get_text() for one in ax.texts)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [(1234.5, 0, "1,234"), (-1234567, 0, "−1,234,567"), (-0.04, 1, "0.0"), (math.nan, 0, "–"), (math.inf, 0, "–")],
)
def test_a_number_has_thousands_a_true_minus_and_no_negative_zero(value: float, decimals: int, expected: str) -> None:
    assert words.number(value, decimals) == expected


@pytest.mark.parametrize(
    ("value", "unit", "signed", "expected"),
    [
        (0.154, "share", False, "15.4\u00a0%"),
        (-0.06, "share", True, "−6.0\u00a0points"),
        (-0.0011, "share", True, "−0.11\u00a0points"),
        (-612000.0, "pounds", True, "−£612,000"),
        (8.52, "days", False, "8.5"),
        (2910.4, "days", True, "+2,910"),
    ],
)
def test_a_quantity_is_written_in_its_unit(value: float, unit: str, signed: bool, expected: str) -> None:
    assert words.quantity(value, unit, signed=signed) == expected


def test_an_interval_names_its_unit_once() -> None:
    assert words.interval(0.1, 0.2, "share") == "10.0 to 20.0\u00a0%"


def test_scenario_and_measure_names_read_as_words() -> None:
    assert (words.label("life_small"), words.measure_label("life_occupied_mean")) == (
        "LIFE small",
        "LIFE occupied (mean)",
    )


def test_the_band_is_the_5th_to_95th_percentile_over_replications() -> None:
    daily = daily_of({"base": [[float(run)] for run in range(101)]})
    table = plots.over_replications(daily, "base", "beds_core", smooth=1)
    assert table.iloc[0].tolist() == [50.0, 5.0, 95.0]


def test_only_days_of_the_window_are_drawn() -> None:
    daily = daily_of({"base": [[9.0, 9.0, 1.0, 1.0]]})
    ax = plots.core_beds(daily, window=(2, 4))
    assert ax.lines[0].get_ydata().tolist() == [1.0, 1.0]


def test_weekends_do_not_hide_the_course_of_the_year() -> None:
    weekly = [[1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0] * 4]
    table = plots.over_replications(daily_of({"base": weekly}), "base", "beds_core")
    assert table["mean"].iloc[3:-3].round(9).unique().tolist() == [round(5 / 7, 9)]


def test_a_series_that_was_not_recorded_gives_an_empty_table() -> None:
    assert plots.over_replications(daily_of({"base": [[1.0]]}), "base", "life").empty


@pytest.mark.parametrize("draw", [plots.core_beds, plots.escalation_beds, plots.packages])
def test_a_picture_by_day_is_drawn_on_the_axes_given(draw: object) -> None:
    ax = Figure().subplots()
    daily = daily_of({"base": [[1.0, 2.0]] * 2, "alt": [[1.0, 1.0]] * 2})
    assert draw(daily, ax=ax) is ax  # type: ignore[operator]


def test_the_heading_says_the_mean_of_each_scenario() -> None:
    ax = plots.core_beds(daily_of({"base": [[240.0] * 9], "alt": [[230.0] * 9]}))
    assert "Core beds in use on an average day: 240 (Base), 230 (Alt)" in texts(ax)


def test_each_line_is_named_beside_its_end() -> None:
    ax = plots.core_beds(daily_of({"do_nothing": [[240.0] * 9], "alt": [[230.0] * 9]}))
    assert {"Do nothing", "Alt"} <= set(texts(ax).split("\n"))


def test_an_unlimited_team_has_no_line_of_slots() -> None:
    used, slots = (
        daily_of({"alt": [[value] * 9]}, name) for value, name in ((50.0, "life"), (math.inf, "life_capacity"))
    )
    ax = plots.life(pd.concat([used, slots]), "alt")
    assert "Slots there are" not in texts(ax)


def test_life_in_use_is_held_against_its_slots() -> None:
    used, slots = (daily_of({"alt": [[value] * 9]}, name) for value, name in ((50.0, "life"), (60.0, "life_capacity")))
    ax = plots.life(pd.concat([used, slots]), "alt")
    assert "Alt: LIFE reaches 50 of 60 slots in use" in texts(ax)


def test_names_beside_lines_are_pushed_apart_in_order() -> None:
    assert style.spread([5.0, 5.0, 0.0], 1.0, 0.0, 10.0) == [5.0, 6.0, 0.0]


def test_names_at_the_top_stay_inside() -> None:
    assert style.spread([10.0, 10.0], 1.0, 0.0, 10.0) == [9.0, 10.0]


def test_a_difference_is_drawn_in_per_cent_of_the_base() -> None:
    ax = plots.forest(SUMMARY, measures=["bed_days"])
    assert "−10.0\u00a0%" in texts(ax)


def test_the_forest_counts_what_is_better_and_what_is_unclear() -> None:
    ax = plots.forest(SUMMARY)
    assert "of 2 headline differences: 1 better, 1 with no clear" in texts(ax).replace("\n", " ")


def test_a_very_wide_interval_ends_in_an_arrow_and_leaves_room_for_the_others() -> None:
    beds, wide = ("base", "bed_days", 100.0, *[math.nan] * 3), ("alt", "bed_days", 90.0, -10.0, -900.0, 880.0)
    ax = plots.forest(summary_of(beds, wide), measures=["bed_days"])
    assert ax.get_xlim() == (-150.0, 150.0)
    assert {line.get_marker() for line in ax.lines} >= {"<", ">"}


def test_a_measure_that_is_nothing_in_the_base_has_no_per_cent() -> None:
    nothing = ("base", "packages_started", 0.0, math.nan, math.nan, math.nan)
    some = ("alt", "packages_started", 5.0, 5.0, 4.0, 6.0)
    assert [one.get_text() for one in plots.forest(summary_of(nothing, some)).texts] == ["No difference can be drawn"]


@pytest.mark.parametrize(
    ("ends", "better", "verdict"),
    [
        ((-3.0, -1.0), "lower", "better"),
        ((-3.0, -1.0), "higher", "worse"),
        ((-3.0, 1.0), "lower", "no clear difference"),
        ((1.0, 3.0), "neutral", "more"),
        ((2.0, math.nan), "lower", "no interval"),
    ],
)
def test_a_verdict_follows_interval_and_direction(ends: tuple[float, float], better: str, verdict: str) -> None:
    one = Difference("alt", "bed_days", "days", 100.0, sum(ends) / 2, *ends)
    assert one.verdict(better) == verdict


def test_bars_of_causes_end_where_the_total_ends() -> None:
    bars = plots.waterfall(CAUSES, "alt").patches
    assert [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars] == [
        (0.0, 105.0),
        (105.0, 100.0),
        (0.0, 100.0),
    ]


def test_the_waterfall_names_the_largest_cause() -> None:
    said = texts(plots.waterfall(CAUSES, "alt")).replace("\n", " ")
    assert "Alt saves 100 bed days; the largest part comes from Discharge to Assess (105)" in said


def test_an_alternative_that_adds_bed_days_says_so() -> None:
    adds = CAUSES.assign(mean=-CAUSES["mean"], ci_low=-CAUSES["ci_high"], ci_high=-CAUSES["ci_low"])
    assert "Alt adds 100 bed days" in texts(plots.waterfall(adds, "alt"))


def test_an_svg_is_the_same_bytes_every_time_and_bears_no_date() -> None:
    daily = daily_of({"base": [[1.0, 2.0, 3.0]] * 2, "alt": [[1.0, 2.0, 4.0]] * 2})
    first, second = (style.svg(plots.core_beds(daily).figure, "beds") for _ in range(2))  # type: ignore[arg-type]
    assert (first, "dc:date" in first) == (second, False)


def test_every_id_of_an_svg_begins_with_its_name_and_every_reference_is_found() -> None:
    text = style.svg(plots.forest(SUMMARY).figure, "forest")  # type: ignore[arg-type]
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', text))
    assert (used - ids, [one for one in ids if not one.startswith("forest-")]) == (set(), [])


def test_names_with_markup_dollars_and_newlines_are_only_words_in_an_svg() -> None:
    name = "<script>$\\frac & \n x"
    text = style.svg(plots.core_beds(daily_of({name: [[1.0] * 9]})).figure, "beds")  # type: ignore[arg-type]
    words_drawn = [one.text or "" for one in ElementTree.fromstring(text).iter("{http://www.w3.org/2000/svg}text")]
    assert "<script>$\\frac & x" in words_drawn


def test_drawing_leaves_matplotlib_as_it_was() -> None:
    before = dict(matplotlib.rcParams)
    plots.core_beds(daily_of({"base": [[1.0, 2.0]]}))
    assert (dict(matplotlib.rcParams), plt.get_fignums()) == (before, [])


def test_long_runs_have_few_dates_and_short_runs_have_days() -> None:
    labels = []
    for days in (20, 365, 3650):
        ax = plots.core_beds(daily_of({"base": [[1.0] * days]}))
        ax.figure.draw_without_rendering()  # type: ignore[union-attr]
        labels.append(len(ax.get_xticklabels()))
    assert max(labels) <= 14


def test_an_unknown_picture_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ValueError, match="choose one of occupancy, core_beds, escalation_beds"):
        plots.plot(object(), "pie")  # type: ignore[arg-type]
