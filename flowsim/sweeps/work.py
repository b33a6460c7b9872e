"""What a worker does: run a block of replications, keep its shard, hand back a receipt. Imports are kept light."""

from __future__ import annotations

import contextlib
import datetime as dt
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from flowsim.events import EventLog
from flowsim.experiment.parallel import BUSY
from flowsim.experiment.replicate import Finished, Run, replication_of
from flowsim.params import Scenario
from flowsim.sweeps.problems import StoreError
from flowsim.sweeps.shards import DAILY, EVENTS, NUMBERS, BadShardError, Block, Store
from flowsim.sweeps.version import code_version, versions


@dataclass(frozen=True, slots=True)
class Task:
    """A block of one scenario to be run; small enough to send anywhere.

    Attributes
    ----------
    point : int
        The first point that needs it, for messages.
    tree : str
        The whole scenario as JSON.
    parts : tuple of str
        Shards it makes, numbers first.
    code : str
        The code version it must be run with.
    anew : bool
        Run it even if its shards are there.
    """

    block: Block
    point: int
    tree: str
    folder: str
    parts: tuple[str, ...]
    code: str
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """A replication without result, and why; ``trace`` is for the log."""

    replication: int
    reason: str
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What comes back of a task: names of its shards, what was lost, and why the sweep cannot go on, if so."""

    key: str
    shards: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()
    stop: str = ""
    seconds: float = 0.0
    rejected: tuple[str, ...] = ()


def work_away(task: Task) -> Receipt:
    """As :func:`work`, in a worker process: one whose parent has died finishes its block first."""
    if threading.current_thread() is not threading.main_thread():  # a thread of a Dask worker, one of many perhaps
        return work(task)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a cluster's worker may share the terminal: the parent decides
    with BUSY:
        return work(task)


def work(task: Task) -> Receipt:
    """Run a task and keep its shards, or find them there already. Raises nothing: see the receipt."""
    key = task.block.key(NUMBERS)
    if task.code != code_version():
        return Receipt(key, stop=f"a worker runs other code ({code_version()}) than this sweep ({task.code})")
    store = Store(Path(task.folder))
    began = time.perf_counter()
    try:
        there = There((), (), ()) if task.anew else found(store, task.block, task.parts)
        if there.shards and not there.lost:
            return Receipt(key, there.shards, rejected=there.rejected)
        shards, lost = _run(task, store)
    except StoreError as error:
        return Receipt(key, stop=str(error))
    return Receipt(key, shards, lost, "", time.perf_counter() - began, there.rejected)


@dataclass(frozen=True, slots=True)
class There:
    """What is on disk of a block: its shards (none if a part is missing), what it lost, and what was put aside."""

    shards: tuple[str, ...]
    lost: tuple[tuple[int, str], ...]
    rejected: tuple[str, ...]


def found(store: Store, block: Block, parts: Sequence[str], listed: Mapping[str, list[str]] | None = None) -> There:
    """Verified shards of a block; of two of one key the one without failures.

    Parameters
    ----------
    listed : mapping, optional
        File names by key, if the folder was listed already.
    """
    names, rejected = [], list[str]()
    lost: tuple[tuple[int, str], ...] = ()
    for part in parts:
        key = block.key(part)
        good: list[tuple[int, str]] = []
        for name in store.of_key(key) if listed is None else listed.get(key, []):
            try:
                failed = store.read(name).notes["failures"]
            except BadShardError as error:
                if (store.folder / name).exists():
                    store.put_aside(name)
                    rejected.append(f"{name}: {error}")
                continue
            good.append((len(failed), name))
            if part == NUMBERS and (len(failed), name) == min(good):
                lost = tuple((int(number), str(why)) for number, why in failed)
        names.append(min(good)[1] if good else "")
    return There(tuple(names) if all(names) else (), lost, tuple(rejected))


def _run(task: Task, store: Store) -> tuple[tuple[str, ...], tuple[Lost, ...]]:
    scenario = _scenario(task.tree)
    frames: dict[int, Any] = {}
    done = [_once_more(scenario, task, r, frames) for r in range(task.block.first, task.block.last)]
    lost = [one for one in done if isinstance(one, Lost)]
    runs = {one.replication: one.runs[0] for one in done if isinstance(one, Finished)}
    notes = {**versions(), "failures": [[one.replication, one.reason] for one in lost]}
    tables: dict[str, Callable[[], dict[str, Any]]] = {
        NUMBERS: lambda: _numbers(runs),
        DAILY: lambda: _daily(scenario, runs),
        EVENTS: lambda: event_columns([frames[r] for r in runs]),
    }
    shards = []
    for part in task.parts:
        name = store.write(task.block, part, tables[part](), notes)
        for old in store.of_key(task.block.key(part)):
            if old != name and not lost and _failed_before(store, old):
                store.remove(old)
        shards.append(name)
    return tuple(shards), tuple(lost)


def _failed_before(store: Store, name: str) -> bool:
    with contextlib.suppress(BadShardError):
        return bool(store.read(name).notes["failures"])
    return False


def _once_more(scenario: Scenario, task: Task, replication: int, frames: dict[int, Any]) -> Finished | Lost:
    """A replication; if it fails it is tried once more, in case only the moment was bad. Its log is kept if asked."""

    def keep(log: EventLog) -> None:
        frames[replication] = log.to_frame()

    shown = keep if EVENTS in task.parts else None
    finished = replication_of([scenario], task.block.seed, replication, shown)
    if finished.failures:
        finished = replication_of([scenario], task.block.seed, replication, shown)
    if not finished.failures:
        return finished
    failure = finished.failures[0]
    return Lost(replication, failure.reason, failure.trace)


@lru_cache(maxsize=4)
def _scenario(tree: str) -> Scenario:
    return Scenario.model_validate_json(tree)


def _numbers(runs: dict[int, Run]) -> dict[str, Any]:
    sizes = [len(run.values) for run in runs.values()]
    return {
        "replication": np.repeat(np.array(list(runs), dtype=np.int64), sizes),
        "measure": _words(name for run in runs.values() for name in run.values),
        "value": np.array([value for run in runs.values() for value in run.values.values()], dtype=float),
    }


def _daily(scenario: Scenario, runs: dict[int, Run]) -> dict[str, Any]:
    series = [(r, name, column) for r, run in runs.items() for name, column in run.daily.items()]
    sizes = [len(column) for _, _, column in series]
    days = np.concatenate([np.arange(size, dtype=np.int64) for size in sizes] or [np.zeros(0, dtype=np.int64)])
    first = np.datetime64(scenario.clock.start, "D")
    return {
        "replication": np.repeat(np.array([r for r, _, _ in series], dtype=np.int64), sizes),
        "day": days,
        "date": (first + days).astype("datetime64[D]"),
        "series": _words(name for (_, name, _), size in zip(series, sizes, strict=True) for _ in range(size)),
        "value": np.concatenate([column for _, _, column in series] or [np.zeros(0)]),
    }


def event_columns(frames: Sequence[Any]) -> dict[str, Any]:
    """Event logs of several runs as plain columns."""
    import pandas as pd
    import pyarrow as pa

    if not frames:
        return {"run_number": pa.array([], type=pa.int64())}
    whole = pd.concat(frames, ignore_index=True)
    table = pa.Table.from_pandas(whole, preserve_index=False)
    return {name: _plain(table.column(name).combine_chunks()) for name in table.column_names}


def _plain(column: Any) -> Any:
    """A column every reader knows: words as strings, times in microseconds."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind):
        return column.cast(pa.string())
    return column.cast(pa.timestamp("us")) if pa.types.is_timestamp(kind) else column


def _words(words: Any) -> Any:
    import pyarrow as pa

    return pa.array(list(words), type=pa.string())


def tree_text(scenario: Scenario) -> str:
    """A scenario as the text a worker makes it from."""
    return scenario.model_dump_json(by_alias=True)


def today() -> str:
    """The moment, for the log."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
