"""Runs tests against mutants: everything is imported once, and each mutant lives in a fork of its own.

In the fork the code of the one function that differs is exchanged, caches are emptied, and the tests that reach that
function are run, those that killed its neighbours first, until one fails. What a module does on import cannot be
exchanged; such mutants are imported in a fork that has not yet imported any of the project.
"""

from __future__ import annotations

import functools
import gc
import importlib.abc
import importlib.machinery
import os
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import pytest

from experiments.mutation.mutants import Mutant

LEAST_SECONDS, TIMES_AS_LONG = 4.0, 8.0
"""Processor time a test may take against a mutant: this, and so many times what it takes without."""
MEMORY = 4 << 30
OPTIONS = ["-n0", "-q", "-x", "-s", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant."""

    mutant: Mutant
    by: str
    """The test that failed, "timeout" or "crash"; empty if it survived."""
    tests: int
    """How many tests reach it."""


@dataclass
class Suite:
    """What is known of the tests: how long each takes and what it reaches."""

    seconds: dict[str, float] = field(default_factory=dict)
    reached: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    kills: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def without(self, slowest: float) -> Suite:
        """Only the tests that take no longer (seconds)."""
        seconds = {name: time for name, time in self.seconds.items() if time <= slowest}
        return Suite(seconds, {name: self.reached[name] for name in seconds})

    def order(self, mutant: Mutant) -> list[str]:
        """The tests that may notice a mutant, those likely to first."""
        place = (mutant.module, mutant.function)
        if mutant.function:
            tests = [name for name in self.seconds if place in self.reached[name]]
        else:
            part = mutant.module.removesuffix("__init__.py")  # what a package says of itself concerns all its modules
            near_it = {
                _file(name) for name in self.seconds if any(one.startswith(part) for one, _ in self.reached[name])
            }
            near_it |= _naming(mutant.module, {_file(name) for name in self.seconds})
            tests = [name for name in self.seconds if _file(name) in near_it]  # a constant may be read without a call
        near = self.kills[place]
        module = sum((kills for (one, _), kills in self.kills.items() if one == mutant.module), Counter())
        return sorted(tests, key=lambda name: (-near[name], -min(module[name], 1), self.seconds[name], name))


def _file(test: str) -> str:
    return test.split("::")[0]


def _naming(module: str, files: set[str]) -> set[str]:
    """The files of tests that import from a module or its package: it may have nothing to enter, or texts only."""
    name = ".".join(Path(module).with_suffix("").parts).removesuffix(".__init__")
    imports = [f"from {one} import" for one in (name, name.rpartition(".")[0]) if one != "flowsim"]
    return {file for file in files if any(words in _text(file) for words in imports)}


@functools.cache
def _text(file: str) -> str:
    return (Path(__file__).parents[2] / file).read_text(encoding="utf-8")


class FailedError(Exception):
    """A test failed."""


class Plugin:
    """Keeps pytest at the point where tests have been collected, and runs them there."""

    def __init__(self, then: Callable[[Plugin], None]) -> None:
        self.then = then
        self.items: dict[str, pytest.Item] = {}
        self.failed = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        self.then(self)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed

    def run(self, names: list[str], before: Callable[[str], None] = lambda _: None) -> str:
        """The first test that fails, or nothing."""
        names = [name for name in names if name in self.items]
        for name, after in zip(names, [*names[1:], None], strict=True):
            before(name)
            item = self.items[name]
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=self.items[after] if after else None)
            if self.failed:
                return name
        return ""


def with_pytest(files: list[str], then: Callable[[Plugin], None]) -> int:
    """Collect tests, and do something where they would run."""
    from hypothesis import Phase, settings

    settings.register_profile("mutants", phases=(Phase.explicit, Phase.generate), database=None)
    settings.load_profile("mutants")  # a failing example need not be made smaller
    return int(pytest.main([*OPTIONS, *files], [Plugin(then)]))


# -- what tests reach --------------------------------------------------------------------------------------------------


def surveyed(plugin: Plugin, root: Path, modules: list[str]) -> Suite:
    """Run everything once, noting times and functions entered."""
    wanted = {str(root / module): module for module in modules}
    suite, shared = Suite(), defaultdict(set)
    entered: set[tuple[str, str]] = set()

    def noted(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename in wanted:
            entered.add((wanted[code.co_filename], code.co_qualname.split(".<locals>")[0]))

    names = list(plugin.items)
    for name, after in zip(names, [*names[1:], None], strict=True):
        item = plugin.items[name]
        entered.clear()
        sys.setprofile(noted)
        start = time.process_time()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=plugin.items[after] if after else None)
        sys.setprofile(None)
        suite.seconds[name] = time.process_time() - start
        suite.reached[name] = set(entered)
        shared[name.split("::")[0]] |= entered if item.fixturenames else set()
    if plugin.failed:
        raise FailedError("the tests must pass before anything is changed")
    for name in names:  # what is set up once for a file is reached by each of its tests that asks for it
        if plugin.items[name].fixturenames:
            suite.reached[name] |= shared[name.split("::")[0]]
    return suite


# -- mutants in forks --------------------------------------------------------------------------------------------------


def functions_of(root: Path, modules: list[str]) -> dict[tuple[str, str], list[FunctionType]]:
    """Every function there is of these modules, by module and name."""
    wanted = {str(root / module): module for module in modules}
    found = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename in wanted:
            found[wanted[one.__code__.co_filename], one.__code__.co_qualname].append(one)
    return found


def caches() -> list[Any]:
    """Every cache of results that the project or its tests keep."""
    kept = (one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper))
    return [one for one in kept if one.__module__.split(".")[0] in ("flowsim", "experiments", "tests")]


def exchanged(root: Path, mutant: Mutant, functions: dict[tuple[str, str], list[FunctionType]]) -> None:
    """Let a function do what it does in the mutant."""
    codes = {code.co_qualname: code for code in _codes(compile(mutant.code, str(root / mutant.module), "exec"))}
    for name in codes:  # with functions it made on import, such as the rules of measures that differ in a number
        if f"{name}.".startswith(f"{mutant.function}."):
            for function in functions.get((mutant.module, name), ()):
                function.__code__ = codes[name]


def _codes(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes(one)


def killer(plugin: Plugin, suite: Suite, mutant: Mutant) -> str:
    """The first test that fails in this process."""

    def limited(name: str) -> None:
        signal.setitimer(signal.ITIMER_PROF, LEAST_SECONDS + TIMES_AS_LONG * suite.seconds[name])

    return plugin.run(suite.order(mutant), limited)


class Imported(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a mutant where its module is asked for."""

    def __init__(self, root: Path, mutant: Mutant) -> None:
        parts = Path(mutant.module).with_suffix("").parts
        self.package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.package else parts)
        self.path = str(root / mutant.module)
        self.code = compile(mutant.code, self.path, "exec")

    def find_spec(self, fullname: str, *_: Any) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        spec = importlib.machinery.ModuleSpec(fullname, self, origin=self.path, is_package=self.package)
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(str(Path(self.path).parent))
        return spec

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def _forked(work: Callable[[], bytes]) -> tuple[int, int]:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    os.close(reader)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.setitimer(signal.ITIMER_PROF, 0)
    try:
        os.write(writer, work())
    except BaseException as error:  # noqa: BLE001 (whatever a mutant does to its process, the run goes on)
        os.write(writer, f"crash: {type(error).__name__}".encode())
    finally:
        os._exit(0)


def run_all(
    mutants: list[Mutant], suite: Suite, jobs: int, work: Callable[[Mutant], bytes], note: Callable[[Verdict], None]
) -> None:
    """Each mutant in a fork of its own, a few at a time."""
    waiting, running = list(reversed(mutants)), {}
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            tests = len(suite.order(mutant))
            if not tests:
                note(Verdict(mutant, "", 0))
                continue
            pid, reader = _forked(functools.partial(work, mutant))
            running[pid] = (mutant, reader, tests)
        if not running:
            continue
        pid, status = os.wait()
        if pid not in running:
            continue
        mutant, reader, tests = running.pop(pid)
        with os.fdopen(reader, "rb") as pipe:
            by = pipe.read().decode()
        if os.WIFSIGNALED(status):
            by = "timeout" if os.WTERMSIG(status) == signal.SIGPROF else f"crash: signal {os.WTERMSIG(status)}"
        if "::" in by:
            suite.kills[mutant.module, mutant.function][by] += 1
        note(Verdict(mutant, by, tests))
