"""Numbers by financial year: which days are which year's, the same function over each, and savings in the same year."""

from __future__ import annotations

import datetime as dt
import json
import math

import pandas as pd
import pytest
import recorded
from logs import World

from flowsim.cli.as_json import as_json
from flowsim.experiment import Comparison, reading
from flowsim.experiment.folder import write
from flowsim.experiment.record import gathered
from flowsim.experiment.replicate import Finished, Run
from flowsim.measures import financial_years, measure, months, yearly
from flowsim.plots import beds_by_year, plot

pytestmark = pytest.mark.unit

TEXT = "extends: do_nothing.yaml\nclock: {start: 2016-10-03, warm_up_days: 180, window_days: 728}\n"
SAVED = {"2017/18": (10.0, 20.0, 30.0), "2018/19": (100.0, 110.0, 120.0)}


def long_log():
    """Two whole years (365 and 365 days) and ten days more; stays across both borders, LIFE, a package, a support."""
    world = World(horizon=740.0, practices_live=(0.0, 400.0))
    for day in range(0, 730, 7):
        one = world.in_bed(day + 0.25, day + 9.5, person=day, practice=0, fit=day + 8.0, ready=day + 8.5)
        world.delay(one, "assessment", day + 8.5, day + 9.5)
    two = world.in_bed(340.0, 360.0, person=7, pathway="P2_home", readmitted=380.0, support_end=2)
    world.stay(two, "LIFE", 360.0, 401.0)
    world.stay(two, "Home care", 401.0)
    world.in_bed(380.0, 384.0, root=two, depth=1, person=7, origin="readmission", died=384.0, pathway=-1)
    world.supports.append((7, 0, 370.0, 390.0))
    world.meetings += [(0, float(day), 8, 2) for day in range(0, 740, 7)]
    return world.log()


def of_years() -> Comparison:
    """Three replications of two scenarios over two years; the second saves SAVED bed days."""
    before, after = (
        one.with_(clock={"warm_up_days": 180.0, "window_days": 728.0})
        for one in map(recorded.scenario, ("before", "after"))
    )

    def run(number: int, saves: bool) -> Run:
        days = {year: 1000.0 + 10 * number - saves * saved[number] for year, saved in SAVED.items()}
        by_year = {year: {"bed_days": value, "beds_occupied_mean": value / 365} for year, value in days.items()}
        values = {"bed_days": sum(days.values()), "beds_occupied_mean": sum(days.values()) / 728}
        return Run(values, {}, (), {"total": 0.0} if saves else {}, by_year)

    finished = [Finished(number, (run(number, False), run(number, True)), ()) for number in range(3)]
    return Comparison(gathered([before, after], 1, 3, finished, [], 1.0, False))


def test_a_financial_year_goes_from_april_to_march_and_ends_with_the_window():
    found = financial_years(dt.date(2016, 10, 3), (180.0, 180.0 + 3652.0))
    labels = [f"20{year}/{year + 1}" for year in range(17, 27)]
    assert [year.label for year in found] == labels
    assert [year.end - year.start for year in found] == [
        366.0 if year in ("2019/20", "2023/24") else 365.0 for year in labels
    ]
    assert [year.start for year in found[1:]] == [year.end for year in found[:-1]]


def test_the_first_and_last_year_are_those_parts_that_lie_in_the_window():
    assert [(year.label, *year.window) for year in financial_years(dt.date(2017, 3, 30), (0.5, 368.0))] == [
        ("2016/17", 0.5, 2.0),
        ("2017/18", 2.0, 367.0),
        ("2018/19", 367.0, 368.0),
    ]


def test_the_turn_of_a_century_is_written_with_two_figures():
    assert financial_years(dt.date(2099, 4, 1), (0.0, 1.0))[0].label == "2099/00"


def test_months_follow_the_calendar():
    assert [(one.label, *one.window) for one in months(dt.date(2019, 12, 30), (0.0, 62.0))] == [
        ("2019-12", 0.0, 2.0),
        ("2020-01", 2.0, 33.0),
        ("2020-02", 33.0, 62.0),
    ]


