"""Numbers, intervals and names as a reader writes them; shared by the pictures and the report."""

from __future__ import annotations

import datetime as dt
import math
import re

MINUS = "\u2212"
_NUMBERED = re.compile(r"(?<=[a-z]{3})(?=\d)")  # between "phase" and "1", but not within "d2a"
NONE = "–"
"""Stands where there is no number."""

_PER_CENT, _POINTS = "\u00a0%", "\u00a0points"  # never alone on the next line
_WORDS = {"life": "LIFE", "d2a": "D2A", "p95": "95th percentile", "4h": "4 hours", "2h": "2 hours"}
_WORDS |= {
    "30d": "30 days",
    "91d": "91 days",
    "a": "A",
    "e": "E",
    "ccg": "CCG",
    "huddle": "Huddle",
    "huddles": "Huddles",
}
_WORDS |= {"mean": "(mean)", "share": "(share)", "p0": "P0", "p1": "P1", "p2": "P2", "p3": "P3", "sd": "SD"}
_PAYERS = {"ccg": "CCG", "gp_collaborative": "GP collaborative", "age_uk": "Age UK"}  # a capital wherever they stand
_ANY_PAYER = _PAYERS | {"self": "People themselves", "public system": "All public payers"}
_COST_LINES = {
    "part_people_pay": "Client contributions, an income",
    "ae_attendances": "A&E attendances",
    "life": "LIFE episodes",
    "covered": "Paid by the fund",
}
_BEGINNINGS = (("delayed_bed_days_", "Delayed bed days:"), ("cost_payer_", "Cost paid by"), ("cost_", "Cost:"))
_NAMES = {
    "cost_total": "Cost in total",
    "admissions_averted_huddle": "Admissions averted by Huddles",
    "admissions_averted_front_door": "Admissions averted at the front door",
    "long_stay_beds_share": "Beds held by long stays",
    "bed_days_saved": "Bed days saved",
    "length_of_stay_mean": "Mean length of stay",
    "length_of_stay_d2a_mean": "Mean length of stay of D2A people",
    "wait_over_4h_share": "Waited over 4 hours for a bed",
    "wait_for_bed_hours_mean": "Mean wait for a bed",
    "readmissions_30d_share": "Readmitted within 30 days",
    "at_home_91d_share": "At home after 91 days",
    "packages_ended_6_weeks_share": "Packages ended within 6 weeks",
    "no_long_term_package_share": "No long-term package needed",
    "life_first_visit_2h_share": "LIFE: first visit within 2 hours",
    "package_hours_weekly_end": "Package hours a week, at the end",
    "huddles_live_end": "Huddles live at the end",
    "packages_small": "Small packages started",
    "packages_medium": "Medium packages started",
    "packages_large": "Large packages started",
    "life_wait_days_mean": "LIFE: mean wait",
    "life_fallbacks": "LIFE: people back to the old process",
    "escalation_times_opened": "Times escalation was opened",
    "escalation_longest_open": "Longest time escalation stayed open",
}


def sentence_case(words: str) -> str:
    """The words with a first capital, the rest as they are."""
    return words[:1].upper() + words[1:]


def label(scenario: str, longest: int = 200) -> str:
    """A scenario's name for reading, ``do_nothing`` as "Do nothing", cut with an ellipsis at ``longest`` characters."""
    parts = scenario.replace("_", " ").split()
    said = [_WORDS[part] if part in ("life", "d2a") else _NUMBERED.sub(" ", part) for part in parts]
    words = sentence_case(" ".join(said)) or scenario
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def payer_label(payer: str, *, within: bool = False) -> str:
    """Who pays, for reading; ``within`` a sentence without a capital."""
    words = _ANY_PAYER.get(payer) or label(payer)
    return words if payer in _PAYERS or not within else words[:1].lower() + words[1:]


def cost_line_label(line: str) -> str:
    """A line of a bill for reading."""
    return _COST_LINES.get(line) or sentence_case(line.replace("_", " "))


