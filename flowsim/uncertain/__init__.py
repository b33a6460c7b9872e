"""What is not known about the inputs, and what follows from it: drawn parameter sets, sensitivity, value of knowing.

Unknowns come from ``configs/evidence.yaml``. Each is drawn by its own named luck, so that a further unknown, or a
further alternative in a comparison, moves no other.
"""
