"""Escalation beds: extra acute beds, how many, how often."""

from __future__ import annotations

import numpy as np

from flowsim.measures.registry import Register
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
    rows = v.of("escalation") & (v.inside > 0)
    first = np.floor(np.maximum(v.entered[rows], v.start)).astype(np.intp)
    last = np.ceil(np.minimum(v.left[rows], v.end)).astype(np.intp)
    change = np.zeros(int(np.ceil(v.end)) + 1)
    np.add.at(change, first, 1.0)
    np.add.at(change, last, -1.0)
    return float((np.cumsum(change) > 0).sum())
