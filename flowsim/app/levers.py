"""The levers of the page: what each is called in plain words, its unit, its range, and which numbers it sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Value = float | str | dt.date | tuple[str, ...] | tuple[float, ...]
"""What a lever can be set to: a number in the unit shown, a choice, a date, some wards, two hours of a day."""

Kind = Literal["slider", "choice", "date", "wards", "hours"]

AS_IS, CHOSEN, OFF = "as_is", "chosen", "off"
"""Choices of a rollout: as the starting scenario has it, as set here, not at all."""
BOTH, PLAN = "both", "plan"
"""Choices of where a rule holds: with and without the plan, or with the plan only."""

SEASONS: Mapping[str, tuple[int, int, int]] = {
    "spring": (3, 4, 5),
    "summer": (6, 7, 8),
    "autumn": (9, 10, 11),
    "winter": (12, 1, 2),
}
"""Months of each season."""

HUDDLES, D2A, LIFE, DOOR, BEDS, WINTER = (
    "GP Huddles",
    "Discharge to Assess (D2A)",
    "LIFE, care at home",
    "Front-door team in A&E",
    "Escalation beds",
    "Winter",
)
GROUPS: Mapping[str, str] = {
    HUDDLES: "GP practices meet weekly about older people at risk, so that fewer fall ill enough to come to hospital.",
    D2A: "People who are fit leave hospital first; what help they need is assessed at home.",
    LIFE: "A team that looks after people at home for some weeks, after hospital or instead of it.",
    DOOR: "LIFE staff in A&E send some people home with support instead of admitting them.",
    BEDS: "Extra hospital beds that open when the others are full.",
    WINTER: "How many people fall ill from December to March. It holds with and without the plan.",
}
"""Groups in the order of the page, and what each is."""


@dataclass(frozen=True, slots=True)
class Lever:
    """One control of the page.

    Attributes
    ----------
    id : str
        Stable name, such as ``life.ended``.
    group, title, help : str
        Where it stands, what it is called, and what it does, in plain words.
    path : str
        The parameter whose evidence speaks for it, as :mod:`flowsim.config.explain` names it.
    unit : str
        Unit of the number shown.
    low, high, step : float
        Range of a number, in the unit shown; from the evidence where there is a range.
    choices : tuple of str
        Of a choice or of wards.
    under : (id, value), optional
        Acts, and is shown, only while another lever has this value.
    beyond : str
        Why the range is wider than the evidence, where it is.
    """

    id: str
    group: str
    kind: Kind
    title: str
    help: str
    path: str = ""
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    step: float = 1.0
    choices: tuple[str, ...] = ()
    under: tuple[str, str] | None = None
    beyond: str = ""

    def holding(self, value: Value) -> Lever:
        """The same lever with its range wide enough for a value, as the starting scenario may lie outside it."""
        if not isinstance(value, (int, float)):
            return self
        return replace(self, low=min(self.low, float(value)), high=max(self.high, float(value)))

    def allows(self, value: Value) -> bool:
        """Whether a number or choice is one this lever can be set to."""
        if self.kind == "choice":
            return value in self.choices
        if self.kind == "slider":
            return isinstance(value, (int, float)) and self.low <= value <= self.high
        if self.kind == "wards":
            return isinstance(value, tuple) and all(one in self.choices for one in value)
        return True


def _slots(season: str, months: str) -> Lever:
    return Lever(
        f"life.{season}", LIFE, "slider", f"Slots in {season} ({months})",
        "People LIFE can look after at the same time in this season.",
        "life.slots", "slots", 0, 200, 5, under=("life.rollout", CHOSEN),
    )  # fmt: skip


_ROLLOUT = (AS_IS, CHOSEN, OFF)

LEVERS: tuple[Lever, ...] = (
    Lever(
        "huddles.rollout", HUDDLES, "choice", "Pace and reach",
        "As the starting scenario has it, at a steady pace of your own, or no Huddles at all.",
        "huddles.rollout.points", choices=_ROLLOUT,
    ),
    Lever(
        "huddles.start", HUDDLES, "date", "First Huddle on",
        "The day on which the first practice begins its weekly Huddle.",
        "huddles.rollout.start", "date", under=("huddles.rollout", CHOSEN),
    ),
    Lever(
        "huddles.per_week", HUDDLES, "slider", "Pace: new practices a week",
        "How many practices begin each week. The plan of 2017 was four a week; about two were reached.",
        "huddles.rollout.per_week", "practices a week", 0.5, 10, 0.5, under=("huddles.rollout", CHOSEN),
    ),
    Lever(
        "huddles.up_to", HUDDLES, "slider", "Reach: practices in all",
        "How many practices have Huddles in the end.",
        "huddles.rollout.up_to", "practices", 0, 57, 1, under=("huddles.rollout", CHOSEN),
    ),
    Lever(
        "huddles.fewer", HUDDLES, "slider", "Effect: fewer emergency presentations (%)",
        "How many per cent fewer people of a Huddle practice come to hospital. 14 is the Alliance's claim; careful "
        "studies elsewhere found about 0; below 0 means that Huddles find more people who need a bed.",
        "huddles.effect.rate_ratio", "%", -10, 18, 1,
    ),
    Lever(
        "huddles.averted", HUDDLES, "slider", "Effect: presentations averted while supported (%)",
        "How many per cent of the presentations of a person whom a Huddle supports do not happen.",
        "huddles.effect.averted_share", "%", 0, 50, 1,
    ),
    Lever(
        "d2a.rollout", D2A, "choice", "Wards and dates",
        "As the starting scenario has it, wards and dates of your own, or no D2A at all.",
        "d2a.units_live", choices=_ROLLOUT,
    ),
    Lever(
        "d2a.wards", D2A, "wards", "Wards with D2A, in the order they begin",
        "Take wards away or add them; they begin in the order in which they stand here.",
        "d2a.units_live", "wards", under=("d2a.rollout", CHOSEN),
    ),
    Lever(
        "d2a.start", D2A, "date", "First ward on",
        "The day on which the first ward begins.",
        "d2a.pathways.P2_home.start", "date", under=("d2a.rollout", CHOSEN),
    ),
    Lever(
        "d2a.weeks", D2A, "slider", "Weeks until the last ward has it",
        "0: all wards begin on the same day.",
        "d2a.units_live", "weeks", 0, 52, 1, under=("d2a.rollout", CHOSEN),
    ),
    Lever(
        "d2a.accepted", D2A, "slider", "People it suits who take it up (%)",
        "Of the people who need help at home after hospital, and lie on a ward with D2A.",
        "d2a.pathways.P2_home.accepted_share", "%", 0, 100, 5, beyond="fewer or more than seen is a what-if",
    ),
    Lever(
        "d2a.saved_days", D2A, "slider", "Days it saves each person",
        "Days of waiting in hospital that D2A takes away, on average. 3.44 is the Alliance's claim, which nobody has "
        "checked against wards without D2A.",
        "d2a.pathways.P2_home.saved_days", "days", 0, 3.44, 0.01,
    ),
    Lever(
        "life.rollout", LIFE, "choice", "Slots, by season",
        "As the starting scenario has it, a number for each season, or no LIFE at all.",
        "life.slots", choices=_ROLLOUT,
    ),
    Lever(
        "life.opens", LIFE, "date", "LIFE opens on",
        "The day from which LIFE takes people.",
        "life.slots", "date", under=("life.rollout", CHOSEN),
    ),
    _slots("spring", "March to May"),
    _slots("summer", "June to August"),
    _slots("autumn", "September to November"),
    _slots("winter", "December to February"),
    Lever(
        "life.cap_days", LIFE, "slider", "Longest episode (days)",
        "After so many days a person goes on to a care package, a care home, or nothing.",
        "life.cap_days", "days", 14, 84, 7, beyond="six weeks are the rule; other lengths are what-ifs",
    ),
    Lever(
        "life.ended", LIFE, "slider", "Episodes that end without a care package (%)",
        "Share of people who need no long-term care afterwards. 80 is the Alliance's early claim; 60 was seen later.",
        "life.episode.ended_share", "%", 50, 80, 1,
    ),
    Lever(
        "door.share", DOOR, "slider", "Suitable people sent home with LIFE (%)",
        "Of people who come to A&E while the team is there and would need little or no help at home afterwards.",
        "front_door.turned_round_share", "%", 0, 12, 0.5,
    ),
    Lever(
        "door.start", DOOR, "date", "Team begins on",
        "The day from which the team works in A&E.", "front_door.turned_round_share", "date",
    ),
    Lever(
        "door.hours", DOOR, "hours", "On duty, hours of the day",
        "People who come at other hours are not seen by the team.", "front_door.to_hour", "hours", 0, 24, 1,
    ),
    Lever(
        "beds.where", BEDS, "choice", "These rules hold",
        "Both with and without the plan, so that they do not count as an effect of the plan; or only with it.",
        "", choices=(BOTH, PLAN),
    ),
    Lever(
        "beds.cap", BEDS, "slider", "At most so many extra beds",
        "When all of them are full, people wait in A&E.",
        "hospital.escalation.cap", "beds", 0, 80, 1, beyond="fewer than seen anywhere is a what-if",
    ),
    Lever(
        "beds.opens_at", BEDS, "slider", "Trigger: they open when so many beds are full (%)",
        "Someone needs a bed, finds none, and at least so many per cent of the ordinary beds are in use.",
        "hospital.escalation.open_at_occupancy", "%", 80, 100, 1, beyond="a rule the hospital can set",
    ),
    Lever(
        "beds.opens_after", BEDS, "slider", "Trigger: or after a wait of (hours)",
        "They open as well when someone has waited so long for a bed.",
        "hospital.escalation.open_after_wait_hours", "hours", 0, 24, 1, beyond="a rule the hospital can set",
    ),
    Lever(
        "winter.level", WINTER, "slider", "People falling ill, December to March (%)",
        "100 is a normal winter; 108 a hard one.",
        "winter_pressure:cohorts.over_65.arrivals.level", "%", 100, 115, 1,
    ),
)  # fmt: skip
"""Every lever of the page, in its order; which of them a scenario has, :mod:`flowsim.app.reading` says."""

CHOICES: Mapping[str, str] = {
    AS_IS: "As in {start}",
    OFF: "Switched off",
    BOTH: "With and without the plan",
    PLAN: "Only with the plan",
}
"""Choices in words; ``{start}`` is the starting scenario's name."""

_HERE: Mapping[str, str] = {
    "huddles.rollout": "Pace and reach as set here",
    "d2a.rollout": "Wards and dates as set here",
    "life.rollout": "Slots by season as set here",
}

ROLLED_OUT: Mapping[str, str] = {
    "huddles.rollout": "Huddles: practices live",
    "d2a.rollout": "Discharge to Assess: units live",
    "life.rollout": "LIFE: slots",
}
"""What the report calls a rollout, where it says in words what a scenario has."""


def choice_words(lever: Lever, value: str, start: str) -> str:
    """A choice in words; ``start`` is the starting scenario's name as people read it."""
    return _HERE[lever.id] if value == CHOSEN else CHOICES[value].format(start=start)
