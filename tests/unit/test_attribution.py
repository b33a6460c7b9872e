"""Attribution of many parts: Shapley values of made-up games, parts that make up the whole, a world by hand."""

from __future__ import annotations

import csv
import itertools
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import flowsim as fs
from flowsim.attribution import (
    Asked,
    PartsError,
    attributed,
    exact,
    paired_orders,
    programme_of,
    question_of,
    sampled,
    sets_of,
)
from flowsim.cli.app import app
from flowsim.sweeps.api import Options

pytestmark = pytest.mark.unit

SHORT = ["clock.warm_up_days=2", "clock.window_days=10"]
NOBODY = {"phase": "3", "on": True, "multiplies": {"presentations": 0.0}}
PROGRAMME: dict[str, Any] = {
    "first": NOBODY,
    "second": NOBODY,
    "talk": {"phase": "1", "on": True, "note": "no number in the sources"},
    "later": NOBODY | {"strength": {"from": 0.0, "steps": {"2030-01-01": 1.0}}},
    "never": NOBODY | {"on": False},
}
"""Two that keep everybody away, alone as well as together; what is left has no effect."""


# -- games -------------------------------------------------------------------------------------------------------------


@st.composite
def games(draw: st.DrawFn, most: int = 6) -> tuple[int, dict[int, np.ndarray]]:
    """Some players, and the worth of each set in three replications; whole numbers, so that sums are exact."""
    players = draw(st.integers(1, most))
    numbers = st.lists(st.integers(-1000, 1000), min_size=3, max_size=3)
    worth = {one: np.array(draw(numbers), dtype=float) for one in range(1, 1 << players)}
    return players, {0: np.zeros(3), **worth}


@given(games())
@settings(max_examples=40, deadline=None)
def test_shapley_values_add_up_to_the_whole_in_every_replication(game):
    players, worth = game
    assert exact(worth, players).sum(axis=0) == pytest.approx(worth[(1 << players) - 1], abs=1e-9)


@given(games(most=4))
@settings(max_examples=25, deadline=None)
def test_shapley_values_are_what_a_player_adds_on_average_over_all_orders(game):
    players, worth = game
    orders = list(itertools.permutations(range(players)))
    pairs = [order for one in orders for order in (one, one[::-1])]
    assert exact(worth, players) == pytest.approx(sampled(worth, pairs)[0], abs=1e-9)


