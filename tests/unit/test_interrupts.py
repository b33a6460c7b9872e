"""A request to stop that a library swallows is heeded all the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress

import pytest

import flowsim as fs
from flowsim.config.load import load
from flowsim.decide.simulated import Simulated
from flowsim.experiment import replicate as module
from flowsim.interrupts import heed, listen

pytestmark = pytest.mark.unit

SHORT = ["clock.warm_up_days=1", "clock.window_days=2"]
SWEEP = {
    "name": "stopped",
    "scenario": "theory/mmc",
    "settings": SHORT,
    "method": "grid",
    "parameters": {"hospital.wards.Ward": {"values": [6, 7, 8]}},
    "replications": 2,
    "outcomes": ["bed_days"],
}


@pytest.fixture(autouse=True)
def listening():
    """As in a command; afterwards signals do again what they did."""
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    listen()
    yield
    for one, handler in before.items():
        signal.signal(one, handler)
    # What was noted is forgotten, for the tests after this one.
    kept = {one: signal.getsignal(one) for one in before}
    listen()
    for one, handler in kept.items():
        signal.signal(one, handler)


def swallowed(number: int = signal.SIGINT) -> None:
    """What a library does that takes any exception for its own."""
    with suppress(KeyboardInterrupt):
        signal.raise_signal(number)


@pytest.fixture
def simulated(monkeypatch) -> list[int]:
    """Numbers of the replications that were simulated; a request to stop is swallowed in the second."""
    numbers: list[int] = []
    true = fs.simulate

    def simulate(scenario, seed=1, replication=0):
        numbers.append(replication)
        if len(numbers) == 2:
            swallowed()
        return true(scenario, seed=seed, replication=replication)

    monkeypatch.setattr("flowsim.engine.simulate", simulate)
    return numbers


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_is_noted(number):
    heed()
    swallowed(number)
    with pytest.raises(KeyboardInterrupt):
        heed()


def test_replications_end(simulated):
    stream = module.replicate([load("theory/mmc", SHORT)], range(5), 1, 1)
    assert next(stream).replication == 0
    with pytest.raises(KeyboardInterrupt):
        next(stream)
    assert simulated == [0, 1]


def test_replications_in_workers_end():
    stream = module.replicate([load("theory/mmc", SHORT)], range(50), 1, 2)
    next(stream)
    swallowed()
    with pytest.raises(KeyboardInterrupt):
        next(stream)
    stream.close()


def test_a_failure_that_was_a_request_to_stop_is_none(monkeypatch):
    def simulate(*_words, **_more):
        swallowed()
        raise RuntimeError("something went wrong on the way")

    monkeypatch.setattr("flowsim.engine.simulate", simulate)
    with pytest.raises(KeyboardInterrupt):
        module.replication_of([load("theory/mmc", SHORT)], 1, 0)


def test_decisions_end(simulated):
    draw = Simulated(lambda _: load("theory/mmc", SHORT), ["bed_days"], 1, jobs=1)
    with pytest.raises(KeyboardInterrupt):
        draw.prefetch([(0, number) for number in range(5)])
    assert simulated == [0, 1]


def test_decisions_in_workers_end():
    draw = Simulated(
        lambda _: load("theory/mmc", SHORT),
        ["bed_days"],
        1,
        jobs=2,
        tick=lambda done: swallowed() if done == 1 else None,
    )
    with pytest.raises(KeyboardInterrupt):
        draw.prefetch([(0, number) for number in range(50)])
    assert len(draw.drawn) == 1


def test_sweeps_end(simulated, tmp_path):
    (tmp_path / "design.yaml").write_text(json.dumps(SWEEP))
    with pytest.raises(KeyboardInterrupt):
        fs.sweep(tmp_path / "design.yaml", tmp_path / "out", jobs=1)
    assert len(simulated) == 2


def test_what_the_caller_wants_ignored_stays_ignored():
    """A shell starts ``command &`` of a script so."""
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); from flowsim.interrupts import heed, listen; "
        "listen(); signal.raise_signal(signal.SIGINT); heed(); print('on')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=True)
    assert done.stdout == "on\n"


BY_A_LIBRARY = """
import signal, sys
from flowsim.interrupts import listen
listen()
try:
    exec("signal.raise_signal(signal.SIGTERM)")
except KeyboardInterrupt:
    sys.exit(130)
"""


def test_the_exit_code_holds_after_a_request_in_code_that_a_library_makes(tmp_path):
    (tmp_path / "stopped.py").write_text(BY_A_LIBRARY)
    assert subprocess.run([sys.executable, "-m", "stopped"], cwd=tmp_path).returncode == 130
