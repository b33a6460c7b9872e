"""Many ways to run one sweep, two at once in a folder, other versions, and disks that are full or read-only."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import (
    COMPLETE,
    PART,
    SMALL,
    STOPPED,
    Case,
    damaged,
    emptied,
    end_of,
    faults,
    shards,
    start,
    strays,
    study_of,
    sweep_in,
    tables,
    why,
)

import flowsim

Step = dict[str, Any]


def ways(quick: bool) -> dict[str, list[Step]]:
    """Ways to run a sweep: steps one after the other in one folder."""
    dask: Step = {"backend": "dask"}
    found = {f"loky, {jobs} {'worker' if jobs == 1 else 'workers'}": [{"jobs": jobs}] for jobs in (1, 2, 4, 8)}
    found["begun as part 1/3 with one worker, resumed with two"] = [{"shard": (1, 3)}, {"jobs": 2}]
    found["parts 1/3, 2/3, 3/3"] = [{"shard": (number, 3)} for number in (1, 2, 3)]
    found["parts 4/4, 2/4, 1/4, 3/4 with two workers each"] = [{"shard": (n, 4), "jobs": 2} for n in (4, 2, 1, 3)]
    if quick:
        return {name: steps for name, steps in found.items() if name.startswith("parts 1/3")}
    found["Dask, two workers"] = [dask]
    found["begun as part 1/3 here, resumed with Dask"] = [{"shard": (1, 3)}, dask]
    found["parts 1/3 here, 2/3 with Dask, 3/3 with two workers"] = [
        {"shard": (1, 3)},
        {**dask, "shard": (2, 3)},
        {"shard": (3, 3), "jobs": 2},
    ]
    return found


def equality(cases: list[Case], root: Path, quick: bool) -> dict[str, Any]:
    """Whether tables have the same bytes in whatever way a sweep is run."""
    found: dict[str, Any] = {}
    with contextlib.nullcontext("") if quick else _cluster(root) as address:
        for name, steps in ways(quick).items():
            same = []
            for case in cases:
                folder = emptied(root / "way")
                where = {"scheduler": address} if address else {}
                endings = [end_of(start(sweep_in, case.study, folder, **where, **step)) for step in steps]
                expected = [PART] * (len(steps) - 1) + [COMPLETE]
                same.append(endings == expected and tables(folder) == case.tables and not strays(folder))
            found[name] = same
    return found


@contextlib.contextmanager
def _cluster(root: Path) -> Iterator[str]:
    """A Dask scheduler and two workers as processes of their own."""
    file = root / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": root}
    dask = [sys.executable, "-m", "dask"]
    scheduler = [*dask, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    worker = [*dask, "worker", "--scheduler-file", str(file), "--nworkers", "1", "--nthreads", "1", "--no-dashboard"]
    running = [subprocess.Popen(command, **quiet) for command in (scheduler, worker, worker)]
    try:
        while not file.exists():
            time.sleep(0.1)
        yield str(file)
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


def races(case: Case, root: Path, count: int, luck: random.Random) -> dict[str, Any]:
    """Start two runs of one sweep in one new folder at nearly the same moment."""
    found: dict[str, Any] = {"races": count, "with_workers": 0, "endings": Counter(), "faults": []}
    for number in range(count):
        folder, jobs = emptied(root / "race"), 2 if number % 10 == 9 else 1
        first = start(sweep_in, case.study, folder, jobs=jobs)
        time.sleep(luck.choice((0.0, luck.uniform(0.0, 0.3))))
        endings = [end_of(start(sweep_in, case.study, folder)), end_of(first)]
        found["with_workers"] += jobs > 1
        found["endings"]["both ended well" if endings == [COMPLETE] * 2 else f"{endings}: {why(folder)}"] += 1
        found["faults"] += faults(case, folder, {})
    return found


def refusals(case: Case, root: Path) -> dict[str, list[str]]:
    """Resume half a sweep under other code, or as another sweep: refused by name, or accepted when asked."""
    changes: dict[str, dict[str, Any]] = {
        "another seed": {"seed": 2},
        "other settings": {"settings": ["clock.warm_up_days=5", "clock.window_days=21"]},
        "other points": {"parameters": {"hospital.wards.Ward": {"values": [5, 8]}}},
        "other replications": {"replications": 5},
        "other outcomes": {"outcomes": ["bed_days"]},
    }
    found = {}
    for name, change in changes.items():
        folder = _half(case, root)
        other = study_of({**SMALL, **change}, root / "other")
        refused = end_of(start(sweep_in, other, folder)) == STOPPED
        message = why(folder)
        taken = end_of(start(sweep_in, other, folder, accept_other=True)) == COMPLETE
        found[name] = _judged(refused, message, taken)
    for name, (file, old, new) in _EDITS.items():
        folder, package = _half(case, root), _edited(root, file, old, new)
        refused, message = _by_command(root, folder, package, [])
        taken, _ = _by_command(root, folder, package, ["--accept-other-version"])
        found[name] = _judged(refused == 2, message, taken == 0)
    return found


_EDITS = {
    "one line of the source changed": ("journey.py", "from __future__", "# changed\nfrom __future__"),
    "another version of the package": ("__init__.py", '__version__ = "', '__version__ = "9.'),
    "another version of the model": ("params/__init__.py", "MODEL_VERSION = ", "MODEL_VERSION = 1000 + "),
}


def _judged(refused: bool, message: str, taken: bool) -> list[str]:
    named = re.search(r"another sweep: (.*?) differs?;", message)
    return [
        f"refused: {named[1]}" if refused and named else f"NOT REFUSED {message}",
        "goes on when asked" if taken else "DOES NOT GO ON",
    ]


def _half(case: Case, root: Path) -> Path:
    folder = emptied(root / "half")
    end_of(start(sweep_in, case.study, folder, shard=(1, 2)))
    return folder


def _edited(root: Path, file: str, old: str, new: str) -> Path:
    """A copy of flowsim with one edit; the model's version is looked for where it is."""
    package = emptied(root / "edited")
    shutil.copytree(Path(flowsim.__file__).parent, package / "flowsim", ignore=shutil.ignore_patterns("__pycache__"))
    path = package / "flowsim" / file
    if old not in path.read_text(encoding="utf-8"):
        path = next(p for p in path.parent.glob("*.py") if re.search(f"^{old}", p.read_text(encoding="utf-8"), re.M))
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    return package


