"""Eight systems asked for more than they can do, and thirty that are not; the load of each is worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from experiments.verification.case import cohort, exponential, tiny
from experiments.verification.exact import saturated_tandem
from flowsim.params import Scenario

YEARS = 730.0
NOBODY = {"package": 0.0, "placement": 0.0, "none": 1.0}
HOURS = {"mean": 10, "cv": 0.5}
AGAIN = {"unsupported_share": 0.2, "supported_share": 0.2, "half_by_days": 10}
WINTER = [1.25, 1.1, 1.0, 0.95, 0.95, 0.95, 0.9, 0.9, 0.95, 0.95, 1.0, 1.1]
MEETING = {"hour": 9, "weekday_factors": [1, 1, 1, 1, 1, 1, 1], "leaving_hours": [10, 16]}


@dataclass(frozen=True)
class System:
    """A scenario, what it is offered over what it can do (in its worst month), and what is short if that is above 1."""

    name: str
    scenario: Scenario
    load: float
    short: str = ""


def ward(
    name: str, load: float, beds: int, stay: dict[str, Any] | None = None, mean: float = 4.0, **more: Any
) -> System:
    """Beds alone; ``more`` is about the cohort, its arrivals or the hospital."""
    arrivals = {"per_day": more.pop("rate", load * beds / mean)} | more.pop("arrivals", {})
    hospital = {"wards": {"Ward": beds}} | more.pop("hospital", {})
    people = cohort(0.0, stay=stay or exponential(mean)) | {"arrivals": arrivals} | more
    scenario = tiny(name, YEARS, cohorts={"all": people}, hospital=hospital)
    return System(name, scenario, load, "hospital" if load > 1.0 else "")


def referred(name: str, load: float, life: dict[str, Any], per_day: float, short: str = "LIFE", **more: Any) -> System:
    """LIFE alone, people referred from home."""
    whole = {"slots": "unlimited", "episode": exponential(10.0), "cap_days": 3650, "at_cap": NOBODY} | life
    inflows = more.pop("inflows", {"referrals": {"to": "life", "per_day": per_day}})
    return System(name, tiny(name, YEARS, inflows=inflows, life=whole, **more), load, short if load > 1.0 else "")


def behind(
    name: str, per_day: float, beds: int, stay: float, places: int, held: float, pathway: str, **more: Any
) -> System:
    """Acute beds, and LIFE or step-down beds that everybody needs next; what can pass is a Markov chain."""
    most = saturated_tandem([beds, places], [1.0 / stay, 1.0 / held])
    parts: dict[str, Any] = {
        "step_down": {"beds": places, "stay": exponential(held), "cap_days": 3650, "outcome": NOBODY}
    }
    if pathway == "P2_home":
        effect = {"start": "2016-01-01", "accepted_share": 1.0, "saved_days": 0.0}
        life = {"slots": places, "episode": exponential(held), "cap_days": 3650, "at_cap": NOBODY}
        parts = {"life": life | more, "d2a": {"units_live": 1, "pathways": {"P2_home": effect}}}
    people = {"all": cohort(per_day, pathway, exponential(stay))}
    scenario = tiny(name, YEARS, cohorts=people, hospital={"wards": {"Ward": beds}}, **parts)
    return System(name, scenario, per_day / most, "together" if per_day > most else "")


def later(name: str, load: float, part: str, places: int, days: float, **more: Any) -> System:
    """A package or a placement for one person a day who leaves LIFE, which has room for everybody."""
    need = {"package": float(part == "home_care"), "placement": float(part == "placements")}
    service = {"capacity": places, "stay": exponential(days)} | (
        {"hours_per_week": HOURS} if part == "home_care" else {}
    )
    life = {"slots": "unlimited", "episode": {"shape": "fixed", "days": 20.0}, "cap_days": 10.0, "at_cap": need} | more
    scenario = tiny(
        name,
        YEARS,
        inflows={"referrals": {"to": "life", "per_day": load * places / days}},
        life=life,
        **{part: service},
    )
    return System(name, scenario, load, part.replace("_", " ") if load > 1.0 else "")


def localities(name: str, north: float, south: float) -> System:
    """Two teams, three people a day and ten days for each; one cannot help the other."""
    inflows = {where: {"to": "life", "per_day": 3.0, "locality": where} for where in ("north", "south")}
    pools = {"north": round(30 / north), "south": round(30 / south)}
    worst = 30 / min(pools.values())
    return referred(name, worst, {"by_locality": pools, "slots": 0}, 0.0, "LIFE (north)", inflows=inflows)


def assessed(name: str, load: float) -> System:
    """Step-down beds for P2 and, under D2A, for the assessment of P3; acute beds without limit."""
    effect = {"start": "2016-01-01", "accepted_share": 1.0, "saved_days": 0.0}
    people = cohort(1.0)
    people["pathways"] = {one: {"share": 0.5, "stay": exponential(3.0)} for one in ("P2_bed", "P3")}
    beds = {"stay": exponential(14.0), "p3_stay": exponential(26.0), "cap_days": 3650, "outcome": NOBODY}
    scenario = tiny(
        name,
        YEARS,
        cohorts={"all": people},
        hospital={"wards": {"Ward": "unlimited"}},
        d2a={"units_live": 1, "pathways": {"P3": effect}},
        step_down=beds | {"beds": round(20 / load)},
    )
    return System(name, scenario, 20 / round(20 / load), "step-down" if load > 1.0 else "")


def old_team(name: str, load: float) -> System:
    """Reablement before LIFE, which half of those leaving by P2_home get."""
    old = {"share": 0.5, "capacity": round(20 / load), "episode": exponential(20.0), "cap_days": 3650, "at_cap": NOBODY}
    people = {"all": cohort(2.0, "P2_home", exponential(3.0))}
    scenario = tiny(name, YEARS, cohorts=people, hospital={"wards": {"Ward": "unlimited"}}, reablement=old)
    return System(name, scenario, 20 / round(20 / load))


VISIT = {"responders": 2, "from_hour": 8, "to_hour": 20, "response": exponential(1 / 24), "visit_minutes": 60}
TAPER = {"first": 4, "last": 1}

OVERLOADED: tuple[System, ...] = (
    ward("readmissions fill the beds", 1.05, 10, rate=1.05 * 10 * 0.8 / 4.0, readmission=AGAIN),
    ward("beds short in two winter months", 1.25 * 0.9, 40, arrivals={"month_factors": WINTER}, rate=0.9 * 10),
    behind("beds short only through blocking", 3.1, 10, 3.0, 14, 4.1, "P2_home"),
    referred("LIFE short of slots", 1.05, {"slots": 40}, 4.2),
    referred("LIFE short of visits", 1.07, {"slots": 0, "visits_per_day": 70, "taper": TAPER}, 1.07 * 70 / 25.0),
    localities("LIFE short in one locality", 30 / 28, 0.75),
    assessed("step-down beds filled by assessments", 1.11),
    later("home care short behind LIFE", 1.08, "home_care", 36, 40.0),
)

_BEDS = [ward(f"{beds} beds at {load:.0%}", load, beds) for beds in (3, 12, 60) for load in (0.5, 0.8, 0.94)]

STABLE: tuple[System, ...] = (
    *_BEDS,
    ward("skewed stays", 0.93, 20, {"shape": "lognormal", "mean_days": 4.0, "sigma": 1.2}),
    ward("readmissions", 0.93, 10, rate=0.93 * 10 * 0.8 / 4.0, readmission=AGAIN),
    ward("a winter that fits", 0.94, 40, arrivals={"month_factors": WINTER}, rate=0.94 / 1.25 * 10),
    ward("growth", 0.93, 40, arrivals={"growth_per_year": 0.05}, rate=0.93 / 1.1025 * 10),
    ward("a meeting each morning", 0.94, 50, mean=3.5, rate=0.94 * 50 / 4.5, hospital={"meeting": MEETING}),
    ward("escalation beds above", 0.93, 20, hospital={"escalation": {"cap": 5}}),
    ward("a weekly rhythm", 0.92, 30, arrivals={"weekday_factors": [1.2, 1.1, 1.1, 1.0, 1.0, 0.8, 0.8]}),
    behind("one bed, one LIFE slot", 0.62, 1, 1.0, 1, 1.0, "P2_home"),
    behind("LIFE behind beds, as above but fewer people", 2.8, 10, 3.0, 14, 4.1, "P2_home"),
    behind("LIFE behind beds, a valve", 2.8, 10, 3.0, 14, 4.1, "P2_home", valve={"after_days": 4}),
    behind("step-down behind beds", 1.9, 3, 1.0, 2, 0.8, "P2_bed"),
    behind("step-down behind a large ward", 8.6, 40, 4.0, 30, 3.0, "P2_bed"),
    referred("LIFE at 60 %", 0.6, {"slots": 40}, 2.4),
    referred("LIFE at 94 %", 0.94, {"slots": 100}, 9.4),
    referred("LIFE in visits", 0.93, {"slots": 0, "visits_per_day": 70, "taper": TAPER}, 0.93 * 70 / 25.0),
    referred("first visits", 0.84, {"first_visit": VISIT}, 0.84 * 12.0),
    localities("LIFE in two localities", 30 / 33, 0.75),
    assessed("step-down beds with assessments", 0.91),
    old_team("reablement before LIFE", 0.91),
    later("home care behind LIFE", 0.93, "home_care", 40, 40.0),
    later("placements behind LIFE", 0.9, "placements", 30, 60.0),
)
