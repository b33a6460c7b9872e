"""The work behind the page: replications by child processes, results on the first of them in order, a real stop.

Results stand on replications 0 to k − 1, so ``flowsim compare … -n k`` gives the same numbers.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flowsim.app import crew
from flowsim.experiment.comparison import Comparison
from flowsim.experiment.replicate import Finished
from flowsim.experiment.runs import check_comparable, check_numbers, recorded, stability_of, told_apart
from flowsim.params import Scenario

PATIENCE = 180.0
"""Seconds after which work stops that nobody asks about; a browser asks of a page in the background every minute."""


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
        self._box = crew.Box(self.scenarios, seed, {one.replication: one for one in known})
        self._began, self._before = time.monotonic(), 0
        self._shown: Comparison | None = None
        self._warnings: list[str] | None = None
        self._finalizer = weakref.finalize(self, crew.end, self._box)

    def start(self) -> Work:
        """Begin, or go on with what is missing; gives itself."""
        self._box.asked = time.monotonic()
        missing = [number for number in range(self.upto) if number not in self._box.found]
        if missing and not self.running:
            self._began, self._before, self._box.ended = time.monotonic(), len(self.finished()), None
            crew.begin(self._box, missing, self.workers, PATIENCE)
        return self

    def up_to(self, upto: int) -> Work:
        """The same scenarios up to more or fewer replications; what is finished is kept."""
        self.stop()
        with self._box.lock:
            known = [*self._box.found.values()]
        return Work(self.scenarios, self.seed, upto, self.workers, known).start()

    def stop(self) -> None:
        """End the children and wait until they are gone; what is finished is kept."""
        crew.end(self._box)

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


def _cores() -> int:
    from joblib import cpu_count

    return max(1, int(cpu_count()))
