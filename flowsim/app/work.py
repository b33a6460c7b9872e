"""The work behind the page: child processes that replicate, results on the first of them in order, a real stop.

Results stand on replications 0 to k − 1, so ``flowsim compare … -n k`` gives the same numbers.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from flowsim.app.child import Job, dealt, environment
from flowsim.experiment.comparison import Comparison
from flowsim.experiment.replicate import Failure, Finished
from flowsim.experiment.runs import check_comparable, check_numbers, recorded, stability_of, told_apart
from flowsim.params import Scenario

PATIENCE = 180.0
"""Seconds after which work stops that nobody asks about; a browser asks of a page in the background every minute."""

_CHILD = [sys.executable, "-P", "-m", "flowsim.app.child"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is: replications finished in order, wanted, whether it goes on, and for how long.

    Attributes
    ----------
    before : int
        Of those finished the ones that were there when this stretch of work began.
    """

    done: int
    upto: int
    running: bool
    seconds: float
    before: int = 0

    @property
    def seconds_left(self) -> float | None:
        """About how long it takes to the end; None before there is anything to go by."""
        now = self.done - self.before
        return self.seconds / now * (self.upto - self.done) if now > 0 and self.running else None


@dataclass(slots=True)
class _Box:
    """What threads and the page share: results, children, and when somebody last asked."""

    found: dict[int, Finished] = field(default_factory=dict)
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)  # collecting garbage may end the work inside it
    asked: float = field(default_factory=time.monotonic)
    ended: float | None = None

    @property
    def running(self) -> bool:
        """Whether anything may still come: what a child sent last is read when it has ended already."""
        return any(child.stdout is not None and not child.stdout.closed for child in self.children)


class Work:
    """Replications of some scenarios in child processes.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The base first; names are told apart as ``compare`` does.
    seed, upto : int
        Seed, and how many replications are wanted.
    workers : int, optional
        Children; by default one for each core.
    known : iterable of Finished
        Replications of the same scenarios and seed that are there already.

    Raises
    ------
    ValueError
        If a number is out of range, there is no alternative, or the clocks differ.
    """

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        seed: int,
        upto: int,
        workers: int | None = None,
        known: Iterable[Finished] = (),
    ) -> None:
        workers = workers or _cores()
        check_numbers(upto, seed, workers)
        check_comparable(scenarios[0], scenarios[1:])
        self.scenarios = tuple(told_apart(scenarios))
        self.seed, self.upto, self.workers = seed, upto, workers
        self._box = _Box({one.replication: one for one in known})
        self._began, self._before = time.monotonic(), 0
        self._shown: Comparison | None = None
        self._warnings: list[str] | None = None
        self._finalizer = weakref.finalize(self, _end, self._box)

    def start(self) -> Work:
        """Begin, or go on with what is missing; gives itself."""
        self._box.asked = time.monotonic()
        missing = [number for number in range(self.upto) if number not in self._box.found]
        if missing and not self.running:
            self._began, self._before, self._box.ended = time.monotonic(), len(self.finished()), None
            for hand in dealt(self.workers, missing):
                self._begin(Job(self.scenarios, self.seed, hand))
            threading.Thread(target=_watch, args=(self._box, PATIENCE), daemon=True).start()
        return self

    def up_to(self, upto: int) -> Work:
        """The same scenarios up to more or fewer replications; what is finished is kept."""
        self.stop()
        with self._box.lock:
            known = [*self._box.found.values()]
        return Work(self.scenarios, self.seed, upto, self.workers, known).start()

    def stop(self) -> None:
        """End the children and wait until they are gone; what is finished is kept."""
        _end(self._box)

    @property
    def running(self) -> bool:
        """Whether a child is at work."""
        return self._box.running

    @property
    def children(self) -> list[int]:
        """Process numbers of the children at work."""
        return [child.pid for child in self._box.children if child.poll() is None]

    def progress(self) -> Progress:
        """How far it is; asking also says that somebody still looks."""
        self._box.asked = time.monotonic()
        running, now = self.running, time.monotonic()
        end = now if running or self._box.ended is None else self._box.ended
        return Progress(len(self.finished()), self.upto, running, end - self._began, self._before)

    def finished(self) -> list[Finished]:
        """The first replications, in order, without a gap."""
        with self._box.lock:
            found = dict(self._box.found)
        count = next((number for number in range(self.upto) if number not in found), self.upto)
        return [found[number] for number in range(count)]

    @property
    def warnings(self) -> list[str]:
        """What to know of the scenarios before they are run."""
        if self._warnings is None:
            self._warnings = stability_of(self.scenarios)
        return self._warnings

    def results(self, first: int | None = None) -> Comparison | None:
        """The comparison of the first replications, all that are there by default; None if there is none."""
        finished = self.finished()[:first]
        if not finished:
            return None
        if self._shown is None or self._shown.record.asked != len(finished):
            seconds = time.monotonic() - self._began
            self._shown = Comparison(
                recorded(self.scenarios, self.seed, len(finished), finished, self.warnings, seconds)
            )
        return self._shown

    def _begin(self, job: Job) -> None:
        child = subprocess.Popen(_CHILD, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment())
        self._box.children.append(child)
        threading.Thread(target=_listen, args=(child, job, self._box), daemon=True).start()


def _cores() -> int:
    from joblib import cpu_count

    return max(1, int(cpu_count()))


def _listen(child: subprocess.Popen[bytes], job: Job, box: _Box) -> None:
    """Hand a child its job, take what it sends, and note what never came if it died."""
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        pickle.dump(job, child.stdin)
        child.stdin.flush()
        for _ in job.replications:
            one = pickle.load(child.stdout)  # noqa: S301 - written by the child started here
            with box.lock:
                if child not in box.children:
                    break  # it was stopped, and what is shown stays as it is
                box.found[one.replication] = one
    except (EOFError, OSError, pickle.UnpicklingError):
        _note_lost(child, job, box)
    finally:
        for stream in (child.stdin, child.stdout):
            _close(stream)
    child.wait()
    if not box.running:
        box.ended = time.monotonic()


def _close(stream: object) -> None:
    try:
        stream.close()  # type: ignore[attr-defined]
    except OSError:
        return  # it is gone with the child


def _note_lost(child: subprocess.Popen[bytes], job: Job, box: _Box) -> None:
    code = child.wait()
    reason = f"a worker process died (exit code {code}); perhaps memory ran out"
    with box.lock:
        if child not in box.children:
            return  # it was stopped
        for number in job.replications:
            if number not in box.found:
                box.found[number] = Finished(number, (), (Failure(job.scenarios[0].name, number, reason),))


def _end(box: _Box) -> None:
    """Kill the children and wait for them."""
    with box.lock:
        children, box.children = box.children, []
    for child in children:
        child.kill()
    for child in children:
        child.wait()
    if children and box.ended is None:
        box.ended = time.monotonic()


def _watch(box: _Box, patience: float) -> None:
    """End the work when nobody has asked for it for long: the browser was closed."""
    while box.running:
        time.sleep(0.5)
        if time.monotonic() - box.asked > patience:
            _end(box)
