"""The Huddle and LIFE trackers, journeys and the outcome framework, on small logs written by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import recorded
from logs import World

from flowsim.cli.show_dashboard import show
from flowsim.events import AVERTED_HUDDLE, BACK_TO_HOSPITAL, ENDED, IN_COMMUNITY, PACKAGE, TURNED_ROUND
from flowsim.experiment import Comparison, Results
from flowsim.experiment.folder import write
from flowsim.experiment.reading import read
from flowsim.experiment.record import gathered
from flowsim.experiment.replicate import Finished, Run
from flowsim.measures import TRACKERS, measure, trackers
from flowsim.measures.framework import FRAMEWORK, PER_100_000
from flowsim.measures.trackers import ENTRANCES, LIFE_COLUMNS
from flowsim.report.dashboards import section

pytestmark = pytest.mark.unit

FIXED = {"shape": "fixed", "days": 3.0}
TEXT = "extends: do_nothing.yaml\nclock: {start: 2016-10-03, warm_up_days: 2, window_days: 10}\n"


def table(log, name):
    """A tracker as nested dicts of what is not zero: row, month, column."""
    found = trackers(log)[name]
    columns = list(TRACKERS[name][1])
    return {
        (row, month): {columns[at]: value for at, value in enumerate(found.values[i, j]) if value}
        for i, row in enumerate(found.rows)
        for j, month in enumerate(found.months)
        if found.values[i, j].any()
    }


def huddled():
    """April and May 2017: two practices, person 5 taken on twice, one presentation averted, one induced."""
    world = World(horizon=61.0, practices_live=(0.0, 30.0))
    world.meetings += [(0, 0.0, 8, 2), (0, 7.0, 9, 1), (1, 30.0, 8, 1)]
    world.supports += [(5, 0, 0.0, 6.0), (6, 0, 0.0, 60.0), (5, 0, 7.0, 60.0), (9, 1, 30.0, 60.0)]
    world.spell(at=10.0, door=AVERTED_HUDDLE, person=6, practice=0)
    world.in_bed(31.0, 33.0, person=9, practice=1)
    world.in_bed(40.0, 42.0, person=8, practice=1, induced=True)
    world.in_bed(6.5, 6.8, person=5, practice=0)
    return world.log()


def with_life():
    """Each way into LIFE and several ways out, over 100 days from 1 April 2017."""
    world = World(horizon=100.0)

    def starts(at, left, end, **more):
        one = world.in_bed(at - 5.0, at, pathway="P2_home", support_end=end, **more)
        world.stay(one, "LIFE", at, left)
        return one

    starts(10.0, 40.0, ENDED, first_visit=1.5, person=1)
    starts(12.0, 54.5, PACKAGE, first_visit=3.0, person=2)  # waited for the package beyond six weeks
    starts(31.0, 33.0, BACK_TO_HOSPITAL, person=3)
    door = world.spell(at=32.0, door=TURNED_ROUND, person=4, support_end=ENDED)
    world.stay(door, "LIFE", 32.0, 50.0)
    referred = world.spell(at=29.0, door=IN_COMMUNITY, support_end=ENDED)
    world.stay(referred, "LIFE", 35.0, 70.0, queued=29.0)
    gave_up = world.in_bed(20.0, 45.0, fell_back=True)
    world.stays.append((gave_up, world.place("LIFE"), 40.0, np.nan, 44.0, False))
    world.stay(world.spell(at=90.0, door=IN_COMMUNITY), "LIFE", 90.0)
    world.supports += [(1, 0, 5.0, 90.0), (3, 0, 50.0, 90.0), (4, 0, 99.0, 190.0)]
    return world.log()


def test_the_huddle_tracker_counts_by_practice_and_month():
    assert table(huddled(), "huddles") == {
        ("Practice 1", "2017-04"): {
            "huddles": 2,
            "cases": 17,
            "people_supported": 3,
            "new_cases": 2,
            "admissions_avoided": 1,
        },
        ("Practice 2", "2017-05"): {
            "huddles": 1,
            "cases": 8,
            "people_supported": 1,
            "new_cases": 1,
            "admissions_avoided": -1,
            "huddled_people_admitted": 1,
        },
    }


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("huddles", "huddles_held"),
        ("cases", "cases_reviewed"),
        ("people_supported", "people_supported"),
        ("admissions_avoided", "admissions_averted_huddle"),
        ("huddled_people_admitted", "huddled_people_admitted"),
    ],
)
def test_the_huddle_tracker_adds_up_to_the_measures_of_the_window(column, name):
    log = huddled()
    total = trackers(log)["huddles"].values[:, :, list(TRACKERS["huddles"][1]).index(column)].sum()
    assert total == measure(log)[name]


def test_the_life_tracker_counts_by_entrance_and_month():
    assert table(with_life(), "life") == {
        ("ward", "2017-04"): {
            "referrals": 2,
            "starts": 2,
            "first_visits": 2,
            "first_visits_2h": 1,
            "ended": 1,
            "over_six_weeks": 1,
            "package": 1,
        },
        ("ward", "2017-05"): {"referrals": 2, "starts": 1, "fell_back": 1, "back_to_hospital": 1},
        ("front_door", "2017-05"): {"referrals": 1, "starts": 1, "ended": 1},
        ("community", "2017-04"): {"referrals": 1},
        ("community", "2017-05"): {"starts": 1, "ended": 1},
        ("community", "2017-06"): {"referrals": 1, "starts": 1, "not_yet_known": 1},
    }


@pytest.mark.parametrize("end", [50.0, 60.0, 80.0, 100.0])
def test_outcomes_at_six_weeks_add_up_to_the_starts(end):
    found = trackers(with_life(), (0.0, end))["life"].values
    assert (found[..., 6:].sum(axis=-1) == found[..., 1]).all()


def test_who_waits_for_a_package_beyond_six_weeks_is_still_supported_until_it_begins():
    found = trackers(with_life(), (0.0, 54.2))["life"].values[ENTRANCES.index("ward"), 0]
    counts = dict(zip(LIFE_COLUMNS, found, strict=True))
    assert [counts[name] for name in ("over_six_weeks", "still_supported", "package")] == [1.0, 1.0, 0.0]


def test_a_support_of_more_than_six_weeks_is_no_end_within_them():
    world = World(horizon=100.0)
    for end in (ENDED, BACK_TO_HOSPITAL):
        world.stay(world.spell(at=1.0, door=IN_COMMUNITY, support_end=end), "LIFE", 1.0, 44.0)
    (counts,) = table(world.log(), "life").values()
    assert counts == {"referrals": 2, "starts": 2, "over_six_weeks": 2, "still_supported": 2}


def test_the_life_tracker_adds_up_to_the_measures_of_the_window():
    log = with_life()
    values, sums = measure(log), trackers(log)["life"].values.sum(axis=(0, 1))
    total = dict(zip(LIFE_COLUMNS, sums, strict=True))
    assert (total["starts"], total["fell_back"]) == (values["life_starts"], values["life_fallbacks"])
    assert total["first_visits_2h"] / total["first_visits"] == values["life_first_visit_2h_share"]


def test_journeys_tell_which_service_a_person_met_first():
    assert table(with_life(), "journeys") == {
        ("all", "2017-04"): {"first_huddle": 1, "first_life": 2, "huddle_then_life": 1},
        ("all", "2017-05"): {"first_huddle": 1, "first_life": 2, "life_then_huddle": 1},
        ("all", "2017-07"): {"first_huddle": 1, "life_then_huddle": 1},
    }


def test_outcomes_by_month_give_the_shares_of_the_window():
    world = World(horizon=200.0)
    for day in range(0, 160, 4):
        one = world.in_bed(float(day), day + 2.0, pathway="P2_home", person=day, readmitted=day + 10.0 + day / 4)
        world.stay(one, "LIFE", day + 2.0, day + 10.0)
        if day % 3 == 0:
            world.in_bed(day + 90.0, day + 99.0, person=day)
    log = world.log()
    sums = dict(zip(TRACKERS["outcomes"][1], trackers(log)["outcomes"].values.sum(axis=(0, 1)), strict=True))
    values = measure(log)
    assert sums["admissions"] == values["admissions"]
    assert sums["readmitted_30d"] / sums["discharges_followed"] == values["readmissions_30d_share"]
    assert sums["at_home_91d"] / sums["day_91_followed"] == values["at_home_91d_share"]
    assert 0 < sums["at_home_91d"] < sums["day_91_followed"]


def test_a_log_without_anybody_has_empty_trackers():
    found = trackers(World().log())
    assert {name: float(one.values.sum()) for name, one in found.items()} == dict.fromkeys(TRACKERS, 0.0)


def tracked() -> Comparison:
    """Two replications of two scenarios: nothing, and the worlds above."""
    base, after = recorded.scenario("before"), recorded.scenario("after")
    empty = World(horizon=100.0).log()

    def run(log, admissions):
        values = {"admissions": admissions, "readmissions_30d_share": 0.25, "at_home_91d_share": float("nan")}
        return Run(values, {}, (), {}, {}, trackers(log))

    finished = [Finished(n, (run(empty, 280.0), run(with_life(), 140.0 + n)), ()) for n in range(2)]
    return Comparison(gathered([base, after], 1, 2, finished, [], 1.0, False))


def test_trackers_of_results_are_means_over_the_replications():
    frame = tracked().tracker("life")
    assert list(frame.columns) == ["scenario", "entrance", "month", *LIFE_COLUMNS]
    row = frame[(frame.scenario == "after") & (frame.entrance == "ward") & (frame.month == "2017-04")].iloc[0]
    assert (row.starts, row.first_visits_2h) == (2.0, 1.0)
    assert len(frame) == 2 * len(ENTRANCES) * 4


def test_months_of_a_tracker_have_intervals_and_hold_all_rows():
    frame = tracked().tracker_months("life").set_index(["scenario", "month", "column"])
    row = frame.loc[("after", "2017-05", "starts")]
    assert (row["mean"], row["sd"], row["n"], row["ci_low"], row["ci_high"]) == (3.0, 0.0, 2.0, 3.0, 3.0)


def test_an_unknown_tracker_is_refused_by_name():
    with pytest.raises(KeyError, match="no tracker 'life_tracker'; there are huddles, life"):
        tracked().tracker("life_tracker")


def test_the_framework_gives_emergency_admissions_per_100000_a_year():
    frame = tracked().framework()
    row = frame[(frame.scenario == "before") & (frame.unit == "a year per 100,000")].iloc[0]
    assert row["mean"] == pytest.approx(280.0 * 100_000 / 51_384 * 365 / 10.0)


@pytest.mark.parametrize(("start", "days"), [("2017-03-30", 365.0), ("2019-03-30", 366.0), ("2017-03-30", 3652.0)])
def test_a_rate_of_whole_years_is_their_count(start, days):
    years = round(days / 365.25)
    scenario = recorded.scenario().with_(clock={"start": start, "window_days": days})
    done = gathered(
        [scenario], 1, 1, [Finished(0, (Run({"admissions": 7000.0 * years}, {}, (), {}),), ())], [], 1.0, False
    )
    frame = Results(done).framework()
    assert frame[frame.unit == "a year per 100,000"]["mean"].item() == pytest.approx(7000.0 * 100_000 / 51_384)


def test_indicators_of_people_over_65_are_not_computed_where_others_are_counted_too():
    others = {"under_65": {"arrivals": {"per_day": 34}, "pathways": {"P0": {"share": 1.0, "stay": FIXED}}}}
    scenario = recorded.scenario().with_(cohorts=others)
    values = {"admissions": 500.0, "readmissions_30d_share": 0.1, "at_home_91d_share": 0.8}
    done = gathered([scenario], 1, 1, [Finished(0, (Run(values, {}, (), {}),), ())], [], 1.0, False)
    frame = Results(done).framework()
    assert frame[frame.computed].indicator.tolist() == ["Still at home 91 days after discharge into reablement"]
    assert (frame.note == "the run counts people of under_65 as well").sum() == 2


def test_every_indicator_that_no_measure_gives_says_why():
    frame = tracked().framework()
    others = frame[~frame.computed]
    assert len(others) == 2 * sum(not one.measure for one in FRAMEWORK)
    assert others.note.str.len().min() > 10
    assert {one.measure for one in FRAMEWORK if one.measure} == {
        "readmissions_30d_share",
        "at_home_91d_share",
        PER_100_000,
    }


def test_trackers_are_kept_in_the_run_folder_and_read_back(tmp_path):
    done = tracked()
    write(done, tmp_path / "run", configs=dict.fromkeys(done.record.names, TEXT))
    back = read(tmp_path / "run")[0]
    for name in TRACKERS:
        assert back.tracker(name).equals(done.tracker(name)), name


def test_a_folder_of_before_a_column_was_counted_is_still_shown():
    done = tracked()
    life = done.record.trackers["life"]
    kept = [place for place, name in enumerate(life.columns) if name != "over_six_weeks"]
    older = replace(life, columns=tuple(life.columns[place] for place in kept), values=life.values[..., kept])
    back = Comparison(replace(done.record, trackers=done.record.trackers | {"life": older}))
    heads = next(one["heads"] for one in section(back)["trackers"] if one["title"].startswith("LIFE tracker"))
    assert len(heads) == len(LIFE_COLUMNS) - 1
    show(back, "after")


def test_the_page_repeats_the_definitions_and_shows_the_scenario_with_life():
    found = section(tracked())
    life = next(one for one in found["trackers"] if one["title"].startswith("LIFE tracker"))
    assert life["title"] == "LIFE tracker: After"
    assert [words for _, words in life["definitions"]] == list(LIFE_COLUMNS.values())
    assert life["months"][-1].name == "All months"


def test_the_dashboard_command_prints_the_trackers_and_writes_csv_files(tmp_path):
    from typer.testing import CliRunner

    from flowsim.cli.app import app

    done = tracked()
    write(done, tmp_path / "run", configs=dict.fromkeys(done.record.names, TEXT))
    result = CliRunner().invoke(app, ["dashboard", str(tmp_path / "run"), "--out", str(tmp_path / "out")])
    assert result.exit_code == 0
    assert "life: after" in result.stdout
    assert "not computable" in result.stdout
    assert (tmp_path / "out" / "life.csv").read_text().splitlines()[0].startswith("scenario,entrance,month,referrals")


def test_a_scenario_that_is_not_in_the_folder_is_refused_before_anything_is_written(tmp_path):
    from typer.testing import CliRunner

    from flowsim.cli.app import app

    done = tracked()
    write(done, tmp_path / "run", configs=dict.fromkeys(done.record.names, TEXT))
    words = ["dashboard", str(tmp_path / "run"), "--scenario", "sooner", "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(app, words)
    assert (result.exit_code, (tmp_path / "out").exists()) == (2, False)
    assert "there are: before, after" in result.stderr


def test_a_support_that_ended_is_not_yet_known_before_its_six_weeks_are_over():
    log = with_life()  # the person turned round at the door on day 32 left LIFE on day 50
    found = trackers(log, (0.0, 60.0))["life"].values[ENTRANCES.index("front_door"), 1]
    assert dict(zip(LIFE_COLUMNS, found, strict=True))["not_yet_known"] == 1.0


def test_the_tracker_of_one_run_is_a_frame_of_its_counts():
    frame = huddled().tracker("huddles")
    assert frame.iloc[0].tolist() == ["Practice 1", "2017-04", 2.0, 17.0, 3.0, 2.0, 1.0, 0.0]
    assert len(frame) == 2 * 2  # practices and months


def test_a_journey_tells_the_steps_of_those_who_met_both_in_order():
    frame = with_life().journeys()
    assert sorted(set(frame["patient_id"])) == [1, 3, 4]
    assert [tuple(row) for row in frame[frame.patient_id == 3][["time", "service", "step"]].to_numpy()] == [
        (26.0, "hospital", "presents: admitted"),
        (31.0, "hospital", "leaves"),
        (31.0, "life", "referred"),
        (31.0, "life", "begins"),
        (33.0, "life", "ends: back to hospital"),
        (50.0, "huddle", "taken on"),
        (90.0, "huddle", "support ends"),
    ]


def test_nobody_who_met_only_one_service_is_in_the_journeys():
    assert huddled().journeys().empty
