"""A design made whole: its scenarios read, its points laid over them and checked, before anything is run."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from flowsim.config.files import LARGEST
from flowsim.config.load import Loaded
from flowsim.config.problems import ConfigError, KeyPath, Mark, Problem, problem_at
from flowsim.config.reader import Document, parse_value
from flowsim.config.settings import wrong_path
from flowsim.config.translate import split_path
from flowsim.config.validate import validate
from flowsim.params import Scenario
from flowsim.params.tree import overlay
from flowsim.sweeps.design import MOST_POINTS, Design, read_design
from flowsim.sweeps.points import Points, as_text, how_many, points_of, points_of_table
from flowsim.sweeps.problems import fault, reason
from flowsim.sweeps.rules import scenario_named, wrong_outcomes
from flowsim.sweeps.telling import Tell, told

BASELINE = -1
"""Number of the baseline where points are numbered."""
_SHOWN = 20  # points that are refused, in one message


@dataclass(frozen=True)
class Study:
    """A checked sweep: nothing of it can be refused any more.

    Attributes
    ----------
    fingerprints : tuple of str
        Of the scenario of each point.
    """

    design: Design
    file: str
    scenario: Scenario
    tree: dict[str, Any]
    baseline: Scenario | None
    points: Points
    fingerprints: tuple[str, ...]
    _windows: dict[int, float] = field(default_factory=dict, repr=False)

    def at(self, point: int) -> Scenario:
        """The scenario of a point, or of :data:`BASELINE`."""
        if point == BASELINE:
            if self.baseline is None:
                raise KeyError("this sweep has no baseline")
            return self.baseline
        return scenario_at(self.tree, self.points.values(point))

    @property
    def switches(self) -> dict[str, Any]:
        """What a folder must keep besides points, so that they can be made again where they switch parts on and off.

        ``parts`` (name to the paths at which the scenario's values replace those of the baseline) and ``rest`` (paths
        that come with all of them); nothing where points are values laid over the scenario.
        """
        return {}

    def fingerprint(self, point: int) -> str:
        """SHA-256 of the scenario of a point, or of the baseline."""
        return self.at(point).fingerprint if point == BASELINE else self.fingerprints[point]

    def cases(self) -> list[int]:
        """Everything that is run: the baseline if there is one, then the points."""
        return [*([BASELINE] if self.baseline else []), *range(len(self.points))]

    def window_days(self, point: int) -> float:
        """Length of the measured window of a point."""
        if point not in self._windows:
            self._windows[point] = self.at(point).clock.window_days
        return self._windows[point]

    @cached_property
    def points_fingerprint(self) -> str:
        """SHA-256 of all points: what they are called and what they are."""
        digest = hashlib.sha256("\n".join(self.points.names).encode())
        for row, fingerprint in zip(self.points.rows, self.fingerprints, strict=True):
            digest.update(repr([one.cell for one in row]).encode() + fingerprint.encode())
        return digest.hexdigest()


def scenario_at(tree: dict[str, Any], values: dict[str, Any]) -> Scenario:
    """The scenario with these values laid over a tree.

    Raises
    ------
    ValueError
        If it is not valid; the message says what is wrong.
    """
    found = _validated(tree, values)
    if isinstance(found, str):
        raise ValueError(found)
    return found


def _validated(tree: dict[str, Any], values: dict[str, Any]) -> Scenario | str:
    for name, value in values.items():
        laid: Any = value
        for key in reversed(split_path(name, tree)):
            laid = {key: laid}
        tree = overlay(tree, laid)
    result = validate(tree)
    if isinstance(result, Scenario):
        return result
    return "; ".join(f"{'.'.join(one.path)}: {one.message}" for one in result[:3])


def read_study(path: str | os.PathLike[str], tell: Tell | None = None) -> Study:
    """Read and check a design.

    Parameters
    ----------
    path : path
        A ``design.yaml``.
    tell : callable, optional
        Called with (points checked, in all) now and then.

    Raises
    ------
    ConfigError
        With every problem found: of the file, of the configurations it names, of paths, outcomes and points.
    """
    design, document, problems = read_design(path)
    if design is None:
        raise ConfigError(problems)
    folder = Path(path).parent
    loaded = scenario_named(design, "scenario", folder, document, problems)
    baseline = scenario_named(design, "baseline", folder, document, problems) if design.baseline is not None else None
    if loaded is not None:
        problems += wrong_outcomes(_outcomes(design), document, loaded.scenario, design.baseline is not None)
        problems += _wrong_paths(design, document, loaded)
    points = _points(design, document, folder, loaded, problems)
    if problems or loaded is None or points is None:
        raise ConfigError(problems)
    base = baseline.scenario if baseline else None
    fingerprints = tuple(_fingerprints(points, document, (loaded.tree, base), problems, tell))
    if problems:
        raise ConfigError(problems)
    return Study(design, os.fspath(path), loaded.scenario, loaded.tree, base, points, fingerprints)


def _outcomes(design: Design) -> Iterator[tuple[KeyPath, str]]:
    """Every outcome that a design names, and where."""
    for place, name in enumerate(design.outcomes):
        yield ("outcomes", str(place)), name
    if design.precision is not None:
        yield ("precision", "measure"), design.precision.measure


def _wrong_paths(design: Design, document: Document, loaded: Loaded) -> list[Problem]:
    found = []
    for name in design.parameters:
        wrong = wrong_parameter(name, loaded.tree)
        if wrong is not None:
            found.append(fault(document, ("parameters", name), wrong.message, wrong.hint))
    return found


def wrong_parameter(name: str, tree: dict[str, Any]) -> Problem | None:
    """What is wrong with a dotted path that points shall vary, with the nearest right one; None if nothing is."""
    if name.split(".")[0] in ("name", "title"):
        return problem_at(Mark(""), (name,), "changes no result", "name something that does")
    return wrong_path(split_path(name, tree), tree, Mark(""))


def _points(
    design: Design, document: Document, folder: Path, loaded: Loaded | None, problems: list[Problem]
) -> Points | None:
    if design.method == "table":
        return _table(design, document, folder, loaded, problems) if design.table is not None else None
    count = how_many(design)
    if count > MOST_POINTS:
        problems.append(fault(document, ("parameters",), f"{count:,} points", f"at most {MOST_POINTS:,} can be run"))
    if problems:
        return None
    points = points_of(design)
    for place, name in enumerate(points.names):
        meant: dict[Any, str] = {}
        for row in points.rows:
            other = meant.setdefault(row[place].cell, as_text(row[place].value))
            if other != as_text(row[place].value):
                message = f"two values are called {row[place].cell!r}"
                problems.append(fault(document, ("parameters", name), message, "give each a label of its own"))
                break
    return points


def _table(
    design: Design, document: Document, folder: Path, loaded: Loaded | None, problems: list[Problem]
) -> Points | None:
    path = folder / str(design.table)
    try:
        if path.stat().st_size > 100 * LARGEST:
            raise ValueError("has more than 100 MB")
        if not path.is_file():
            raise ValueError("is no file")
        reader = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
        lines = [(reader.line_num, line) for line in reader if any(cell.strip() for cell in line)]
    except (OSError, ValueError, csv.Error) as error:
        problems.append(fault(document, ("table",), f"{design.table} cannot be read: {reason(error)}"))
        return None
    names = [cell.strip() for cell in lines[0][1]] if lines else []
    shown, found = str(path), list[Problem]()
    head = Mark(f"{shown}:{lines[0][0]}" if lines else shown)
    if not 2 <= len(lines) <= MOST_POINTS + 1:
        hint = f"a header of dotted paths, then 1 to {MOST_POINTS:,} points"
        found.append(problem_at(Mark(shown), (), f"{max(len(lines) - 1, 0):,} points", hint))
    for place, name in enumerate(names):
        wrong = wrong_parameter(name, loaded.tree) if loaded else None
        if name in names[:place]:
            found.append(problem_at(head, (name,), "is listed twice"))
        elif wrong is not None:
            found.append(problem_at(head, (name,), wrong.message, wrong.hint))
    rows = list(_rows(lines[1:], names, shown, found))
    problems += found
    return None if problems else points_of_table(names, rows)


def _rows(
    lines: list[tuple[int, list[str]]], names: list[str], shown: str, problems: list[Problem]
) -> Iterator[list[Any]]:
    for number, line in lines:
        if len(line) != len(names):
            problems.append(problem_at(Mark(f"{shown}:{number}"), (), f"{len(line)} cells under {len(names)} names"))
            continue
        row = []
        for name, cell in zip(names, line, strict=True):
            value, wrong = parse_value(cell.strip(), f"{shown}:{number}", (name,))
            problems += wrong
            row.append(value)
        yield row


def _fingerprints(
    points: Points,
    document: Document,
    against: tuple[dict[str, Any], Scenario | None],
    problems: list[Problem],
    tell: Tell | None,
) -> Iterator[str]:
    """Fingerprint of each point; those that are no valid scenario are named among the problems."""
    tree, base = against
    for point in told(range(len(points)), tell):
        found = _validated(tree, points.values(point))
        message = found if isinstance(found, str) else ""
        if isinstance(found, Scenario):
            yield found.fingerprint
            if base is not None and found.clock != base.clock:
                message = "clock: differs from that of the baseline, so that nothing can be compared"
        if message:
            key = "parameters" if "parameters" in (document.tree or {}) else "table"
            problems.append(fault(document, (key,), f"point {point} ({points.words(point)}): {message}"))
            if len(problems) >= _SHOWN:
                return
