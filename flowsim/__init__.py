"""flowsim: patient flow between hospital and home, as a discrete-event simulation."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flowsim import plots as plot
    from flowsim.attribution import Attribution, attribute
    from flowsim.calibration import Calibration, calibrate
    from flowsim.claims import validate
    from flowsim.config.load import load
    from flowsim.engine import simulate
    from flowsim.events import EventLog
    from flowsim.experiment import Comparison, Results
    from flowsim.params import Scenario
    from flowsim.sweeps import sweep
    from flowsim.uncertain.experiments import compare, run
    from flowsim.uncertain.sensitivity import sensitivity

__version__ = "0.1.0"

__all__ = [
    "Attribution",
    "Calibration",
    "Comparison",
    "EventLog",
    "Results",
    "Scenario",
    "__version__",
    "attribute",
    "calibrate",
    "compare",
    "load",
    "plot",
    "run",
    "sensitivity",
    "simulate",
    "sweep",
    "validate",
]

_HOMES = {
    "Attribution": "flowsim.attribution",
    "Calibration": "flowsim.calibration",
    "Comparison": "flowsim.experiment",
    "EventLog": "flowsim.events",
    "Results": "flowsim.experiment",
    "Scenario": "flowsim.params",
    "attribute": "flowsim.attribution",
    "calibrate": "flowsim.calibration",
    "compare": "flowsim.uncertain.experiments",
    "load": "flowsim.config.load",
    "run": "flowsim.uncertain.experiments",
    "sensitivity": "flowsim.uncertain.sensitivity",
    "simulate": "flowsim.engine",
    "sweep": "flowsim.sweeps",
    "validate": "flowsim.claims",
}


def __getattr__(name: str) -> Any:
    # Names are found when first asked for, so that `flowsim --help` need not import what it does not use.
    if name == "plot":
        return import_module("flowsim.plots")
    if name not in _HOMES:
        raise AttributeError(f"module 'flowsim' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
