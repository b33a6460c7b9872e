"""What is read from the log of one run, where no public measure says it."""

from __future__ import annotations

import numpy as np

from flowsim.events import DIVERTED, REASONS, EventLog


def mean_number(log: EventLog, place: str) -> float:
    """Mean number in a place over the measured window."""
    rows = _of_place(log, place)
    return _mean_over(log, log.stay["entered"][rows], log.stay["left"][rows])


def mean_waiting(log: EventLog, *kinds: str) -> float:
    """Mean number waiting for places of these kinds over the measured window, those who give up included."""
    rows = log.of_kind(*kinds)
    entered, left = log.stay["entered"][rows], log.stay["left"][rows]
    return _mean_over(log, log.stay["queued"][rows], np.where(np.isnan(entered), left, entered))


def mean_delayed(log: EventLog, reason: str) -> float:
    """Mean number delayed in acute beds for a reason over the measured window."""
    rows = log.delay["reason"] == REASONS.index(reason)
    return _mean_over(log, log.delay["start"][rows], log.delay["end"][rows])


def _mean_over(log: EventLog, begin: np.ndarray, end: np.ndarray) -> float:
    start, stop = log.window
    inside = np.minimum(end, stop) - np.maximum(begin, start)
    return float(inside[inside > 0].sum() / (stop - start))


def _of_place(log: EventLog, place: str) -> np.ndarray:
    wanted = np.array([one.name == place for one in log.places])
    return np.asarray(wanted[log.stay["place"].astype(int)])


def bed_waits(log: EventLog, margin: float = 50.0) -> tuple[np.ndarray, np.ndarray]:
    """Spell and wait for a bed of those who asked in the window, but for its last days, whose waits may not be over."""
    start, end = log.window
    ward = log.of_kind("ward")
    asked = log.stay["queued"][ward]
    rows = (asked >= start) & (asked < end - margin)
    return log.stay["spell"][ward][rows], (log.stay["entered"][ward] - asked)[rows]


def waits_by_cohort(log: EventLog, margin: float = 100.0) -> list[float]:
    """Mean wait for a bed of each cohort, in the order in which the scenario lists them."""
    spells, waits = bed_waits(log, margin)
    cohort = log.spell["cohort"][spells]
    return [float(waits[cohort == number].mean()) for number in range(len(log.cohorts))]


def diverted_share(log: EventLog) -> float:
    """Share of those who present in the window who are sent elsewhere."""
    inside = log.spell["at"] >= log.window[0]
    return float((log.spell["door"][inside] == DIVERTED).mean())


def gave_up_share(log: EventLog, kind: str, margin: float = 10.0) -> float:
    """Share of those who ask for a place in the window, but for its last days, who give up waiting."""
    start, end = log.window
    queued = log.stay["queued"]
    rows = log.of_kind(kind) & (queued >= start) & (queued < end - margin)
    return float(np.isnan(log.stay["entered"][rows]).mean())


def present(log: EventLog, moments: np.ndarray) -> np.ndarray:
    """People in bed at each moment."""
    entered, left = log.stay["entered"], log.stay["left"]
    gone = np.sort(left[~log.stay["open"].astype(bool)])
    return np.searchsorted(np.sort(entered), moments, side="right") - np.searchsorted(gone, moments, side="right")


def visits_at(log: EventLog, moment: float) -> int:
    """Visits a day in use at a moment, all people together."""
    rows = np.flatnonzero(log.unit["at"] <= moment)
    last = {spell: row for row, spell in zip(rows.tolist(), log.unit["spell"][rows].tolist(), strict=True)}
    return int(log.unit["units"][list(last.values())].sum())
