"""Pictures, one shelf for reports, notebooks and pages: ``fs.plot.occupancy(results)`` and so on.

Every function takes its data first, options by name, and ``ax=None``; it gives the axes it drew on. Nothing here uses
pyplot, so nothing global changes.
"""

from flowsim.plots.causes import waterfall
from flowsim.plots.daily import core_beds, escalation_beds, life, names_with, over_replications, packages, scenarios_of
from flowsim.plots.delays import delays
from flowsim.plots.differences import HEADLINES, Difference, differences_of, forest
from flowsim.plots.gantt import journey, journeys
from flowsim.plots.heat import heat_map
from flowsim.plots.open_beds import open_beds
from flowsim.plots.outcome import KINDS, plot
from flowsim.plots.package_sizes import package_sizes
from flowsim.plots.parts import parts_of_difference
from flowsim.plots.queues import occupancy, queue
from flowsim.plots.rollout import rollout
from flowsim.plots.style import svg
from flowsim.plots.survival import package_durations, package_survival
from flowsim.plots.tornado import tornado
from flowsim.plots.trackers import huddle_months, life_months
from flowsim.plots.xmr import xmr, xmr_limits
from flowsim.plots.yearly import beds_by_year, saved_by_year

PICTURES = (
    "beds_by_year",
    "core_beds",
    "delays",
    "escalation_beds",
    "forest",
    "heat_map",
    "huddle_months",
    "journey",
    "journeys",
    "life",
    "life_months",
    "occupancy",
    "open_beds",
    "package_sizes",
    "package_survival",
    "packages",
    "parts_of_difference",
    "queue",
    "rollout",
    "saved_by_year",
    "tornado",
    "waterfall",
    "xmr",
)
"""Names of all pictures."""

__all__ = [
    "HEADLINES",
    "KINDS",
    "PICTURES",
    "Difference",
    "beds_by_year",
    "core_beds",
    "delays",
    "differences_of",
    "escalation_beds",
    "forest",
    "heat_map",
    "huddle_months",
    "journey",
    "journeys",
    "life",
    "life_months",
    "names_with",
    "occupancy",
    "open_beds",
    "over_replications",
    "package_durations",
    "package_sizes",
    "package_survival",
    "packages",
    "parts_of_difference",
    "plot",
    "queue",
    "rollout",
    "saved_by_year",
    "scenarios_of",
    "svg",
    "tornado",
    "waterfall",
    "xmr",
    "xmr_limits",
]
