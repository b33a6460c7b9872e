"""Who presents, and their luck: everything random in a run, drawn before its clock starts.

Scenarios share patients because luck is keyed by *name* and never by order. A presentation is a point of a plane
(time × height) that exists for a (seed, replication) whatever the configuration; it is kept when its height is under
the demand curve. Its quantiles in (0, 1) for every named decision are keyed by cohort, layer and decision. So growth
adds people and moves none, another parameter changes only what it is about, and the same person can be followed through
two worlds.
"""

from flowsim.population.plan import Plan, make_plan

__all__ = ["Plan", "make_plan"]
