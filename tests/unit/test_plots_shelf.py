"""The shelf of pictures: journeys, packages, rollout, queues, heat maps, control charts; what they say and draw."""

from __future__ import annotations

import math
from typing import Any

import logs
import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import flowsim as fs
from flowsim import plots
from flowsim.plots.contrast import contrast
from flowsim.plots.heat import DIVERGING
from flowsim.plots.lives import STATES, bars, of_person
from flowsim.plots.survival import still_running
from flowsim.plots.xmr import expected, runs

pytestmark = pytest.mark.unit


def said(ax: Any) -> str:
    """All words on the axes and on the panels inside."""
    boxes = [ax, *ax.child_axes]
    return " ".join(one.get_text().replace("\n", " ") for box in boxes for one in box.texts)


def two_lives() -> Any:
    """Person 7 waits a day in A&E, is moved, is ready on day 5, leaves on day 7, and has LIFE to day 12."""
    world = logs.World(horizon=20.0)
    row = world.spell(at=1.0, person=7, practice=0, ready=5.0, discharged=7.0, pathway="P2_home")
    world.stay(row, "Ward 1", 2.0, 4.0, queued=1.0)
    world.stay(row, "Ward 2", 4.0, 7.0)
    world.stay(row, "LIFE", 7.0, 12.0)
    world.in_bed(3.0, 4.0, person=8)
    return world.log()


def packages(world: logs.World, *lives: tuple[float, float]) -> None:
    """Packages from, to; one without an end still runs."""
    for entered, left in lives:
        world.stay(world.spell(at=entered, package_at=entered, package_hours=10.0), "Home care", entered, left)


def daily_of(series: dict[str, list[float]], scenario: str = "after") -> pd.DataFrame:
    """One replication from 1 April 2017."""
    rows = [
        (scenario, 0, day, pd.Timestamp("2017-04-01") + pd.Timedelta(days=day), name, value)
        for name, values in series.items()
        for day, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["scenario", "replication", "day", "date", "series", "value"])


MONTHS = [f"2017-{month:02d}" for month in range(1, 13)]
GRID = pd.DataFrame(
    [(slots, pace, float(slots - 100 + 10 * pace)) for slots in (60, 100, 160) for pace in (0, 1)],
    columns=["life.slots", "huddles.pace", "mean"],
)


def test_pictures_are_reached_as_fs_plot() -> None:
    assert [name for name in fs.plot.PICTURES if not callable(getattr(fs.plot, name))] == []


def test_days_after_being_ready_are_a_bar_of_their_own_and_moves_part_no_bar() -> None:
    table = of_person(two_lives(), 7)
    assert list(table[["state", "start", "end"]].itertuples(index=False, name=None)) == [
        ("waiting", 1.0, 2.0),
        ("bed", 2.0, 5.0),
        ("delayed", 5.0, 7.0),
        ("life", 7.0, 12.0),
    ]


def test_somebody_still_there_has_an_open_bar() -> None:
    world = logs.World(horizon=10.0)
    row = world.in_bed(6.0, person=1)
    assert bars(world.log(), np.array([row]))[["end", "open"]].to_numpy().tolist() == [[10.0, True]]


def test_a_journey_says_the_days_in_hospital() -> None:
    assert "Person 7 in hospital: 6.0 days (Hand)" in said(plots.journey(two_lives(), 7))


def test_both_worlds_stand_above_each_other_on_one_scale() -> None:
    boxes = plots.journey(two_lives(), 7, two_lives()).child_axes
    assert boxes[0].get_xlim() == boxes[1].get_xlim()


def test_a_person_who_is_never_seen_is_an_error_that_names_some_who_are() -> None:
    with pytest.raises(ValueError, match="person 99 is not seen in this run; some who are: 7, 8"):
        plots.journey(two_lives(), 99)


def test_a_sample_has_a_row_for_each_person_with_the_day_of_admission() -> None:
    ax = plots.journeys(two_lives(), days=30.0)
    assert [one.get_text() for one in ax.get_yticklabels()] == ["2 Apr 2017", "4 Apr 2017"]


def test_states_are_told_apart_by_hatching_too() -> None:
    assert len({state.hatch for state in STATES.values()}) >= len(STATES) - 1


def test_nobody_admitted_is_said_on_the_axes() -> None:
    assert "Nobody was admitted" in said(plots.journeys(logs.World().log()))


