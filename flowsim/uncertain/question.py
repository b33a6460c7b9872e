"""A sensitivity design made whole: what is varied, at which points, in which worlds; checked before anything is run."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flowsim.config.evidence import Evidence, EvidenceTable, load_evidence
from flowsim.config.problems import ConfigError, KeyPath, Problem, dotted
from flowsim.config.reader import Document
from flowsim.config.spread import Spread
from flowsim.params import Scenario
from flowsim.params.tree import wholes
from flowsim.sweeps.design import Design
from flowsim.sweeps.outcomes import DIFF, needs_baseline
from flowsim.sweeps.points import points_of_table
from flowsim.sweeps.problems import fault
from flowsim.sweeps.rules import scenario_named, wrong_outcomes
from flowsim.sweeps.study import Study, scenario_at
from flowsim.sweeps.telling import Tell, told
from flowsim.uncertain.design import EVIDENCE, LEAST_RANK, SensitivityDesign, read_design
from flowsim.uncertain.layout import Layout, layout_of
from flowsim.uncertain.unknowns import Unknown, UnknownError, Unknowns, World, rows_in_force, unknowns_of
from flowsim.uncertain.values import values_of


@dataclass(frozen=True)
class Question:
    """A checked sensitivity analysis.

    Attributes
    ----------
    study : Study
        The runs it needs, as a sweep: the scenario at every point, then the baseline at every point.
    notes : tuple of str
        What was held, mended or drawn again, in words.
    """

    design: SensitivityDesign
    unknowns: Unknowns
    layout: Layout
    study: Study
    notes: tuple[str, ...]

    @property
    def found(self) -> tuple[Unknown, ...]:
        """What effects are found for."""
        return self.layout.subjects


def read_question(path: str | os.PathLike[str], tell: Tell | None = None) -> Question:
    """Read and check a sensitivity design.

    Parameters
    ----------
    tell : callable, optional
        Called with (points checked, in all) now and then: once while they are laid out, once of all worlds.

    Raises
    ------
    ConfigError
        With every problem found: of the file, of the configurations it names, of paths, ranges, outcomes and points.
    """
    design, document, problems = read_design(path)
    if design is None:
        raise ConfigError(problems)
    worlds = [scenario_named(design, key, Path(path).parent, document, problems) for key in _keys(design)]
    scenarios = [one.scenario for one in worlds if one is not None]
    if len(scenarios) < len(worlds):
        raise ConfigError(problems)
    problems += _wrong_worlds(design, document, scenarios)
    unknowns = _unknowns(design, document, scenarios, problems)
    if problems or unknowns is None:
        raise ConfigError(problems)
    try:
        layout = layout_of(design, unknowns, tell)
        study = _study(design, os.fspath(path), unknowns, layout, tell)
    except UnknownError as error:
        raise ConfigError([fault(document, ("parameters",), *_split(error))]) from None
    return Question(design, unknowns, layout, study, (*unknowns.held, *layout.notes))


def _keys(design: SensitivityDesign) -> list[str]:
    return ["scenario", "baseline"] if design.baseline is not None else ["scenario"]


def _wrong_worlds(design: SensitivityDesign, document: Document, scenarios: Sequence[Scenario]) -> list[Problem]:
    """What is wrong with the outcomes in these scenarios, and with holding one scenario against the other."""
    compared = len(scenarios) > 1
    places: list[tuple[KeyPath, str]] = [(("outcomes", str(n)), name) for n, name in enumerate(design.outcomes)]
    if design.decision is not None:
        places.append((("decision", "outcome"), design.decision.outcome))
    found = wrong_outcomes(places, document, scenarios[0], compared)
    if compared and scenarios[0].clock != scenarios[1].clock:
        message = "its clock differs from that of the scenario; nothing can be compared"
        found.append(fault(document, ("baseline",), message))
    return found


def _unknowns(
    design: SensitivityDesign, document: Document, scenarios: Sequence[Scenario], problems: list[Problem]
) -> Unknowns | None:
    """What the design varies; what is wrong with its paths, one by one, is noted."""
    table = load_evidence()
    before = len(problems)
    for path in (*design.paths, *design.vary):
        where = ("vary",) if path in design.vary else ("parameters", path)
        given = design.ranges.get(path)
        try:
            own = table if given is None else _given(scenarios, table, {path: given})
            unknowns_of(scenarios, own, [path])
        except UnknownError as error:
            message, hint = _split(error)
            problems.append(fault(document, where, message.removeprefix(f"{path}: "), hint))
    if len(problems) > before:
        return None
    table = _given(scenarios, table, design.ranges)
    every = unknowns_of(scenarios, table, (*design.paths, *design.vary))
    chosen = [one.name for one in every.found if _is_meant(one, design, every)]
    if not chosen:
        problems.append(fault(document, ("parameters",), "nothing that is uncertain is left to vary"))
        return None
    if design.method == "rank" and (design.points or 0) < len(chosen) + LEAST_RANK:
        message = f"{design.points} are too few to tell {len(chosen)} assumptions apart"
        problems.append(fault(document, ("points",), message, f"at least {len(chosen) + LEAST_RANK}"))
        return None
    return every.only(chosen)


def _split(error: UnknownError) -> tuple[str, str]:
    message, _, hint = str(error).partition("; ")
    return message, hint


def _is_meant(one: Unknown, design: SensitivityDesign, every: Unknowns) -> bool:
    """Whether the design varies it: named, or uncertain by the evidence; and if so of the grades asked for."""
    own, *others = every.worlds
    here = {number.unknown: (*number.whole, *number.inside) for number in own.numbers}
    if one.name not in here:  # in the baseline only: left out where the scenario has evidence of its own for the same
        there = {(*n.whole, *n.inside) for world in others for n in world.numbers if n.unknown == one.name}
        mine = [(*number.whole, *number.inside) for number in own.numbers if number.unknown]
        if any(_overlap(path, other) for path in there for other in mine):
            return False
    if design.parameters != EVIDENCE and not _is_named(one, (*design.paths, *design.vary), every.worlds):
        return False
    return design.grades is None or one.grade in design.grades or _is_named(one, design.vary, every.worlds)


def _overlap(one: KeyPath, other: KeyPath) -> bool:
    """Whether one path leads to the other, or to something in it."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _is_named(one: Unknown, paths: Sequence[str], worlds: Sequence[World]) -> bool:
    names = [one.name, one.row.path]
    names += [dotted((*n.whole, *n.inside)) for world in worlds for n in world.numbers if n.unknown == one.name]
    return any(name == path or name.startswith(f"{path}.") for name in names for path in paths)


