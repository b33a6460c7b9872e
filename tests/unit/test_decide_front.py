"""Fronts: what is asked, what is found, what is kept."""

from __future__ import annotations

import csv
import json
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

from flowsim.cli.app import app
from flowsim.config.problems import ConfigError
from flowsim.decide.answers import Front, answer, drawing, samples
from flowsim.decide.front_question import read_front
from flowsim.decide.front_words import csv_of, short_names
from flowsim.decide.pareto import clearly_unbeaten, generations, unbeaten

pytestmark = pytest.mark.unit

WARD, RATE = "hospital.wards.Ward", "cohorts.everyone.arrivals.per_day"
DESIGN = f"""\
front:
  scenario: theory/mmc
  set: {{clock.warm_up_days: 2, clock.window_days: 30}}
  parameters:
    {WARD}: {{values: [4, 5, 6]}}
    {RATE}: {{values: [2.0, 3.0, 4.0]}}
  minimise: [wait_for_bed_hours_mean]
  maximise: [bed_days]
  replications: 4
  seed: 0
"""
SEARCH = DESIGN.replace("  seed: 0", "  seed: 0\n  method: search\n  points: 9")


@pytest.fixture
def asked(tmp_path):
    """The question of a design of a given text."""

    def read(text):
        path = tmp_path / "design.yaml"
        path.write_text(text, encoding="utf-8")
        return read_front(path)

    return read


@pytest.fixture
def typed(tmp_path, monkeypatch):
    """Type the command with a design of a given text."""
    monkeypatch.chdir(tmp_path)

    def type_it(text, *words):
        (tmp_path / "design.yaml").write_text(text, encoding="utf-8")
        return CliRunner().invoke(app, ["front", "design.yaml", "--jobs", "1", *words], prog_name="flowsim")

    return type_it


def found(question, jobs=1):
    front = answer(drawing(question, jobs), question)
    assert isinstance(front, Front)
    return front.found


def faults(asked, text):
    with pytest.raises(ConfigError) as caught:
        asked(text)
    return "\n".join(f"{one.line}:{one.column}: {one.path}: {one.message}; {one.hint}" for one in caught.value.problems)


def test_a_grid_is_read_with_all_its_points_and_defaults(asked):
    question = asked(DESIGN.replace("  replications: 4\n", ""))
    assert (question.points, question.replications, question.seed, question.method) == (9, 10, 0, "grid")
    assert question.label(question.grid()[1]) == f"{WARD}=4, {RATE}=3.0"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            WARD,
            "hospital.wardz.Ward",
            "5:5: front.parameters.hospital.wardz.Ward: unknown path; did you mean hospital.w",
        ),
        ("[4, 5, 6]", "[]", f"front.parameters.{WARD}.values: is empty"),
        ("[4, 5, 6]", "[4, 4]", "two values are called 4"),
        ("[4, 5, 6]", "[4, 5], low: 3", f"front.parameters.{WARD}.low: stands beside values"),
        ("{values: [4, 5, 6]}", "{low: 4, high: 6}", "a grid needs values"),
        (
            "[4, 5, 6]",
            "[4, -5]",
            f"4:3: front.parameters: {WARD}=-5, {RATE}=2.0: hospital.wards.Ward: -5 is not between 0",
        ),
        ("[bed_days]", "[bed_dayz]", "8:14: front.maximise.0: there is no measure 'bed_dayz'; did you mean bed_days?"),
        ("[bed_days]", "[wait_for_bed_hours_mean]", "front.maximise.0: wait_for_bed_hours_mean is listed twice"),
        ("  maximise: [bed_days]\n", "", "front.minimise: a front has at least two measures"),
        ("replications: 4", "replications: 1", "9:3: front.replications: must be a whole number from 2"),
        ("  minimise: [wait_for_bed_hours_mean]", "  minimise: 5", "7:3: front.minimise: must be"),
        (WARD, "clock.window_days", "the points differ in their clock; compare the same dates"),
        ("seed: 0", "sead: 0", "10:3: front.sead: unknown key; did you mean seed?"),
        ("seed: 0", "method: serch", "front.method: 'serch' is not one of the choices; did you mean search?"),
        ("seed: 0", "points: 5", "front.points: means nothing to method grid"),
        ("seed: 0", "method: search", "front.points: is missing"),
        ("theory/mmc", "theory/mmk", "2:3: front.scenario: theory/mmk: there is no such file"),
        ("front:", "frnt:", "1:1: frnt: unknown key; did you mean front?"),
    ],
)
def test_faults_of_a_design_are_named_with_place_and_nearest_name(asked, old, new, said):
    assert said in faults(asked, DESIGN.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{values: [4, 5, 6]}", "{low: 6, high: 4}", "the range from 6 to 4 is empty"),
        ("{values: [4, 5, 6]}", "{low: 4}", f"front.parameters.{WARD}.high: is missing"),
        ("{values: [4, 5, 6]}", "{low: -4, high: 6}", f"{WARD}=-4"),
        ("points: 9", "points: 0", "front.points: must be a whole number from 1"),
        ("points: 9", "points: 1000000000", "front.points: must be a whole number from 1"),
    ],
)
def test_faults_of_a_search_are_named(asked, old, new, said):
    assert said in faults(asked, SEARCH.replace(old, new, 1))