def test_the_survival_of_packages_is_that_of_kaplan_and_meier() -> None:
    """Five packages: ends on days 2 and 4, still running after 3, 5 and 5: 4/5, then 4/5 x 2/3."""
    curve = still_running(np.array([2.0, 4.0, 3.0, 5.0, 5.0]), np.array([True, True, False, False, False]))
    assert curve["share"].round(12).to_dict() == {0.0: 1.0, 2.0: 0.8, 4.0: round(0.8 * 2 / 3, 12)}


def test_the_band_of_the_survival_is_of_the_log_log_kind() -> None:
    """At 4/5 after one of five ends, Greenwood's sum is 1/20; the ends are s^exp(±1.96 √(1/20) / ln s)."""
    curve = still_running(np.array([2.0, 4.0, 3.0, 5.0, 5.0]), np.array([True, True, False, False, False]))
    reach = 1.959963984540054 * math.sqrt(1 / 20) / math.log(0.8)
    ends = sorted([0.8 ** math.exp(reach), 0.8 ** math.exp(-reach)])
    assert curve.loc[2.0, ["low", "high"]].tolist() == pytest.approx(ends)


def test_packages_from_before_the_window_are_left_out() -> None:
    world = logs.World(horizon=100.0, window=(10.0, 100.0))
    packages(world, (5.0, 50.0), (20.0, 30.0), (90.0, math.nan))
    table = plots.package_durations(world.log())
    assert table[["days", "ended"]].to_numpy().tolist() == [[10.0, True], [10.0, False]]


def test_the_title_says_how_many_packages_run_after_six_weeks() -> None:
    world = logs.World(horizon=100.0)
    packages(world, *[(0.0, 10.0)] * 10, *[(0.0, math.nan)] * 30)
    assert "Packages still running after six weeks: Hand 75" in said(plots.package_survival(world.log()))


def test_no_package_is_said_on_the_axes() -> None:
    assert "No package began" in said(plots.package_survival(two_lives()))


def test_the_rollout_has_a_panel_for_each_thing_rolled_out() -> None:
    table = daily_of({"huddles_live": [0.0, 1.0, 2.0], "life_capacity": [0.0, 5.0, 5.0], "life_used": [0.0, 1.0, 2.0]})
    ax = plots.rollout(table)
    assert (len(ax.child_axes), "2 practices with a Huddle and 5 LIFE slots by 3 April 2017" in said(ax)) == (2, True)


def test_a_world_without_programmes_says_so() -> None:
    assert "rolls nothing out" in said(plots.rollout(daily_of({"beds_core": [1.0, 1.0]})))


def test_only_queues_in_which_somebody_waits_are_drawn() -> None:
    ax = plots.queue(daily_of({"waiting_for_bed": [0.0] * 9, "life_waiting": [4.0] * 9}))
    words = "The longest queue is for LIFE: up to 4.00 (After, April 2017)"
    assert (len(ax.child_axes), words in said(ax)) == (1, True)


def test_an_unknown_queue_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'tea' is not a queue"):
        plots.queue(daily_of({"life_waiting": [1.0]}), ["tea"])


def test_a_table_without_a_column_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no column date"):
        plots.occupancy(daily_of({"beds_core": [1.0]}).drop(columns="date"))


def test_each_cell_of_a_heat_map_holds_its_number() -> None:
    assert {"−40", "−30", "0", "10", "60", "70"} <= set(
        said(plots.heat_map(GRID, "life.slots", "huddles.pace")).split()
    )


def test_zero_is_in_the_middle_of_the_colours_when_there_are_both_signs() -> None:
    image = plots.heat_map(GRID, "life.slots", "huddles.pace").images[0].get_array()
    middle = matplotlib.colormaps[DIVERGING](0.5)
    assert np.asarray(image)[0, 1].tolist() == pytest.approx(middle)


def test_numbers_can_be_read_on_every_cell() -> None:
    wide = GRID.assign(mean=np.linspace(1.0, 2.0, len(GRID)))
    for table in (GRID, wide):
        ax = plots.heat_map(table, "life.slots", "huddles.pace")
        fills = {
            (column, row): to_hex(cell)
            for row, line in enumerate(ax.images[0].get_array())
            for column, cell in enumerate(line)
        }
        inks = [
            (fills[one.xy], to_hex(one.get_color())) for one in ax.texts if one.xy in fills and one.xycoords == "data"
        ]
        assert min(contrast(*pair) for pair in inks) >= 4.5


