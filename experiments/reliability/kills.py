"""Killing the process of a sweep, or one of its workers, at random moments; and resuming."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil
from bench import (
    COMPLETE,
    FORK,
    Case,
    damaged,
    emptied,
    end_of,
    expected_shards,
    faults,
    shards,
    start,
    strays,
    sweep_in,
)

_EVERY = 5  # every fifth parent killed has two workers


def kill_parents(case: Case, root: Path, count: int, luck: random.Random) -> dict[str, Any]:
    """Kill the process of a sweep with SIGKILL at random moments; resume each time."""
    lasts = {jobs: _undisturbed(case, root, jobs) for jobs in ((1, 2) if count >= _EVERY else (1,))}
    tally: dict[str, Any] = {"kills": 0, "with_workers": 0, "temporary_files_seen": 0, "blocks_finished": 0}
    tally |= {"moments": Counter(), "too_late": 0, "orphans_seconds": 0.0, "seconds": lasts, "faults": []}
    while tally["kills"] < count:
        jobs = 2 if tally["kills"] % _EVERY == _EVERY - 1 else 1
        folder = emptied(root / "killed")
        process = start(sweep_in, case.study, folder, jobs=jobs)
        time.sleep(luck.uniform(0.0, lasts[jobs]))
        orphans = psutil.Process(process.pid).children(recursive=True) if process.is_alive() and jobs > 1 else []
        process.kill()
        if end_of(process) == -signal.SIGKILL:  # otherwise it was faster, and this is no trial
            tally["kills"] += 1
            tally["with_workers"] += jobs > 1
            tally["faults"] += _resumed(case, folder, orphans, tally)
        else:
            tally["too_late"] += 1
            lasts[jobs] *= 0.9
    return tally


def _resumed(case: Case, folder: Path, orphans: list[psutil.Process], tally: dict[str, Any]) -> list[str]:
    """Resume in a folder whose sweep was killed; what is wrong then."""
    found = [f"damaged by the kill: {name}" for name in damaged(folder)]
    tally["temporary_files_seen"] += len(strays(folder))
    before = shards(folder)
    tally["blocks_finished"] += len(before)
    tally["moments"][
        "no block"
        if not before
        else "some blocks"
        if len(before) < expected_shards(case.study, folder)
        else "all blocks"
    ] += 1
    if end_of(start(sweep_in, case.study, folder)) != COMPLETE:
        return [*found, "could not be resumed"]
    began = time.perf_counter()
    _, alive = psutil.wait_procs(orphans, timeout=30)
    tally["orphans_seconds"] = max(tally["orphans_seconds"], time.perf_counter() - began)
    return [*found, *(f"orphan {one.pid}" for one in alive), *faults(case, folder, before)]


def _undisturbed(case: Case, root: Path, jobs: int) -> float:
    began = time.perf_counter()
    end_of(start(sweep_in, case.study, emptied(root / "undisturbed"), jobs=jobs))
    return time.perf_counter() - began


def kill_workers(case: Case, root: Path, count: int, luck: random.Random) -> dict[str, Any]:
    """Kill one of two workers of a sweep at random moments; the sweep goes on by itself, then is resumed."""
    here, there = FORK.Pipe()
    sweeper = start(_sweeper, case, there)
    tally: dict[str, Any] = {"kills": 0, "pools_broken": 0, "too_late": 0, "faults": []}
    lasts = 0.0
    for _ in range(2):  # the first starts the workers, the second finds them ready
        began = time.perf_counter()
        here.send(emptied(root / "worker"))
        here.recv()
        lasts = time.perf_counter() - began
    tally["seconds"] = lasts
    while tally["kills"] < count:
        folder = emptied(root / "worker")
        here.send(folder)
        time.sleep(luck.uniform(0.0, lasts))
        victims = _workers(sweeper.pid)
        if victims and not here.poll():
            os.kill(luck.choice(victims), signal.SIGKILL)
            tally["kills"] += 1
            tally["faults"] += _went_on(case, folder, here, tally)
        else:
            tally["too_late"] += 1
            here.recv()
    here.send(None)
    end_of(sweeper)
    return tally


def _went_on(case: Case, folder: Path, here: Connection, tally: dict[str, Any]) -> list[str]:
    if not here.poll(120.0):
        raise TimeoutError("a sweep whose worker was killed did not end")
    if here.recv() != COMPLETE:
        return ["the sweep did not end well"]
    tally["pools_broken"] += "the workers stopped" in (folder / "run.log").read_text(encoding="utf-8")
    found = faults(case, folder, {})
    before = shards(folder)
    ending = end_of(start(sweep_in, case.study, folder))
    return found + faults(case, folder, before) + ([] if ending == COMPLETE else ["could not be resumed"])


def _sweeper(case: Case, there: Connection) -> int:
    """Conducts one sweep after the other with two workers, as told."""
    while (folder := there.recv()) is not None:
        there.send(sweep_in(case.study, folder, jobs=2))
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True, kill_workers=True)
    return 0


def _workers(pid: int | None) -> list[int]:
    found = []
    for child in psutil.Process(pid).children():
        try:
            if any("LokyProcess" in word for word in child.cmdline()):
                found.append(child.pid)
        except psutil.Error:  # it has just gone
            continue
    return found
