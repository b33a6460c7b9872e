"""One replication made again for neighbours: vidigi and what it draws, pm4py, bupaR."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from logs import NAN, World
from typer.testing import CliRunner

from flowsim.cli.app import app
from flowsim.config.evidence import load_evidence
from flowsim.config.load import read
from flowsim.config.resolved import resolved_yaml
from flowsim.eventlog import vidigi_frame
from flowsim.events import AVERTED_HUDDLE, IN_COMMUNITY
from flowsim.experiment import Comparison, compare
from flowsim.experiment.folder import write
from flowsim.experiment.reading import read as read_run
from flowsim.exports import OF_ONE_REPLICATION, ExportError, Options, export, write_files
from flowsim.exports.again import again, window_of
from flowsim.exports.animated_page import animate
from flowsim.exports.animation import MOST_POINTS, TooMuchError, animation
from flowsim.exports.layout import ROW
from flowsim.exports.snapshots import counted, delayed, moments
from flowsim.exports.vidigi import drawn, settings
from flowsim.uncertain.draw import draw
from flowsim.uncertain.experiments import compare as compare_sets
from flowsim.uncertain.unknowns import unknowns_of

pytestmark = pytest.mark.unit

SHORT = ["clock.start=2017-12-20", "clock.warm_up_days=8", "clock.window_days=12"]
FOUR_DAYS = "2018-01-01:2018-01-05"
WINDOW = (12.0, 16.0)


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory):
    """A run folder of two scenarios over some days, two replications."""
    loaded = {name: read(name, SHORT) for name in ("do_nothing", "transition_year")}
    result = compare(*(one.scenario for one in loaded.values()), replications=2, seed=5, jobs=1)
    folder = tmp_path_factory.mktemp("runs") / "short"
    write(result, folder, configs={name: resolved_yaml(one) for name, one in loaded.items()})
    return folder


@pytest.fixture(scope="module")
def log(run_dir):
    return again(run_dir, Options()).log


@pytest.fixture(scope="module")
def one(log):
    return drawn(log, WINDOW)


@pytest.fixture(scope="module")
def figure(log):
    return animation(log, WINDOW, every_hours=12)


@pytest.fixture(scope="module")
def files(run_dir, tmp_path_factory):
    """Folders of what was exported."""
    out = tmp_path_factory.mktemp("exports")
    for target in ("vidigi", "pm4py", "bupar"):
        export(run_dir, target, out / target, Options(window=FOUR_DAYS))
    return out


def story(world: World) -> list[tuple[float, str, str]]:
    frame = vidigi_frame(world.log())
    return list(zip(frame["time"], frame["event_type"], frame["event"], strict=True))


def test_who_keeps_a_slot_while_in_a_ward_is_in_the_ward():
    world = World()
    row = world.spell(at=1.0, discharged=5.0)
    world.stay(row, "Ward 1", 1.0, 5.0)
    world.stay(row, "LIFE", 3.0, 9.0, queued=2.0)
    assert story(world) == [
        (24.0, "arrival_departure", "arrival"),
        (24.0, "resource_use", "Ward 1_begins"),
        (120.0, "resource_use_end", "Ward 1_ends"),
        (120.0, "resource_use", "LIFE_begins"),
        (216.0, "resource_use_end", "LIFE_ends"),
        (216.0, "arrival_departure", "depart"),
    ]


def test_waiting_for_any_bed_is_one_wait():
    world = World()
    row = world.spell(at=1.0, discharged=5.0)
    world.stay(row, "AMU", 1.5, 2.0, queued=1.0)
    world.stay(row, "Ward 1", 2.0, 5.0, queued=1.75)
    assert [event for _, _, event in story(world)] == [
        *("arrival", "waiting_for_bed", "AMU_begins", "AMU_ends", "Ward 1_begins", "Ward 1_ends", "depart")
    ]


def test_a_wait_that_was_given_up_is_over():
    world = World()
    row = world.spell(at=1.0, door=IN_COMMUNITY)
    world.stay(row, "LIFE", NAN, 3.0, queued=1.0)
    world.stay(row, "Reablement", 3.0, 5.0)
    assert [event for _, _, event in story(world)] == [*("arrival", "LIFE_wait_begins", "Reablement_begins", "depart")]


def test_places_without_a_limit_are_queues_without_numbers():
    world = World()
    row = world.spell(at=1.0, door=IN_COMMUNITY)
    world.stay(row, "Home care", 1.0, 5.0)
    frame = vidigi_frame(world.log())
    assert frame["event_type"].tolist() == ["arrival_departure", "queue", "arrival_departure"]
    assert frame["resource_id"].isna().all()


def test_who_is_in_no_place_for_a_while_is_between_places():
    world = World()
    row = world.spell(at=1.0, discharged=2.0)
    world.stay(row, "Ward 1", 1.0, 2.0)
    world.stay(row, "Home care", 4.0, 6.0)
    assert (48.0, "queue", "between_places") in story(world)


def test_who_is_kept_well_comes_and_goes_at_once():
    world = World()
    world.spell(at=2.0, door=AVERTED_HUDDLE)
    assert [event for _, _, event in story(world)] == ["arrival", "averted_huddle", "depart"]


def test_a_window_keeps_all_who_are_there_with_what_they_did_before():
    world = World()
    world.in_bed(1.0, 2.0)
    world.in_bed(1.0, 6.0, place="Ward 2")
    world.in_bed(9.0)
    frame = vidigi_frame(world.log(), (3.0, 5.0))
    assert frame["entity_id"].tolist() == [1, 1]
    assert frame["event"].tolist() == ["arrival", "Ward 2_begins"]


def test_nobody_is_lost_on_the_way_to_vidigi(log):
    frame = log.to_vidigi()
    assert sorted(frame.loc[frame["event"] == "arrival", "entity_id"]) == list(range(len(log.spell["at"])))


def test_everybody_there_is_in_one_place_at_each_moment(log, one):
    hours = moments(one, 12)
    spans = log.to_vidigi().pivot_table(index="entity_id", columns="event", values="time")
    there = [int(((spans["arrival"] <= hour) & ~(spans["depart"] <= hour)).sum()) for hour in hours]
    passing = ("averted_huddle", "averted_initiative", "diverted")  # are shown at one moment after they have gone
    now = [sum(number for name, number in at.items() if name not in passing) for at in counted(one, hours)]
    assert now == there


def test_no_bed_holds_two(one):
    last = one.log[one.log["event_type"].isin(["resource_use", "resource_use_end"])]
    for _, rows in last.groupby("unique_resource_id"):
        kinds = rows["event_type"].tolist()
        assert kinds[::2] == ["resource_use"] * len(kinds[::2])
        assert kinds[1::2] == ["resource_use_end"] * len(kinds[1::2])


def test_the_wards_of_the_picture_hold_as_many_as_the_record(log, one):
    hours = moments(one, 24)
    entered, left = (log.stay[name].astype(float) for name in ("entered", "left"))
    inside = [int((log.of_kind("ward") & (entered <= hour / 24) & (left > hour / 24)).sum()) for hour in hours]
    wards = [f"{place.name}_begins" for place in log.places if place.kind == "ward"]
    assert [sum(at.get(name, 0) for name in wards) for at in counted(one, hours)] == inside


def test_who_is_ready_and_in_a_bed_is_counted_as_late(log, one):
    spell = {name: log.spell[name].astype(float) for name in ("ready", "discharged")}
    day = one.begin / 24
    late = int(((spell["ready"] <= day) & ~(spell["discharged"] <= day)).sum())
    assert delayed(one, log, [one.begin, one.begin + 24])[0] == late


def test_every_event_that_is_drawn_has_a_position(one):
    drawn_events = set(one.log.loc[one.log["event_type"] != "resource_use_end", "event"])
    assert drawn_events <= set(one.layout.frame()["event"])


def test_positions_are_on_the_page_and_apart(one):
    frame = one.layout.frame()
    assert not frame.duplicated(["x", "y"]).any()
    assert not frame["event"].duplicated().any()
    assert frame["x"].between(0, one.layout.width).all()
    assert frame["y"].between(0, one.layout.height).all()


def test_blocks_of_a_column_do_not_overlap(one):
    for x in {block.x for block in one.layout.blocks}:
        spans = sorted((block.y, block.y + block.rows * ROW) for block in one.layout.blocks if block.x == x)
        assert all(top <= bottom for (_, top), (bottom, _) in itertools.pairwise(spans))


def test_vidigi_takes_the_files_as_the_readme_says(files, monkeypatch):
    """The newest vidigi, with warnings as errors as in all tests."""
    monkeypatch.chdir(files / "vidigi")
    lines = [line[4:] for line in Path("README.txt").read_text().splitlines() if line.startswith("    ")]
    found: dict[str, Any] = {}
    exec("\n".join([*lines[:-1], "figure = " + lines[-1].removesuffix(".show()")]), found)
    names = [frame.name for frame in found["figure"].frames]
    assert (names[0], names[-1], len(names)) == ("Mon 01 Jan 2018, 00:00", "Fri 05 Jan 2018, 00:00", 17)


def test_vidigi_sees_everybody_who_is_there(files):
    from vidigi.prep import reshape_for_animations

    frame = pd.read_csv(files / "vidigi" / "vidigi.csv")
    shots = reshape_for_animations(frame, 24, limit_duration=360, warm_up=336, step_snapshot_max=10_000)
    spans = frame.pivot_table(index="entity_id", columns="event", values="time")
    there = ((spans["arrival"] <= 336) & ~(spans["depart"] < 336)).sum()
    assert shots[(shots["snapshot_time"] == 336)]["entity_id"].nunique() == there


def test_hours_are_whole_where_days_are(log):
    frame = log.to_vidigi()
    at_midnight = frame["timestamp"].dt.normalize() == frame["timestamp"]
    assert (frame.loc[at_midnight, "time"] % 24 == 0).all()


def test_settings_name_every_place_that_has_beds(one, log):
    places = one.layout.frame()["resource"].dropna()
    assert set(places) <= set(settings(one, log)["scenario"])


def test_the_figure_counts_everybody_and_says_who_is_not_drawn(figure, one):
    now = counted(one, moments(one, 12))[0]
    words = " ".join(str(text) for trace in figure.frames[0].data for text in trace.text)
    assert f"Home care  <b>{now['Home care_begins']:,}</b>" in words
    assert f"+ {now['Home care_begins'] - 30:,} more" in words


def test_the_figure_draws_each_person_in_a_ward_once(figure, one):
    now = counted(one, moments(one, 12))[3]
    people = figure.frames[3].data[0]
    block = next(block for block in one.layout.blocks if block.event == "Ward 1_begins")
    inside = [x for x, y in zip(people.x, people.y, strict=True) if x >= block.x and 0 <= y - block.y < block.rows * 17]
    of_column = [x for x in inside if x < block.x + 15 * 13]
    assert len(of_column) == now["Ward 1_begins"]


def test_names_with_tags_are_shown_as_words():
    world = World(places=(("<b>Ward</b>", "ward", 2.0), ("=A&E", "a_and_e", float("inf"))))
    world.in_bed(1.0, 6.0, place="<b>Ward</b>")
    world.in_bed(2.0, 7.0, place="<b>Ward</b>")
    figure = animation(world.log(), (3.0, 5.0), every_hours=24)
    assert "&lt;b&gt;Ward&lt;/b&gt;  <b>2 of 2</b>" in figure.frames[0].data[1].text[0]


def test_an_empty_window_is_refused_in_words():
    with pytest.raises(ValueError, match="nobody is there"):
        animation(World().log(), (3.0, 5.0))


def test_too_much_to_play_says_what_fits(log):
    with pytest.raises(TooMuchError, match=r"show at most \d+ days, or a snapshot every \d+ hours"):
        animation(log, WINDOW, every_hours=1, at_most=MOST_POINTS)


def test_the_page_is_whole_quiet_and_says_what_it_is(run_dir, tmp_path):
    path = animate(run_dir, tmp_path / "a" / "page.html", Options(window="2018-01-01:2018-01-02"), every_hours=12)
    text = path.read_text(encoding="utf-8")
    assert "<h1>Transition year, as reported: 1 January 2018 to 2 January 2018</h1>" in text
    assert "<script src=" not in text
    assert "<link" not in text.split("<script")[0]
    assert '<button id="play"' in text
    assert "replication 0 of seed 5" in text
    assert path.stat().st_size < 6_500_000


def test_pm4py_has_all_of_those_who_presented_in_the_window(files, log):
    frame = pd.read_csv(files / "pm4py" / "pm4py.csv")
    at = log.spell["at"].astype(float)
    assert sorted(frame["case:concept:name"].unique()) == np.flatnonzero((at >= 12) & (at < 16)).tolist()
    assert pd.to_datetime(frame["time:timestamp"], format="ISO8601").max() > pd.Timestamp(2018, 1, 5)


@pytest.mark.parametrize("target", ["pm4py", "bupar"])
def test_one_table_is_written_to_the_file_that_is_named(run_dir, files, tmp_path, target):
    file = tmp_path / "below" / "p.CSV"
    assert export(run_dir, target, file, Options(window=FOUR_DAYS)) == [file]
    assert file.read_bytes() == (files / target / f"{target}.csv").read_bytes()
    assert [one.name for one in file.parent.iterdir()] == ["p.CSV"]
    with pytest.raises(ExportError, match="is there already; give another file with --out, or --force"):
        export(run_dir, target, file, Options(window=FOUR_DAYS))


def test_pm4py_columns_are_those_of_the_standard(files):
    head = (files / "pm4py" / "pm4py.csv").read_text().splitlines()[0]
    assert head.split(",")[:5] == [
        *("case:concept:name", "concept:name", "time:timestamp", "lifecycle:transition", "org:resource")
    ]


def test_what_became_of_somebody_at_the_door_is_complete_for_pm4py():
    world = World()
    world.spell(at=2.0, door=AVERTED_HUDDLE)
    frame = world.log().to_pm4py()
    assert frame.loc[frame["concept:name"] == "averted_huddle", "lifecycle:transition"].tolist() == ["complete"]


def test_bupar_has_a_row_for_each_activity_of_those_people(files, log):
    frame = pd.read_csv(files / "bupar" / "bupar.csv")
    who = np.flatnonzero((log.spell["at"].astype(float) >= 12) & (log.spell["at"].astype(float) < 16))
    stays = np.isin(log.stay["spell"].astype(int), who).sum()
    assert len(frame) == len(who) + stays
    assert frame.columns[:6].tolist() == ["case_id", "activity", "resource", "schedule", "start", "complete"]


def test_each_export_comes_with_how_to_read_it(files):
    for name, call in (("vidigi", "animate_activity_log("), ("pm4py", "format_dataframe("), ("bupar", "activitylog(")):
        assert call in (files / name / "README.txt").read_text()


def test_names_of_the_users_are_no_formulas(tmp_path):
    world = World(places=(("=1+1", "ward", 2.0), ("A&E", "a_and_e", float("inf"))))
    world.in_bed(1.0, 6.0, place="=1+1")
    one = drawn(world.log(), (0.0, 5.0))
    write_files(tmp_path, {"log.csv": one.log, "layout.csv": one.layout.frame()})
    assert "'=1+1_begins" in (tmp_path / "log.csv").read_text()
    assert not [line for line in (tmp_path / "layout.csv").read_text().splitlines() if line.startswith("=")]


def test_another_replication_is_another_log(run_dir, log):
    other = again(run_dir, Options(replication=1, scenario="do_nothing"))
    assert (other.log.scenario, other.log.run_number) == ("do_nothing", 1)
    assert len(other.log.spell["at"]) != len(log.spell["at"])


def test_a_replication_that_is_not_the_one_kept_is_refused(run_dir, tmp_path):
    results, configs, _ = read_run(run_dir)
    record = replace(results.record, values=results.record.values + 1.0)
    write(Comparison(record), tmp_path / "other", configs={name: resolved_yaml(one) for name, one in configs.items()})
    with pytest.raises(ExportError, match="does not give the numbers kept there"):
        again(tmp_path / "other", Options())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options(scenario="do_nothin"), "did you mean do_nothing?"),
        (Options(replication=2), "there are 0 to 1"),
        (Options(window="2018-01-05:2018-01-01"), "ends before it has begun"),
        (Options(window="2018-01-01:2018-09-01"), "is not within the run, which is from 2017-12-20 to 2018-01-09"),
        (Options(window="last week"), "is not two dates such as"),
        (Options(window="2018-01-01"), "is not two dates such as"),
    ],
)
def test_what_is_not_there_is_said(run_dir, options, words):
    with pytest.raises(ExportError) as error:
        again(run_dir, options)
    assert words in str(error.value)


@pytest.fixture(scope="module")
def drawn_sets(tmp_path_factory):
    """A run folder of two scenarios in two parameter sets, two replications of each, and the sets."""
    loaded = {name: read(name, SHORT) for name in ("do_nothing", "transition_year")}
    scenarios = [one.scenario for one in loaded.values()]
    result = compare_sets(*scenarios, uncertain=2, seed=0, jobs=1)
    folder = tmp_path_factory.mktemp("runs") / "sets"
    write(result, folder, configs={name: resolved_yaml(one) for name, one in loaded.items()})
    return folder, draw(unknowns_of(scenarios, load_evidence()), 2, 0)


@pytest.mark.parametrize("replication", [0, 1, 2, 3])
def test_a_replication_of_a_parameter_set_is_made_again_as_it_was(drawn_sets, replication):
    """Its numbers are held against those kept, and its scenario is that of the set."""
    folder, sets = drawn_sets
    found = again(folder, Options(scenario="transition_year", replication=replication))
    assert found.log.fingerprint == sets.scenarios(replication // 2)[1].fingerprint
    assert (
        f"replication {replication} of seed 0 (parameter set {replication // 2} of those drawn, 0 to 1)" == found.which
    )


def test_a_replication_of_another_parameter_set_is_not_taken_for_it(drawn_sets, tmp_path):
    """As if what the sets lay over the scenarios had been mixed up."""
    results, configs, _ = read_run(drawn_sets[0])
    sets = replace(results.record.sets, laid=results.record.sets.laid[::-1])
    texts = {name: resolved_yaml(one) for name, one in configs.items()}
    write(Comparison(replace(results.record, sets=sets)), tmp_path / "mixed", configs=texts)
    with pytest.raises(ExportError, match="does not give the numbers kept there"):
        again(tmp_path / "mixed", Options())


def test_all_targets_of_one_replication_take_parameter_sets(drawn_sets, tmp_path):
    options = Options(replication=3, window="2018-01-01:2018-01-02")
    for target in OF_ONE_REPLICATION:
        export(drawn_sets[0], target, tmp_path / target, options)
    page = animate(drawn_sets[0], tmp_path / "page.html", options, every_hours=12).read_text(encoding="utf-8")
    texts = [page, *((tmp_path / target / "README.txt").read_text() for target in OF_ONE_REPLICATION)]
    assert [text.count("(parameter set 1 of those drawn, 0 to 1)") for text in texts] == [1, 1, 1, 1]


def test_a_folder_that_does_not_keep_its_parameter_sets_says_what_to_do(drawn_sets, tmp_path):
    results, configs, _ = read_run(drawn_sets[0])
    record = replace(results.record, sets=replace(results.record.sets, laid=()))
    write(Comparison(record), tmp_path / "old", configs={name: resolved_yaml(one) for name, one in configs.items()})
    with pytest.raises(ExportError, match=r"\(--uncertain\).*run its command again with this version"):
        again(tmp_path / "old", Options())


def test_unknown_scenario_and_replication_are_told_at_once(run_dir):
    with pytest.raises(ExportError, match=r"(?s)--scenario nobody.*--replication 7"):
        again(run_dir, Options(scenario="nobody", replication=7))


def test_a_window_of_tables_is_refused(run_dir):
    with pytest.raises(ExportError, match="mean nothing to --to csv"):
        export(run_dir, "csv", None, Options(window=FOUR_DAYS))


def test_two_weeks_are_shown_unless_asked_otherwise():
    scenario = read("do_nothing").scenario
    assert window_of(None, scenario, 14) == (180.0, 194.0)
    assert window_of(None, scenario) == scenario.clock.window


@pytest.fixture
def flowsim(tmp_path, monkeypatch):
    """Type a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, list(map(str, words)), prog_name="flowsim")


