"""`doctor`: can flowsim work here?"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import typer

from flowsim.cli.common import leave, user_errors

Finding = tuple[bool, str]

_SELF_TEST = "do_nothing"
_SELF_TEST_SETTINGS = ("clock.warm_up_days=10", "clock.window_days=30", "population.people=5000")


def doctor() -> None:
    """Check that flowsim can work here.

    Looks at Python, packages, cores and where results can be written, and makes a short run.

    \b
    Example
      flowsim doctor
    """
    with user_errors():
        fine = True
        for name, examine in _EXAMINATIONS:
            for ok, text in examine():
                typer.echo(f"{'ok    ' if ok else 'FAULT '} {name}: {text}")
                fine = fine and ok
        typer.echo("all is well" if fine else "something is wrong; see the lines marked FAULT")
        if not fine:
            leave(1)


def _python() -> Iterator[Finding]:
    enough = sys.version_info >= (3, 11)
    yield (
        enough,
        f"{platform.python_version()} on {platform.system()} {platform.machine()}"
        + ("" if enough else "; 3.11 or newer is needed"),
    )


def _packages() -> Iterator[Finding]:
    from importlib import import_module

    from flowsim.experiment.manifest import packages

    for name, version in packages().items():
        try:
            import_module(name)
        except ImportError as error:
            yield False, f"{name} cannot be imported: {error}; try pip install {name}"
        else:
            yield True, f"{name} {version}"


def _cores() -> Iterator[Finding]:
    from joblib import cpu_count

    yield True, f"{cpu_count()} can be used, of {os.cpu_count()}"


def _writing() -> Iterator[Finding]:
    try:
        with tempfile.TemporaryDirectory(prefix=".flowsim-", dir=Path.cwd()):
            pass
    except OSError as error:
        yield False, f"run folders cannot be written here: {error}"
    else:
        yield True, "run folders can be written here"


def _self_test() -> Iterator[Finding]:
    from flowsim.config.load import load
    from flowsim.experiment import run

    began = time.perf_counter()
    scenario = load(_SELF_TEST, _SELF_TEST_SETTINGS)
    first, again = (run(scenario, replications=1, seed=0, jobs=1).record for _ in range(2))
    seconds = time.perf_counter() - began
    for failure in first.failures:
        yield False, failure.reason
    same = first.values.tobytes() == again.values.tobytes()
    yield same, f"a small world was run twice in {seconds:.1f} s, with {'the same' if same else 'DIFFERENT'} results"


_EXAMINATIONS: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
    ("python", _python),
    ("package", _packages),
    ("cores", _cores),
    ("writing", _writing),
    ("self-test", _self_test),
)
