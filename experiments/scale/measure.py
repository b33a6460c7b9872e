"""What a sweep costs, and what a national one would need. Writes ``results.json`` and ``docs/scale.md``.

    python -m experiments.scale.measure [--quick | --dask | --page]

Costs are processor seconds, so that a busy machine changes little; what giving out a task costs is found on a real Dask
cluster of this machine. ``--quick`` measures less and prints; ``--dask`` measures only that cluster again, ``--page``
nothing: they take the rest from ``results.json``.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import flowsim as fs
from experiments.scale.local import delay_of, held_against, overhead
from experiments.scale.needs import NODES, on_nodes
from experiments.scale.page import page_of
from flowsim.experiment.replicate import replication_of
from flowsim.sweeps.api import Options, conduct
from flowsim.sweeps.shards import Block, Store
from flowsim.sweeps.study import Study, read_study
from flowsim.sweeps.version import code_version
from flowsim.sweeps.work import Task, tree_text, work

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.append(str(ROOT / "experiments" / "speed"))

from benchmark import enlarged  # noqa: E402 - which imports its neighbour by bare name

CONFIG = ROOT / "configs" / "transition_year.yaml"
RESULTS, PAGE = HERE / "results.json", ROOT / "docs" / "scale.md"
SIZE = 5
"""Croydon enlarged in people, presentations, beds, slots and home care, to about an average integrated care system."""
TRIALS = {2: ((200, 0.01), (200, 0.02), (80, 0.05)), 8: ((160, 0.1), (120, 0.2), (80, 0.5))}
"""Tasks that wait, and how long, by workers of the real cluster."""


def alone(action: Callable[..., Any], *args: Any) -> Any:
    """Do this in a fresh process, so that memory and processor time are its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(action, *args).result()


