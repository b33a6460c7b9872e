"""Sweeps: many points of a design, run in blocks that survive a crash, and the tables and pictures that answer.

The folder of a sweep is the only memory: every finished block is a file of its own, named by what it holds. Workers
write these themselves; whoever comes later, on any machine, finds them and goes on.
"""

from flowsim.sweeps.api import Outcome, conduct, sweep
from flowsim.sweeps.estimate import Expected, expected
from flowsim.sweeps.problems import SweepError
from flowsim.sweeps.replay import Replayed, replay
from flowsim.sweeps.study import Study, read_study

__all__ = [
    "Expected",
    "Outcome",
    "Replayed",
    "Study",
    "SweepError",
    "conduct",
    "expected",
    "read_study",
    "replay",
    "sweep",
]
