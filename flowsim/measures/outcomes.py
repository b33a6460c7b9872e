"""What became of people afterwards, and what Huddles did."""

from __future__ import annotations

import numpy as np

from flowsim.events import ADMITTED, BED_KINDS, PRESENTATION, READMISSION, SCRIPTED
from flowsim.measures.registry import Register
from flowsim.measures.steps import Floats, Ints, mean, pairs
from flowsim.measures.view import View

outcomes = Register()
huddles = Register()

READMITTED_WITHIN = 30.0
HOME_AFTER = 91.0


@outcomes.add("share", "lower")
def readmissions_30d_share(v: View) -> float:
    """Of people who left hospital alive after an admission, from the window's start to 30 days before its end, the
    share whose next spell was due within 30 days."""
    return mean(followed_30_days(v)[1])


def followed_30_days(v: View) -> tuple[Floats, Floats]:
    """When each of the people of ``readmissions_30d_share`` left hospital; 1 if their next spell was due in time."""
    left = v.time("discharged")
    alive = v.door(ADMITTED) & (v.code("pathway") >= 0) & v.origin(PRESENTATION, READMISSION, SCRIPTED)
    group = alive & (left >= v.start) & (left < v.end - READMITTED_WITHIN)
    soon = v.time("readmitted")[group] - left[group] <= READMITTED_WITHIN
    return left[group], soon.astype(np.float64)


def people_of(v: View) -> Ints:
    """One number for each person: who they are where known, else the chain of spells they belong to."""
    known = v.code("person")
    _, chain = np.unique(v.log.spell["root"], return_inverse=True)
    return np.where(known >= 0, known, -1 - chain).astype(np.intp)


def _away(v: View, person: Ints) -> tuple[Ints, Floats, Floats]:
    """Who is away from home, from when to when: in hospital or waiting there, in a step-down bed, placed, or dead."""
    hospital = v.of(*BED_KINDS, "a_and_e")
    care = v.of("step_down", "placement") & v.got_in
    died = v.time("died")
    dead = np.flatnonzero(~np.isnan(died))
    who = np.concatenate([person[v.spell[hospital]], person[v.spell[care]], person[dead]])
    start = np.concatenate([v.queued[hospital], v.entered[care], died[dead]])
    end = np.concatenate([v.left[hospital], v.left[care], np.full(dead.size, np.inf)])
    return who.astype(np.intp), start, end


@outcomes.add("share", "higher")
def at_home_91d_share(v: View) -> float:
    """Of people who left hospital for LIFE or reablement and whose day 91 after leaving falls in the window, the share
    at home that day: alive, not in an acute or step-down bed nor waiting for one in A&E, not in a placement."""
    return mean(day_91(v)[1])


def day_91(v: View) -> tuple[Floats, Floats]:
    """Day 91 after leaving of each of the people of ``at_home_91d_share``, and 1 if they were at home that day."""
    rows = v.of("life", "reablement") & v.got_in & ~v.placed
    who = np.unique(v.spell[rows])
    moment = v.time("discharged")[who] + HOME_AFTER
    group = v.door(ADMITTED)[who] & v.within(moment)
    who, moment = who[group], moment[group]
    person = people_of(v)
    absent, start, end = _away(v, person)
    i, j = pairs(person[who], absent)
    at_home = np.ones(who.size)
    at_home[i[(start[j] <= moment[i]) & (moment[i] < end[j])]] = 0.0
    return moment, at_home


@outcomes.add("people", "lower")
def deaths_in_hospital(v: View) -> float:
    """People who died in hospital in the window."""
    return float(((v.code("pathway") < 0) & v.within(v.time("died"))).sum())


@huddles.add("practices", "neutral")
def huddles_live_end(v: View) -> float:
    """Practices whose Huddle was live at the end of the window."""
    return float((np.array(v.log.practices_live, dtype=float) < v.end).sum())


@huddles.add("meetings", "neutral")
def huddles_held(v: View) -> float:
    """Huddle meetings held in the window."""
    return float(v.within(v.floats("meeting", "at")).sum())


@huddles.add("cases", "neutral")
def cases_reviewed(v: View) -> float:
    """Cases reviewed at the Huddles of the window."""
    return float(v.floats("meeting", "cases")[v.within(v.floats("meeting", "at"))].sum())


@huddles.add("people", "neutral")
def people_supported(v: View) -> float:
    """New people taken on at the Huddles of the window."""
    return float(v.floats("meeting", "new_people")[v.within(v.floats("meeting", "at"))].sum())


@huddles.add("people", "lower")
def huddled_people_admitted(v: View) -> float:
    """Admissions in the window (first acute bed) of people whom a Huddle was supporting when they presented."""
    return float(admitted_while_supported(v).size)


def admitted_while_supported(v: View) -> Ints:
    """The spells of ``huddled_people_admitted``."""
    who = np.flatnonzero(v.within(v.first_bed) & (v.code("person") >= 0))
    i, j = pairs(v.code("person")[who], v.log.support["person"].astype(np.intp))
    at = v.time("at")[who]
    during = (v.floats("support", "start")[j] <= at[i]) & (at[i] < v.floats("support", "end")[j])
    return who[np.unique(i[during])]