@given(games(), st.integers(0, 5), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_players_that_add_the_same_everywhere_have_the_same_value(game, one, other):
    players, worth = game
    one, other = one % players, other % players

    def swapped(members: int) -> int:
        bits = [members >> place & 1 for place in range(players)]
        bits[one], bits[other] = bits[other], bits[one]
        return sum(bit << place for place, bit in enumerate(bits))

    even = {members: worth[members] + worth[swapped(members)] for members in worth}
    values = exact(even, players)
    assert values[one] == pytest.approx(values[other], abs=1e-9)


@given(games(), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_a_player_that_never_adds_anything_has_no_value_and_changes_none(game, place):
    players, worth = game
    place = place % (players + 1)
    below = (1 << place) - 1
    wider = {m: worth[m & below | m >> 1 & ~below] for m in range(1 << players + 1)}
    values = exact(wider, players + 1)
    assert values[place] == pytest.approx(np.zeros(3), abs=1e-9)
    assert np.delete(values, place, axis=0) == pytest.approx(exact(worth, players), abs=1e-9)


@given(games(), st.integers(1, 8), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_sampled_values_add_up_too_whatever_the_orders(game, pairs, seed):
    players, worth = game
    values, _ = sampled(worth, paired_orders(players, pairs, seed))
    assert values.sum(axis=0) == pytest.approx(worth[(1 << players) - 1], abs=1e-9)


def test_sampled_values_are_near_the_exact_ones_within_their_standard_error():
    luck = np.random.default_rng(5)
    worth = {one: luck.normal(0.0, 1.0, 4) * (one > 0) for one in range(1 << 7)}
    far = []
    for seed in range(60):
        values, errors = sampled(worth, paired_orders(7, 32, seed))
        far += list((values.mean(axis=1) - exact(worth, 7).mean(axis=1)) / errors)
    # 420 standardised errors: a mean near 0 and a spread near that of t with 31 degrees of freedom (1.03).
    assert abs(np.mean(far)) < 0.15
    assert 0.85 < np.std(far) < 1.2


def test_every_order_is_followed_by_its_reverse_and_depends_on_the_seed():
    orders = paired_orders(9, 3, 0)
    assert [one[::-1] for one in orders[::2]] == orders[1::2]
    assert orders == paired_orders(9, 3, 0)
    assert orders != paired_orders(9, 3, 1)


def test_orders_need_only_the_sets_on_their_way():
    assert sets_of(3) == list(range(8))
    assert sets_of(3, [(0, 1, 2), (2, 1, 0)]) == [0, 1, 3, 4, 6, 7]


# -- parts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "alternative"),
    [
        ("do_nothing", "transition_year"),
        ("transition_year", "sceptical"),
        ("do_nothing", "d2a_only"),
        ("ten_year/do_nothing", "ten_year/all_phases"),
        ("ten_year/phase1", "ten_year/sceptical_all_phases"),
    ],
)
def test_no_part_is_the_base_and_all_parts_are_the_alternative(base, alternative):
    one, other = fs.load(base), fs.load(alternative)
    programme = programme_of(one, other)
    assert programme.scenario(0).fingerprint == one.fingerprint
    assert programme.scenario(programme.everything).fingerprint == other.fingerprint
    assert list(programme.scenario(programme.everything).initiatives) == list(other.initiatives)


def test_parts_are_the_sections_that_differ_then_the_initiatives_with_an_effect():
    programme = programme_of(fs.load("ten_year/do_nothing"), fs.load("ten_year/all_phases"))
    sections = ["huddles", "d2a", "front_door", "life_capacity", "life_episodes", "life_referrals"]
    assert programme.names == (*sections, "icn_plus", "life_plus", "buurtzorg")
    assert {"pics", "care_homes", "back_office"} <= {one.name for one in programme.idle}
    why = {one.name: one.why for one in programme.idle}
    assert [why[name] for name in ("pics", "mental_health")] == ["no effect stated"] * 2
    money = ("planned_care", "care_homes", "social_isolation", "social_prescribing", "back_office")
    assert {why[name] for name in money} == {"money only, see flowsim money"}


def test_a_set_has_its_parts_and_nothing_of_the_others():
    base, other = fs.load("do_nothing"), fs.load("transition_year")
    programme = programme_of(base, other)
    only = programme.scenario(1 << programme.names.index("life_capacity"))
    assert only.life.slots == other.life.slots
    assert only.with_(life={"slots": base.life.slots}).fingerprint == base.fingerprint


def test_one_that_ended_before_the_run_is_not_run():
    ended = {"phase": "3", "on": True, "multiplies": {"presentations": 0.5}}
    ended |= {"strength": {"from": 0.0, "steps": {"2014-04-01": 1.0, "2015-04-01": 0.0}}}
    other = full_world().with_(initiatives={"ended": ended})
    why = {one.name: one.why for one in programme_of(base_world(), other).idle}
    assert why["ended"] == "not in force in these runs"


def test_an_initiative_that_begins_after_the_run_is_not_run():
    programme = programme_of(base_world(), full_world())
    assert programme.names == ("first", "second")
    assert {one.name: one.why for one in programme.idle} == {
        "talk": "no effect stated",
        "later": "not in force in these runs",
    }


def test_parts_of_ones_own_take_what_differs_under_their_paths():
    programme = programme_of(fs.load("do_nothing"), fs.load("transition_year"), {"d2a_with_life": ["d2a", "life"]})
    assert programme.names == ("d2a_with_life", "huddles", "front_door")
    assert len(programme.parts[0].paths) == 4


def test_parts_that_are_valid_only_together_are_one():
    whole = fs.load("transition_year")
    bare = whole.with_(front_door=None, life=None, d2a=None)
    programme = programme_of(bare, whole)
    assert programme.names == ("d2a", "life_and_front_door")
    assert programme.scenario(3).fingerprint == whole.fingerprint


def test_a_programme_of_initiatives_without_effect_cannot_be_taken_apart():
    world = base_world().with_(initiatives={"talk": PROGRAMME["talk"]})
    with pytest.raises(PartsError, match="in nothing that a run could tell; no effect: talk"):
        programme_of(base_world(), world)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"x": ["life.slotz"]}, "life.slotz: nothing differs there; what differs: d2a.units_live"),
        ({"x": ["life.episode.sigma"]}, "life.episode is one value and cannot be taken apart; name life.episode"),
        ({"x": ["life"], "y": ["life.slots"]}, "part y: life.slots: belongs to part x already"),
        ({"all": ["life"]}, "part 'all': is no name for a part"),
        ({"life_capacity": ["d2a"]}, "part life_capacity: is the name of another part too"),
        ({"x": []}, "part x: names no path"),
    ],
)
def test_parts_that_cannot_be_are_refused_with_the_reason(parts, says):
    with pytest.raises(PartsError) as caught:
        programme_of(fs.load("do_nothing"), fs.load("transition_year"), parts)
    assert says in str(caught.value)