def test_a_year_has_the_numbers_of_the_same_measures_over_its_days():
    log = long_log()
    found = yearly(log)
    for year in financial_years(log.start, log.window):
        assert found[year.label] == pytest.approx(measure(log, year.window), rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("name", ["bed_days", "admissions", "delayed_bed_days", "huddles_held", "life_starts"])
def test_days_and_counts_of_the_years_add_up_to_those_of_the_window(name):
    log = long_log()
    total = sum(one[name] for one in yearly(log).values())
    assert measure(log)[name] > 0
    assert total == pytest.approx(measure(log)[name], rel=1e-12)


def test_a_window_of_a_year_has_no_numbers_by_year():
    world = World(horizon=400.0)
    world.in_bed(1.0, 2.0)
    assert yearly(world.log()) == {}


def test_results_have_one_row_for_each_scenario_replication_year_and_measure():
    frame = of_years().yearly
    assert list(frame.columns) == ["scenario", "replication", "year", "measure", "value", "unit"]
    assert len(frame) == 2 * 3 * 2 * 2
    row = frame[(frame.scenario == "after") & (frame.replication == 1) & (frame.year == "2018/19")].iloc[0]
    assert tuple(row[["measure", "value", "unit"]]) == ("bed_days", 900.0, "days")


def test_savings_are_paired_within_the_same_year():
    frame = of_years().yearly_differences()
    saved = frame[frame.measure == "bed_days_saved"].set_index("year")
    assert list(saved.index) == ["2017/18", "2018/19"]
    assert list(saved["mean"]) == [20.0, 110.0]
    half = 4.302652729911275 * 10.0 / math.sqrt(3)  # Student's t of 2 degrees of freedom
    assert list(saved["ci_low"]) == pytest.approx([20.0 - half, 110.0 - half])


def test_beds_of_a_year_are_over_the_days_of_that_year():
    frame = of_years().yearly_differences()
    beds = frame[frame.measure == "beds_equivalent"].set_index("year")["mean"]
    days = of_years().years
    assert days == {"2017/18": 365.0, "2018/19": 363.0}
    assert beds["2018/19"] == pytest.approx(110.0 / (363.0 * 0.934))


def test_years_are_kept_in_the_run_folder_and_read_back(tmp_path):
    done = of_years()
    write(done, tmp_path / "run", configs=dict.fromkeys(done.record.names, TEXT))
    back = reading.read(tmp_path / "run")[0]
    assert back.yearly.equals(done.yearly)


def test_a_short_run_has_no_file_of_years(tmp_path):
    done = Comparison(recorded.of_two())
    write(done, tmp_path / "run", configs=dict.fromkeys(done.record.names, "name: x\n"))
    assert not (tmp_path / "run" / "yearly.parquet").exists()
    assert done.yearly.empty


def test_a_picture_by_year_of_a_short_run_is_refused():
    with pytest.raises(ValueError, match="longer than 400 days"):
        plot(Comparison(recorded.of_two()), "beds_by_year")


def test_the_picture_of_savings_has_a_point_for_each_year_and_names_years_that_are_not_whole():
    axes = plot(of_years(), "saved_by_year")
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["2017/18", "2018/19\n(363 days)"]
    assert list(axes.lines[0].get_ydata()) == [20.0, 110.0]


def test_scenarios_with_the_same_numbers_share_a_line():
    rows = [
        (name, replication, year, "escalation_beds_mean", value + replication)
        for name, value in (("before", 9.0), ("after", 5.0), ("again", 5.0))
        for replication in range(2)
        for year in ("2017/18", "2018/19")
    ]
    frame = pd.DataFrame(rows, columns=["scenario", "replication", "year", "measure", "value"])
    axes = beds_by_year(frame, measure="escalation_beds_mean")
    assert [list(line.get_ydata()) for line in axes.lines] == [[9.5, 9.5], [5.5, 5.5]]
    assert "After (+1)" in [text.get_text() for text in axes.texts]


def test_json_has_the_years():
    tree = json.loads(as_json(of_years().record, "x"))
    assert tree["yearly"]["2018/19"]["differences"]["after"]["bed_days_saved"]["mean"] == 110.0
