"""What a run is read by: measures of its log, series by day, self-checks, and bed days saved person by person.

Each measure is a small function of a view of the log through a window; its docstring is its public definition.
"""

from flowsim.measures.by_day import DAILY, daily
from flowsim.measures.by_person import CAUSES, INITIATIVES, attribution, averted_by_initiative
from flowsim.measures.by_year import yearly
from flowsim.measures.compute import COMPARED, MEASURES, OCCUPANCY, describe, measure
from flowsim.measures.periods import Period, financial_years, months
from flowsim.measures.possible import OF_CAPACITY, SHARE_OF, possible
from flowsim.measures.reach import PEOPLE_REACHED, unless_given
from flowsim.measures.registry import Measure
from flowsim.measures.self_checks import Check, checks
from flowsim.measures.trackers import TRACKERS, Tracker, trackers

__all__ = [
    "CAUSES",
    "COMPARED",
    "DAILY",
    "INITIATIVES",
    "MEASURES",
    "OCCUPANCY",
    "OF_CAPACITY",
    "PEOPLE_REACHED",
    "SHARE_OF",
    "TRACKERS",
    "Check",
    "Measure",
    "Period",
    "Tracker",
    "attribution",
    "averted_by_initiative",
    "checks",
    "daily",
    "describe",
    "financial_years",
    "measure",
    "months",
    "possible",
    "trackers",
    "unless_given",
    "yearly",
]
