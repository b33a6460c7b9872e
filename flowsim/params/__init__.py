"""The frozen, typed scenario: every value the model reads, with its unit in its name."""

from flowsim.params.scenario import MODEL_VERSION, Clock, Scenario

__all__ = ["MODEL_VERSION", "Clock", "Scenario"]
