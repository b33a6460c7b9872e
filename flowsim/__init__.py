"""flowsim: patient flow between hospital and home, as a discrete-event simulation."""