def test_all_that_is_wrong_is_said_at_once():
    asked = Asked(("bed_day", "escalation_bed_dayz"), {"x": ["nothing"]}, orders=3)
    with pytest.raises(PartsError) as caught:
        question_of(fs.load("do_nothing"), fs.load("transition_year"), asked)
    lines = str(caught.value)
    assert [word in lines for word in ("did you mean bed_days?", "escalation_bed_days?", "part x", "orders")] == [
        True
    ] * 4


def test_a_measure_that_neither_scenario_has_is_named_once():
    with pytest.raises(PartsError) as caught:
        question_of(fs.load("do_nothing"), fs.load("transition_year"), Asked(measures=("bed_dayz",)))
    assert str(caught.value) == "no measure is called 'bed_dayz'; did you mean bed_days?"


# -- a world worked out by hand ----------------------------------------------------------------------------------------


def base_world():
    return fs.load("theory/mmc", SHORT)


def full_world():
    return base_world().with_(name="full", initiatives=PROGRAMME)


def measured(measure: str, replications: int) -> np.ndarray:
    """A measure of the base in each replication."""
    rows = fs.run(base_world(), replications, jobs=1).replications
    return rows[rows["measure"] == measure]["value"].to_numpy()


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attribution") / "out"
    return fs.attribute(base_world(), full_world(), shapley=True, replications=4, jobs=1, out=folder)


def test_two_that_do_the_same_are_each_everything_alone_nothing_last_and_half_by_shapley(found):
    bed_days = measured("bed_days", 4)
    frame = found.replications
    values = {(part, effect): rows["value"].to_numpy() for (part, effect), rows in frame.groupby(["part", "effect"])}
    for part in ("first", "second"):
        assert values[part, "alone"] == pytest.approx(bed_days)
        assert values[part, "last"] == pytest.approx(np.zeros(4))
        assert values[part, "shapley"] == pytest.approx(bed_days / 2.0)
    assert values["all", "together"] == pytest.approx(bed_days)
    assert values["interaction", "interaction"] == pytest.approx(-bed_days)


def test_the_summary_has_intervals_and_a_zero_for_what_was_not_run(found):
    rows = found.summary().set_index(["part", "effect"])
    whole = rows.loc[("all", "together")]
    assert whole["ci_low"] < whole["mean"] < whole["ci_high"]
    assert whole["n"] == 4
    assert whole["unit"] == "days"
    talk = rows.loc[("talk", "shapley")]
    assert (talk["mean"], talk["ci_low"], talk["ci_high"], talk["note"]) == (0.0, 0.0, 0.0, "no effect stated")


def test_it_says_in_words_what_it_found(found):
    text = repr(found)
    assert "by its 2 parts together" in text
    assert "together the parts do less than the sum of each alone" in text
    assert "Not run, as they change nothing (no effect stated): talk." in text


def test_the_picture_names_each_part_that_was_run(found):
    ax = found.plot()
    labels = [one.get_text() for one in ax.get_yticklabels()]
    assert labels == ["First", "Second", "Interaction", "All parts together"]


def test_other_measures_are_differences_from_the_base():
    done = fs.attribute(base_world(), full_world(), measures=["admissions", "bed_days"], replications=2, jobs=1)
    (whole,) = done.of("admissions", "together")
    assert whole.values == pytest.approx(-measured("admissions", 2))
    assert not done.of("admissions", "shapley")
    assert len(done.of("bed_days", "alone")) == 4


def test_a_measure_that_a_set_of_parts_has_not_is_said_to_have_no_value():
    done = fs.attribute(
        base_world(), full_world(), measures=["bed_days", "length_of_stay_mean"], replications=2, jobs=1
    )
    assert "length of stay mean: there is no replication in which every set of parts has a value" in repr(done)
    assert done.plot("length_of_stay_mean").get_yticklabels()


def test_one_replication_gives_effects_without_intervals():
    done = fs.attribute(base_world(), full_world(), measures="bed_days", replications=1, jobs=1)
    assert "one replication gives no interval" in repr(done)


