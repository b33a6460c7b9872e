"""`run` and `compare` with drawn parameter sets: what is not known beside chance, in every table, and kept."""

from __future__ import annotations

import json
import re

import pytest
from typer.testing import CliRunner

import flowsim as fs
from flowsim.cli.app import app
from flowsim.config.evidence import Evidence, EvidenceTable
from flowsim.config.load import read as read_config
from flowsim.config.resolved import resolved_yaml
from flowsim.config.spread import Spread
from flowsim.experiment.folder import write
from flowsim.experiment.reading import read
from flowsim.experiment.replicate import Failure, Finished
from flowsim.uncertain.experiments import whole_sets

pytestmark = pytest.mark.unit

RATE = Evidence("cohorts.everyone.arrivals.per_day", low=2, high=6, grade="C", spread=Spread("uniform"))
STAY = Evidence("cohorts.everyone.pathways.P0.stay.mean_days", low=0.9, high=1.1, grade="D", spread=Spread("uniform"))
TABLE = EvidenceTable((RATE, STAY))


def world(ward=5, name="small"):
    return fs.load("theory/mmc").with_(
        name=name, clock={"warm_up_days": 2.0, "window_days": 20.0}, hospital={"wards": {"Ward": ward}}
    )


def ran(**more):
    return fs.run(world(), **{"uncertain": 6, "seed": 1, "jobs": 1, "evidence": TABLE, **more})


def compared(**more):
    return fs.compare(world(), world(9, "large"), uncertain=5, seed=1, jobs=1, evidence=TABLE, **more)


def test_every_set_has_two_replications_of_its_own_people():
    record = ran().record
    assert record.replications == tuple(range(12))
    assert record.sets.names == (RATE.path, STAY.path)
    presentations = record.of("presentations")[0].reshape(6, 2)
    assert [int(one) for one in presentations.mean(axis=1).argsort()] == [
        int(one) for one in record.sets.values[:, 0].argsort()
    ]


def test_the_summary_says_how_much_is_not_known_and_how_much_is_chance():
    """2 to 6 people a day for 20 days: 80 on average, sd 23 from what is not known, 9 from chance."""
    row = ran(uncertain=40).summary().set_index("measure").loc["presentations"]
    assert row["n"] == 40
    assert row["unknown_share"] == pytest.approx(23**2 / (23**2 + 80), abs=0.12)
    assert row["unknown_p5"] < row["ci_low"] < row["mean"] < row["ci_high"] < row["unknown_p95"]


def test_without_sets_the_summary_has_no_such_columns():
    assert "unknown_share" not in fs.run(world(), replications=3, seed=1, jobs=1).summary().columns


def test_base_and_alternative_differ_in_nothing_but_themselves():
    """More beds change no presentation, whatever the set."""
    row = compared().summary().set_index(["scenario", "measure"]).loc[("large", "presentations")]
    assert (row["diff_mean"], row["diff_unknown_p5"], row["diff_unknown_share"]) == (0.0, 0.0, 0.0)


def test_results_do_not_depend_on_workers():
    assert ran(jobs=2).replications.equals(ran(jobs=1).replications)


def test_what_still_moves_at_the_end_is_told_of_parameter_sets_too():
    """Between 2 and 6 people a day for a ward of two beds; and a window of eleven years, in which demand grows."""
    busy = world(2).with_(clock={"window_days": 60.0})
    warnings = fs.run(busy, uncertain=24, seed=1, jobs=1, evidence=TABLE).warnings
    assert any(re.search(r"still grows at the end, .*clearly in \d+ of 24 parameter sets", text) for text in warnings)
    far = world(2).with_(
        clock={"window_days": 4000.0}, cohorts={"everyone": {"arrivals": {"per_day": 0.01, "growth_per_year": 0.02}}}
    )
    given = fs.run(far, uncertain=2, seed=1, jobs=1, evidence=EvidenceTable((STAY,))).warnings
    assert any("past the ten years for which growth is taken to hold" in text for text in given)


