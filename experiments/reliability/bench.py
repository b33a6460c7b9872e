"""What every trial needs: tiny sweeps, processes forked after all imports, and a look at what is in a folder."""

from __future__ import annotations

import hashlib
import json
import math
import multiprocessing
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

# Imported before any fork, so that a trial does not pay for it; forked processes start no thread before they fork.
import joblib  # noqa: F401
import pandas as pd  # noqa: F401
import pyarrow.parquet  # noqa: F401

import flowsim.engine
from flowsim.sweeps.api import Options, conduct
from flowsim.sweeps.files import TEMPORARY
from flowsim.sweeps.study import Study, read_study

CONFIG = Path(__file__).resolve().parents[2] / "configs" / "theory" / "mmc.yaml"
COMPLETE, PART, STOPPED = 0, 10, 11
"""How a trial's sweep may end: all done; its part done; it says why it cannot go on."""
FORK = multiprocessing.get_context("fork")

SMALL: dict[str, Any] = {
    "name": "small",
    "scenario": str(CONFIG),
    "settings": ["clock.warm_up_days=5", "clock.window_days=20"],
    "method": "grid",
    "parameters": {
        "hospital.wards.Ward": {"values": [5, 6, 7]},
        "cohorts.everyone.arrivals.per_day": {"values": [3.0, 3.5, 4.0, 4.5]},
    },
    "replications": 4,
    "outcomes": ["bed_days", "admissions"],
}
RICH: dict[str, Any] = {
    **{key: value for key, value in SMALL.items() if key != "replications"},
    "name": "rich",
    "baseline": str(CONFIG),
    "parameters": {"cohorts.everyone.arrivals.per_day": {"values": [3.0, 4.0, 4.5]}},
    "precision": {"measure": "bed_days", "share": 0.06, "at_most": 40},
    "outcomes": ["bed_days", "bed_days_saved"],
    "keep": ["replications", "daily", "events"],
}
FILLING: dict[str, Any] = {**SMALL, "name": "filling", "replications": 20, "keep": ["replications", "events"]}


@dataclass(frozen=True)
class Case:
    """A sweep, and the tables it gives when nothing happens to it."""

    study: Study
    tables: dict[str, bytes]


def study_of(design: dict[str, Any], root: Path) -> Study:
    """A design written to a file (JSON is YAML) and read."""
    path = root / f"{design['name']}.yaml"
    path.write_text(json.dumps(design), encoding="utf-8")
    return read_study(path)


def case_of(design: dict[str, Any], root: Path) -> Case:
    """A sweep and what it gives undisturbed, in this process alone."""
    study = study_of(design, root)
    folder = root / f"reference-{study.design.name}"
    ending = end_of(start(sweep_in, study, folder))
    assert ending == COMPLETE, ending
    return Case(study, tables(folder))


def sweep_in(study: Study, folder: Path, **how: Any) -> int:
    """Conduct a sweep; says how it ended. The reason of a stop is left beside the folder."""
    try:
        outcome = conduct(study, Options(out=folder, **{"jobs": 1, "pictures": False, **how}))
        stop = outcome.stop
    except flowsim.sweeps.SweepError as error:
        stop = str(error)
    if stop:
        said(folder).write_text(stop, encoding="utf-8")
        return STOPPED
    return COMPLETE if outcome.complete else PART


def said(folder: Path) -> Path:
    """Where a sweep's reason for stopping is left; not inside its folder, which may be full."""
    return Path("/tmp") / f"flowsim-{os.getuid()}-{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"


def why(folder: Path) -> str:
    """The reason a sweep gave for stopping, read once."""
    path = said(folder)
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    path.unlink(missing_ok=True)
    return text


def start(action: Callable[..., int], *args: Any, **named: Any) -> BaseProcess:
    """A forked process that does this, quietly, and exits with what it returns."""
    process = FORK.Process(target=_inside, args=(action, args, named))
    process.start()
    return process


def _inside(action: Callable[..., int], args: tuple[Any, ...], named: dict[str, Any]) -> None:
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    if "FLOWSIM_TRIALS_ALOUD" not in os.environ:
        os.dup2(quiet, 2)
    code = action(*args, **named)
    if named.get("jobs", 1) > 1:
        from joblib.externals.loky import get_reusable_executor

        get_reusable_executor().shutdown(wait=True)
    os._exit(code)


def end_of(process: BaseProcess, limit: float = 120.0) -> int | None:
    """Exit code of a process; one that does not end in time is killed, and the trial fails."""
    process.join(limit)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError("a trial did not end")
    return process.exitcode


def tables(folder: Path) -> dict[str, bytes]:
    """Bytes of all tables of a finished sweep."""
    names = [path for path in sorted(folder.iterdir()) if path.suffix in (".parquet", ".csv")]
    return {path.name: path.read_bytes() for path in [*names, folder / "points.json", folder / "salib_problem.json"]}


def shards(folder: Path) -> dict[str, tuple[int, int]]:
    """Whole shards in a folder: name, and which file on disk it is and since when."""
    found = {}
    for path in sorted((folder / "shards").glob("*.parquet")):
        stat = path.stat()
        found[path.name] = (stat.st_ino, stat.st_mtime_ns)
    return found


def damaged(folder: Path) -> list[str]:
    """Shards whose bytes do not have the hash in their names."""
    paths = sorted((folder / "shards").glob("*.parquet"))
    return [path.name for path in paths if hashlib.sha256(path.read_bytes()).hexdigest()[:32] != path.stem[33:]]


def strays(folder: Path) -> list[str]:
    """Temporary files."""
    return [path.name for path in folder.rglob(f"{TEMPORARY}*")]


def expected_shards(study: Study, folder: Path) -> int:
    """How many shards a finished sweep has; how many replications a block has was decided when it began."""
    block = json.loads((folder / "sweep.json").read_text(encoding="utf-8"))["block"]
    return len(study.points) * math.ceil(study.design.first_look / block) * len(study.design.parts)


def faults(case: Case, folder: Path, before: dict[str, tuple[int, int]]) -> list[str]:
    """What is wrong with a finished folder: nothing, if nothing was lost, duplicated, or computed again.

    A block of several parts that was not finished is run again whole, so there only its name and bytes must be there.
    """
    after, wanted = shards(folder), expected_shards(case.study, folder)
    found = []
    if tables(folder) != case.tables:
        found.append("the tables have other bytes")
    if not before.keys() <= after.keys():
        found.append("a finished shard was lost")
    if len(case.study.design.parts) == 1 and any(after.get(name) != what for name, what in before.items()):
        found.append("a finished block was written again")
    if not len(after) == len({name[:32] for name in after}) == wanted:
        found.append(f"{len(after)} shards instead of {wanted}")
    found += [f"stray {name}" for name in strays(folder)] + [f"damaged {name}" for name in damaged(folder)]
    return found


def emptied(folder: Path) -> Path:
    """The folder, gone if it was there."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder
