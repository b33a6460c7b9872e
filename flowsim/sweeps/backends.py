"""Where tasks run: here, in worker processes, on a Dask or Ray cluster; always through joblib.

Workers may die. What they had finished is on disk; what they had not is given out again. A task that kills its worker
whenever it is tried alone is the culprit: it is recorded as failed, and the others go on.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from flowsim.experiment.parallel import results, workers
from flowsim.interrupts import heed
from flowsim.sweeps.problems import SweepError, reason
from flowsim.sweeps.shards import NUMBERS
from flowsim.sweeps.work import Lost, Receipt, Task, work, work_away

BACKENDS = ("loky", "dask", "ray")
Log = Callable[[str], None]
Build = Callable[[Any], Task]
_BARREN = 2  # pools that may die without one finished task before tasks are tried one by one
_ROUNDS = 8  # tasks for each worker given to Ray at once
_SCHEDULER = "DASK_SCHEDULER_ADDRESS"


@dataclass(frozen=True, slots=True)
class Pool:
    """Which backend, how many workers (1 with loky: this process), and where the scheduler of Dask is."""

    backend: str = "loky"
    jobs: int = 1
    scheduler: str | None = None

    @property
    def here(self) -> bool:
        """Whether tasks run in this process."""
        return self.backend == "loky" and self.jobs == 1


@contextlib.contextmanager
def ready(pool: Pool) -> Iterator[None]:
    """The backend, connected, as joblib's own inside the block.

    Raises
    ------
    SweepError
        If it is not installed or cannot be reached.
    """
    from joblib import parallel_config

    if pool.here:
        yield
    elif pool.backend == "dask":
        with _dask(pool), parallel_config(backend="dask", n_jobs=-1):
            yield
    elif pool.backend == "ray":
        _ray()
        with parallel_config(backend="ray", n_jobs=pool.jobs):
            yield
    else:
        with workers(pool.jobs):
            yield


def run_tasks(wanted: Sequence[Any], build: Build, pool: Pool, log: Log) -> Generator[Receipt]:
    """Receipts of tasks as they are finished, in no particular order; every task gets exactly one.

    Parameters
    ----------
    wanted : sequence
        What the tasks are made of, by ``build``, as they are given out. Must be called inside :func:`ready`.
    log : callable
        Told of every pool that died.
    """
    left = {build_key(one): one for one in wanted}
    barren = 0
    while left and barren < _BARREN:
        before = len(left)
        try:
            for receipt in _stream(list(left.values()), build, pool):
                del left[receipt.key]
                yield receipt
                heed()
        except (SweepError, GeneratorExit, KeyboardInterrupt):
            raise
        except Exception as error:  # noqa: BLE001 - tasks raise nothing, so this is the pool
            _refuse_lost_connection(error, pool)
            log(f"the workers stopped ({type(error).__name__}: {reason(error)}); going on with {len(left)} blocks")
            barren = 0 if len(left) < before else barren + 1
    for one in list(left.values()):
        yield _alone(one, build, pool, log)


def build_key(one: Any) -> str:
    """Key of the numbers of what a task is made of (its first part is a block)."""
    key: str = one[0].key(NUMBERS)
    return key


def _stream(wanted: Iterable[Any], build: Build, pool: Pool) -> Generator[Receipt]:
    if pool.here:
        yield from (work(build(one)) for one in wanted)
        return
    from joblib import Parallel, delayed, effective_n_jobs

    tasks = (delayed(work_away)(build(one)) for one in wanted)
    if pool.backend == "ray":  # joblib's Ray backend hands back lists only
        each = _ROUNDS * max(1, int(effective_n_jobs()))
        while some := list(islice(tasks, each)):
            yield from Parallel()(some)
        return
    yield from results(tasks, ordered=False)


def _alone(one: Any, build: Build, pool: Pool, log: Log) -> Receipt:
    """One task with nothing beside it, twice if need be; if no worker survives it, all of it is lost."""
    why = ""
    for _ in range(2):
        try:
            for receipt in _stream([one], build, pool):
                return receipt
        except (SweepError, KeyboardInterrupt):
            raise
        except Exception as error:  # noqa: BLE001 - as above
            _refuse_lost_connection(error, pool)
            why = f"its worker gave no answer ({type(error).__name__}: {reason(error)}); perhaps memory ran out"
            log(f"point {one[1]}, replications {one[0].first} to {one[0].last - 1}: {why}")
    block = one[0]
    return Receipt(build_key(one), lost=tuple(Lost(r, why) for r in range(block.first, block.last)))


def _refuse_lost_connection(error: Exception, pool: Pool) -> None:
    if pool.backend != "loky" and isinstance(error, (OSError, TimeoutError)):
        raise SweepError(f"the {pool.backend} cluster cannot be reached any more: {reason(error)}") from error


@contextlib.contextmanager
def _dask(pool: Pool) -> Iterator[None]:
    try:
        import distributed
    except ImportError:
        raise SweepError("the dask backend is not installed; try pip install 'croydon-flowsim[dask]'") from None
    address = pool.scheduler or os.environ.get(_SCHEDULER)
    if not address:
        raise SweepError(f"say where the Dask scheduler is: --scheduler tcp://host:8786, or set {_SCHEDULER}")
    connect: Any = distributed.Client
    how = {"scheduler_file": address} if Path(address).is_file() else {"address": address}
    try:
        client = connect(**how, set_as_default=True)
    except (OSError, TimeoutError, ValueError) as error:
        raise SweepError(f"the Dask scheduler at {address} cannot be reached: {reason(error)}") from error
    try:
        yield
    finally:
        client.close()


def _ray() -> None:
    try:
        import ray
        from ray.util.joblib import register_ray
    except ImportError:
        raise SweepError("the ray backend is not installed; try pip install ray") from None
    if not ray.is_initialized():  # a cluster named by RAY_ADDRESS, or one here
        ray.init(log_to_driver=False)
    register_ray()