def measure_label(measure: str) -> str:
    """A measure's id for reading: ``life_wait_days_mean`` as "LIFE wait days (mean)"."""
    if measure in _NAMES:
        return _NAMES[measure]
    for beginning, words in _BEGINNINGS:
        if measure.startswith(beginning):
            rest = measure.removeprefix(beginning).split("_")
            return f"{words} {' '.join(_WORDS.get(word, word) for word in rest)}"
    return sentence_case(" ".join(_WORDS.get(word, word) for word in measure.split("_")))


def number(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """A number with thousands separators and a true minus sign; never "−0"; an en dash when there is none."""
    if not math.isfinite(value):
        return NONE
    text = f"{abs(value):,.{decimals}f}"
    zero = float(text.replace(",", "")) == 0.0
    sign = "" if zero else MINUS if value < 0 else "+" if signed else ""
    return sign + text


def decimals_for(*values: float) -> int:
    """Decimals that leave two or three figures of the largest value, so that a mean and its interval agree."""
    top = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return 0 if top >= 50 or top == 0.0 else 1 if top >= 5 else 2


def is_share(unit: str) -> bool:
    """Whether values of this unit are between 0 and 1 and read as per cent."""
    return unit in ("share", "probability", "proportion")


def is_money(unit: str) -> bool:
    """Whether values of this unit are pounds."""
    return unit in ("pounds", "£", "gbp", "GBP")


def decimals_in(unit: str, *values: float) -> int:
    """Decimals for values of a unit that stand together; at least one for shares, which are written as per cent."""
    return max(1, decimals_for(*(100 * value for value in values))) if is_share(unit) else decimals_for(*values)


def quantity(value: float, unit: str, *others: float, signed: bool = False, decimals: int | None = None) -> str:
    """A value in its unit: shares as per cent (differences of shares as points), pounds with their sign.

    ``others`` are values printed beside it, so that all get the same number of ``decimals`` unless these are given.
    """
    if not math.isfinite(value):
        return NONE
    if decimals is None:
        decimals = decimals_in(unit, value, *others)
    if is_share(unit):
        return number(100 * value, decimals, signed=signed) + (_POINTS if signed else _PER_CENT)
    if is_money(unit):
        text = number(value, 0, signed=signed)
        return text[0] + "£" + text[1:] if text[0] in (MINUS, "+") else "£" + text
    return number(value, decimals, signed=signed)


def interval(
    low: float, high: float, unit: str, *others: float, signed: bool = False, decimals: int | None = None
) -> str:
    """ "low to high" in the unit's form; an en dash when there is none (one replication)."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return NONE
    ends = [quantity(end, unit, low, high, *others, signed=signed, decimals=decimals) for end in (low, high)]
    for ending in (_POINTS, _PER_CENT):
        if all(end.endswith(ending) for end in ends):
            ends[0] = ends[0].removesuffix(ending)
    return f"{ends[0]} to {ends[1]}"


def days(value: float) -> str:
    """A length in whole days as "1 day" or "1,095 days"."""
    return f"{number(value)} day" if round(value) == 1 else f"{number(value)} days"


def date(value: dt.date) -> str:
    """A date as "1 April 2017"."""
    return f"{value.day} {value:%B %Y}"


def month_label(month: str) -> str:
    """A month such as "2017-04" as "Apr 2017"; anything else as it stands."""
    try:
        return f"{dt.date.fromisoformat(f'{month}-01'):%b %Y}"
    except ValueError:
        return month


PATHWAY_LABELS = {
    "P0": "pathway 0",
    "P1": "pathway 1",
    "P2_home": "pathway 2 at home",
    "P2_bed": "pathway 2 in a bed",
    "P3": "pathway 3",
    "escalation_route": "the Escalation route",
}
"""Croydon's discharge pathways as they stand in a sentence."""


def pathway_label(name: str) -> str:
    """A pathway in a sentence; one that is not known as it stands."""
    return PATHWAY_LABELS.get(name, name)
