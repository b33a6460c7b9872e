"""Sweeps from design to tables: the same bytes however they are run, and nothing silently missing."""

from __future__ import annotations

import json

import dask
import distributed  # noqa: F401 - its own settings are there before the test changes one
import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet
from tiny_sweeps import RATE, WARD, shards, study, swept, written
from typer.testing import CliRunner

import flowsim as fs
from flowsim.cli.app import app
from flowsim.sweeps import SweepError, expected, replay
from flowsim.sweeps.shards import Store

pytestmark = pytest.mark.unit

TWO = {WARD: {"values": [4, 5]}, RATE: {"values": [3.0, 4.0]}}
TABLES = ["results.parquet", "summary.csv", "design.parquet", "salib_problem.json", "salib_sample.csv", "points.json"]
RING = {
    "name": "ring",
    "clock": {"start": "2017-01-02", "warm_up_days": 0, "window_days": 30},
    "scripted": [
        {
            "at_days": 0,
            "pathway": "P2_home",
            "stay_days": 1,
            "episode_days": 20,
            "readmitted_after_days": 5,
            "second_stay_days": 1,
        },
        {"at_days": 2, "pathway": "P2_home", "stay_days": 1, "episode_days": 20},
    ],
    "hospital": {"assessment": None, "wards": {"Ward": 1}, "escalation": None, "meeting": None},
    "leaving": {"P2_home": {}},
    "d2a": {
        "units_live": 1,
        "pathways": {"P2_home": {"start": "2017-01-01", "accepted_share": 1.0, "saved_days": 0.0}},
    },
    "life": {
        "slots": 1,
        "episode": {"shape": "fixed", "days": 20},
        "at_cap": {"package": 0.0, "placement": 0.0, "none": 1.0},
        "hold_until_admitted": True,
    },
}
"""Two people who wait for what the other holds; with a second LIFE slot or bed they do not."""


def _tables(outcome) -> dict[str, bytes]:
    return {name: (outcome.folder / name).read_bytes() for name in TABLES}


def _flowsim(*words: str):
    return CliRunner().invoke(app, [str(word) for word in words], prog_name="flowsim")


def test_results_are_those_of_run(tmp_path):
    outcome = swept(tmp_path)
    scenario = outcome.study.at(2)
    record = fs.run(scenario, replications=4, seed=1, jobs=1).record
    frame = outcome.frame()
    mine = frame[(frame.point == 2) & (frame.measure == "bed_days")]
    assert mine.value.to_numpy().tobytes() == record.of("bed_days")[0].tobytes()


def test_differences_are_paired_with_the_baseline(tmp_path):
    outcome = swept(
        tmp_path, baseline="theory/mmc", outcomes=["bed_days", "bed_days_saved", "beds_equivalent", "diff:admissions"]
    )
    compared = fs.compare(outcome.study.baseline, outcome.study.at(0), replications=4, seed=1, jobs=1)
    frame = outcome.frame()
    mine = frame[frame.point == 0].pivot_table(index="replication", columns="measure", values="value")
    base, alt = compared.record.of("bed_days")
    assert np.array_equal(mine.bed_days_saved, base - alt)
    assert mine.beds_equivalent.to_numpy() == pytest.approx((base - alt) / (10 * 0.934), rel=1e-12)
    assert np.array_equal(mine["diff:admissions"], np.subtract(*compared.record.of("admissions")[::-1]))


def test_results_have_a_row_for_each_point_replication_and_outcome_in_order(tmp_path):
    table = swept(tmp_path).frame()
    assert list(table.columns) == ["point", WARD, RATE, "replication", "measure", "value"]
    assert len(table) == 4 * 4 * 2
    assert table.point.is_monotonic_increasing
    assert list(table[table.point == 0].replication) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_columns_have_plain_types(tmp_path):
    folder = swept(tmp_path, keep=["daily", "events"]).folder
    plain = {"int64", "double", "string", "date32[day]", "timestamp[us]", "bool"}
    for name in ("results", "design", "daily", "events"):
        assert {str(one.type) for one in parquet.read_schema(folder / f"{name}.parquet")} <= plain, name


def test_the_summary_says_what_a_run_says(tmp_path):
    outcome = swept(tmp_path)
    said = fs.run(outcome.study.at(3), replications=4, seed=1, jobs=1).summary().set_index("measure").loc["bed_days"]
    mine = pd.read_csv(outcome.folder / "summary.csv")
    row = mine[(mine.point == 3) & (mine.measure == "bed_days")].iloc[0]
    assert [row[key] for key in ("mean", "sd", "n", "ci_low", "ci_high")] == pytest.approx(
        [said[key] for key in ("mean", "sd", "n", "ci_low", "ci_high")], rel=1e-12
    )


