"""Calibration: named parameters fitted to named targets by history matching, a sweep for each wave.

History matching rules out what cannot be instead of searching for one best fit: a parameter set stays possible until
chance, tolerance and the limits of model and emulator together cannot explain how far it lies from a target.

Sources: Craig, Goldstein, Seheult & Smith (1997), "Pressure matching for hydrocarbon reservoirs", Case Studies in
Bayesian Statistics 3; Vernon, Goldstein & Bower (2010), Bayesian Analysis 5(4), 619-670; for simulations of health,
Andrianakis et al. (2015), PLoS Computational Biology 11(1), e1003968.
"""

from flowsim.calibration.api import Calibration, calibrate
from flowsim.calibration.question import Question, read_targets
from flowsim.calibration.waves import CalibrationError

__all__ = ["Calibration", "CalibrationError", "Question", "calibrate", "read_targets"]
