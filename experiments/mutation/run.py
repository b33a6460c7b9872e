"""Does some test notice when the program is changed? Writes ``results.json``, ``survivors.csv`` and the page.

    python -m experiments.mutation.run [--modules pools,journey,…] [--share 0.1] [--survivors] [--jobs 2] [--page]

``--survivors`` tries again what survived last time, ``--page`` only writes the page and the list anew. Needs
``pip install mutmut==3.8.1``; to be run where the repository is.
"""

from __future__ import annotations

import argparse
import gc
import math
import os
import pickle
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from experiments.mutation.mutants import Mutant, Source
from experiments.mutation.page import RESULTS, Kept, write_all
from experiments.mutation.runner import (
    Imported,
    Plugin,
    Suite,
    Verdict,
    caches,
    exchanged,
    functions_of,
    killer,
    run_all,
    surveyed,
    with_pytest,
)

ROOT = Path(__file__).resolve().parents[2]
MODULES = [
    "flowsim/pools.py",
    "flowsim/journey.py",
    *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("flowsim/population/*.py")),
    *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("flowsim/measures/*.py")),
]
TESTS = [
    *sorted(
        str(path.relative_to(ROOT))
        for pattern in ("unit/test_pools", "unit/test_population*", "unit/test_measures_*", "unit/test_kernel")
        for path in ROOT.glob(f"tests/{pattern}.py")
    ),
    "tests/unit/test_ageing.py",
    "tests/unit/test_dashboards.py",
    "tests/unit/test_opened_and_packages.py",
    "tests/unit/test_yearly.py",
    "tests/unit/test_eventlog.py",
    "tests/unit/test_policies.py",
    "tests/unit/test_architecture.py",
    "tests/behaviour/test_systems.py",
    "tests/behaviour/test_exact.py",
    "tests/behaviour/test_pathways.py",
    "tests/behaviour/test_two_worlds.py",
    "tests/behaviour/test_initiatives_two_worlds.py",
    "tests/behaviour/test_reach_of_initiatives.py",
    "tests/theory/test_initiatives_reach.py",
    "tests/theory/test_plans.py",
    "tests/theory/test_visits.py",
]


SEED = 20261123


def chosen(source: Source, share: float, kept: Kept, survivors: bool) -> list[Mutant]:
    """Those to try now: what survived before, or what a share of all has beyond what was tried before."""
    known = kept.of(source.module)
    total = len(source.changes)
    if known["mutants"] not in (0, total):
        raise SystemExit(f"{source.module} has changed; delete it from {RESULTS.name}")
    known["mutants"] = total
    if survivors:
        return [_same(source.mutant(row["number"]), row) for row in known["survivors"]]
    order = list(range(total))
    random.Random(f"{SEED} {source.module}").shuffle(order)
    return [source.mutant(number) for number in sorted(order[known["tried"] : math.ceil(share * total)])]


def _same(mutant: Mutant, row: dict[str, Any]) -> Mutant:
    if (mutant.before, mutant.after) != (row["before"], row["after"]):
        raise SystemExit(f"{mutant.module} has changed; delete it from {RESULTS.name}")
    return mutant


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modules", default="", help="words of their paths, with commas")
    parser.add_argument("--share", type=float, default=1.0, help="of the mutants of each module, taken at random")
    parser.add_argument("--survivors", action="store_true", help="only what survived last time")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--survey", type=Path, help="keep here what tests reach, or take it from here")
    parser.add_argument("--slowest", type=float, default=1.5, help="leave out tests that take longer (seconds)")
    parser.add_argument("--page", action="store_true", help="run nothing")
    asked = parser.parse_args()
    kept = Kept.read()
    if not asked.page:
        words = asked.modules.split(",")
        modules = [module for module in MODULES if any(word in module for word in words)]
        wanted = {module: chosen(Source(ROOT, module), asked.share, kept, asked.survivors) for module in modules}
        kept.expected = {module: len(mutants) for module, mutants in wanted.items()}
        suite = _suite(asked.survey).without(asked.slowest)
        measure([one for mutants in wanted.values() for one in mutants], asked.jobs, kept, suite)
    write_all(kept)


def measure(mutants: list[Mutant], jobs: int, kept: Kept, suite: Suite) -> None:
    """Run what tests there are against each mutant, and keep what became of it."""
    start, done = time.perf_counter(), 0

    def note(verdict: Verdict) -> None:
        nonlocal done
        done += 1
        kept.add(verdict)
        left = (time.perf_counter() - start) / done * (len(mutants) - done)
        if done % 20 == 0 or done == len(mutants):
            print(f"{done} of {len(mutants)} mutants, {kept.alive} alive, {left / 60:.0f} minutes left", flush=True)

    _preload()
    run_all([one for one in mutants if not one.function], suite, jobs, lambda one: _on_import(one, suite), note)
    within = [one for one in mutants if one.function]
    if within:
        with_pytest(TESTS, lambda plugin: _exchanging(plugin, within, suite, jobs, note))


def _suite(kept: Path | None) -> Suite:
    """What each test reaches and how long it takes, found in a fork: nothing of the project may be imported here."""
    with tempfile.TemporaryDirectory() as folder:
        path = kept or Path(folder) / "survey"
        if not path.exists():
            pid = os.fork()
            if not pid:
                with_pytest(TESTS, lambda plugin: _keep(path, surveyed(plugin, ROOT, MODULES)))
                os._exit(0)
            os.waitpid(pid, 0)
        suite: Suite = pickle.loads(path.read_bytes())  # noqa: S301 (our own file)
        return suite


def _keep(path: Path, suite: Suite) -> None:
    path.write_bytes(pickle.dumps(suite))


def _exchanging(
    plugin: Plugin, mutants: list[Mutant], suite: Suite, jobs: int, note: Callable[[Verdict], None]
) -> None:
    functions, known = functions_of(ROOT, MODULES), caches()
    gc.freeze()  # forks need not look through what they share

    def work(mutant: Mutant) -> bytes:
        exchanged(ROOT, mutant, functions)
        for one in known:
            one.cache_clear()
        return killer(plugin, suite, mutant).encode()

    run_all(mutants, suite, jobs, work, note)


_BROKEN = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR)
"""What pytest says if tests cannot be imported."""


def _on_import(mutant: Mutant, suite: Suite) -> bytes:
    """Import the mutant and collect tests: first only the file of the likeliest to fail."""
    sys.meta_path.insert(0, Imported(ROOT, mutant))
    found: list[str] = []
    files = list(dict.fromkeys(name.split("::")[0] for name in suite.order(mutant)))
    for some in (files[:1], files[1:]):
        code = with_pytest(some, lambda plugin: found.append(killer(plugin, suite, mutant))) if some else 0
        if any(found) or code in _BROKEN:
            return (next(filter(None, found), "") or "import").encode()
    return b""


def _preload() -> None:
    """What the project needs of others, imported before the forks."""
    import hypothesis  # noqa: F401
    import matplotlib  # noqa: F401
    import numpy  # noqa: F401
    import pandas  # noqa: F401
    import pydantic  # noqa: F401
    import ruamel.yaml  # noqa: F401
    import scipy.special
    import scipy.stats  # noqa: F401
    import simpy  # noqa: F401


if __name__ == "__main__":
    main()