def test_a_sweep_run_in_shards_has_the_same_bytes(tmp_path):
    whole = swept(tmp_path, "whole")
    parts = [swept(tmp_path, "parts", {"shard": (number, 3)}) for number in (3, 1, 2)]
    assert [one.complete for one in parts] == [False, False, True]
    assert _tables(parts[-1]) == _tables(whole)


def test_a_sweep_resumed_after_half_its_blocks_has_the_same_bytes_and_runs_the_rest_only(tmp_path):
    whole = swept(tmp_path, "whole")
    first = swept(tmp_path, "half", {"shard": (1, 2)})
    before = {path.name: path.stat().st_mtime_ns for path in shards(first)}
    again = swept(tmp_path, "half")
    assert _tables(again) == _tables(whole)
    assert {
        name: one for path in shards(again) if (name := path.name) in before and (one := path.stat().st_mtime_ns)
    } == before


def test_a_finished_sweep_runs_nothing_again(tmp_path):
    before = {path.name: path.stat().st_mtime_ns for path in shards(swept(tmp_path))}
    assert {path.name: path.stat().st_mtime_ns for path in shards(swept(tmp_path))} == before


def test_without_resuming_everything_is_run_again_with_the_same_bytes(tmp_path):
    first = swept(tmp_path)
    tables, before = _tables(first), {path.name: path.stat().st_mtime_ns for path in shards(first)}
    again = swept(tmp_path, options={"resume": False})
    assert _tables(again) == tables
    assert all(path.stat().st_mtime_ns != before[path.name] for path in shards(again))


def test_equal_points_and_the_baseline_are_run_once(tmp_path):
    outcome = swept(tmp_path, baseline="theory/mmc", parameters={WARD: {"values": [5]}})
    runs = [one.notes["last"] - one.notes["first"] for one in Store(outcome.folder).verified()]
    assert sum(runs) == 4


def test_seed_0_is_a_seed(tmp_path):
    first, other = swept(tmp_path, "0", seed=0), swept(tmp_path, "1", seed=1)
    assert not np.array_equal(first.frame().value, other.frame().value)


def test_a_folder_of_another_design_is_refused_and_told_what_differs(tmp_path):
    swept(tmp_path)
    with pytest.raises(SweepError, match="was begun by another sweep: the replications, the outcomes differ"):
        swept(tmp_path, replications=5, outcomes=["bed_days"])


def test_a_folder_of_another_version_is_refused_unless_asked_for(tmp_path):
    outcome = swept(tmp_path)
    tables, ledger = _tables(outcome), outcome.folder / "sweep.json"
    tree = json.loads(ledger.read_text())
    tree["identity"]["code"] = "another"
    ledger.write_text(json.dumps(tree))
    with pytest.raises(SweepError, match="the source of flowsim differs"):
        swept(tmp_path)
    again = swept(tmp_path, options={"accept_other": True})
    assert _tables(again) == tables
    assert json.loads((again.folder / "manifest.json").read_text())["taken_over"] == ["the source of flowsim"]


def test_more_replications_of_an_accepted_design_use_what_is_there(tmp_path):
    first = swept(tmp_path, outcomes=["bed_days"])
    before = {path.name: path.stat().st_mtime_ns for path in shards(first)}
    again = swept(tmp_path, options={"accept_other": True}, outcomes=["admissions"])
    assert {path.name: path.stat().st_mtime_ns for path in shards(again)} == before
    assert set(again.frame().measure) == {"admissions"}


