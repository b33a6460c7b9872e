"""Decisions from replications: the best of k systems, the smallest capacity that meets a target, the Pareto front."""

from flowsim.decide.pareto import pareto_front
from flowsim.decide.sampling import Draw, SampleError
from flowsim.decide.selection import METHODS, Selection, select
from flowsim.decide.solving import Solution, solve
from flowsim.decide.verdict import Constraint

__all__ = ["METHODS", "Constraint", "Draw", "SampleError", "Selection", "Solution", "pareto_front", "select", "solve"]
