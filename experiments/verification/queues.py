"""Cases of one place with a line: Erlang, Pollaczek and Khinchine, Cobham, impatience."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.verification import exact
from experiments.verification.case import Case, cohort, exponential, tiny, world
from experiments.verification.readers import (
    bed_waits,
    diverted_share,
    gave_up_share,
    mean_number,
    mean_waiting,
    waits_by_cohort,
)
from flowsim.events import EventLog


def mmc() -> Case:
    """Five beds, four beds' worth of work."""

    def read(log: EventLog) -> Sequence[float]:
        _, waits = bed_waits(log)
        return float(waits.mean()), float((waits > 0).mean()), mean_number(log, "Ward")

    answers = {"mean wait, days": exact.mmc_wait(5, 4.0), "chance of waiting": exact.erlang_c(5, 4.0), "in bed": 4.0}
    return Case("M/M/5, load 4", world("mmc"), answers, read, "Erlang C", few=16)


def mmck() -> Case:
    """Three beds, four may wait."""
    scenario = world("mmc").with_(hospital={"wards": {"Ward": 3}, "max_waiting": 4})
    answers = exact.mmck(3, 4, 4.0)

    def read(log: EventLog) -> Sequence[float]:
        return diverted_share(log), mean_number(log, "Ward"), mean_waiting(log, "ward", "a_and_e")

    named = {"share diverted": answers["lost"], "in bed": answers["served"], "waiting in A&E": answers["waiting"]}
    return Case("M/M/3/7, load 4", scenario, named, read, "Gross and Harris, 2.5", few=12)


def loss() -> Case:
    """Five beds, nobody may wait, lognormal stays."""
    lost = exact.erlang_b(5, 4.0)

    def read(log: EventLog) -> Sequence[float]:
        return diverted_share(log), mean_number(log, "Ward")

    answers = {"share diverted": lost, "in bed": 4.0 * (1.0 - lost)}
    return Case("M/G/5/5, load 4, lognormal", world("erlang_loss"), answers, read, "Erlang B", few=12)


def priority() -> Case:
    """Five beds, two classes, one mean stay."""
    waits = exact.cobham(exact.erlang_c(5, 4.0) / 5.0, [1.5 / 5.0, 2.5 / 5.0])
    answers = dict(zip(("urgent wait, days", "routine wait, days"), waits, strict=True))
    return Case("M/M/5, two priorities", world("priority"), answers, waits_by_cohort, "Cobham 1954", few=16)


def priority_one_bed() -> Case:
    """One bed, three classes whose stays differ in mean and spread."""
    shapes = {
        "urgent": (0.5, {"shape": "lognormal", "mean_days": 0.5, "sigma": 0.8}, 0.25 * math.exp(0.64)),
        "soon": (0.6, {"shape": "gamma", "mean_days": 0.5, "cv": 0.5}, 0.25 * 1.25),
        "routine": (0.2, {"shape": "uniform", "low_days": 0.5, "high_days": 1.5}, 1.0 + 1.0 / 12.0),
    }
    groups = {
        name: cohort(rate, stay=stay, priority=number) for number, (name, (rate, stay, _)) in enumerate(shapes.items())
    }
    scenario = tiny("one bed", 3000, 200, cohorts=groups, hospital={"wards": {"Ward": 1}})
    base = sum(rate * square for rate, _, square in shapes.values()) / 2.0
    waits = exact.cobham(base, [0.25, 0.3, 0.2])
    answers = {f"{name} wait, days": wait for name, wait in zip(shapes, waits, strict=True)}
    return Case("M/G/1, three priorities, load 0.75", scenario, answers, waits_by_cohort, "Cobham 1954", few=12)


def one_bed() -> Case:
    """One bed, lognormal stays, seven tenths full."""
    stay = {"shape": "lognormal", "mean_days": 1.0, "sigma": 0.8}
    scenario = tiny("M/G/1", 3000, 200, cohorts={"all": cohort(0.7, stay=stay)}, hospital={"wards": {"Ward": 1}})
    wait = exact.pollaczek_khinchine(0.7, 1.0, math.exp(0.64))

    def read(log: EventLog) -> Sequence[float]:
        _, waits = bed_waits(log, margin=100.0)
        return float(waits.mean()), float((waits > 0).mean()), mean_waiting(log, "ward", "a_and_e")

    answers = {"mean wait, days": wait, "chance of waiting": 0.7, "waiting in A&E": 0.7 * wait}
    return Case("M/G/1, lognormal, load 0.7", scenario, answers, read, "Pollaczek–Khinchine", few=16)


def valve() -> Case:
    """LIFE of four slots, three people a day who go back to the old process after half a day."""
    scenario = tiny(
        "valve",
        1000,
        50,
        inflows={"ready": {"to": "P2_home", "per_day": 3.0}},
        life={
            "slots": 4,
            "episode": exponential(1.25),
            "cap_days": 3650,
            "at_cap": {"package": 1.0, "placement": 0.0},
            "valve": {"after_days": 0.5},
        },
    )
    answers = exact.impatient(3.0, 1.25, 4, lambda day: float(day <= 0.5), 0.5)
    return Case(
        "M/M/4+D: LIFE's valve", scenario, _impatient(answers), _impatience("life"), "Zeltyn, Mandelbaum 2005", few=16
    )


def erlang_a() -> Case:
    """Three packages of home care, waited for in step-down beds without limit; patience is the time to death."""
    lives, stay = 4.0, 2.0
    everyone = cohort(
        2.0, "P2_bed", death_after_discharge={"unsupported": exponential(lives), "supported": exponential(lives)}
    )
    scenario = tiny(
        "Erlang A",
        1000,
        50,
        cohorts={"everyone": everyone},
        hospital={"wards": {"Ward": "unlimited"}},
        step_down={
            "beds": "unlimited",
            "stay": {"shape": "fixed", "days": 0.5},
            "cap_days": 3650,
            "outcome": {"package": 1.0, "placement": 0.0},
        },
        home_care={"capacity": 3, "stay": exponential(stay), "hours_per_week": {"mean": 10, "cv": 0.5}},
    )
    asking = 2.0 * math.exp(-0.5 / lives)  # the others die in the step-down bed
    whole = 1.0 / (1.0 / stay + 1.0 / lives)  # death ends packages, too
    answers = exact.impatient(asking, whole, 3, lambda day: math.exp(-day / lives), 80.0)
    return Case(
        "M/M/3+M (Erlang A): home care", scenario, _impatient(answers), _impatience("home_care"), "Palm 1957", few=16
    )


def _impatient(answers: dict[str, float]) -> dict[str, float]:
    return {"share who give up": answers["give up"], "waiting": answers["waiting"], "served": answers["served"]}


def _impatience(kind: str):  # type: ignore[no-untyped-def]
    names = {"life": "LIFE", "home_care": "Home care"}

    def read(log: EventLog) -> Sequence[float]:
        return gave_up_share(log, kind), mean_waiting(log, kind), mean_number(log, names[kind])

    return read


QUEUES = (mmc, mmck, loss, priority, priority_one_bed, one_bed, valve, erlang_a)
