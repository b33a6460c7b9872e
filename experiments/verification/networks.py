"""Cases of places in a row with blocking after service: small Markov chains, and Hunt's table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from experiments.chains import Chain
from experiments.verification import exact
from experiments.verification.case import Case, cohort, exponential, tiny, world
from experiments.verification.readers import diverted_share, mean_delayed, mean_number, mean_waiting
from flowsim.events import EventLog

BEDS, STEP_DOWN, LINE = 3, 2, 4
ARRIVE, FIT, HOME = 2.0, 1.0, 1.0 / 0.8
"""Of configs/theory/tandem.yaml; rates a day: presentations, becoming fit, leaving a step-down bed."""


class Tandem(NamedTuple):
    """People waiting in A&E, in treatment, blocked in an acute bed, in a step-down bed."""

    waiting: int = 0
    ill: int = 0
    blocked: int = 0
    down: int = 0

    @property
    def full(self) -> bool:
        """Whether somebody who presents is sent elsewhere."""
        return self.waiting == LINE and self.ill + self.blocked == BEDS

    def freed(self, ill: int, blocked: int, down: int) -> Tandem:
        """The state after an acute bed came free: it goes at once to whoever waits."""
        if self.waiting:
            return Tandem(self.waiting - 1, ill + 1, blocked, down)
        return Tandem(0, ill, blocked, down)

    def moves(self) -> Iterator[tuple[float, Tandem]]:
        """Rates to other states."""
        waiting, ill, blocked, down = self
        if ill + blocked < BEDS:
            yield ARRIVE, Tandem(waiting, ill + 1, blocked, down)
        elif waiting < LINE:
            yield ARRIVE, Tandem(waiting + 1, ill, blocked, down)
        after = (
            self.freed(ill - 1, blocked, down + 1) if down < STEP_DOWN else Tandem(waiting, ill - 1, blocked + 1, down)
        )
        yield ill * FIT, after
        yield down * HOME, self.freed(ill, blocked - 1, down) if blocked else Tandem(waiting, ill, 0, down - 1)


def tandem() -> Case:
    """Three acute beds, two step-down beds, four may wait."""
    chain = Chain(Tandem(), Tandem.moves)  # type: ignore[arg-type]
    answers = {
        "share diverted": chain.mean(lambda s: float(s.full)),  # type: ignore[attr-defined]
        "in acute beds": chain.mean(lambda s: s.ill + s.blocked),  # type: ignore[attr-defined]
        "blocked": chain.mean(lambda s: s.blocked),  # type: ignore[attr-defined]
        "in step-down beds": chain.mean(lambda s: s.down),  # type: ignore[attr-defined]
        "waiting in A&E": chain.mean(lambda s: s.waiting),  # type: ignore[attr-defined]
    }
    return Case("3 acute, 2 step-down beds, 4 may wait", world("tandem"), answers, read_tandem, "Markov chain", few=12)


def read_tandem(log: EventLog) -> Sequence[float]:
    """What is known of the tandem, of one run."""
    return (
        diverted_share(log),
        mean_number(log, "Ward"),
        mean_delayed(log, "step_down"),
        mean_number(log, "Step-down beds"),
        mean_waiting(log, "ward", "a_and_e"),
    )


def two_stations() -> Case:
    """One acute bed never empty, one step-down bed, equal stays."""
    return _saturated("1 and 1, equal", exact.hunt(1.0, 1.0), "Hunt 1956, table", 1.0)


def two_unequal() -> Case:
    """One acute bed never empty, one step-down bed whose stays are shorter."""
    return _saturated("1 and 1, rates 1 and 1.25", exact.hunt(1.0, 1.25), "Hunt 1956, formula", 0.8)


def three_stations() -> Case:
    """One acute bed never empty, one step-down bed, one package of home care."""
    return _saturated("1, 1 and 1, equal", exact.HUNT_THREE, "Hunt 1956, table", 1.0, home_care=1.0)


def wide_stations() -> Case:
    """Four acute beds never empty, three step-down beds, two packages of home care."""
    places = (4, 3, 2)
    most = exact.saturated_tandem(places, (1.0, 1.0 / 0.8, 1.0 / 0.7))
    return _saturated("4, 3 and 2", most, "Markov chain", 0.8, home_care=0.7, places=places)


def _saturated(
    name: str,
    most: float,
    source: str,
    step_down: float,
    home_care: float | None = None,
    places: Sequence[int] = (1, 1, 1),
) -> Case:
    """A line in A&E that never ends; people through a day, and acute beds blocked: those not treating at rate 1."""
    needs = 0.0 if home_care is None else 1.0
    parts: dict[str, Any] = {
        "cohorts": {"everyone": cohort(0.0, "P2_bed")},
        "initial": {"waiting_for_bed": 1000 * places[0]},
        "hospital": {"wards": {"Ward": places[0]}},
        "step_down": {
            "beds": places[1],
            "stay": exponential(step_down),
            "cap_days": 3650,
            "outcome": {"package": needs, "placement": 0.0, "none": 1.0 - needs},
        },
    }
    if home_care is not None:
        hours = {"mean": 10, "cv": 0.5}
        parts["home_care"] = {"capacity": places[2], "stay": exponential(home_care), "hours_per_week": hours}
    answers = {"through, a day": most, "acute beds blocked": places[0] - most}
    scenario = tiny(f"saturated {name}", 800, 30, **parts)
    return Case(f"Never empty, no room between: {name}", scenario, answers, _read_saturated, source, few=12)


def _read_saturated(log: EventLog) -> Sequence[float]:
    start, end = log.window
    gone = log.spell["discharged"]
    through = ((gone >= start) & (gone < end)).sum() / (end - start)
    return float(through), mean_delayed(log, "step_down")


NETWORKS = (tandem, two_stations, two_unequal, three_stations, wide_stations)