def _by_command(root: Path, folder: Path, package: Path, options: list[str]) -> tuple[int, str]:
    design = root / "other" / "same.yaml"
    design.write_text(json.dumps(SMALL), encoding="utf-8")
    command = [sys.executable, "-m", "flowsim", "sweep", str(design), "--out", str(folder), "--jobs", "1", *options]
    where = {**os.environ, "PYTHONPATH": str(package), "COLUMNS": "1000"}
    done = subprocess.run(command, capture_output=True, text=True, env=where, cwd=root, check=False)
    return done.returncode, " ".join(done.stderr.split())


def full_disks(case: Case, root: Path, count: int, luck: random.Random) -> dict[str, Any]:
    """Run on a disk of one megabyte, partly taken; then read-only; then give it room and resume."""
    disk = emptied(root / "disk")
    disk.mkdir()
    found: dict[str, Any] = {"disks": 0, "messages": Counter(), "blocks_kept": 0, "faults": []}
    for _ in range(count):
        if _mount(disk, "-t", "tmpfs", "-o", "size=1m", "tmpfs"):
            found["how"] = "a tmpfs of one megabyte"
            try:
                _fill(case, disk, luck, found)
            finally:
                subprocess.run(["umount", str(disk)], check=True)
    return found


def _mount(disk: Path, *how: str) -> bool:
    done = subprocess.run(["mount", *how, str(disk)], capture_output=True, check=False)
    return done.returncode == 0


def _fill(case: Case, disk: Path, luck: random.Random, found: dict[str, Any]) -> None:
    folder, ballast = disk / "sweep", disk / "ballast"
    ballast.write_bytes(bytes(4096 * luck.randrange(0, 254)))
    found["disks"] += 1
    ending, message = end_of(start(sweep_in, case.study, folder)), why(folder)
    before = shards(folder)
    found["blocks_kept"] += len(before)
    found["messages"][_short(message)] += 1
    if ending != STOPPED or damaged(folder) or strays(folder):
        found["faults"].append(f"full: ended with {ending}: {message}")
    _mount(disk, "-o", "remount,ro")
    ending, message = end_of(start(sweep_in, case.study, folder)), why(folder)
    found["messages"][_short(message)] += 1
    if ending != STOPPED or shards(folder) != before:
        found["faults"].append(f"read-only: ended with {ending}: {message}")
    _mount(disk, "-o", "remount,rw,size=50m")
    if end_of(start(sweep_in, case.study, folder)) != COMPLETE:
        found["faults"].append(f"could not be resumed: {why(folder)}")
    else:
        found["faults"] += faults(case, folder, before)


def _short(message: str) -> str:
    """A message without the names of folders and files."""
    return re.sub(r"^\S+/(\S+?): ", lambda match: f"{'…' if '-' in match[1] else match[1]}: ", message)
