"""`run` and `compare` for those who ask what is not known as well: parameter sets drawn, replications of each."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flowsim.config.evidence import EvidenceTable, load_evidence
from flowsim.experiment import compare as compare_known
from flowsim.experiment import run as run_known
from flowsim.experiment.comparison import Comparison
from flowsim.experiment.record import Record, Sets, gathered
from flowsim.experiment.replicate import Finished, Progress
from flowsim.experiment.results import Results
from flowsim.experiment.runs import (
    MOST_REPLICATIONS,
    check_comparable,
    check_numbers,
    check_scenarios,
    gather,
    stability_of,
    told_apart,
    with_trends,
)
from flowsim.params import Scenario
from flowsim.uncertain.draw import ParameterSets, draw
from flowsim.uncertain.unknowns import unknowns_of

REPLICATIONS = 30
PER_SET = 2
"""Replications of a set: the fewest that tell what is not known from chance. A run spent on another set always narrows
the interval of the mean more than one spent on a set already there (O'Hagan, Stevenson and Madan 2007)."""


def run(
    scenario: Scenario,
    replications: int | None = None,
    seed: int = 1,
    jobs: int | None = None,
    *,
    uncertain: int | None = None,
    vary: Sequence[str] = (),
    evidence: EvidenceTable | None = None,
    progress: Progress | None = None,
    **until: Any,
) -> Results:
    """Replications of one scenario, or of parameter sets drawn from what is not known of it.

    Parameters
    ----------
    replications : int, optional
        30 by default; with ``uncertain`` those of each parameter set, 2 by default and at least.
    seed, jobs, progress
        As for :func:`flowsim.experiment.run`.
    uncertain : int, optional
        Parameter sets to draw, each with people of its own; intervals then hold what is not known as well as chance.
    vary : sequence of str
        Paths of what-ifs and of values set by hand that shall be drawn too.
    evidence : EvidenceTable, optional
        The shipped one if not given.
    until
        ``precision``, ``precision_measure`` and ``at_most`` of :func:`flowsim.experiment.run`; not with ``uncertain``.

    Raises
    ------
    ValueError
        If a number is out of range, or a path of ``vary`` names nothing that can vary.
    """
    if uncertain is None:
        chosen = _without_sets(replications, vary)
        return run_known(scenario, chosen, seed, jobs, progress=progress, **until)
    check_scenarios("run", scenario)
    _check_uncertain(uncertain, replications, until)
    return Results(_experiment([scenario], uncertain, replications, seed, jobs, vary, evidence, progress))


def compare(
    base: Scenario,
    *alternatives: Scenario,
    replications: int | None = None,
    seed: int = 1,
    jobs: int | None = None,
    uncertain: int | None = None,
    vary: Sequence[str] = (),
    evidence: EvidenceTable | None = None,
    progress: Progress | None = None,
    **until: Any,
) -> Comparison:
    """A base and its alternatives, every replication on the same people and luck (common random numbers).

    With ``uncertain`` every scenario of a set takes the set's values where it has them, so a difference is due to the
    scenarios alone in every set, too. Parameters and errors are those of :func:`run` and of
    :func:`flowsim.experiment.compare`.
    """
    if uncertain is None:
        chosen = _without_sets(replications, vary)
        return compare_known(base, *alternatives, replications=chosen, seed=seed, jobs=jobs, progress=progress, **until)
    check_comparable(base, alternatives)
    _check_uncertain(uncertain, replications, until)
    scenarios = told_apart([base, *alternatives])
    return Comparison(_experiment(scenarios, uncertain, replications, seed, jobs, vary, evidence, progress))


def _without_sets(replications: int | None, vary: Sequence[str]) -> int:
    """How many replications, where nothing is drawn."""
    if vary:
        raise ValueError("vary: means something only with uncertain, the number of parameter sets to draw")
    return REPLICATIONS if replications is None else replications


def _check_uncertain(uncertain: int, replications: int | None, until: Mapping[str, Any]) -> None:
    most = MOST_REPLICATIONS // PER_SET
    if isinstance(uncertain, bool) or not isinstance(uncertain, int) or not 2 <= uncertain <= most:
        raise ValueError(f"uncertain must be a whole number of parameter sets from 2 to {most}, not {uncertain!r}")
    if replications is not None and replications < PER_SET:
        raise ValueError(
            f"replications must be at least {PER_SET} of each parameter set, not {replications!r}: "
            "one alone cannot tell what is not known from chance"
        )
    if until.get("precision") is not None:
        raise ValueError("precision and uncertain cannot be asked together: give the number of parameter sets")


def _experiment(
    scenarios: Sequence[Scenario],
    count: int,
    replications: int | None,
    seed: int,
    jobs: int | None,
    vary: Sequence[str],
    evidence: EvidenceTable | None,
    progress: Progress | None,
) -> Record:
    per_set = PER_SET if replications is None else replications
    check_numbers(count * per_set, seed, jobs)
    began = time.perf_counter()
    table = load_evidence() if evidence is None else evidence
    sets = draw(unknowns_of(scenarios, table, vary), count, seed)
    warnings = stability_of(scenarios)
    finished, stopped = gather(_Worlds(sets, per_set), count * per_set, seed, jobs, progress)
    kept = whole_sets(finished, per_set)
    seconds = time.perf_counter() - began
    record = gathered(scenarios, seed, count * per_set, kept, warnings, seconds, stopped)
    unknowns = sets.unknowns
    grades, notes = tuple(one.grade for one in unknowns.found), tuple(sets.notes())
    drawn = Sets(per_set, unknowns.names, grades, sets.table(), notes, sets.texts())
    return with_trends(replace(record, sets=drawn))


class _Worlds:
    """The scenarios of a replication: those of its set, which is made once."""

    def __init__(self, sets: ParameterSets, per_set: int) -> None:
        self.sets, self.per_set = sets, per_set
        self.made: tuple[int, list[Scenario]] = (-1, [])

    def __call__(self, replication: int) -> Sequence[Scenario]:
        number = replication // self.per_set
        if self.made[0] != number:
            names = [world.scenario.name for world in self.sets.unknowns.worlds]
            found = self.sets.scenarios(number)
            self.made = number, [one.model_copy(update={"name": name}) for one, name in zip(found, names, strict=True)]
        return self.made[1]


def whole_sets(finished: Sequence[Finished], per_set: int) -> list[Finished]:
    """The replications of sets that are whole: all done and none failed; of the others only failures are kept."""
    good: dict[int, int] = {}
    for one in finished:
        good[one.replication // per_set] = good.get(one.replication // per_set, 0) + (not one.failures)
    return [one for one in finished if one.failures or good[one.replication // per_set] == per_set]