def test_all_faults_are_named_at_once(asked):
    text = DESIGN.replace(WARD, "hospital.wardz").replace("bed_days", "bed_dayz").replace("seed: 0", "seed: -1")
    assert len(faults(asked, text).splitlines()) == 3


def test_every_point_meets_the_same_people(asked):
    question = asked(DESIGN.replace("wait_for_bed_hours_mean", "admissions").replace("bed_days", "presentations"))
    presentations = -found(question).samples[:, :, 1].reshape(3, 3, 4)
    assert (presentations[0] == presentations[1]).all()  # another ward, the same people


def test_the_front_holds_what_no_other_point_beats(asked):
    front = found(asked(DESIGN))
    means = front.samples.mean(axis=1)
    beaten = [any((other <= own).all() and (other < own).any() for other in means) for own in means]
    assert front.on.tolist() == [not one for one in beaten]


def test_a_search_of_all_points_finds_the_front_of_the_grid(asked):
    fronts = [found(asked(text)) for text in (DESIGN, SEARCH)]
    names = [[front.question.label(front.points[at]) for at in front.order] for front in fronts]
    assert names[0] == names[1]


def test_a_search_finds_the_front_of_an_analytic_problem_among_all_its_points():
    def values(one):
        return [one["x"] ** 2 + one["y"] ** 2, (one["x"] - 6) ** 2 + one["y"] ** 2]

    def evaluate(settings):
        return [values(one) for one in settings]

    tried = generations(evaluate, {"x": (0, 9), "y": (0, 9)}, points=60, seed=0, objectives=2)
    grid = [{"x": x, "y": y} for x in range(10) for y in range(10)]
    real = {
        (one["x"], one["y"])
        for one, on in zip(grid, unbeaten(np.array(evaluate(grid), dtype=float)), strict=True)
        if on
    }
    near = {(one["x"], one["y"]) for one, _ in tried}
    assert real == {(x, 0) for x in range(7)}
    assert real <= near
    assert len(near) == len(tried) == 60  # none is run twice


def test_a_setting_that_cannot_be_is_passed_over():
    def evaluate(settings):
        return [None if one["x"] > 5 else [one["x"], -one["x"]] for one in settings]

    tried = generations(evaluate, {"x": (0, 9)}, points=10, seed=1, objectives=2)
    assert sorted(one["x"] for one, numbers in tried if numbers is None) == [6, 7, 8, 9]


def test_a_range_without_a_list_is_searched_in_between(asked):
    text = SEARCH.replace("{values: [2.0, 3.0, 4.0]}", "{low: 2.0, high: 4.0}").replace("points: 9", "points: 8")
    front = found(asked(text))
    rates = {point[1].value for point in front.points}
    assert len(front.points) == 8
    assert all(2.0 <= rate <= 4.0 for rate in rates)
    assert len(rates) == 8


@pytest.mark.parametrize("text", [DESIGN, SEARCH], ids=["grid", "search"])
def test_two_workers_find_the_same_bytes_as_one(asked, text):
    question = asked(text)
    one, two = (drawing(question, jobs) for jobs in (1, 2))
    fronts = [answer(draw, question).found for draw in (one, two)]
    assert csv_of(fronts[0]) == csv_of(fronts[1])
    assert samples(one, question).drawn == samples(two, question).drawn