def test_a_pair_that_was_not_run_is_said() -> None:
    assert "not run" in said(plots.heat_map(GRID.iloc[1:], "life.slots", "huddles.pace"))


def test_a_heat_map_of_a_missing_column_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no column beds; it has life"):
        plots.heat_map(GRID, "life.slots", "beds")


def test_limits_are_the_mean_and_2_66_mean_moving_ranges() -> None:
    """10, 12, 11, 15: mean 12, moving ranges 2, 1, 4, so 7/3."""
    limits = plots.xmr_limits([10.0, 12.0, 11.0, 15.0])
    assert (limits.centre, limits.low, limits.high) == pytest.approx((12.0, 12 - 2.66 * 7 / 3, 12 + 2.66 * 7 / 3))


@pytest.mark.parametrize(("values", "why"), [([1.0], "at least two"), ([1.0, math.nan], "finite")])
def test_too_few_or_missing_values_have_no_limits(values: list[float], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        plots.xmr_limits(values)


def test_seven_in_a_row_on_one_side_are_a_run_and_six_are_not() -> None:
    values = [1.0] * 6 + [-1.0] * 7 + [0.0] + [1.0] * 3
    assert runs(values, 0.0).tolist() == [False] * 6 + [True] * 7 + [False] * 4


def test_the_simulated_range_is_where_one_more_run_would_fall() -> None:
    """Four replications of mean 10 and sd 2: 10 ± 3.182 × 2 × √1.25."""
    table = pd.DataFrame({"month": ["2017-01"], "mean": [10.0], "sd": [2.0], "n": [4]})
    reach = 3.182446305284263 * 2.0 * math.sqrt(1.25)
    assert expected(table).loc["2017-01"].tolist() == pytest.approx([10.0, 10.0 - reach, 10.0 + reach])


def test_replications_and_their_moments_give_the_same_range() -> None:
    runs_of = pd.DataFrame({"month": ["2017-01"] * 3, "replication": range(3), "value": [8.0, 10.0, 12.0]})
    moments = pd.DataFrame({"month": ["2017-01"], "mean": [10.0], "sd": [2.0], "n": [3]})
    pd.testing.assert_frame_equal(expected(runs_of), expected(moments))


def test_a_point_outside_is_marked_and_its_value_written() -> None:
    values = [10.0, 11.0] * 5 + [30.0, 10.0]
    ax = plots.xmr(pd.Series(values, MONTHS), what="Placements")
    assert ("30.0" in said(ax).split(), "1 of 12 months outside its limits" in said(ax)) == (True, True)


def test_observed_months_unlike_the_simulated_ones_are_counted() -> None:
    simulated = pd.DataFrame({"month": MONTHS, "mean": 10.0, "sd": 0.1, "n": 30})
    ax = plots.xmr(dict.fromkeys(MONTHS, 10.0) | {"2017-06": 20.0}, simulated)
    assert "1 of 12 outside what the model expects" in said(ax)


@pytest.mark.parametrize("draw", [
    lambda ax: plots.journey(two_lives(), 7, ax=ax),
    lambda ax: plots.journeys(two_lives(), ax=ax),
    lambda ax: plots.rollout(daily_of({"huddles_live": [0.0, 1.0]}), ax=ax),
    lambda ax: plots.queue(daily_of({"life_waiting": [1.0, 2.0]}), ax=ax),
    lambda ax: plots.occupancy(daily_of({"beds_core": [1.0, 2.0], "beds_escalation": [0.0, 0.0]}), ax=ax),
    lambda ax: plots.package_survival(pd.DataFrame({"scenario": "a", "days": [3.0], "ended": [True]}), ax=ax),
    lambda ax: plots.heat_map(GRID, "life.slots", "huddles.pace", ax=ax),
    lambda ax: plots.xmr({"2017-01": 1.0, "2017-02": 2.0}, ax=ax),
])  # fmt: skip
def test_pictures_are_drawn_on_the_axes_given_and_change_nothing_else(draw: Any) -> None:
    before = dict(matplotlib.rcParams)
    ax = Figure().subplots()
    assert (draw(ax) is ax, dict(matplotlib.rcParams) == before) == (True, True)
