"""flowsim: patient flow between hospital and home, as a discrete-event simulation."""

__version__ = "0.1.0"
