"""Children that stand ready for the what-if page: taken once, never dead, idle, and gone when nobody needs them."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from waiting import until

from flowsim.app.ready import AT_HAND, Ready, ended

pytestmark = pytest.mark.behaviour


@pytest.fixture
def ready():
    """None stand ready yet; whoever does in the end is ended."""
    found = Ready()
    yield found
    found.end()


def running(pid: int) -> bool:
    """Whether there is such a process."""
    return Path(f"/proc/{pid}").exists()


def test_a_child_that_stood_ready_is_taken_once(ready):
    ready.stock(1)
    (standing,) = ready.standing
    taken = [ready.take(), ready.take()]
    assert taken[0].pid == standing
    assert taken[1].pid != standing
    assert ready.standing == []
    for child in taken:
        ended(child)


def test_no_more_stand_ready_than_are_of_use(ready):
    ready.stock(50)
    first = ready.standing
    ready.stock()
    assert ready.standing == first
    assert len(first) == AT_HAND


def test_a_child_that_died_is_not_taken(ready):
    ready.stock(1)
    (standing,) = ready.standing
    os.kill(standing, signal.SIGKILL)
    until(lambda: not ready.standing)
    child = ready.take()
    assert child.pid != standing
    assert child.poll() is None
    ended(child)


def test_children_that_nobody_needs_end():
    ready = Ready(idle=0.2)
    ready.stock()
    standing = list(ready.standing)
    assert standing
    until(lambda: not any(map(running, standing)))
    assert ready.standing == []
