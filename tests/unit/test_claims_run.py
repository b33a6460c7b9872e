"""`flowsim validate` as a user types it, on a short clock."""

from __future__ import annotations

import csv
import json

import pytest
from typer.testing import CliRunner

import flowsim as fs
from flowsim.claims import conduct, read_claims
from flowsim.claims.keeping import keep, kept
from flowsim.claims.words import summary
from flowsim.cli.app import app
from flowsim.experiment.folder import FolderError

pytestmark = pytest.mark.unit

SHORT = "{clock.warm_up_days: 200, clock.window_days: 30, population.people: 5000, initial.home_care: 10}"
MINE = f"""\
title: Mine
scenarios: {{before: do_nothing, after: full_effect}}
set: {SHORT}
claims:
  A-1:
    title: Huddles live
    source: a paper
    date: day
    reported: 57
    unit: practices
    basis: given
    compute: {{what: on_date, scenario: after, series: huddles_live, date: 2017-04-25}}
    why: It is an input.
  A-2:
    title: Bed days saved
    source: =cmd()
    date: day
    reported: 1000000
    unit: days
    also: [before]
    compute: {{what: saved, base: before, scenario: after, measure: bed_days}}
    chance:
      - says: Doing nothing
        compute: {{what: largest_fall, scenario: before, series: beds, days: 10}}
        at_least: 100000
    why: No.
  A-3: {{title: A chart, source: a paper, date: day, reported: a picture, why: It has no numbers.}}
"""


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """The file of claims in an empty folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(MINE, encoding="utf-8")
    return tmp_path / "mine.yaml"


def typed(*words):
    return CliRunner().invoke(app, ["validate", "--jobs", "1", *words], prog_name="flowsim")


def test_a_validation_from_end_to_end(mine, tmp_path):
    result = typed("--claims", "mine.yaml", "-n", "2", "--seed", "0", "--json", "--out", "kept")
    assert result.exit_code == 0, result.output
    tree = json.loads(result.stdout)
    assert [row["verdict"] for row in tree["claims"]] == ["reproduced", "contradicted", "not computed"]
    assert tree["claims"][1]["chance"][0]["hits"] == 0
    assert tree["claims"][1]["also"]["before"]["mean"] == 0.0
    kept = tmp_path / "kept"
    assert {one.name for one in kept.iterdir()} == {
        *("answer.json", "claims.csv", "claims.md", "claims.png", "claims.svg", "claims.yaml", "readings.csv")
    }
    assert json.loads((kept / "answer.json").read_text()) == tree
    rows = list(csv.DictReader((kept / "claims.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[1]["source"] == "'=cmd()"
    assert (kept / "claims.png").read_bytes().startswith(b"\x89PNG")


def test_a_kept_validation_is_judged_anew(mine, tmp_path):
    found = conduct(read_claims(mine), replications=2, seed=0, jobs=1)
    keep(found, tmp_path / "kept")
    mine.write_text(MINE.replace("reported: 1000000", "reported: {at_most: 1000000}"), encoding="utf-8")
    again = kept(read_claims(mine), tmp_path / "kept")
    assert [one.verdict.value for one in again.judged] == ["reproduced", "reproduced", "not computed"]
    assert again.frame()["mean"].equals(found.frame()["mean"])


def test_a_kept_validation_of_other_scenarios_is_refused(mine, tmp_path):
    keep(conduct(read_claims(mine), replications=1, seed=0, jobs=1), tmp_path / "kept")
    mine.write_text(MINE.replace("after: full_effect", "after: transition_year"), encoding="utf-8")
    with pytest.raises(FolderError, match="other scenarios"):
        kept(read_claims(mine), tmp_path / "kept")


def test_the_table_says_verdict_and_reason(mine):
    result = typed("--claims", "mine.yaml", "-n", "2", "--out", "kept")
    assert result.exit_code == 0
    assert "A-2: contradicted. No." in result.stdout
    assert "by chance: Doing nothing" in result.stdout
    assert "Reproduced: what was reported" in result.stdout


def test_markdown_is_the_page_and_nothing_else(mine, tmp_path):
    result = typed("--claims", "mine.yaml", "-n", "2", "--markdown", "--out", "kept")
    assert result.stdout.startswith("## Claims of the sources")
    assert "| A-1 | Huddles live | 57 practices | 57 | 57 to 57 | **reproduced** |" in result.stdout
    assert "- **A-3** A chart (a paper; day; reported: a picture). It has no numbers." in result.stdout


def test_bad_claims_are_bad_input(mine, tmp_path):
    mine.write_text(MINE.replace("bed_days}", "bed_day}"), encoding="utf-8")
    result = typed("--claims", "mine.yaml")
    assert result.exit_code == 2
    assert "did you mean bed_days?" in result.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["mine.yaml"]


def test_the_frame_has_a_row_for_each_claim_and_does_not_depend_on_workers(mine):
    here = fs.validate(mine, replications=2, seed=0, jobs=1)
    there = fs.validate(mine, replications=2, seed=0, jobs=2)
    assert list(here["id"]) == ["A-1", "A-2", "A-3"]
    assert here.equals(there)


def test_ctrl_c_keeps_the_replications_that_are_done(mine):
    def stop(done, _total):
        if done == 2:
            raise KeyboardInterrupt

    found = conduct(read_claims(mine), replications=5, seed=0, jobs=1, progress=stop)
    assert found.stopped
    assert found.replications == (0, 1)
    assert found.judged[0].found.n == 2


def test_one_replication_is_too_few_for_a_verdict(mine, tmp_path):
    result = typed("--claims", "mine.yaml", "-n", "1")
    assert (result.exit_code, "needs 2 replications or more" in result.stderr) == (2, True)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.yaml"]
    with pytest.raises(ValueError, match="needs 2 replications"):
        fs.validate(mine, replications=1)


def test_a_replication_that_is_left_alone_gives_no_verdict(mine):
    found = conduct(read_claims(mine), replications=1, seed=0, jobs=1)
    assert {one.verdict.value for one in found.judged} == {"not computed"}


def test_few_replications_say_what_their_range_is_worth(mine):
    found = conduct(read_claims(mine), replications=3, seed=0, jobs=1)
    assert "leave one more a chance of 50 % to fall in its range" in summary(found)


def test_numbers_out_of_range_are_refused(mine):
    with pytest.raises(ValueError, match="replications must be"):
        fs.validate(mine, replications=0)
