"""Commands as a user types them: what they print, where, and how they end."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flowsim.cli.app import app

pytestmark = pytest.mark.unit

SHORT = [
    "--set",
    "clock.warm_up_days=3",
    "--set",
    "clock.window_days=7",
    "--set",
    "population.people=5000",
    "--set",
    "initial.home_care=10",
]
COMMANDS = [
    "run",
    "compare",
    "warmup",
    "precision",
    "check",
    "explain",
    "report",
    "export",
    "animate",
    "dashboard",
    "trace",
    "select",
    "solve",
    "front",
    "calibrate",
    "validate",
    "money",
    "app",
    "init",
    "schema",
    "doctor",
    "sweep",
    "replay",
    "sensitivity",
    "attribute",
]


@pytest.fixture
def flowsim(tmp_path, monkeypatch):
    """Type a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(app, list(words), prog_name="flowsim")


def _files(path: Path) -> list[str]:
    return sorted(str(one.relative_to(path)) for one in path.rglob("*"))


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """A short comparison, typed once: its folder and what it printed as JSON."""
    folder = tmp_path_factory.mktemp("compared") / "run"
    words = ["compare", "do_nothing", "base", "-n", "2", "--seed", "0", "--json", "--out", str(folder), *SHORT]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return folder, json.loads(result.stdout)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_has_an_example(flowsim, command):
    result = flowsim(command, "--help")
    assert result.exit_code == 0
    assert f"flowsim {command}" in result.stdout.split("Example")[1]


def test_the_scenarios_that_help_names_are_there_and_no_command_is_cut_short(flowsim):
    told = flowsim("--help").stdout
    named = told.partition("come with it")[2].partition("Options")[0].replace(",", " ").split()
    assert named
    assert [name for name in named if not (Path(__file__).parents[2] / "configs" / f"{name}.yaml").is_file()] == []
    assert "..." not in told.partition("Commands:")[2]


