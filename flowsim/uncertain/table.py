"""Tables of a sensitivity analysis: rows, CSV, JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flowsim.experiment.texts import csv_bytes, finite
from flowsim.sweeps.files import write_whole
from flowsim.uncertain.sensitivity import Found, Known, Sensitivity
from flowsim.uncertain.words import meaning, sentences

TABLE, KNOWING, POINTS = "sensitivity.csv", "value_of_knowing.csv", "sensitivity_points.json"
_COMMON = ("outcome", "unit", "parameter", "grade", "low", "high", "configured", "size", "ci_low", "ci_high", "clear")
_KNOWN = ("parameter", "grade", "value", "se", "noise", "clear", "unit")


def columns(done: Sensitivity) -> list[str]:
    """Columns of the table: those of all methods, then what this method says besides."""
    more = done.effects[0].effect.more if done.effects else {}
    return [*_COMMON, *more]


def rows(done: Sensitivity) -> list[list[Any]]:
    """A row for each outcome and assumption, the largest effect first."""
    return [_row(one) for one in done.effects]


def _row(one: Found) -> list[Any]:
    unknown, effect = one.unknown, one.effect
    head = [one.outcome, one.unit, unknown.name, unknown.grade, *unknown.ends, unknown.centre]
    return [*head, effect.size, effect.low, effect.high, effect.clear, *effect.more.values()]


def known_rows(done: Sensitivity) -> list[list[Any]]:
    """A row for each assumption: what it is worth to know it."""
    return [_known(one, done.unit) for one in done.known]


def _known(one: Known, unit: str) -> list[Any]:
    found = one.knowing
    return [one.unknown.name, one.unknown.grade, found.value, found.se, found.noise, found.clear, unit]


def write_tables(done: Sensitivity) -> None:
    """Write the tables, and what the method worked with, into the folder, each whole or not at all."""
    write_whole(done.folder / TABLE, _csv(columns(done), rows(done)))
    write_whole(done.folder / POINTS, json.dumps(_points(done), ensure_ascii=False, allow_nan=False).encode())
    if done.known:
        write_whole(done.folder / KNOWING, _csv(_KNOWN, known_rows(done)))


def _points(done: Sensitivity) -> dict[str, Any]:
    """Quantiles of the unknowns at each point, none of a tornado, and the mean of each outcome there; as SALib asks."""
    names = list(done.question.unknowns.names)
    problem = {
        "num_vars": len(names),
        "names": names,
        "bounds": [[0.0, 1.0]] * len(names),
        "dists": ["unif"] * len(names),
    }
    design = done.question.design
    return {
        "method": design.method,
        "levels": design.levels if design.method == "morris" else None,
        "problem": problem,
        "quantiles": done.question.layout.quantiles.tolist(),
        "means": {outcome: list(map(finite, row)) for outcome, row in done.means.items()},
    }


def _csv(head: Sequence[str], lines: Sequence[Sequence[Any]]) -> bytes:
    return csv_bytes(head, ([_plain(value) for value in line] for line in lines))


def _plain(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def as_json(done: Sensitivity) -> str:
    """A sensitivity analysis as JSON."""
    names = columns(done)
    tree = {
        "name": done.question.design.name,
        "question": done.question.design.question,
        "method": done.question.design.method,
        "complete": done.outcome.complete,
        "answers": {
            name: {"mean": finite(one.mean), "ci_low": finite(one.low), "ci_high": finite(one.high), "n": one.n}
            for name, one in done.answers.items()
        },
        "effects": [dict(zip(names, map(finite, line), strict=True)) for line in rows(done)],
        "value_of_knowing": [dict(zip(_KNOWN, map(finite, line), strict=True)) for line in known_rows(done)],
        "value_of_knowing_everything": finite(done.all_known) if done.known else None,
        "sentences": sentences(done) if done.outcome.complete else [],
        "meaning": meaning(done),
        "notes": list(done.question.notes),
        "failures": [
            {"point": one.point, "replication": one.replication, "reason": one.reason} for one in done.outcome.failures
        ],
        "seed": done.question.design.seed,
        "pictures": done.pictures,
        "run_dir": str(done.folder),
    }
    return json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False)
