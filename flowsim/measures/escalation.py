"""Escalation beds: extra acute beds, how many, how often."""

from __future__ import annotations

import numpy as np

from flowsim.measures.registry import Register
from flowsim.measures.steps import Ints, Mask, by_day
from flowsim.measures.view import View

escalation = Register()


@escalation.add("days", "lower")
def escalation_bed_days(v: View) -> float:
    """The part of the bed days spent in escalation beds."""
    return v.escalation_days


@escalation.add("beds", "lower")
def escalation_beds_mean(v: View) -> float:
    """Escalation beds in use, averaged over the time of the window."""
    return v.escalation_days / v.days


@escalation.add("beds", "lower")
def escalation_beds_p95(v: View) -> float:
    """Escalation beds in use that were not exceeded during 95 % of the time of the window."""
    return v.levels("escalation").percentile(0.95)


@escalation.add("beds", "lower")
def escalation_beds_peak(v: View) -> float:
    """Most escalation beds in use at once in the window."""
    return v.levels("escalation").peak


@escalation.add("days", "lower")
def escalation_days_open(v: View) -> float:
    """Calendar days of the window on which an escalation bed was in use at some moment."""
    return float(_days_open(v).sum())


@escalation.add("times", "lower")
def escalation_times_opened(v: View) -> float:
    """How often escalation was open in the window: stretches of consecutive calendar days on each of which an
    escalation bed was in use, one that was open at the start of the window included."""
    return float(_stretches(v).size)


@escalation.add("days", "lower")
def escalation_longest_open(v: View) -> float:
    """Calendar days of the longest such stretch, as far as it lies in the window; 0 if escalation was never open."""
    return float(_stretches(v).max(initial=0))


def _days_open(v: View) -> Mask:
    """For each calendar day of the run up to the end of the window, whether an escalation bed was in use in it."""
    rows = v.of("escalation") & (v.inside > 0)
    first = np.floor(np.maximum(v.entered[rows], v.start)).astype(np.intp)
    last = np.ceil(np.minimum(v.left[rows], v.end)).astype(np.intp)
    change = np.zeros(int(np.ceil(v.end)) + 1)
    np.add.at(change, first, 1.0)
    np.add.at(change, last, -1.0)
    return np.cumsum(change) > 0


def _stretches(v: View) -> Ints:
    """Days of each stretch of open days."""
    edges = np.diff(_days_open(v).astype(np.int8), prepend=0, append=0)
    return (np.flatnonzero(edges < 0) - np.flatnonzero(edges > 0)).astype(np.intp)


@escalation.add("beds", "neutral")
def escalation_beds_largest_fall_10_days(v: View) -> float:
    """Largest fall of escalation beds in use between two days of the window that lie ten days apart, by their daily
    means. Croydon reported 56 fewer in the ten days to 1 December 2017; when doing nothing it is chance and season."""
    rows = v.of("escalation") & v.got_in
    beds = by_day(v.entered[rows], v.left[rows], v.log.horizon)[int(np.ceil(v.start)) : int(np.floor(v.end))]
    return float(np.max(beds[:-10] - beds[10:], initial=0.0))
