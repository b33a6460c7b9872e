"""Headings of columns with their units: series by day and counts by month, and what rows of a dashboard are called."""

from __future__ import annotations

from flowsim.plots.words import measure_label, sentence_case

SERIES = {
    "beds_core": ("Core beds in use", "beds"),
    "beds_escalation": ("Escalation beds in use", "beds"),
    "core_capacity": ("Core beds there are", "beds"),
    "waiting_for_bed": ("Waiting for a hospital bed", "people"),
    "delayed": ("Delayed in a hospital bed", "people"),
    "life": ("With LIFE", "people"),
    "life_used": ("LIFE capacity in use", "slots or visits"),
    "life_capacity": ("LIFE capacity", "slots or visits"),
    "life_waiting": ("Waiting for LIFE", "people"),
    "step_down": ("Step-down beds in use", "beds"),
    "step_down_waiting": ("Waiting for a step-down bed", "people"),
    "placements": ("In long-term placements", "people"),
    "placements_waiting": ("Waiting for a placement", "people"),
    "home_care": ("Home care running", "packages"),
    "home_care_waiting": ("Waiting for home care", "people"),
    "package_hours": ("Hours of packages", "hours a week"),
    "huddles_live": ("With a live Huddle", "practices"),
    "d2a_people": ("Left by D2A so far", "people"),
    "d2a_wards": ("With D2A so far", "wards"),
}
"""What each series by day is called, and its unit."""

_COUNTS = {
    "huddles": ("Huddles held", "meetings"),
    "cases": ("Cases reviewed", "cases"),
    "new_cases": ("New to Huddles", "people"),
    "admissions_avoided": ("Admissions avoided", "presentations"),
    "huddled_people_admitted": ("Huddled people admitted", "admissions"),
    "fell_back": ("Back to the old process", "people"),
    "first_visits_2h": ("First visits within 2 hours", "people"),
    "over_six_weeks": ("Over six weeks in the slot", "people"),
    "ended": ("Ended by itself", "people"),
    "no_need_at_cap": ("No need at six weeks", "people"),
    "admissions": ("Admissions", "admissions"),
    "readmitted_30d": ("Readmitted within 30 days", "people"),
    "at_home_91d": ("At home on day 91", "people"),
}
_ROWS = {"front_door": "Front door", "all": "Everyone"}


def series(name: str) -> tuple[str, str]:
    """What a series by day is called, and its unit; empty for one that is not known."""
    return SERIES.get(name, (measure_label(name), ""))


def count(tracker: str, column: str) -> tuple[str, str]:
    """What a column of a dashboard is called, and its unit."""
    return _COUNTS.get(column, (measure_label(column), "packages" if tracker == "packages" else "people"))


def row(tracker: str, name: str) -> str:
    """What a row of a dashboard is called; practices bear the names they were given."""
    return name if tracker == "huddles" else _ROWS.get(name, sentence_case(name))


def with_unit(words: str, unit: str, more: str = "") -> str:
    """A heading: words, what more is to say, and the unit in brackets."""
    said = f"{words}, {more}" if more else words
    return f"{said} ({unit})" if unit else said