def _given(
    scenarios: Sequence[Scenario], table: EvidenceTable, ranges: Mapping[str, tuple[float, float]]
) -> EvidenceTable:
    """The evidence with these ranges, evenly spread, in place of its own for these paths of the scenario."""
    rows = list(table.rows)
    for path, (low, high) in ranges.items():
        plain = path.rpartition(":")[2]
        for row in rows_in_force(scenarios[0], table, path) or [Evidence(path, grade="D", meaning=path)]:
            overlay, colon, _ = row.path.rpartition(":")
            name = f"{overlay}{colon}{plain}"
            spread = Spread("shares" if row.spread.word == "shares" else "uniform")
            rows = [one for one in rows if one.path != name]
            rows.append(replace(row, path=name, low=low, high=high, spread=spread))
    return EvidenceTable(tuple(rows), table.correlations)


def _study(design: SensitivityDesign, file: str, unknowns: Unknowns, layout: Layout, tell: Tell | None) -> Study:
    """All runs as a sweep over a table: the points of each world, with every value that is not the same in all."""
    known = {one.name: one for one in unknowns.found}
    laid = [[values_of(world, known, point) for point in layout.points] for world in unknowns.worlds]
    trees = [world.tree for world in unknowns.worlds]
    wholes_of = [{dotted(path): value for path, value in wholes(tree)} for tree in trees]
    differing = [name for name in wholes_of[0] if any(other.get(name) != wholes_of[0][name] for other in wholes_of[1:])]
    varied = [name for listed in laid for values in listed for name in values]
    names = [name for name in dict.fromkeys(["name", *varied, *differing]) if name != "title"]
    rows = [
        [values.get(name, wholes_of[at].get(name)) for name in names]
        for at, listed in enumerate(laid)
        for values in listed
    ]
    points = points_of_table(names, rows)
    tree = trees[0]
    fingerprints = tuple(
        scenario_at(tree, points.values(number)).fingerprint for number in told(range(len(points)), tell)
    )
    _check_parts(
        unknowns.worlds,
        [scenario_at(w.tree, one[0]) for w, one in zip(unknowns.worlds, laid, strict=True)],
        fingerprints[:: len(layout.points)],
    )
    return Study(_sweep(design), file, unknowns.worlds[0].scenario, tree, None, points, fingerprints)


def _check_parts(worlds: Sequence[World], firsts: Sequence[Scenario], found: Sequence[str]) -> None:
    """Raise if a world cannot be had by laying values over the first one, since it lacks parts of it."""
    for world, first, fingerprint in zip(worlds, firsts, found, strict=True):
        if first.fingerprint != fingerprint:
            names = f"{world.scenario.name} and {worlds[0].scenario.name}"
            raise UnknownError(f"{names} have other parts; give scenarios with the same wards, cohorts and costs")


def _sweep(design: SensitivityDesign) -> Design:
    measures = tuple(dict.fromkeys(name for one in design.asked for name in measures_of(one)))
    return Design(
        name=design.name,
        question=design.question,
        scenario=design.scenario,
        method="table",
        seed=design.seed,
        replications=design.replications,
        outcomes=measures,
    )


def measures_of(outcome: str) -> tuple[str, ...]:
    """Measures of single runs that an outcome is made of."""
    if outcome.startswith(DIFF):
        return (outcome.removeprefix(DIFF),)
    return ("bed_days",) if needs_baseline(outcome) else (outcome,)
