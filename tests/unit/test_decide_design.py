"""Questions in files, and the commands that answer them."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flowsim.cli.app import app
from flowsim.config.problems import ConfigError
from flowsim.decide.front_question import read_front
from flowsim.decide.question import read_select, read_solve

pytestmark = pytest.mark.unit

EXPERIMENTS = Path(__file__).parents[2] / "experiments"

SHORT = "{clock.warm_up_days: 3, clock.window_days: 10, population.people: 5000, initial.home_care: 10}"
SELECT = f"""\
select:
  scenarios: [do_nothing, {{name: cut, config: do_nothing, set: {{hospital.stay_factor: 0.6}}}}]
  measure: bed_days
  goal: min
  indifference: 5
  first_stage: 3
  seed: 0
  set: {SHORT}
"""
SOLVE = f"""\
solve:
  scenario: do_nothing
  parameter: hospital.escalation.cap
  low: 0
  high: 4
  constraint: {{measure: escalation_beds_peak, at_most: 0.5}}
  first_stage: 2
  at_most: 4
  find: largest
  set: {SHORT}
"""


@pytest.fixture
def typed(tmp_path, monkeypatch):
    """Type a command with a design of a given text."""
    monkeypatch.chdir(tmp_path)

    def type_it(command, text, *words):
        (tmp_path / "design.yaml").write_text(text, encoding="utf-8")
        return CliRunner().invoke(app, [command, "design.yaml", "--jobs", "1", *words], prog_name="flowsim")

    return type_it


def asked(tmp_path, text, reader):
    path = tmp_path / "design.yaml"
    path.write_text(text, encoding="utf-8")
    return reader(path)


def faults(tmp_path, text, reader):
    with pytest.raises(ConfigError) as caught:
        asked(tmp_path, text, reader)
    return "\n".join(f"{one.line}:{one.column}: {one.path}: {one.message}; {one.hint}" for one in caught.value.problems)


def test_a_selection_is_read_with_its_scenarios_and_defaults(tmp_path):
    found = asked(tmp_path, SELECT, read_select)
    assert [one.name for one in found.scenarios] == ["do_nothing", "cut"]
    assert (found.rules.goal, found.rules.method, found.rules.at_most, found.seed) == ("min", "kn", 200, 0)


def test_scenarios_may_differ_in_one_parameter(tmp_path):
    text = SELECT.replace(
        SELECT.splitlines()[1], "  scenario: transition_year\n  parameter: life.slots\n  values: [80, 120]"
    )
    found = asked(tmp_path, text, read_select)
    assert [(one.name, one.life.slots) for one in found.scenarios] == [("life.slots=80", 80), ("life.slots=120", 120)]


def test_a_file_beside_the_design_is_found(tmp_path):
    (tmp_path / "mine.yaml").write_text("extends: do_nothing.yaml\nname: mine\n", encoding="utf-8")
    found = asked(tmp_path, SELECT.replace("[do_nothing,", "[mine.yaml,"), read_select)
    assert found.scenarios[0].name == "mine"


def test_the_row_of_a_solution_goes_from_the_least_likely_end(tmp_path):
    assert asked(tmp_path, SOLVE, read_solve).values == (4, 3, 2, 1, 0)


def test_dates_make_a_row_of_weeks_from_the_latest(tmp_path):
    text = SOLVE.replace("hospital.escalation.cap", "d2a.pathways.P2_home.start").replace("find: largest", "")
    text = text.replace("low: 0", "low: 2017-10-02").replace("high: 4", "high: 2017-10-20")
    found = asked(tmp_path, text, read_solve)
    assert found.values == (dt.date(2017, 10, 20), dt.date(2017, 10, 13), dt.date(2017, 10, 6))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("bed_days", "bed_dayz", "3:3: select.measure: there is no measure 'bed_dayz'; did you mean bed_days?"),
        (
            "[do_nothing,",
            "[do_nothin,",
            "2:15: select.scenarios.0: do_nothin: there is no such file; did you mean do_n",
        ),
        ("goal: min", "goal: mini", "4:3: select.goal: 'mini' is not one of the choices; did you mean min?"),
        ("seed: 0", "sead: 0", "7:3: select.sead: unknown key; did you mean seed?"),
        ("indifference: 5", "indifference: 0", "5:3: select.indifference: must be a number above 0"),
        ("first_stage: 3", "first_stage: true", "6:3: select.first_stage: must be a whole number"),
        ("seed: 0", "seed:", "7:3: select.seed: is empty; a whole number from 0"),
        ("measure: bed_days", "measure:", "3:3: select.measure: is empty; must be the name of a measure"),
        ("seed: 0", "method: kn2", "select.method: 'kn2' is not one of the choices; did you mean kn?"),
        ("stay_factor", "stay_factr", "hospital.stay_factr: unknown path; did you mean hospital.stay_factor?"),
        ("select:", "selct:", "1:1: selct: unknown key; did you mean select?"),
        ("  goal: min\n", "", "select.goal: is missing; one of max, min"),
        ("name: cut", "name: ''", "select.scenarios.1.name: must be text"),
        ("seed: 0", "seed: &a 0", "anchor"),
    ],
)
def test_faults_of_a_selection_are_named_with_place_and_nearest_name(tmp_path, old, new, said):
    assert said in faults(tmp_path, SELECT.replace(old, new, 1), read_select)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("escalation.cap", "escalation.capp", "3:3: solve.parameter: hospital.escalation.capp: unknown path; did you"),
        ("high: 4", "high: -1", "5:3: solve.high: the range is empty"),
        ("high: 4", "high: 2017-10-02", "must both be whole numbers, or both dates"),
        ("high: 4", "high: 2000000", "solve.step: the range has 2000001 values"),
        ("at_most: 0.5", "at_mos: 0.5", "6:47: solve.constraint.at_mos: unknown key; did you mean at_most?"),
        ("at_most: 0.5", "at_most: 0.5, at_least: 1", "must have one of at_most and at_least"),
        ("at_most: 0.5", "at_most: 0.5, chance: 1", "solve.constraint.chance: must be a number above 0 and below 1"),
        ("find: largest", "find: latest", "solve.find: 'latest' is not one of the choices; did you mean largest?"),
    ],
)
def test_faults_of_a_solution_are_named_with_place_and_nearest_name(tmp_path, old, new, said):
    assert said in faults(tmp_path, SOLVE.replace(old, new, 1), read_solve)


def test_the_shipped_designs_can_be_asked():
    select = read_select(EXPERIMENTS / "which_rollout" / "design.yaml")
    solve = read_solve(EXPERIMENTS / "life_for_escalation" / "design.yaml")
    front = read_front(EXPERIMENTS / "cost_escalation_front" / "design.yaml")
    assert (len(select.scenarios), str(solve.constraint)) == (5, "P(escalation_beds_p95 <= 25) >= 0.9")
    assert (front.points, front.measures) == (36, ("cost_total", "escalation_bed_days"))


def test_all_faults_are_named_at_once(tmp_path):
    text = SELECT.replace("bed_days", "x").replace("min", "y").replace("seed: 0", "seed: -1")
    assert len(faults(tmp_path, text, read_select).splitlines()) == 3


def test_select_answers_and_keeps_every_number_it_drew(typed, tmp_path):
    result = typed("select", SELECT, "--json", "--out", "kept")
    tree = json.loads(result.stdout)
    with (tmp_path / "kept" / "samples.csv").open(encoding="utf-8") as file:
        drawn = [float(row["value"]) for row in csv.DictReader(file) if row["system"] == "cut"]
    count = tree["scenarios"]["cut"]["n"]
    assert (result.exit_code, tree["best"], tree["sure"]) == (0, "cut", True)
    assert tree["scenarios"]["cut"]["mean"] == pytest.approx(sum(drawn[:count]) / count)


def test_two_workers_give_the_same_answer(tmp_path):
    from flowsim.decide.answers import answer_select, drawing

    question = asked(tmp_path, SELECT, read_select)
    here, there = (answer_select(drawing(question, jobs), question).tree() for jobs in (1, 2))
    assert here == there


def test_solve_answers_in_a_table_and_a_sentence(typed):
    result = typed("solve", SOLVE)
    assert result.exit_code == 0, result.output
    assert "hospital.escalation.cap =" in result.stdout
    assert "mean(escalation_beds_peak) <= 0.5" in " ".join(result.stdout.split())


def test_bad_designs_exit_with_2_and_write_nothing(typed, tmp_path):
    result = typed("select", SELECT.replace("bed_days", "bed_dayz"))
    assert (result.exit_code, sorted(one.name for one in tmp_path.iterdir())) == (2, ["design.yaml"])


def test_a_measure_that_is_not_defined_in_a_run_exits_with_3(typed):
    result = typed("select", SELECT.replace("measure: bed_days", "measure: life_wait_days_mean"), "--out", "kept")
    assert result.exit_code == 3
    assert "do_nothing, replication 0" in result.stderr


def test_a_folder_that_is_taken_is_refused_before_anything_runs(typed, tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "note.txt").write_text("mine", encoding="utf-8")
    assert typed("select", SELECT, "--out", "kept").exit_code == 2


def test_a_design_with_an_empty_question_is_refused(tmp_path):
    assert faults(tmp_path, "solve:\n", read_solve).endswith("1:1: solve: is empty; a mapping")


def test_a_folder_that_is_taken_is_refused_without_naming_an_option_that_is_not_there(typed, tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("mine")
    result = typed("select", SELECT, "--out", "taken")
    assert (result.exit_code, result.stderr) == (2, "taken: is not empty; give another folder\n")


def test_a_decision_that_fails_says_so_as_json(typed):
    nobody_by_d2a = """\
select:
  scenarios: [theory/mmc, {name: cut, config: theory/mmc, set: {hospital.stay_factor: 0.6}}]
  measure: length_of_stay_d2a_mean
  goal: min
  indifference: 1
  set: {clock.warm_up_days: 3, clock.window_days: 10}
"""
    result = typed("select", nobody_by_d2a, "--json", "--out", "failed")
    tree = json.loads(result.stdout)
    assert result.exit_code == 3
    assert "cannot be compared" in tree["failed"]
    assert tree["run_dir"] == "failed"


@pytest.mark.parametrize("command", ["select", "solve"])
def test_help_has_an_example(command):
    assert f"flowsim {command}" in CliRunner().invoke(app, [command, "--help"]).stdout.split("Example")[1]