def test_a_point_is_clear_if_every_other_is_worse_in_something():
    luck = np.array([-3.0, 0.0, 3.0])
    means = np.array([[1.0, 9.0], [2.0, 5.0], [2.1, 5.1]])
    shared = means[:, None, :] + luck[None, :, None]  # the same luck everywhere: differences never vary
    assert clearly_unbeaten(shared).tolist() == [True, True, False]


def test_a_point_that_chance_may_put_behind_is_not_clear():
    samples_ = np.zeros((2, 4, 2))
    samples_[1, :, 0] = [-1.0, 1.0, -1.0, 1.5]  # hardly worse in the first
    samples_[1, :, 1] = [0.5, -0.5, 0.4, -0.6]
    assert clearly_unbeaten(samples_).tolist() == [False, False]


def test_the_price_of_a_step_is_the_ratio_of_means_with_its_interval(asked):
    front = found(asked(DESIGN.replace("maximise: [bed_days]", "").replace("[wait_for", "[bed_days, wait_for")))
    step = front.exchanges()[0]
    given = front.samples[step.end, :, 0] - front.samples[step.start, :, 0]
    won = front.samples[step.start, :, 1] - front.samples[step.end, :, 1]
    rest = given - given.mean() / won.mean() * won
    assert step.rate == pytest.approx(given.mean() / won.mean())
    assert step.half == pytest.approx(3.182446 * rest.std(ddof=1) / 2.0 / won.mean(), rel=1e-6)  # t of 3, root of 4


def test_names_are_as_short_as_tells_them_apart():
    assert short_names(["life.slots", "d2a.P1.start", "d2a.P2.start"]) == ["slots", "P1 start", "P2 start"]


def test_the_command_keeps_answer_samples_table_and_picture(typed, tmp_path):
    result = typed(DESIGN, "--json", "--out", "kept")
    tree = json.loads(result.stdout)
    names = sorted(one.name for one in (tmp_path / "kept").iterdir())
    assert result.exit_code == 0
    assert names == ["answer.json", "design.yaml", "front.csv", "front.png", "samples.csv"]
    assert (tmp_path / "kept" / "front.png").read_bytes().startswith(b"\x89PNG")
    assert (tree["question"], tree["points"], tree["replications"]) == ("front", 9, 36)


def test_the_table_says_of_every_point_whether_it_is_on_the_front(typed, tmp_path):
    tree = json.loads(typed(DESIGN, "--json", "--out", "kept").stdout)
    with (tmp_path / "kept" / "front.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:5] == ["point", WARD, RATE, "wait_for_bed_hours_mean", "wait_for_bed_hours_mean_half"]
    assert [int(row["point"]) for row in rows if row["on_front"] == "True"] == sorted(
        one["point"] for one in tree["front"]
    )


def test_the_screen_shows_the_front_and_what_it_means(typed):
    result = typed(DESIGN, "--out", "kept")
    assert "of 9 points are beaten by none" in " ".join(result.stdout.split())
    assert result.stdout.splitlines()[-1] == "answer: kept/answer.json"


def test_bad_designs_exit_with_2_and_write_nothing(typed, tmp_path):
    result = typed(DESIGN.replace(WARD, "hospital.wardz"))
    assert (result.exit_code, sorted(one.name for one in tmp_path.iterdir())) == (2, ["design.yaml"])


def test_a_search_without_optuna_exits_with_2_and_says_how_to_get_it(typed, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "optuna", None)
    result = typed(SEARCH)
    assert (result.exit_code, sorted(one.name for one in tmp_path.iterdir())) == (2, ["design.yaml"])
    assert "pip install" in result.stderr


def test_a_measure_that_is_not_defined_exits_with_3_and_keeps_what_was_run(typed, tmp_path):
    result = typed(DESIGN.replace("[bed_days]", "[life_wait_days_mean]"), "--out", "kept")
    assert result.exit_code == 3
    assert "replication 0: life_wait_days_mean is nan" in result.stderr
    assert "samples.csv" in {one.name for one in (tmp_path / "kept").iterdir()}
