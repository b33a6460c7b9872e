"""The children of one stretch of work: whoever is free takes the next run, and what belongs together is joined here.

A replication's base and plan are two runs, so that two children bring the first numbers together; a base that was
simulated before is not simulated again.
"""

from __future__ import annotations

import pickle
import subprocess
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from flowsim.app.bases import BASES, key_of
from flowsim.app.child import Task
from flowsim.app.ready import READY, close
from flowsim.experiment.replicate import Alone, Failure, Finished, joined
from flowsim.params import Scenario

BREATH = 1.0
"""Seconds after the first numbers before children are made ready for the next change: until then they are drawn."""

Place = tuple[int, int]
"""A run: its replication, and which of the scenarios."""


@dataclass(slots=True)
class Box:
    """What threads and the page share: results, runs to do, children, and when somebody last asked."""

    scenarios: tuple[Scenario, ...]
    seed: int
    found: dict[int, Finished]
    todo: deque[Place] = field(default_factory=deque)
    parts: dict[int, dict[int, Alone]] = field(default_factory=dict)
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)  # collecting garbage may end the work inside it
    asked: float = field(default_factory=time.monotonic)
    ended: float | None = None

    @property
    def running(self) -> bool:
        """Whether anything may still come: what a child sent last is read when it has ended already."""
        return any(map(_listened_to, self.children))

    def next(self, child: subprocess.Popen[bytes]) -> Place | None:
        """The next run for a child; None if it is not needed any more."""
        with self.lock:
            return self.todo.popleft() if self.todo and child in self.children else None

    def put(self, child: subprocess.Popen[bytes], place: Place, one: Alone) -> list[Alone] | None:
        """Lay a child's run to those of its replication; all, in order of the scenarios, if it was the last."""
        number, which = place
        with self.lock:
            if child not in self.children or number in self.found:
                return None  # it was stopped, or a child died with another part of it
            mine = self.parts.setdefault(number, {})
            mine[which] = one
            if len(mine) < len(self.scenarios):
                return None
            del self.parts[number]
            return [mine[each] for each in range(len(self.scenarios))]


def begin(box: Box, missing: Sequence[int], workers: int, patience: float) -> None:
    """Set children to work on replications that are missing.

    Parameters
    ----------
    workers : int
        Children at most.
    patience : float
        Seconds after which the work ends if nobody asks for it.
    """
    known = BASES.of(key_of(box.scenarios[0], box.seed))
    box.parts = {number: {0: known[number]} for number in missing if number in known}
    every = range(len(box.scenarios))
    box.todo = deque((number, which) for number in missing for which in every if which or number not in known)
    box.children = [READY.take() for _ in range(min(workers, len(box.todo)))]
    for child in box.children:
        threading.Thread(target=_listen, args=(child, box), daemon=True).start()
    threading.Thread(target=_watch, args=(box, patience), daemon=True).start()


def end(box: Box) -> None:
    """Kill the children and wait for them; what is finished is kept."""
    with box.lock:
        children, box.children = box.children, []
        box.todo.clear()
        box.parts.clear()
    for child in children:
        child.kill()
    for child in children:
        child.wait()
    if children and box.ended is None:
        box.ended = time.monotonic()


def _listened_to(child: subprocess.Popen[bytes]) -> bool:
    return child.stdout is not None and not child.stdout.closed


def _listen(child: subprocess.Popen[bytes], box: Box) -> None:
    """Hand a child one run after another, take what it sends, and note what will never come if that goes wrong."""
    assert child.stdin is not None
    assert child.stdout is not None
    place: Place | None = None
    try:
        while (place := box.next(child)) is not None:
            pickle.dump(Task(box.scenarios[place[1]], box.seed, place[0]), child.stdin)
            child.stdin.flush()
            _take_in(box, child, place, pickle.load(child.stdout))  # noqa: S301 - written by the child started here
    except Exception as error:  # noqa: BLE001 - mostly it died; whatever it was, what it had in hand is told as lost
        _note_lost(child, place, box, error)
    finally:
        close(child.stdin)  # the child ends
        close(child.stdout)
    child.wait()
    if not box.running and box.ended is None:
        box.ended = time.monotonic()


def _take_in(box: Box, child: subprocess.Popen[bytes], place: Place, one: Alone) -> None:
    number, which = place
    if which == 0:
        BASES.keep(key_of(box.scenarios[0], box.seed), number, one)
    every = box.put(child, place, one)
    if every is None:
        return
    done = joined(box.scenarios, number, every)
    with box.lock:
        if child in box.children:  # else it was stopped, and what is shown stays as it is
            box.found[number] = done


def _lost(child: subprocess.Popen[bytes], error: Exception) -> str:
    """Why a child brings nothing any more, when it is gone."""
    close(child.stdin)  # it ends if it lives
    code = child.wait()
    if code == 0:
        return f"a worker process ended early, or sent what cannot be read ({type(error).__name__}: {error})"
    why = "perhaps memory ran out" if code < 0 else "what it said is where the page was started"
    return f"a worker process died (exit code {code}); {why}"


def _note_lost(child: subprocess.Popen[bytes], place: Place | None, box: Box, error: Exception) -> None:
    """Say that the replication a child had in hand failed; if nobody else is at work, so did all that are left."""
    reason = _lost(child, error)
    with box.lock:
        if child not in box.children:
            return  # it was stopped
        lost = [] if place is None else [place[0]]
        others = [other for other in box.children if other is not child]
        if not any(map(_listened_to, others)):
            lost += [*box.parts, *(number for number, _ in box.todo)]
        for number in lost:
            box.parts.pop(number, None)
            failure = Failure(box.scenarios[0].name, number, reason)
            box.found.setdefault(number, Finished(number, (), (failure,)))
        box.todo = deque(one for one in box.todo if one[0] not in box.found)
        # Without it, or one that dies as well would count on it; last, as nobody reads on when the work has ended.
        box.children = others


def _watch(box: Box, patience: float) -> None:
    """End the work when nobody has asked for it for long: the browser was closed; and make ready for the next."""
    due: float | None = None
    while box.running:
        time.sleep(0.5)
        now = time.monotonic()
        if now - box.asked > patience:
            end(box)
            return
        due = now + BREATH if due is None and box.found else due
        if due is not None and now >= due:
            READY.stock()
    if box.children:  # it was not stopped
        READY.stock()