def test_a_stop_keeps_the_sets_that_are_whole():
    def stop(done, total):
        if done == 5:
            raise KeyboardInterrupt

    record = ran(progress=stop).record
    assert record.stopped
    assert record.replications == (0, 1, 2, 3)


def test_a_set_with_a_failure_is_left_out_and_the_failure_kept():
    failed = Finished(1, (), (Failure("small", 1, "made up"),))
    done = [Finished(0, (), ()), failed, Finished(2, (), ()), Finished(3, (), ())]
    assert whole_sets(done, 2) == done[1:]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"uncertain": 1}, "uncertain must be a whole number of parameter sets from 2"),
        ({"replications": 1}, "replications must be at least 2 of each parameter set"),
        ({"precision": 0.05}, "precision and uncertain cannot be asked together"),
        ({"vary": ["hospital.warts"]}, "hospital.warts: no number with evidence is called so"),
        ({"evidence": EvidenceTable(())}, "nothing is uncertain here"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_drawn_is_refused(more, says):
    with pytest.raises(ValueError, match=says):
        ran(**more)


def test_vary_without_sets_is_refused():
    with pytest.raises(ValueError, match="means something only with uncertain"):
        fs.run(world(), replications=2, vary=["hospital.wards"])


def test_a_run_folder_is_read_back_with_its_sets(tmp_path):
    loaded = read_config("theory/mmc", ["clock.warm_up_days=2", "clock.window_days=20"])
    results = fs.compare(loaded.scenario, loaded.scenario, uncertain=3, seed=1, jobs=1, evidence=TABLE)
    configs = {scenario.name: resolved_yaml(loaded) for scenario in results.scenarios}
    write(results, tmp_path / "run", configs=configs)
    again, _, manifest = read(tmp_path / "run")
    assert again.summary().equals(results.summary())
    assert again.record.sets.grades == ("C", "D")
    assert manifest["uncertain"]["unknowns"] == {RATE.path: "C", STAY.path: "D"}


SHORT = ["--set", "clock.warm_up_days=5", "--set", "clock.window_days=15", "--jobs", "1"]


@pytest.fixture(scope="module")
def typed(tmp_path_factory):
    """A comparison with two sets, typed once: its folder and what it printed as JSON."""
    folder = tmp_path_factory.mktemp("typed") / "run"
    words = ["compare", "do_nothing", "winter_pressure", "--uncertain", "2", "--json", "--out", str(folder), *SHORT]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return folder, json.loads(result.stdout)


def test_json_tells_both_parts(typed):
    _, tree = typed
    assert sorted(tree["scenarios"]["do_nothing"]["bed_days"]["unknown"]) == ["chance_sd", "p5", "p95", "sd", "share"]
    assert "unknown" in tree["differences"]["winter_pressure"]["bed_days_saved"]


def test_warnings_tell_of_few_sets_and_of_what_is_held(typed):
    _, tree = typed
    assert "only 2 parameter sets: 5 and 95 % of them say little" in tree["warnings"]


def test_the_folder_holds_what_was_drawn_and_the_report_shows_both_parts(typed):
    folder, _ = typed
    assert (folder / "parameter_sets.parquet").is_file()
    assert "unknown_share" in (folder / "summary.csv").read_text(encoding="utf-8").splitlines()[0]
    assert "What is not known, and what is chance" in (folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        ["--uncertain", "1"],
        ["--uncertain", "3", "-n", "1"],
        ["--uncertain", "3", "--vary", "life.slotz"],
        ["--vary", "life.slots"],
        ["--uncertain", "3", "--precision", "5%"],
    ],
    ids=" ".join,
)
def test_bad_input_runs_nothing(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["run", "do_nothing", *words, *SHORT])
    assert (result.exit_code, list(tmp_path.iterdir())) == (2, [])
