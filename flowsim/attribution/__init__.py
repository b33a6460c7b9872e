"""Attribution of many parts by runs: each alone, each last, what they leave as interaction, Shapley values.

A programme is taken apart into what it switches. Every set of parts that is needed is a scenario, all on the same
people and luck, so that every effect is a paired difference. That asks what a part *does*, alone or beside the others;
whom a saved bed day belongs to, person by person in one comparison, is :meth:`flowsim.Comparison.attribution`.
"""

from flowsim.attribution.answer import Attribution, Effect
from flowsim.attribution.api import attribute, attributed, default_path
from flowsim.attribution.parts import SECTIONS, Idle, Part, PartsError, Programme, programme_of
from flowsim.attribution.question import Asked, Question, question_of
from flowsim.attribution.shapley import MOST_EXACT, exact, paired_orders, sampled, sets_of

__all__ = [
    "MOST_EXACT",
    "SECTIONS",
    "Asked",
    "Attribution",
    "Effect",
    "Idle",
    "Part",
    "PartsError",
    "Programme",
    "Question",
    "attribute",
    "attributed",
    "default_path",
    "exact",
    "paired_orders",
    "programme_of",
    "question_of",
    "sampled",
    "sets_of",
]
