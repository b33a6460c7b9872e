"""Indicators of the Alliance's outcome framework: those a flow model can compute, and why not the others."""

from __future__ import annotations

from dataclasses import dataclass

PER_100_000 = "emergency_admissions_per_100000"
"""Emergency admissions a year for every 100,000 residents over 65 stated in the scenario."""
OF_RESIDENTS = ("readmissions_30d_share", PER_100_000)
"""Measures that are an indicator of people over 65 only where the run has nobody else."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: its domain, what it is, the measure that gives it (empty if none can), and what to know."""

    domain: str
    name: str
    measure: str
    note: str


_ASKED = "asked of people in surveys; the model has no opinions or feelings"
_NO_DIAGNOSIS = "the model knows no diagnoses; see emergency admissions of all causes"

FRAMEWORK: tuple[Indicator, ...] = (
    Indicator("Healthy and active", "Injuries by falls, over 65", "", "falls are not told from other causes"),
    Indicator(
        "Access and independence",
        "Emergency readmissions within 30 days of discharge, over 65",
        "readmissions_30d_share",
        "of those who left hospital alive at least 30 days before the window's end",
    ),
    Indicator(
        "Access and independence",
        "Still at home 91 days after discharge into reablement",
        "at_home_91d_share",
        "LIFE and the reablement before it",
    ),
    Indicator("Access and independence", "Care-related quality of life", "", _ASKED),
    Indicator("Access and independence", "People who feel safe", "", _ASKED),
    Indicator("Access and independence", "Control over daily life", "", _ASKED),
    Indicator("Skilled team", "Staff worked well together", "", _ASKED),
    Indicator("Skilled team", "A named coordinator", "", "staff are capacity in the model, not named people"),
    Indicator("Skilled team", "First contact understands", "", _ASKED),
    Indicator(
        "Skilled team", "A health equity audit each year (a placeholder)", "", "partners do it; no flow shows it"
    ),
    Indicator("Individual support", "Involved in decisions", "", _ASKED),
    Indicator("Individual support", "Carers consulted", "", "carers are not in the model"),
    Indicator(
        "Clinical outcomes",
        "Emergency admissions per 100,000 over 65, all causes, a year",
        PER_100_000,
        "of the residents stated; they do not grow in number, so growth of demand shows as a higher rate",
    ),
    Indicator(
        "Clinical outcomes", "Unplanned hospitalisation for chronic conditions treatable outside", "", _NO_DIAGNOSIS
    ),
    Indicator("Clinical outcomes", "Emergency admissions for conditions not usually needing one", "", _NO_DIAGNOSIS),
    Indicator("Clinical outcomes", "Health-related quality of life, over 65", "", _ASKED),
)
"""Every indicator the sources name, by domain; some domains are garbled in the source, and ours there is a reading."""