def test_a_file_in_the_way_is_kept(flowsim, run_dir, tmp_path):
    (tmp_path / "mine.html").write_text("mine")
    result = flowsim("animate", run_dir, "--out", "mine.html")
    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert (tmp_path / "mine.html").read_text() == "mine"


@pytest.mark.parametrize("every", ["0", "soon", "-3h", "1.5h"])
def test_a_step_that_is_no_whole_number_of_hours_is_refused(flowsim, run_dir, every):
    result = flowsim("animate", run_dir, f"--every={every}")
    assert result.exit_code == 2
    assert "is not a whole number of hours" in result.stderr


@pytest.mark.parametrize("words", [["animate", "nowhere"], ["export", "nowhere", "--to", "vidigi"]])
def test_a_folder_that_is_none_is_said(flowsim, words):
    result = flowsim(*words)
    assert result.exit_code == 2
    assert "is no run folder" in result.stderr


def test_the_command_says_how_large_the_page_is(flowsim, run_dir):
    result = flowsim("animate", run_dir, "--window", "2018-01-01:2018-01-02", "--every", "12h", "--out", "page.html")
    assert result.exit_code == 0, result.stderr
    assert "wrote page.html (" in result.stdout


def test_without_the_extra_the_command_says_what_to_install(run_dir, tmp_path):
    """In a Python that finds no vidigi: an empty module of that name comes first on its path."""
    (tmp_path / "vidigi").mkdir()
    (tmp_path / "vidigi" / "__init__.py").write_text("raise ImportError('not installed')\n")
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    words = [sys.executable, "-m", "flowsim", "animate", str(run_dir), "--out", str(tmp_path / "page.html")]
    result = subprocess.run(words, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "pip install 'croydon-flowsim[anim]'" in result.stderr
    assert "Traceback" not in result.stderr
