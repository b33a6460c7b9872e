"""Sweeps whose processes are killed: nothing lost, nothing doubled, and the same bytes in the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from waiting import until

pytestmark = pytest.mark.behaviour

POINTS = 10
DESIGN = {
    "name": "killed",
    "scenario": "theory/mmc",
    "baseline": "theory/mmc",
    "settings": ["clock.warm_up_days=10", "clock.window_days=400"],  # a block of four takes some tenths of a second
    "method": "grid",
    "parameters": {"cohorts.everyone.arrivals.per_day": {"values": [3.0 + 0.05 * number for number in range(POINTS)]}},
    "replications": 4,
    "outcomes": ["bed_days", "bed_days_saved"],
}
TABLES = ["results.parquet", "summary.csv", "design.parquet"]
ENV = {**os.environ, "PYTHONUNBUFFERED": "1"}


def command(design: Path, out: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "flowsim", "sweep", str(design), "--out", str(out), "--no-pictures", "-q", *words]


def shards(out: Path) -> list[Path]:
    return sorted((out / "shards").glob("*.parquet"))


def tables(out: Path) -> list[bytes]:
    return [(out / name).read_bytes() for name in TABLES]


@pytest.fixture
def begun(begin) -> Callable[..., subprocess.Popen[str]]:
    """Starts a sweep; gives it back on its way, in a process group of its own, with two blocks finished."""

    def start(design: Path, out: Path, *words: str) -> subprocess.Popen[str]:
        running = begin(command(design, out, *words), env=ENV, text=True, stderr=subprocess.PIPE)
        until(lambda: len(shards(out)) >= 2 or running.poll() is not None)
        assert running.poll() is None, "it was over before it could be killed"
        return running

    return start


def finish(design: Path, out: Path, *words: str) -> None:
    done = subprocess.run(command(design, out, *words), env=ENV, text=True, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def design(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("design") / "design.yaml"
    path.write_text(json.dumps(DESIGN))
    return path


@pytest.fixture(scope="module")
def undisturbed(design) -> Path:
    """The same sweep in one process that nobody disturbed."""
    finish(design, design.parent / "out", "--jobs", "1")
    return design.parent / "out"


@pytest.fixture
def whole(undisturbed, tmp_path) -> Iterator[Path]:
    """A folder that must in the end hold exactly what the undisturbed one does."""
    out = tmp_path / "out"
    yield out
    assert tables(out) == tables(undisturbed)
    parts = [path.name.split("-")[0] for path in shards(out)]
    assert len(parts) == len(set(parts))
    assert [path.name for path in out.rglob("*") if "tmp" in path.name] == []


def test_two_workers_give_the_bytes_of_one(design, whole, undisturbed):
    finish(design, whole, "--jobs", "2")
    assert tables(whole) == tables(undisturbed)


def test_a_killed_sweep_goes_on_where_it_was(begun, design, whole):
    running = begun(design, whole, "--jobs", "2")
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    kept = {path: path.stat().st_mtime_ns for path in shards(whole)}
    finish(design, whole, "--jobs", "1")
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_workers_end_with_a_killed_parent(begun, design, tmp_path):
    running = begun(design, tmp_path / "out", "--jobs", "2")
    workers = psutil.Process(running.pid).children(recursive=True)
    running.kill()
    running.communicate()
    _, alive = psutil.wait_procs(workers, timeout=20)
    assert alive == []


def test_ctrl_c_keeps_what_is_finished_and_ends_with_130(begun, design, whole):
    running = begun(design, whole, "--jobs", "2")
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    assert "what was finished is kept" in said
    assert len(shards(whole)) >= 2
    finish(design, whole, "--jobs", "1")


def test_a_killed_worker_costs_nothing_but_time(begun, design, whole):
    running = begun(design, whole, "--jobs", "2")
    workers = [one for one in psutil.Process(running.pid).children() if "popen_loky" in " ".join(one.cmdline())]
    workers[0].kill()
    _, said = running.communicate(timeout=120)
    assert running.returncode == 0, said
    assert "the workers stopped" in (whole / "run.log").read_text()


def test_two_runs_in_one_folder_share_the_work(begin, design, whole):
    both = [begin(command(design, whole, "--jobs", "1"), env=ENV) for _ in range(2)]
    assert [one.wait(timeout=120) for one in both] == [0, 0]


def test_a_disk_that_fills_up_stops_the_sweep_clearly_and_loses_nothing(design, whole):
    finish(design, whole, "--jobs", "1", "--shard", "1/2")
    kept = {path: path.read_bytes() for path in shards(whole)}
    limit = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)); "
    code = limit + "from flowsim.cli import main; main()"
    words = [sys.executable, "-c", code, *command(design, whole, "--jobs", "1")[3:]]
    done = subprocess.run(words, env=ENV, text=True, capture_output=True, timeout=120)
    assert done.returncode == 3
    assert "cannot be written: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in shards(whole)} == kept
    finish(design, whole, "--jobs", "1")


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler and workers on this machine, each a process of its own."""
    file = folder / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    words = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    processes = [subprocess.Popen([*dask, *words], stderr=subprocess.DEVNULL)]
    try:
        until(lambda: file.is_file() and file.stat().st_size > 0)
        dask = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(file), "--no-nanny"]
        words = ["--nthreads", "1", "--no-dashboard", "--local-directory", str(folder)]
        processes += [subprocess.Popen([*dask, *words], stderr=subprocess.DEVNULL) for _ in range(workers)]
        yield json.loads(file.read_text())["address"], processes[1:]
    finally:
        for one in reversed(processes):
            one.kill()
            one.wait()


def test_a_dask_cluster_that_loses_a_worker_gives_the_same_bytes(begun, design, whole, tmp_path):
    with cluster(tmp_path, workers=2) as (address, workers):
        running = begun(design, whole, "--backend", "dask", "--scheduler", address)
        workers[0].kill()
        _, said = running.communicate(timeout=120)
        assert running.returncode == 0, said
        assert workers[1].poll() is None
