"""Cases without waiting: Poisson numbers at every time, people found in progress, visits that taper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import integrate, stats

from experiments.verification import exact
from experiments.verification.case import Case, cohort, tiny, world
from experiments.verification.readers import mean_number, present, visits_at
from flowsim.events import EventLog

HOURS = (0.10, 0.25, 0.40, 0.25)
WEEK = (1.3, 1.2, 1.0, 1.0, 1.0, 0.8, 0.7)
MOMENTS = {"Sunday night, day 6.9": 6.9, "after a rise, day 16.5": 16.5, "after a fall, day 30.2": 30.2}


def unlimited() -> Case:
    """Unlimited beds at a steady rate, lognormal stays: a Poisson number."""
    moments = np.arange(60.0, 660.0, 30.0)  # 15 mean stays apart, so that hardly anybody (1 in 3,000) counts twice

    def read(log: EventLog) -> Sequence[float]:
        found = present(log, moments)
        off = found - 20.0
        return mean_number(log, "Ward"), float((off**2).mean()), float((found <= 20).mean())

    answers = {"in bed": 20.0, "variance": 20.0, "chance of at most 20": float(stats.poisson.cdf(20, 20.0))}
    return Case("M/G/∞, lognormal", world("mginf"), answers, read, "Poisson", few=12)


def demand(day: float) -> float:
    """Presentations a day in configs/theory/mtginf.yaml, whose clock starts on a Monday."""
    level = 10.0 if day < 14 else 20.0 if day < 28 else 5.0
    return level * WEEK[int(day) % 7] * HOURS[int(day % 1.0 * 4)] * 4


def changing() -> Case:
    """Unlimited beds, demand by hour, weekday and date, from empty: Poisson at every time."""
    survival = stats.gamma(0.7**-2, scale=3.0 * 0.7**2).sf
    means = np.array([exact.infinite_servers(demand, survival, moment, 0.25) for moment in MOMENTS.values()])
    middle = np.floor(means)

    def read(log: EventLog) -> Sequence[float]:
        found = present(log, np.array(list(MOMENTS.values())))
        return [*found.tolist(), *((found - means) ** 2).tolist(), *(found <= middle).astype(float).tolist()]

    answers = {f"{name}: mean": mean for name, mean in zip(MOMENTS, means.tolist(), strict=True)}
    answers |= {f"{name}: variance": mean for name, mean in zip(MOMENTS, means.tolist(), strict=True)}
    for name, most, mean in zip(MOMENTS, middle.tolist(), means.tolist(), strict=True):
        answers[f"{name}: chance of at most {most:.0f}"] = float(stats.poisson.cdf(most, mean))
    return Case("M_t/G/∞", world("mtginf"), answers, read, "Eick, Massey, Whitt 1993", replications=2000, few=150)


# -- people found in progress ------------------------------------------------------------------------------------------

DAYS = (1.0, 5.0, 15.0)


def inpatients(name: str, stay: dict[str, Any], survival: Callable[[float], float], mean: float) -> Case:
    """A thousand people in bed when the clock starts."""
    scenario = tiny(
        f"in progress {name}",
        400,
        cohorts={"everyone": cohort(0.0, stay=stay)},
        hospital={"wards": {"Ward": "unlimited"}},
        initial={"beds": {"P0": 1000}},
    )
    answers = {"mean days left": _mean_left(survival, mean)}
    answers |= {f"left within {day:g} days": exact.remaining(survival, mean, day) for day in DAYS}
    return Case(f"In bed at the start, {name} stays", scenario, answers, _read_left, "Cox 1962, 5.3", replications=100)


def _mean_left(survival: Callable[[float], float], mean: float) -> float:
    return float(integrate.quad(lambda day: day * survival(day), 0.0, np.inf, limit=400)[0]) / mean  # E[X²] / 2 E[X]


def _read_left(log: EventLog) -> Sequence[float]:
    left = log.stay["left"]
    return [float(left.mean()), *(float((left <= day).mean()) for day in DAYS)]


def lognormal_inpatients() -> Case:
    """Skewed stays."""
    spread, mean = 0.8, 6.0
    law = stats.lognorm(spread, scale=mean * np.exp(-(spread**2) / 2))
    return inpatients("lognormal", {"shape": "lognormal", "mean_days": mean, "sigma": spread}, law.sf, mean)


def gamma_inpatients() -> Case:
    """Even stays."""
    law = stats.gamma(4.0, scale=1.5)
    return inpatients("gamma", {"shape": "gamma", "mean_days": 6.0, "cv": 0.5}, law.sf, 6.0)


def episodes() -> Case:
    """A thousand people with LIFE when the clock starts, whose episodes are cut at six weeks."""
    median, spread, cap = 30.0, 0.5, 42.0
    survival = stats.lognorm(spread, scale=median).sf
    mean = float(integrate.quad(survival, 0.0, cap)[0])
    square = float(integrate.quad(lambda day: 2.0 * day * survival(day), 0.0, cap)[0])
    scenario = tiny("episodes in progress", 60, life=_life(median, spread), initial={"life": 1000})
    answers = {"mean days left": square / (2.0 * mean)}
    answers |= {f"left within {day:g} days": exact.remaining(survival, mean, day) for day in DAYS}
    return Case(
        "With LIFE at the start, capped episodes", scenario, answers, _read_left, "Cox 1962, 5.3", replications=100
    )


def _life(median: float, spread: float, **more: Any) -> dict[str, Any]:
    return {
        "slots": "unlimited",
        "cap_days": 42.0,
        "episode": {"shape": "lognormal", "median_days": median, "sigma": spread},
        "at_cap": {"package": 1.0, "placement": 0.0},
    } | more


# -- visits that taper -------------------------------------------------------------------------------------------------


def _visiting(days: float, visits: Any, inflow: dict[str, Any], episode: dict[str, Any]) -> Any:
    life = _life(
        1.0, 1.0, slots=0, visits_per_day=visits, taper={"first": 4, "last": 1}, episode=episode, cap_days=3650
    )
    return tiny("visits", days, inflows={"referrals": {"to": "life", **inflow}}, life=life)


def visits_by_hand() -> Case:
    """Five visits a day, two people of eight days: 4, 3, 2, 1 visits for two days each; the second waits for four."""
    inflow = {"table": {"2017-01-02": 1, "2017-01-03": 1}, "regular": True}
    scenario = _visiting(30, 5, inflow, {"shape": "fixed", "days": 8.0})
    answers = {
        f"visits on day {day}": float(visits) for day, visits in {1: 4, 3: 3, 5: 2, 7: 5, 9: 3, 11: 2, 13: 1}.items()
    }
    answers |= {"day the second begins": 6.5, "day the second ends": 14.5}

    def read(log: EventLog) -> Sequence[float]:
        used = [float(visits_at(log, float(day))) for day in (1, 3, 5, 7, 9, 11, 13)]
        return [*used, float(log.stay["entered"][1]), float(log.stay["left"][1])]

    return Case("Two people, five visits a day", scenario, answers, read, "by hand", replications=2, few=2)


def visits_in_use() -> Case:
    """Two people a day with LIFE for ten days: visits in use are a sum of Poisson numbers times 1 to 4."""
    scenario = _visiting(150, "unlimited", {"per_day": 2.0}, {"shape": "gamma", "mean_days": 10.0, "cv": 0.5})
    people, of = 2.0 * 10.0, (1, 2, 3, 4)
    mean, spread = people * np.mean(of), people * np.mean(np.square(of))

    def read(log: EventLog) -> Sequence[float]:
        used = visits_at(log, 100.0)
        return float(used), float((used - mean) ** 2)

    answers = {"visits a day": float(mean), "variance": float(spread)}
    return Case("Visits, 4 tapering to 1", scenario, answers, read, "Poisson, thinned", replications=1000, few=60)


CROWDS: tuple[Callable[[], Case], ...] = (
    unlimited,
    changing,
    lognormal_inpatients,
    gamma_inpatients,
    episodes,
    visits_by_hand,
    visits_in_use,
)
