"""One run of a sweep again, exactly, with its event log."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from flowsim.engine import simulate
from flowsim.experiment.replicate import replication_of
from flowsim.experiment.texts import csv_bytes, safe
from flowsim.params import Scenario
from flowsim.params.tree import switched
from flowsim.sweeps.files import write_whole
from flowsim.sweeps.folder import LEDGER, POINTS, other_version, recorded
from flowsim.sweeps.problems import StoreError, SweepError, reason
from flowsim.sweeps.shards import NUMBERS, Store, parquet_bytes
from flowsim.sweeps.study import BASELINE, scenario_at
from flowsim.sweeps.work import event_columns

EVENTS_PARQUET, EVENTS_CSV, MEASURES_CSV = "events.parquet", "events.csv", "measures.csv"


@dataclass(frozen=True)
class Replayed:
    """A run made again.

    Attributes
    ----------
    values : dict
        Its measures.
    same : bool, optional
        Whether they are those stored, bit for bit; None if the run is not stored.
    different : list of str
        Measures that are not.
    other_version : tuple of str
        What of the program is no longer as when the sweep was begun, in words.
    """

    folder: Path
    point: int
    replication: int
    values: dict[str, float]
    same: bool | None
    different: list[str]
    events: int
    other_version: tuple[str, ...] = ()


def replay(run_dir: Path, point: int, replication: int, out: Path | None = None) -> Replayed:
    """Run one replication of one point again, hold it against what is stored, and write its event log.

    Parameters
    ----------
    run_dir : Path
        Folder of a sweep.
    point : int
        Number of the point, from 0; -1 is the baseline.
    out : Path, optional
        Where the log is written; ``replays/point-<P>-replication-<R>`` in the folder by default.

    Raises
    ------
    SweepError
        If it is no folder of a sweep, or there is no such point.
    """
    there = recorded(run_dir)
    if there is None:
        raise SweepError(f"{run_dir}: is no folder of a sweep; {_instead(run_dir)}")
    if replication < 0:
        raise SweepError(f"replications count from 0, not {replication}")
    scenario = _scenario(run_dir, there, point)
    seed = int(there["identity"]["seed"])
    finished = replication_of([scenario], seed, replication)
    if not finished.runs:
        raise SweepError(f"this run fails: {finished.failures[0].reason}")
    values = finished.runs[0].values
    stored = _stored(Store(run_dir), scenario.fingerprint, seed, replication)
    different = [] if stored is None else _different(values, stored)
    frame = simulate(scenario, seed=seed, replication=replication).to_frame()
    name = "baseline" if point == BASELINE else f"point-{point}"
    folder = out or run_dir / "replays" / f"{name}-replication-{replication}"
    _write(folder, frame, values)
    same = None if stored is None else not different
    return Replayed(folder, point, replication, values, same, different, len(frame), other_version(there["identity"]))


def _instead(run_dir: Path) -> str:
    """What to say of a folder without a ledger: a calibration has one in the folder of each wave."""
    within = sorted(one.parent.name for one in run_dir.glob(f"*/{LEDGER}"))
    if within:
        return f"it holds those of {', '.join(within)}: give one of them, such as {run_dir / within[0]}"
    return f"there is no {LEDGER} in it"


def _scenario(run_dir: Path, there: dict[str, Any], point: int) -> Scenario:
    if point == BASELINE:
        return _baseline(run_dir, there)
    try:
        data = (run_dir / POINTS).read_bytes()
    except OSError as error:
        raise SweepError(f"{run_dir / POINTS}: cannot be read: {reason(error)}") from error
    if sha256(data).hexdigest() != there.get("points_sha256"):
        raise SweepError(f"{run_dir / POINTS}: was changed since; run the sweep there again, which puts it right")
    points = json.loads(data)
    if not 0 <= point < len(points):
        raise SweepError(f"there is no point {point}; points are 0 to {len(points) - 1}")
    try:
        if "switches" in there or not there["stated"]:
            return _switched(there, points[point])
        return scenario_at(there["stated"], points[point])
    except ValueError as error:
        raise SweepError(f"point {point} is no scenario of this version: {error}") from error


def _switched(there: dict[str, Any], on: dict[str, Any]) -> Scenario:
    """The baseline with these parts of the scenario: all of them bring what changes nothing with them."""
    try:
        parts, rest = there["switches"]["parts"], there["switches"]["rest"]
        paths = [path for name, held in parts.items() if on[name] for path in held]
        tree = switched(there["baseline"], there["scenario"], [*paths, *(rest if all(on.values()) else ())])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{LEDGER} does not say what its parts are; run the same command there again") from error
    return Scenario.model_validate(tree)


def _baseline(run_dir: Path, there: dict[str, Any]) -> Scenario:
    if there["baseline"] is None:
        raise SweepError(f"{run_dir}: this sweep has no baseline")
    try:
        return Scenario.model_validate(there["baseline"])
    except ValueError as error:
        raise SweepError(f"the baseline is no scenario of this version: {reason(error)}") from error


def _stored(store: Store, fingerprint: str, seed: int, replication: int) -> dict[str, float] | None:
    for shard in store.verified():
        notes = shard.notes
        if (notes["part"], notes["fingerprint"], notes["seed"]) != (NUMBERS, fingerprint, seed):
            continue
        rows = [row for row in shard.table.to_pylist() if row["replication"] == replication]
        if rows:
            return {row["measure"]: row["value"] for row in rows}
    return None


def _different(values: dict[str, float], stored: dict[str, float]) -> list[str]:
    names = [*values, *(name for name in stored if name not in values)]
    return [name for name in names if not _same(values.get(name), stored.get(name))]


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return (math.isnan(one) and math.isnan(other)) or float(one).hex() == float(other).hex()


def _write(folder: Path, frame: Any, values: dict[str, float]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be made: {reason(error)}") from error
    write_whole(folder / EVENTS_PARQUET, parquet_bytes(event_columns([frame])))
    write_whole(folder / EVENTS_CSV, safe(frame).to_csv(index=False, lineterminator="\n").encode())
    write_whole(folder / MEASURES_CSV, csv_bytes(["measure", "value"], values.items()))
