"""Pictures: beds, escalation, LIFE and packages by day; differences with intervals; bed days saved by cause.

Every function takes ``ax=None`` and gives the axes it drew on. Nothing here uses pyplot, so nothing global changes.
"""

from flowsim.plots.daily import core_beds, escalation_beds, life, names_with, over_replications, packages, scenarios_of
from flowsim.plots.differences import HEADLINES, Difference, bed_days_saved, differences, differences_of
from flowsim.plots.outcome import KINDS, plot
from flowsim.plots.parts import parts_of_difference
from flowsim.plots.style import svg
from flowsim.plots.yearly import beds_by_year, saved_by_year

__all__ = [
    "HEADLINES",
    "KINDS",
    "Difference",
    "bed_days_saved",
    "beds_by_year",
    "core_beds",
    "differences",
    "differences_of",
    "escalation_beds",
    "life",
    "names_with",
    "over_replications",
    "packages",
    "parts_of_difference",
    "plot",
    "saved_by_year",
    "scenarios_of",
    "svg",
]