def test_more_than_eight_parts_are_sampled_with_a_standard_error():
    many = {f"p{number}": NOBODY | {"multiplies": {"presentations": 0.9}} for number in range(9)}
    world = base_world().with_(initiatives=many)
    done = fs.attribute(base_world(), world, shapley=True, orders=4, replications=2, jobs=1)
    assert len(done.question.sets) < 60
    errors = [one.sampling_se for one in done.of("bed_days_saved", "shapley")]
    assert np.isfinite(errors).all()
    assert max(errors) > 0.0
    (whole,) = done.of("bed_days_saved", "together")
    total = np.sum([one.values for one in done.of("bed_days_saved", "shapley")], axis=0)
    assert total == pytest.approx(whole.values)


def test_what_was_finished_before_a_stop_is_used_by_the_next_run(tmp_path):
    question = question_of(base_world(), full_world(), Asked(replications=4))

    def stop(done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    cut = attributed(question, Options(tmp_path / "out", 1, pictures=False, progress=stop))
    assert cut.outcome.stopped
    assert not cut.effects
    before = {one.name: one.stat().st_mtime_ns for one in (tmp_path / "out" / "shards").iterdir()}
    whole = attributed(question, Options(tmp_path / "out", 1, pictures=False))
    after = {one.name: one.stat().st_mtime_ns for one in (tmp_path / "out" / "shards").iterdir()}
    assert before
    assert before.items() < after.items()
    assert whole.effects


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.fixture
def flowsim(tmp_path, monkeypatch):
    """Type `attribute` in a folder with a small programme."""
    monkeypatch.chdir(tmp_path)
    tree = {"extends": "theory/mmc.yaml", "name": "full", "initiatives": PROGRAMME}
    (tmp_path / "full.yaml").write_text(json.dumps(tree), encoding="utf-8")
    short = [word for text in SHORT for word in ("--set", text)]
    words = ["theory/mmc", "full.yaml", "-n", "2", "--jobs", "1", *short]
    return lambda *more: CliRunner().invoke(app, ["attribute", *words, *more])


def test_the_command_keeps_a_table_a_picture_and_where_they_came_from(flowsim, tmp_path):
    result = flowsim("--shapley")
    assert result.exit_code == 0, result.output
    folder = tmp_path / "runs" / "attribute-mmc-full"
    rows = list(csv.DictReader((folder / "parts.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["part"] for row in rows if row["effect"] == "shapley"] == ["first", "second", "talk", "later"]
    assert (folder / "parts-bed_days_saved.svg").is_file()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["scenario_name"], manifest["baseline_name"], manifest["seed"]) == ("full", "mmc", 1)
    assert "Shapley value" in result.stdout


def test_json_holds_the_same_and_no_nan(flowsim):
    result = flowsim("--json", "--no-pictures")
    tree = json.loads(result.stdout)
    assert tree["parts"] == {"first": ["initiatives.first"], "second": ["initiatives.second"]}
    assert all(math.isfinite(one["mean"]) for one in tree["effects"])
    assert tree["scenarios"] == 4


def test_a_dry_run_says_the_parts_and_keeps_nothing(flowsim, tmp_path):
    result = flowsim("--dry-run")
    assert "part first: initiatives.first" in result.stdout
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--measure", "bed_dayz"), "did you mean bed_days?"),
        (("--part", "life"), "is not of the form NAME=PATH,PATH"),
        (("--part", "x=life"), "nothing differs there"),
        (
            ("--part", "x=initiatives.first", "--part", "x=initiatives.second"),
            "--part x: is given twice; to switch all of it together give --part x=initiatives.first,initiatives.second",
        ),
        (("--orders", "5"), "orders must be an even number"),
    ],
)
def test_bad_input_ends_with_2_and_writes_nothing(flowsim, tmp_path, words, says):
    result = flowsim(*words)
    assert result.exit_code == 2
    assert says in result.stderr
    assert not (tmp_path / "runs").exists()


def test_other_clocks_are_refused(flowsim, tmp_path):
    text = (tmp_path / "full.yaml").read_text(encoding="utf-8")
    (tmp_path / "full.yaml").write_text(json.dumps(json.loads(text) | {"clock": {"start": "2018-01-01"}}))
    result = flowsim()
    assert result.exit_code == 2
    assert "the clock of 'full' differs from that of 'mmc'" in result.stderr
