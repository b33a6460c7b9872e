"""The public event log of a run, as frames for people and for neighbouring tools (vidigi, pm4py, bupaR)."""

from flowsim.eventlog.frames import NATIVE, bupar_frame, events_frame, pm4py_frame, stays_frame, vidigi_frame
from flowsim.eventlog.journeys import journeys_frame
from flowsim.eventlog.rows import slots

__all__ = [
    "NATIVE",
    "bupar_frame",
    "events_frame",
    "journeys_frame",
    "pm4py_frame",
    "slots",
    "stays_frame",
    "vidigi_frame",
]