@pytest.mark.parametrize(
    "words",
    [
        ["frobnicate"],
        ["run"],
        ["run", "do_nothing", "--frob"],
        ["run", "do_nothing", "-n", "-3"],
        ["run", "do_nothing", "-n", "0"],
        ["run", "do_nothing", "-n", "many"],
        ["run", "do_nothing", "--seed", "99999999999999999999999"],
        ["run", "do_nothing", "--seed", "-1"],
        ["run", "do_nothing", "--jobs", "0"],
        ["run", "nowhere.yaml"],
        ["run", "."],
        ["run", "do_nothing", "--set", "life.slotz=3"],
        ["run", "do_nothing", "--precision", "0.05"],
        ["run", "do_nothing", "--at-most", "50"],
        ["run", "do_nothing", "--precision", "5%", "-n", "10"],
        ["run", "do_nothing", "--precision", "5%", "--precision-measure", "bed_dayz"],
        ["warmup", "nowhere.yaml"],
        ["warmup", "do_nothing", "-n", "1"],
        ["warmup", "do_nothing", "--set", "clock.warm_up_days=3", "--set", "clock.window_days=7"],
        ["precision", "do_nothing", "-n", "2"],
        ["precision", "do_nothing", "--set", "life.slotz=3"],
        ["run", "do_nothing", "--set", "life.slots=-3"],
        ["compare", "do_nothing"],
        ["compare", "do_nothing", "nowhere.yaml"],
        ["check", "nowhere.yaml"],
        ["explain", "do_nothing", "life.slotz"],
        ["report", "nowhere"],
        ["trace", "do_nothing", "--replication", "-1"],
    ],
    ids=" ".join,
)
def test_bad_input_ends_with_2_says_why_and_leaves_nothing(flowsim, tmp_path, words):
    result = flowsim(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip()
    assert isinstance(result.exception, SystemExit)
    assert _files(tmp_path) == []


def test_all_faults_of_all_files_are_told_at_once(flowsim, tmp_path):
    (tmp_path / "one.yaml").write_text("extends: do_nothing.yaml\nlife: {slotz: 3}\n")
    (tmp_path / "two.yaml").write_text("extends: do_nothing.yaml\nclock: {window_days: -1}\n")
    result = flowsim("compare", "one.yaml", "two.yaml")
    assert "one.yaml:2:8: life.slotz" in result.stderr
    assert "two.yaml:2:9: clock.window_days" in result.stderr


def test_scenarios_with_different_clocks_are_bad_input(flowsim, tmp_path):
    (tmp_path / "longer.yaml").write_text("extends: do_nothing.yaml\nname: longer\nclock: {window_days: 400}\n")
    result = flowsim("compare", "do_nothing", "longer.yaml")
    assert result.exit_code == 2
    assert "the clock of 'longer' differs" in result.stderr


def test_a_folder_in_use_is_refused_before_anything_runs(flowsim, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep me")
    result = flowsim("run", "do_nothing", "--out", "mine")
    assert result.exit_code == 2
    assert "is not empty" in result.stderr


def test_check_says_ok_and_warns_of_overload(flowsim):
    result = flowsim("check", "transition_year", "--set", "life.slots=20")
    assert result.exit_code == 0
    assert result.stdout.startswith("transition_year: ok\ntransition_year: warning: LIFE is offered")


def test_explain_says_value_unit_and_where_it_was_set(flowsim):
    result = flowsim("explain", "transition_year", "life.cap_days", "--set", "life.cap_days=40")
    assert result.stdout.startswith("life.cap_days: 40.0 days\n")
    assert "set by --set" in result.stdout


def test_a_run_ends_by_naming_its_report(flowsim, tmp_path):
    result = flowsim("run", "do_nothing", "-n", "2", *SHORT)
    assert result.exit_code == 0
    last = result.stdout.splitlines()[-1]
    assert last.startswith("report: ")
    assert Path(last.removeprefix("report: ")).is_file()
    assert "bed days" in result.stdout
    assert "only 2 replications" in result.stdout


def test_quiet_prints_only_where_the_report_is(flowsim):
    result = flowsim("run", "do_nothing", "-n", "1", "--quiet", *SHORT)
    assert len(result.stdout.splitlines()) == 1


def test_json_holds_measures_differences_attribution_and_origin(compared):
    folder, said = compared
    assert sorted(said["scenarios"]) == ["base", "do_nothing"]
    assert sorted(said["scenarios"]["base"]["bed_days"]) == ["ci_high", "ci_low", "mean", "n", "sd", "unit"]
    assert said["differences"]["base"]["bed_days_saved"]["mean"] == 0.0
    assert said["attribution"]["base"]["total"] == 0.0
    assert (said["seed"], said["engine"], said["run_dir"]) == (0, "simpy", str(folder))
    assert said["fingerprint"]["base"] == said["fingerprint"]["do_nothing"]


def test_json_writes_null_for_what_is_not_a_number(compared):
    _, said = compared
    assert said["scenarios"]["base"]["life_utilisation"]["mean"] is None


def test_a_report_can_be_made_anew_from_its_folder(flowsim, compared):
    folder, _ = compared
    before = (folder / "report.html").read_bytes()
    (folder / "report.html").unlink()
    assert flowsim("report", str(folder)).exit_code == 0
    assert (folder / "report.html").read_bytes() == before


def test_a_changed_run_folder_gives_no_report(flowsim, tmp_path):
    flowsim("run", "do_nothing", "-n", "1", "--quiet", "--out", "run", *SHORT)
    with (tmp_path / "run" / "daily.parquet").open("ab") as file:
        file.write(b"x")
    result = flowsim("report", "run")
    assert result.exit_code == 2
    assert "has been changed since it was written" in result.stderr


def test_the_same_scenario_twice_differs_in_nothing(flowsim):
    result = flowsim("compare", "do_nothing", "do_nothing", "-n", "1", "--json", *SHORT)
    differences = json.loads(result.stdout)["differences"]["do_nothing_2"]
    known = [one["mean"] for one in differences.values() if one["mean"] is not None]
    assert len(known) > 30
    assert not any(known)
    assert all(math.copysign(1.0, mean) == 1.0 for mean in known)


def test_init_begins_a_study_that_passes_its_check(flowsim):
    assert flowsim("init", "study").exit_code == 0
    assert flowsim("check", "study/my_study.yaml").exit_code == 0


def test_schema_is_json(flowsim):
    assert json.loads(flowsim("schema").stdout)["properties"]["life"]


def test_doctor_finds_this_place_well(flowsim):
    result = flowsim("doctor")
    assert result.exit_code == 0, result.stdout
    assert result.stdout.endswith("all is well\n")


RING = """
name: ring
clock: {start: 2017-01-02, warm_up_days: 0, window_days: 30}
scripted:   # the first waits for the bed of the second with a LIFE slot in hand; the second waits for that slot
  - {at_days: 0, pathway: P2_home, stay_days: 1, episode_days: 20, readmitted_after_days: 5, second_stay_days: 1}
  - {at_days: 2, pathway: P2_home, stay_days: 1, episode_days: 20}
hospital: {assessment: null, wards: {Ward: 1}, escalation: null, meeting: null}
leaving: {P2_home: {}}
d2a: {units_live: 1, pathways: {P2_home: {start: 2017-01-01, accepted_share: 1.0, saved_days: 0.0}}}
life:
  slots: 1
  episode: {shape: fixed, days: 20}
  at_cap: {package: 0.0, placement: 0.0, none: 1.0}
  hold_until_admitted: true
"""


def test_failed_replications_end_with_3_and_are_kept_in_the_folder(flowsim, tmp_path):
    (tmp_path / "ring.yaml").write_text(RING)
    result = flowsim("run", "ring.yaml", "-n", "2", "--out", "run")
    assert result.exit_code == 3
    assert "failed: ring, replication 1: CircularWaitError" in result.stderr
    kept = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))["failures"]
    assert [(one["scenario"], one["replication"]) for one in kept] == [("ring", 0), ("ring", 1)]


