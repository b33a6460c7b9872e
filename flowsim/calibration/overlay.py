"""``calibrated.yaml``: the best point as an overlay of the scenario, with where each value came from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowsim.calibration.findings import ParameterFound, TargetFound
from flowsim.calibration.question import Question
from flowsim.calibration.waves import OVERLAY, SCENARIO
from flowsim.config.files import packaged
from flowsim.config.resolved import inline
from flowsim.config.translate import split_path
from flowsim.experiment.words import number

if TYPE_CHECKING:
    from flowsim.calibration.api import Calibration


def overlay(found: Calibration) -> str:
    """The text of the overlay; it extends the scenario if that is a shipped one, else the copy in the same folder."""
    asked, what = found.question, found.findings
    lines = [
        f"# {found.sentence()}",
        *(f"# {text}" for text in _origin(found)),
        "#",
        f"# Targets, simulated with {what.replications} replications and seed {asked.seed}:",
        *(f"#   {_target(one)}" for one in what.targets),
        *(f"# Caution: {text}" for text in found.cautions()),
        f"extends: {inline(extended(asked))}",
        f"name: {inline(asked.loaded.scenario.name + '_calibrated')}",
        f"title: {inline('Calibrated: ' + asked.title)}",
    ]
    tree: dict[str, Any] = {}
    known = {one.parameter.path: one for one in what.parameters}
    for path, value in asked.values(what.best).items():
        at = tree
        *holders, last = split_path(path, asked.loaded.tree)
        for key in holders:
            at = at.setdefault(key, {})
        at[last] = known.get(path, value)
    return "\n".join([_one_line(line) for line in lines] + _emitted(tree, 0)) + "\n"


def extended(asked: Question) -> str:
    """What the overlay extends: a shipped scenario by its name, or the resolved copy beside it."""
    top = asked.loaded.chain[0]
    path = Path(top)
    shipped = top.startswith("configs/") and not path.exists()
    inside = path.resolve().is_relative_to(packaged().resolve())
    if asked.settings or not (shipped or inside):
        return SCENARIO
    return top.removeprefix("configs/") if shipped else str(path.resolve().relative_to(packaged().resolve()).as_posix())


def _origin(found: Calibration) -> list[str]:
    from flowsim import __version__

    asked = found.question
    command = f"flowsim calibrate {asked.file} --out {found.folder}"
    return [
        f"Written by {command!r}, begun {found.begun}, flowsim {__version__}.",
        f"Method {asked.method}, {len(found.findings.shares)} waves of {asked.points} points, seed {asked.seed}.",
        f"Again: flowsim run {OVERLAY} -n {found.findings.replications} --seed {asked.seed}",
        f"Targets file: SHA-256 {asked.sha256}.",
        f"Scenario: {asked.loaded.chain[0]}, fingerprint {asked.loaded.scenario.fingerprint}.",
    ]


def _target(one: TargetFound) -> str:
    low, high, unit = one.found.low, one.found.high, one.target.unit
    seen, simulated = number(one.target.value, unit), number(one.found.mean, unit)
    spread = f"{number(low, unit)} to {number(high, unit)}"
    held = ", held out" if one.target.hold_out else ""
    return (
        f"{one.target.name}: {seen} reported, {simulated} simulated ({spread}) {unit}; implausibility "
        f"{abs(one.miss):.2f}, {one.verdict}{held}"
    )


def _emitted(tree: Mapping[str, Any], depth: int) -> list[str]:
    lines: list[str] = []
    for key, value in tree.items():
        head = f"{'  ' * depth}{inline(str(key))}:"
        if isinstance(value, ParameterFound):
            lines.append(f"{head} {inline(value.parameter.plain(value.best))}  # {_why(value)}")
        else:
            inner = isinstance(value, dict)
            lines += (
                [head, *_emitted(value, depth + 1)] if inner else [f"{head} {inline(value)}  # makes up for the others"]
            )
    return lines


def _why(one: ParameterFound) -> str:
    of = one.parameter
    unit = f" {of.unit}" if of.unit else ""
    left = "nothing" if one.narrowed == 1.0 else f"{one.low:.4g} to {one.high:.4g}"
    return _one_line(f"was {of.value:g}{unit}; {left} left of {of.low:g} to {of.high:g}")


def _one_line(text: str) -> str:
    """Text that cannot end a comment early."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
