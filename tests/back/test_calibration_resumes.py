"""A calibration that was stopped or killed goes on where it was, and ends with the same bytes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from waiting import until

import flowsim as fs
from flowsim.calibration import Calibration, CalibrationError

pytestmark = pytest.mark.back

RATE = "cohorts.everyone.arrivals.per_day"
KEPT = ("answer.json", "points.csv", "targets.csv", "parameters.csv", "wave-2.csv", "picture.png")


def _targets(folder: Path, **changes: object) -> Path:
    target = {"tolerance": 0.1, "source": "a test"}
    tree = {
        "title": "One ward",
        "scenario": "theory/mmc",
        "set": {"clock.warm_up_days": 5, "clock.window_days": 40},
        "parameters": [{"path": RATE, "low": 3.0, "high": 4.5}],
        "targets": [
            {"name": "beds", "measure": "core_beds_occupied_mean", "value": 3.6, "unit": "beds", **target},
            {
                "name": "stay",
                "measure": "length_of_stay_mean",
                "value": 1.0,
                "unit": "days",
                **target,
                "hold_out": True,
            },
        ],
        "points": 8,
        "replications": 4,
        "final_replications": 4,
        "waves": 2,
        "seed": 0,
        **changes,
    }
    path = folder / "targets.yaml"
    path.write_text(json.dumps(tree), encoding="utf-8")  # every JSON file is a YAML file
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Calibration:
    """One that nobody stopped."""
    folder = tmp_path_factory.mktemp("whole")
    return fs.calibrate(_targets(folder), folder / "out", jobs=1)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in KEPT}


def test_a_killed_calibration_goes_on_to_the_same_bytes(begin, tmp_path: Path, whole: Calibration) -> None:
    words = ["calibrate", str(_targets(tmp_path)), "--out", str(tmp_path / "out"), "--jobs", "1", "--quiet"]
    begun = begin([sys.executable, "-m", "flowsim", *words])
    until(lambda: list(tmp_path.glob("out/wave-2/shards/*.parquet")))
    begun.kill()
    begun.wait()
    assert not (tmp_path / "out" / "answer.json").exists()

    fs.calibrate(tmp_path / "targets.yaml", tmp_path / "out", jobs=1)

    assert _bytes(tmp_path / "out") == _bytes(whole.folder)


def test_one_stopped_by_the_user_keeps_what_was_finished(tmp_path: Path, whole: Calibration) -> None:
    def stop(done: int, _total: int) -> None:
        if done >= 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fs.calibrate(_targets(tmp_path), tmp_path / "out", jobs=1, progress=stop)
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out" / "wave-1" / "shards").iterdir()}
    fs.calibrate(tmp_path / "targets.yaml", tmp_path / "out", jobs=1)
    after = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out" / "wave-1" / "shards").iterdir()}

    assert len(before) == 8
    assert after == before
    assert _bytes(tmp_path / "out") == _bytes(whole.folder)


def test_progress_ends_at_its_total(whole: Calibration) -> None:
    seen: list[tuple[int, int]] = []
    fs.calibrate(whole.question, whole.folder, jobs=1, progress=lambda done, total: seen.append((done, total)))

    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1][0] <= seen[-1][1] <= 2 * 8 * 4 + 4 * 4


def test_other_targets_are_refused_in_a_folder_that_is_taken(tmp_path: Path, whole: Calibration) -> None:
    with pytest.raises(CalibrationError, match="was begun with other targets"):
        fs.calibrate(_targets(tmp_path, seed=7), whole.folder, jobs=1)


def test_a_folder_of_other_things_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match="holds other things"):
        fs.calibrate(_targets(tmp_path), tmp_path, jobs=1)


def test_one_more_wave_goes_on_from_those_that_were_run(tmp_path: Path, whole: Calibration) -> None:
    shards = whole.folder / "wave-1" / "shards"
    before = {path.name: path.stat().st_mtime_ns for path in shards.iterdir()}
    more = fs.calibrate(_targets(tmp_path, waves=3), whole.folder, jobs=1)

    assert {path.name: path.stat().st_mtime_ns for path in shards.iterdir()} == before
    assert more.search.waves[0] == whole.search.waves[0]