def peak_mb() -> float:
    """Most memory this process has held; of Linux, as ``getrusage`` may tell of the process it was begun by."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def scenario_of(years: int, times: int) -> fs.Scenario:
    """The transition year, so many years long and so many times as large."""
    scenario = fs.load(CONFIG).with_(clock={"window_days": 365 * years})
    return enlarged(scenario, times) if times > 1 else scenario


def cost(years: int, times: int, repeats: int) -> dict[str, Any]:
    """Processor seconds of replications, all measures included, after one of a month that pays for imports."""
    scenario = scenario_of(years, times)
    replication_of([fs.load(CONFIG).with_(clock={"window_days": 30})], 1, 0)
    found = []
    for replication in range(repeats):
        began = time.process_time()
        assert not replication_of([scenario], 1, replication).failures
        found.append(time.process_time() - began)
    simulated = (scenario.clock.warm_up_days + scenario.clock.window_days) / 365.0
    return {"years_simulated": simulated, "seconds": found, "peak_mb": peak_mb()}


def design(folder: Path, points: int, replications: int) -> Study:
    """A sweep of LIFE slots over a year of Croydon."""
    slots = {"life.slots": {"values": [100 + point for point in range(points)]}}
    tree = {"name": "scale", "scenario": str(CONFIG), "method": "grid", "parameters": slots}
    tree |= {"replications": replications, "outcomes": ["bed_days"], "settings": ["clock.window_days=365"]}
    path = folder / "design.yaml"
    path.write_text(json.dumps(tree), encoding="utf-8")
    return read_study(path)


def swept(points: int, replications: int) -> float:
    """Processor seconds of a whole sweep in one process, from its file to its tables."""
    replication_of([fs.load(CONFIG).with_(clock={"window_days": 30})], 1, 0)
    with tempfile.TemporaryDirectory() as name:
        began = time.process_time()
        outcome = conduct(design(Path(name), points, replications), Options(Path(name) / "out", 1, pictures=False))
        assert outcome.complete
        return time.process_time() - began


def started(points: int) -> float:
    """Processor seconds of a fresh process until it knows all its points."""
    with tempfile.TemporaryDirectory() as name:
        design(Path(name), points, 30)
        return time.process_time()


def stored(years: int, times: int, replications: int) -> dict[str, float]:
    """Bytes of shards for each replication, by what is kept, of a block of so many; and the memory that takes."""
    scenario = scenario_of(years, times)
    with tempfile.TemporaryDirectory() as name:
        store = Store(Path(name))
        store.prepare()
        block = Block(scenario.fingerprint, 1, 0, replications)
        parts = ("numbers", "daily", "events")
        receipt = work(Task(block, 0, tree_text(scenario), name, parts, code_version()))
        sizes = [(store.folder / shard).stat().st_size / replications for shard in receipt.shards]
    return {**dict(zip(parts, sizes, strict=True)), "peak_mb": peak_mb()}


def listing(files: int) -> dict[str, float]:
    """Seconds a worker needs to look for a block among so many shards, and to verify one and read it."""
    with tempfile.TemporaryDirectory() as name:
        study = design(Path(name), 1, 1)
        store = Store(Path(name))
        store.prepare()
        block = Block(study.fingerprint(0), 1, 0, 1)
        values = replication_of([study.at(0)], 1, 0).runs[0].values
        shard = store.write(block, "numbers", {"measure": list(values), "value": list(values.values())}, {})
        for number in range(files):
            (store.folder / f"{number:032x}-{number:032x}.parquet").touch()
        began = time.process_time()
        for _ in range(10):
            store.of_key(block.key("numbers"))
        looked = (time.process_time() - began) / 10
        began = time.process_time()
        for _ in range(100):
            store.read(shard)
        return {"files": files, "look": looked, "read": (time.process_time() - began) / 100}


def on_dask(quick: bool) -> dict[str, Any]:
    """What giving out a task costs, and the model held against real clusters."""
    with tempfile.TemporaryDirectory() as name:
        study = design(Path(name), 1, 1)
        own = overhead(study, 3 if quick else 15)
        own["delay"] = delay_of(own)
        trials = {2: ((100, 0.02),)} if quick else TRIALS
        own["trials"] = [row for workers, of in trials.items() for row in held_against(study, own, workers, of)]
    return own


def measured(quick: bool) -> dict[str, Any]:
    """Everything."""
    began = time.perf_counter()
    found: dict[str, Any] = {"cores": os.cpu_count(), "python": platform.python_version(), "seed": 1, "size": SIZE}
    found["day"] = dt.datetime.now(dt.UTC).date().isoformat()
    found["overhead"] = on_dask(quick)
    found["load"] = os.getloadavg()[0]
    counts = {1: 2, 10: 1} if quick else {1: 5, 2: 3, 5: 3, 10: 3}
    found["years"] = {years: alone(cost, years, 1, repeats) for years, repeats in counts.items()}
    counts = {10: 1} if quick else {1: 2, 10: 2}
    found["large"] = {years: alone(cost, years, SIZE, repeats) for years, repeats in counts.items()}
    runs = (4, 8) if quick else (4, 8, 16)
    found["replications"] = {count: alone(swept, 1, count) for count in runs}
    found["points"] = {count: alone(swept, count // 2, 2) for count in runs}
    found["start"] = alone(started, 1000)
    shapes = [(1, 1, 2)] if quick else [(1, 1, 1), (1, 1, 10), (10, 1, 1), (10, SIZE, 1)]
    found["stored"] = {",".join(map(str, shape)): alone(stored, *shape) for shape in shapes}
    found["listing"] = [listing(files) for files in (1000, 30_000)]
    return {**json.loads(json.dumps(found)), "took": time.perf_counter() - began}


def main() -> None:
    """Measure, write the results and the page."""
    quick = "--quick" in sys.argv
    again = "--page" in sys.argv or "--dask" in sys.argv
    found = json.loads(RESULTS.read_text(encoding="utf-8")) if again else measured(quick)
    if "--dask" in sys.argv:
        found.setdefault("overhead_before", []).append(found["overhead"])
        found["overhead"] = on_dask(quick)
    found["modelled"] = [on_nodes(found, nodes) for nodes in NODES[: 1 if quick else None]]
    print(json.dumps(found, indent=1))
    if not quick:
        RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(page_of(found), encoding="utf-8")


if __name__ == "__main__":
    main()