def test_trace_names_people_to_follow_when_one_is_never_seen(flowsim):
    result = flowsim("trace", "do_nothing", "--person", "999999999", *SHORT)
    assert result.exit_code == 2
    assert "999999999" in result.stderr


def test_trace_tells_one_life_in_two_worlds(flowsim):
    nobody = flowsim("trace", "do_nothing", "--person", "999999999", *SHORT).stderr
    person = nobody.replace(",", " ").replace(".", " ").split()[-1]
    told = flowsim("trace", "do_nothing", "transition_year", "--person", person, *SHORT)
    assert told.exit_code == 0, told.stderr
    assert "In do_nothing: person" in told.stdout
    assert "In transition_year: person" in told.stdout


def _typed(folder, line):
    """A line typed into a shell, where ``flowsim`` is this package."""
    line = line.replace("flowsim", f"{sys.executable} -m flowsim", 1)
    return subprocess.run(line, shell=True, cwd=folder, capture_output=True, text=True)


def test_a_disk_that_is_full_leaves_nothing_half_written(tmp_path):
    result = _typed(tmp_path, f"ulimit -f 60; flowsim run do_nothing -n 2 --out run {' '.join(SHORT)}")
    assert result.returncode == 1
    assert "the run folder could not be written" in result.stderr
    assert "Traceback" not in result.stderr
    assert "bed days" in result.stdout
    assert _files(tmp_path) == []


def test_standard_output_that_is_closed_is_no_fault(tmp_path):
    assert _typed(tmp_path, "flowsim explain do_nothing life.slots >&-").returncode == 0


def test_a_folder_whose_name_is_no_text_can_hold_a_run(tmp_path):
    name = "\"r$(printf '\\377')\""
    line = f"flowsim run do_nothing -n 2 --quiet --out {name} {' '.join(SHORT)}"
    assert _typed(tmp_path, line).returncode == 0
    assert _typed(tmp_path, f"flowsim report {name}").returncode == 0