def test_a_folder_of_something_else_is_refused(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.doc").write_text("three years of work")
    with pytest.raises(SweepError, match=r"holds thesis\.doc and no sweep\.json"):
        swept(tmp_path)


def test_a_precision_is_met_by_as_many_replications_as_each_point_needs(tmp_path):
    precision = {"measure": "presentations", "share": 0.04, "at_most": 200}
    outcome = swept(tmp_path, replications=None, precision=precision, outcomes=["presentations"])
    assert outcome.short == []
    counts = {point: one.n for point, _, one in outcome.summary}
    assert all((one.high - one.low) / 2 <= 0.04 * one.mean for _, _, one in outcome.summary)
    assert min(counts.values()) >= 30
    assert counts[0] > counts[1]  # fewer people a day vary more
    parts = [
        swept(tmp_path, "parts", {"shard": part}, replications=None, precision=precision, outcomes=["presentations"])
        for part in ((1, 2), (2, 2), None)
    ]
    assert _tables(parts[-1]) == _tables(outcome)


def test_a_precision_that_is_out_of_reach_is_said(tmp_path):
    precision = {"measure": "bed_days", "share": 0.001, "at_most": 33}
    outcome = swept(tmp_path, replications=None, precision=precision)
    assert outcome.short == [0, 1, 2, 3]
    assert {one.n for _, _, one in outcome.summary} == {33}


def test_failing_points_are_recorded_tried_once_more_and_the_rest_goes_on(tmp_path):
    (tmp_path / "ring.json").write_text(json.dumps(RING))
    design = {"scenario": "ring.json", "settings": None, "parameters": {"life.slots": {"values": [1, 2]}}}
    outcome = swept(tmp_path, replications=2, **design)
    assert [(one.point, one.replication) for one in outcome.failures] == [(0, 0), (0, 1)]
    assert outcome.failures[0].reason.startswith("CircularWaitError")
    assert outcome.complete
    assert set(outcome.frame().point) == {1}
    failures = json.loads((outcome.folder / "manifest.json").read_text())["failures"]
    assert [one["point"] for one in failures] == [0, 0]


def test_a_failing_sweep_ends_with_3_and_says_so_again_when_resumed(tmp_path):
    (tmp_path / "ring.json").write_text(json.dumps(RING))
    path = written(
        tmp_path, scenario="ring.json", settings=None, parameters={"life.slots": {"values": [1, 2]}}, replications=1
    )
    for _ in range(2):
        result = _flowsim("sweep", path, "--out", tmp_path / "out", "--no-pictures", "--jobs", 1)
        assert result.exit_code == 3
        assert "failed: point 0, replication 0: CircularWaitError" in result.stderr


def test_replay_makes_a_run_again_bit_for_bit_with_its_event_log(tmp_path):
    outcome = swept(tmp_path)
    done = replay(outcome.folder, 2, 3)
    assert (done.same, done.different) == (True, [])
    frame = outcome.frame()
    stored = frame[(frame.point == 2) & (frame.replication == 3)].set_index("measure").value
    assert done.values["bed_days"] == stored["bed_days"]
    kept = pd.read_parquet(done.folder / "events.parquet")
    log = fs.simulate(outcome.study.at(2), seed=1, replication=3).to_frame()
    assert len(kept) == len(log) == done.events
    assert np.array_equal(kept.time, log.time)


def test_replay_says_where_a_run_differs_from_what_is_stored(tmp_path):
    outcome = swept(tmp_path)
    store = Store(outcome.folder)
    for shard in list(store.verified()):  # as if another version had computed them
        columns = {name: shard.table.column(name).to_numpy().copy() for name in ("replication", "value")}
        columns["measure"] = shard.table.column("measure").combine_chunks()
        columns["value"][shard.table.column("measure").to_pylist().index("bed_days")] += 1.0
        notes = shard.notes
        from flowsim.sweeps.shards import Block

        block = Block(notes["fingerprint"], notes["seed"], notes["first"], notes["last"])
        store.remove(shard.name)
        store.write(block, "numbers", columns, {"failures": []})
    assert replay(outcome.folder, 0, 0).different == ["bed_days"]


@pytest.mark.parametrize("point", [4, -1])
def test_replay_of_what_is_not_there_is_refused(tmp_path, point):
    folder = swept(tmp_path).folder
    with pytest.raises(SweepError, match=r"there is no point 4; points are 0 to 3|has no baseline"):
        replay(folder, point, 0)


@pytest.mark.parametrize("words", [["²", "0"], ["0", "-1"], ["0", "1" + 30 * "0"]])
def test_replay_of_an_odd_number_ends_with_2(tmp_path, words):
    folder = swept(tmp_path).folder
    assert _flowsim("replay", folder, "--point", words[0], "--replication", words[1]).exit_code == 2


def test_replay_refuses_points_that_were_changed_since(tmp_path):
    points = swept(tmp_path).folder / "points.json"
    points.write_text(points.read_text().replace("3.0", "2.0"))
    with pytest.raises(SweepError, match=r"points.json: was changed since"):
        replay(points.parent, 0, 0)


def test_points_that_were_changed_are_put_right_by_the_next_run(tmp_path):
    points = swept(tmp_path).folder / "points.json"
    before = points.read_bytes()
    points.write_text("[]")
    swept(tmp_path)
    assert points.read_bytes() == before


def test_replay_says_that_the_program_has_changed(tmp_path):
    ledger = swept(tmp_path).folder / "sweep.json"
    tree = json.loads(ledger.read_text())
    ledger.write_text(json.dumps({**tree, "identity": {**tree["identity"], "code": "0"}}))
    result = _flowsim("replay", ledger.parent, "--point", 0, "--replication", 0)
    assert "caution: not as when the sweep was begun: the source of flowsim" in result.stdout


@pytest.mark.parametrize("text", ["", "[]", '{"identity": {}, "block": 1}', '{"identity": 1, "block": "x"}'])
def test_a_folder_whose_ledger_is_damaged_is_refused(tmp_path, text):
    ledger = swept(tmp_path).folder / "sweep.json"
    ledger.write_text(text)
    with pytest.raises(SweepError, match=r"sweep.json: cannot be read"):
        swept(tmp_path, options={"accept_other": True})


def test_replay_of_no_sweep_is_refused(tmp_path):
    result = _flowsim("replay", tmp_path, "--point", 0, "--replication", 0)
    assert result.exit_code == 2
    assert "is no folder of a sweep" in result.stderr


def test_replay_of_the_baseline(tmp_path):
    outcome = swept(tmp_path, baseline="theory/mmc")
    result = _flowsim("replay", outcome.folder, "--point", "baseline", "--replication", 1)
    assert result.exit_code == 0, result.output
    assert "all measures are those stored, bit for bit" in result.stdout


def test_a_dry_run_says_points_runs_time_and_size_and_keeps_nothing(tmp_path):
    result = _flowsim("sweep", written(tmp_path), "--dry-run", "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "4 points, 16 runs" in result.stdout
    assert "estimated time" in result.stdout
    assert "estimated size" in result.stdout
    assert not (tmp_path / "out").exists()


def test_the_estimated_size_is_near_the_true_one(tmp_path):
    outcome = swept(tmp_path, keep=["daily", "events"])
    true = sum(path.stat().st_size for path in outcome.folder.rglob("*.parquet"))
    assert 0.4 < expected(outcome.study).bytes / true < 2.5


def test_json_holds_every_point_with_its_parameters(tmp_path):
    result = _flowsim("sweep", written(tmp_path), "--out", tmp_path / "out", "--json", "--no-pictures", "--jobs", 1)
    tree = json.loads(result.stdout)
    assert tree["complete"] is True
    assert tree["points"][2]["parameters"] == {WARD: 5, RATE: 3.0}
    assert set(tree["points"][2]["outcomes"]["bed_days"]) == {"mean", "ci_low", "ci_high", "sd", "n", "unit"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--shard", "4/3"], "is not of the form I/N"),
        (["--shard", "x"], "is not of the form I/N"),
        (["--shard", "²/³"], "is not of the form I/N"),
        (["--backend", "cloud"], "no backend is called 'cloud'; there are loky, dask, ray"),
        (["--backend", "dask", "--scheduler", "tcp://127.0.0.1:1"], "cannot be reached"),
        (["--backend", "dask"], "say where the Dask scheduler is"),
    ],
)
def test_bad_input_ends_with_2(tmp_path, monkeypatch, words, said):
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    with dask.config.set({"distributed.comm.timeouts.connect": "1s"}):
        result = _flowsim("sweep", written(tmp_path), "--out", tmp_path / "out", *words)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr
    assert not (tmp_path / "out").exists()


def test_pictures_are_drawn_for_each_outcome(tmp_path):
    outcome = swept(tmp_path, options={"pictures": True})
    names = [f"picture-{name}.{kind}" for name in ("bed_days", "presentations") for kind in ("png", "svg")]
    assert outcome.pictures == names
    assert "<text" in (outcome.folder / "picture-bed_days.svg").read_text()


@pytest.mark.parametrize(
    ("parameters", "kind"),
    [
        ({WARD: {"values": [4, 5, 6]}}, "line"),
        ({WARD: {"values": [4, {"label": "more", "value": 6}]}}, "line"),
        (TWO, "heat_map"),
        (
            {WARD: {"values": [4, 5]}, RATE: {"values": [3.0, 4.0]}, "hospital.max_waiting": {"values": [0, 9]}},
            "parallel",
        ),
    ],
)
def test_the_picture_fits_the_number_of_parameters(tmp_path, parameters, kind):
    from flowsim.sweeps import pictures

    outcome = swept(tmp_path, parameters=parameters, replications=2)
    (answer, _) = pictures.answers(outcome.study, outcome.summary)
    drawn, fitting = pictures.draw(answer), getattr(pictures, kind)(answer)
    assert [len(ax.lines + ax.images + ax.collections) for ax in drawn.axes] == [
        len(ax.lines + ax.images + ax.collections) for ax in fitting.axes
    ]


def test_sweep_is_a_function_of_the_package(tmp_path):
    frame = fs.sweep(written(tmp_path), out=tmp_path / "out", jobs=1)
    assert set(frame.measure) == {"bed_days", "presentations"}


def test_a_study_is_read_alike_from_anywhere(tmp_path):
    assert study(tmp_path).points_fingerprint == study(tmp_path).points_fingerprint
