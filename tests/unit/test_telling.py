"""How far the check of a large design is, is told; and a request to stop it is heeded."""

from __future__ import annotations

import json
import os
import pty
import signal
import sys

import pytest
import tiny_sweeps

import flowsim as fs
from flowsim import interrupts
from flowsim.attribution import Asked, question_of
from flowsim.sweeps import read_study
from flowsim.sweeps.telling import told
from flowsim.uncertain.question import read_question

pytestmark = pytest.mark.unit

SHORT = ["clock.warm_up_days=2", "clock.window_days=5"]
RATES = [1.0 + 0.01 * number for number in range(125)]


@pytest.fixture
def calls():
    return []


@pytest.fixture
def tell(calls):
    return lambda done, total: calls.append((done, total))


def test_a_sweep_tells_how_many_of_its_points_are_checked(tmp_path, tell, calls):
    parameters = {tiny_sweeps.WARD: {"values": [4, 5]}, tiny_sweeps.RATE: {"values": RATES}}
    read_study(tiny_sweeps.written(tmp_path, parameters=parameters), tell)
    assert calls == [(0, 250), (100, 250), (200, 250), (250, 250)]


def test_a_sensitivity_analysis_tells_it_while_points_are_laid_out_and_checked(tmp_path, tell, calls):
    """Five trajectories over one assumption are ten points, in two worlds twenty."""
    tree = {
        "name": "tiny",
        "scenario": "theory/mmc",
        "baseline": "theory/mmc",
        "settings": SHORT,
        "method": "morris",
        "trajectories": 5,
        "parameters": {tiny_sweeps.RATE: {"low": 2, "high": 6}},
        "replications": 2,
        "outcomes": ["bed_days_saved"],
    }
    (tmp_path / "design.yaml").write_text(json.dumps(tree))
    read_question(tmp_path / "design.yaml", tell)
    assert calls == [(0, 10), (10, 10), (0, 20), (20, 20)]


def test_an_attribution_tells_how_many_of_its_sets_are_checked(tell, calls):
    """Two parts: each alone, which is also last, and both."""
    nobody = {"phase": "3", "on": True, "multiplies": {"presentations": 0.0}}
    base = fs.load("theory/mmc", SHORT)
    question_of(base, base.with_(name="full", initiatives={"one": nobody, "two": nobody}), Asked(), tell)
    assert calls == [(0, 3), (3, 3)]


def test_a_request_to_stop_that_was_lost_on_its_way_is_heeded():
    """As if a library had taken the exception for one of its own."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    interrupts.listen()
    try:
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            next(told([1], None))
    finally:
        interrupts.listen()
        for number, handler in before.items():
            signal.signal(number, handler)


def test_a_terminal_shows_how_many_points_are_checked_and_the_time_left(tmp_path, begin):
    design = tiny_sweeps.written(tmp_path, parameters={tiny_sweeps.RATE: {"values": RATES}})
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "flowsim", "sweep", str(design), "--dry-run"]
    process = begin(words, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm", "COLUMNS": "100"})
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # how Linux says that nobody is at the other end any more
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    assert process.wait() == 0
    text = said.decode()
    assert "points checked" in text
    assert "125/125" in text
    assert "0:00:0" in text
    assert "125 points" in text
