"""Replications, pairing, intervals, attribution and the folder they are kept in."""

from flowsim.experiment.comparison import Comparison
from flowsim.experiment.record import Record
from flowsim.experiment.results import Results
from flowsim.experiment.runs import compare, run

__all__ = ["Comparison", "Record", "Results", "compare", "run"]
