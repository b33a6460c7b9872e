"""One life as dated sentences, in one world or in two side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np

from flowsim import events as e
from flowsim.clock import date_of
from flowsim.engine import simulate
from flowsim.events import EventLog
from flowsim.params.scenario import Scenario
from flowsim.plots.words import pathway_label

Line = tuple[float, int, str]
"""(day, order within the moment, sentence)"""

_DOORS = {
    e.AVERTED_HUDDLE: "does not fall ill enough to come: a Huddle's support averts the admission",
    e.AVERTED_INITIATIVE: "does not fall ill enough to come: an initiative averts the admission",
    e.TURNED_ROUND: "is turned round at the front door: home with a LIFE start instead of an admission",
    e.DIVERTED: "finds no bed and no room to wait, and goes to another hospital",
    e.WAITING: "is still waiting for a bed when the run ends",
}
_ORIGINS = ("presents", "is readmitted", "joins in mid-flow", "presents", "is already here when the clock starts")
_SERVICES = {
    "life": ("starts with LIFE", "LIFE ends"),
    "reablement": ("starts reablement of the old kind", "reablement ends"),
    "step_down": ("enters a step-down bed", "leaves the step-down bed"),
    "placement": ("moves into a care home", "leaves the care home"),
    "home_care": ("has a home-care package", "the home-care package ends"),
}
_REASONS = {
    "assessment": "being assessed on the ward",
    "equipment": "waiting for equipment or the restart of care",
    "package": "care being arranged",
    "placement": "a placement being found",
    "bespoke": "a bespoke solution being found",
    "life": "waiting for a LIFE slot",
    "step_down": "waiting for a step-down bed",
    "home_care": "waiting for a home-care package",
    "timing": "waiting for the hour or the day of leaving",
}


def tell(scenarios: Sequence[Scenario], seed: int, replication: int, person: int) -> str:
    """The life of one person in each scenario, as text.

    Parameters
    ----------
    person : int
        Number of a resident, as in the log's column ``person``.

    Raises
    ------
    ValueError
        If the person never appears in any of the worlds; some who do are named.
    """
    logs = [simulate(scenario, seed, replication) for scenario in scenarios]
    if not any((log.spell["person"] == person).any() for log in logs):
        busy = _frequent(logs[0])
        raise ValueError(
            f"person {person} does not appear in replication {replication} of seed {seed}; "
            f"some who do: {', '.join(map(str, busy))}"
        )
    return "\n\n".join(life(log, person) for log in logs)


def life(log: EventLog, person: int) -> str:
    """The life of one person in one run."""
    told = sentences(log, person)
    if not told:
        return f"In {log.scenario}: person {person} is never seen."
    row = np.flatnonzero(log.spell["person"] == person)[0]
    practice = int(np.asarray(log.spell["practice"])[row])
    home = f" of {log.practices[practice]}" if 0 <= practice < len(log.practices) else ""
    lines = [f"  {moment:%a %d %b %Y %H:%M}  {text}" for moment, text in told]
    return "\n".join([f"In {log.scenario}: person {person}{home}.", *lines])


def sentences(log: EventLog, person: int) -> list[tuple[dt.datetime, str]]:
    """What happens to one person in one run, in order, each with its moment; nothing if the person is never seen."""
    rows = np.flatnonzero(log.spell["person"] == person)
    if not len(rows):
        return []
    lines = [line for row in rows for line in _spell_lines(log, int(row))]
    lines += _support_lines(log, person)
    lines.sort(key=lambda line: (line[0], line[1]))
    return [(date_of(log.start, day), text) for day, _, text in lines]


def _frequent(log: EventLog) -> list[int]:
    residents = np.asarray(log.spell["person"])[np.asarray(log.spell["practice"], dtype=np.int64) >= 0]
    people, spells = np.unique(residents, return_counts=True)
    order = np.argsort(-spells, kind="stable")[:5]
    return [int(one) for one in people[order]] or [int(one) for one in log.spell["person"][:5]]


def _spell_lines(log: EventLog, row: int) -> list[Line]:
    spell = {name: column[row] for name, column in log.spell.items()}
    pathway = log.pathway_names[row]
    lines: list[Line] = [(float(spell["at"]), 0, _ORIGINS[int(spell["origin"])])]
    if int(spell["door"]) in _DOORS:
        lines.append((float(spell["at"]), 1, _DOORS[int(spell["door"])]))
    stays = np.flatnonzero(log.stay["spell"] == row)
    lines += [line for stay in stays for line in _stay_lines(log, int(stay))]
    lines += _leaving_lines(log, row, spell, str(pathway))
    return [line for line in lines if not np.isnan(line[0])]


def _stay_lines(log: EventLog, stay: int) -> list[Line]:
    place = log.places[int(log.stay["place"][stay])]
    queued, entered, left = (float(log.stay[name][stay]) for name in ("queued", "entered", "left"))
    if place.kind == "responders":
        return []
    if np.isnan(entered):
        return [(left, 4, f"gives up waiting for {place.name} after {left - queued:.1f} days")]
    if place.kind in e.BED_KINDS:
        waited = f" after waiting {(entered - queued) * 24:.1f} hours" if entered > queued else ""
        return [(entered, 2, f"lies in {place.name}{waited}")]
    begins, ends = _SERVICES[place.kind]
    lines = [(entered, 6, begins)]
    if not log.stay["open"][stay]:
        lines.append((left, 7, f"{ends} after {left - entered:.1f} days"))
    return lines


def _leaving_lines(log: EventLog, row: int, spell: dict[str, Any], pathway: str) -> list[Line]:
    lines: list[Line] = [
        (float(spell["fit"]), 3, "is clinically fit"),
        (float(spell["ready"]), 4, f"is ready to leave by {pathway_label(pathway)}"),
    ]
    if pathway == "death":
        return [(float(spell["died"]), 5, "dies in hospital")]
    for part in np.flatnonzero(log.delay["spell"] == row):
        start, end = float(log.delay["start"][part]), float(log.delay["end"][part])
        lines.append((start, 5, f"{end - start:.1f} days {_REASONS[e.REASONS[int(log.delay['reason'][part])]]}"))
    if int(spell["door"]) != e.TURNED_ROUND:
        way = " by Discharge to Assess" if spell["d2a"] else ""
        lines.append((float(spell["discharged"]), 5, f"leaves hospital{way}"))
    lines.append((float(spell["died"]), 8, "dies"))
    return lines


def _support_lines(log: EventLog, person: int) -> list[Line]:
    rows = np.flatnonzero(log.support["person"] == person)
    return [(float(log.support["start"][row]), 0, "is taken on by the practice's Huddle") for row in rows]
