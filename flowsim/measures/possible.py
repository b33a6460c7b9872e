"""What values a measure can take at all, and of how many people it is a share."""

from __future__ import annotations

import math

OF_CAPACITY = ("core_occupancy", "life_utilisation")
"""Shares of capacity: above 1 after a cut, which puts nobody out."""

SHARE_OF: dict[str, str] = {
    "wait_over_4h_share": "admissions",
    "readmissions_30d_share": "admissions",
    "at_home_91d_share": "life_starts",
    "packages_ended_6_weeks_share": "life_starts",
    "all_support_ended_6_weeks_share": "life_starts",
    "no_long_term_package_share": "life_starts",
    "life_first_visit_2h_share": "life_starts",
}
"""Measure that counts, nearly, the people another is a share of. Shares of time or beds are not here."""

_EITHER_SIGN = "admissions_averted_huddle"  # a Huddle may find people who would not have come


def possible(name: str, unit: str) -> tuple[float, float]:
    """Lowest and highest value of a measure: shares from 0 to 1, nothing else negative but what Huddles avert."""
    low = -math.inf if name == _EITHER_SIGN else 0.0
    high = 1.0 if unit == "share" and name not in OF_CAPACITY else math.inf
    return low, high
