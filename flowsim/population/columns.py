"""Every decision and duration of many spells at once: luck in, columns out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from flowsim.clock import DAY, FOREVER, ticks_of
from flowsim.distributions import Duration
from flowsim.events import NO_NEED, PACKAGE, PLACEMENT
from flowsim.params.community import EndsByCap, Episode, Outcome
from flowsim.params.people import PATHWAYS, SUPPORTED, Cohort, Readmission
from flowsim.params.scenario import Scenario
from flowsim.population.luck import Floats, Ints
from flowsim.population.people import choose
from flowsim.population.reached import NO_CHANGE, Factors
from flowsim.population.spell import DIES

Column = Floats | Ints | np.ndarray
Draw = Callable[[str], Floats]
"""Quantiles of a named decision for the spells in hand."""

_SUPPORTED_ROWS = np.array([pathway in SUPPORTED for pathway in PATHWAYS] + [False])


@dataclass(frozen=True)
class Wards:
    """Rows of the wards among the places, and their weights as home wards."""

    rows: Ints
    weights: Floats


def stay_columns(cohort: Cohort, u: Draw, stretch: Floats) -> dict[str, Column]:
    """Who dies, leaves by which pathway, and after how many clinical days.

    Parameters
    ----------
    stretch : array
        Factor on the clinical stay (age, frailty, date) of each spell; zero-day stays keep their own length.
    """
    shares = [cohort.pathways[p].share if p in cohort.pathways else 0.0 for p in PATHWAYS]
    pathway = choose(u("pathway"), shares)
    luck = u("stay")
    days = np.zeros(len(luck))
    for code, name in enumerate(PATHWAYS):
        if name in cohort.pathways:
            rows = pathway == code
            days[rows] = cohort.pathways[name].stay.at(luck[rows])
    zero_day = np.zeros(len(luck), dtype=bool)
    dies = np.zeros(len(luck), dtype=bool)
    if cohort.death_in_hospital is not None:
        dies = u("death in hospital") < cohort.death_in_hospital.share
        days[dies] = cohort.death_in_hospital.stay.at(luck[dies])
        pathway = np.where(dies, DIES, pathway)
    days = days * stretch
    if cohort.zero_day is not None:
        zero_day = (pathway == 0) & (u("zero day") < cohort.zero_day.share)
        days[zero_day] = cohort.zero_day.stay.at(luck[zero_day])
    return {
        "pathway": pathway,
        "zero_day": zero_day,
        "clinical": ticks_of(days, "clinical stay"),
        "a_and_e": u("door") < cohort.a_and_e_share,
    }


def hospital_columns(s: Scenario, u: Draw, wards: Wards) -> dict[str, Column]:
    """Assessment stay, home ward, and the luck of the morning meeting."""
    hospital = s.hospital
    columns: dict[str, Column] = {}
    if hospital is None:
        return columns
    if hospital.assessment is not None:
        columns["assessment"] = ticks_of(hospital.assessment.stay.at(u("assessment stay")), "assessment stay")
    if len(wards.rows):
        columns["home_ward"] = wards.rows[choose(u("home ward"), list(wards.weights / wards.weights.sum()))]
    if hospital.meeting is not None:
        hours = hospital.meeting.leaving_hours
        leaving = np.interp(u("leaving hour"), np.linspace(0.0, 1.0, len(hours)), hours)
        columns["sign_off"] = u("sign-off")
        columns["leaving_hour"] = ticks_of(leaving / 24.0, "leaving hour")
    return columns


def shortened(columns: dict[str, Column], by: Factors) -> Ints:
    """Clinical stays as initiatives leave them; zero-day stays keep their own length."""
    clinical = np.asarray(columns["clinical"], dtype=np.int64)
    if by is NO_CHANGE:
        return clinical
    exact = np.where(np.asarray(columns["zero_day"]), clinical, clinical * np.asarray(by.clinical_stay))
    return np.rint(exact).astype(np.int64)


def stay_changed(s: Scenario, before: Column, columns: dict[str, Column], by: Factors) -> Column:
    """Which stays an initiative makes shorter or longer: the clinical part, or a delay that there is on the pathway."""
    delayed = [code for code, name in enumerate(PATHWAYS) if name in s.leaving and s.leaving[name].delay is not None]
    waits = np.isin(np.asarray(columns["pathway"]), delayed)
    return np.not_equal(columns["clinical"], before) | (waits & np.not_equal(by.delay, 1.0))


def easier(door_luck: Column, by: Factors) -> Floats:
    """Luck at the front door as initiatives leave it: under a share as often as the share is multiplied."""
    with np.errstate(divide="ignore", invalid="ignore"):
        luck = np.asarray(door_luck, dtype=float) / by.front_door
    return np.where(np.isnan(luck), np.inf, luck)


def leaving_columns(s: Scenario, u: Draw, pathway: Ints, by: Factors = NO_CHANGE) -> dict[str, Column]:
    """Days from ready to left under the old process and under D2A, and who would accept D2A.

    D2A takes its days off the mean by a factor on each person's own delay. Where a morning meeting lets people go at
    an hour of the day, delays are whole days: rounded up or down by luck, so that the mean is exact.
    """
    size = len(pathway)
    delay, factor, accepted = np.zeros(size), np.ones(size), np.zeros(size)
    luck = u("delay")
    for code, name in enumerate(PATHWAYS):
        rows = pathway == code
        leaving = s.leaving.get(name)
        effect = s.d2a.pathways.get(name) if s.d2a else None
        if leaving is not None and leaving.delay is not None:
            delay[rows] = leaving.delay.at(luck[rows])
            if effect is not None and leaving.delay.mean > 0:
                factor[rows] = 1.0 - effect.saved_days / leaving.delay.mean
        if effect is not None:
            accepted[rows] = effect.accepted_share
    delay = delay * by.delay
    short = delay * factor
    if s.hospital is not None and s.hospital.meeting is not None:
        rounding = u("delay day")
        delay, short = np.floor(delay + rounding), np.floor(short + rounding)
    return {
        "delay": ticks_of(delay, "delay"),
        "d2a_delay": ticks_of(short, "delay under D2A"),
        "accepts_d2a": u("accepts D2A") < accepted * by.d2a_accepted,
    }


def support_columns(s: Scenario, u: Draw, by: Factors = NO_CHANGE) -> dict[str, Column]:
    """LIFE, the reablement before it, step-down beds: how long, and what is needed afterwards."""
    columns: dict[str, Column] = {}
    if s.life is not None:
        columns["life"] = episode_values(s.life.episode, u("episode"))
        columns["exit_wait"] = _ticks(s.life.exit_wait, u("exit wait"), "exit wait")
        columns["at_cap"] = _needs(s.life.at_cap, u("at cap"))
        if s.life.first_visit is not None:
            columns["response"] = _ticks(s.life.first_visit.response, u("first visit"), "response")
    if s.reablement is not None:
        columns["to_reablement"] = u("reablement") < s.reablement.share
        columns["reablement"] = episode_values(s.reablement.episode, u("episode"))
        columns["reablement_exit_wait"] = _ticks(s.reablement.exit_wait, u("exit wait"), "exit wait")
        columns["reablement_at_cap"] = _needs(s.reablement.at_cap, u("at cap"))
    if s.step_down is not None:
        luck = u("step-down stay")
        cap = round(s.step_down.cap_days * DAY)
        columns["step_down"] = np.minimum(_ticks(s.step_down.stay, luck, "step-down stay"), cap)
        columns["p3_step_down"] = _ticks(s.step_down.p3_stay or s.step_down.stay, luck, "step-down stay")
        columns["after_step_down"] = _needs(s.step_down.outcome, u("after step-down"))
    return columns | care_columns(s, u, by)


def care_columns(s: Scenario, u: Draw, by: Factors = NO_CHANGE) -> dict[str, Column]:
    """Packages of home care and placements: hours a week and how long."""
    columns: dict[str, Column] = {}
    if s.home_care is not None:
        from scipy.special import gammaincinv

        hours = s.home_care.hours_per_week
        exact = hours.mean * hours.cv**2 * np.asarray(gammaincinv(hours.cv**-2, u("package hours")))
        columns["hours"] = np.maximum(np.rint(exact * by.package_hours), 1.0).astype(np.int64)
        columns["package_stay"] = _ticks(s.home_care.stay, u("package stay"), "package")
    if s.placements is not None:
        columns["placement_stay"] = _ticks(s.placements.stay, u("placement stay"), "placement")
    return columns


def fate_columns(cohort: Cohort, u: Draw, pathway: Ints, horizon: float, by: Factors = NO_CHANGE) -> dict[str, Column]:
    """Time from leaving hospital to readmission and to death; death first means no readmission."""
    supported = _SUPPORTED_ROWS[pathway]
    beyond = pathway == DIES
    gap = np.full(len(pathway), np.inf)
    life = np.full(len(pathway), np.inf)
    if cohort.readmission is not None:
        r = cohort.readmission
        back = u("readmission") < np.where(supported, r.supported_share, r.unsupported_share) * by.readmission
        gap = np.where(back & ~beyond, readmission_gap(r, u("readmission gap")), np.inf)
    if cohort.death_after_discharge is not None:
        luck, d = u("death after discharge"), cohort.death_after_discharge
        life = np.where(beyond, np.inf, np.where(supported, d.supported.at(luck), d.unsupported.at(luck)))
    gap = np.where(gap < life, gap, np.inf)
    return {"gap": _within(gap, horizon), "lifetime": _within(life, horizon)}


def _within(days: Floats, horizon: float) -> Ints:
    soon = days <= horizon
    return np.where(soon, np.rint(np.where(soon, days, 0.0) * DAY), FOREVER).astype(np.int64)


def readmission_gap(readmission: Readmission, u: Floats) -> Floats:
    """Days to a readmission that comes within 30: truncated exponential, half of it by the given day."""
    rate = readmission.hazard
    return np.asarray(-np.log1p(-u * -np.expm1(-30.0 * rate)) / rate)


def episode_values(episode: Episode, u: Floats) -> Floats:
    """What :class:`flowsim.policies.EpisodeLength` turns into days: normal quantiles, or the days themselves."""
    if isinstance(episode, EndsByCap):
        from scipy.special import ndtri

        return np.asarray(ndtri(u))
    return episode.at(u)


def _needs(outcome: Outcome, u: Floats) -> Ints:
    codes = np.array([PACKAGE, PLACEMENT, NO_NEED])
    return codes[choose(u, [outcome.package, outcome.placement, outcome.none])]


def _ticks(duration: Duration | None, u: Floats, what: str) -> Ints:
    return ticks_of(duration.at(u), what) if duration is not None else np.zeros(len(u), dtype=np.int64)
