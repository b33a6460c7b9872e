"""The tables of a calibration: rows as mappings, the same for CSV files, frames and JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.calibration.findings import Findings
from flowsim.calibration.search import Search
from flowsim.calibration.waves import Wave
from flowsim.experiment.texts import csv_bytes, finite

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.calibration.api import Calibration

Rows = Sequence[Mapping[str, Any]]


def target_rows(found: Findings) -> list[dict[str, Any]]:
    """A row for each target."""
    return [
        {
            "target": one.target.name,
            "measure": one.target.measure,
            "unit": one.target.unit,
            "value": one.target.value,
            "tolerance": one.target.tolerance,
            "discrepancy_sd": one.target.discrepancy,
            "held_out": one.target.hold_out,
            "as_configured": one.configured.mean,
            "simulated": one.found.mean,
            "ci_low": one.found.low,
            "ci_high": one.found.high,
            "n": one.found.n,
            "implausibility": abs(one.miss),
            "least_implausibility": one.least,
            "left_low": one.left[0],
            "left_high": one.left[1],
            "emulator_explains": one.explained,
            "verdict": one.verdict,
            "source": one.target.source,
        }
        for one in found.targets
    ]


def parameter_rows(found: Findings) -> list[dict[str, Any]]:
    """A row for each parameter."""
    return [
        {
            "parameter": one.parameter.path,
            "unit": one.parameter.unit,
            "configured": one.parameter.value,
            "best": one.best,
            "low": one.parameter.low,
            "high": one.parameter.high,
            "left_low": one.low,
            "left_high": one.high,
            "left_quarter": one.middle[0],
            "left_three_quarters": one.middle[1],
            "narrowed": one.narrowed,
            "at_edge": one.at_edge,
            "identified": one.identified,
            "evidence_low": one.parameter.evidence[0] if one.parameter.evidence else math.nan,
            "evidence_high": one.parameter.evidence[1] if one.parameter.evidence else math.nan,
            "grade": one.parameter.grade,
            "outside_evidence": one.parameter.reason,
        }
        for one in found.parameters
    ]


def point_rows(search: Search, final: Wave) -> list[dict[str, Any]]:
    """A row for each point that was run, waves in order, the finalists last."""
    every = search.misses()
    chances = final.column("sd") ** 2 / final.column("n")
    misses = [*every, *search.judge.misses(final.column("mean"), chances)]
    lines = [(wave, place) for wave in [*search.waves, final] for place in range(len(wave.rows))]
    return [_point(search, wave, place, line) for (wave, place), line in zip(lines, misses, strict=True)]


def _point(search: Search, wave: Wave, place: int, misses: Any) -> dict[str, Any]:
    asked = search.question
    row: dict[str, Any] = {"wave": wave.name, "point": place, "replications": wave.replications}
    row |= {one.path: one.plain(value) for one, value in zip(asked.parameters, wave.rows[place], strict=True)}
    for target, one, miss in zip(asked.targets, wave.found[place], misses, strict=True):
        row |= {target.name: one.mean, f"{target.name}: implausibility": abs(float(miss))}
    worst = float(search.judge.worst(np.atleast_2d(misses))[0])
    return {**row, "worst": worst, "ruled_out": worst > asked.cut_off}


def table(rows: Rows) -> bytes:
    """Rows as a CSV file; words can never be read as formulas."""
    return csv_bytes(list(rows[0]), (row.values() for row in rows))


def frame(rows: Rows) -> pd.DataFrame:
    """Rows as a frame."""
    import pandas as pd

    return pd.DataFrame(list(rows))


def answer(found: Calibration) -> dict[str, Any]:
    """The answer as JSON holds it: nothing in it depends on when, where or how fast it was run."""
    asked, what = found.question, found.findings
    return {
        "question": "calibrate",
        "title": asked.title,
        "scenario": asked.loaded.scenario.name,
        "baseline": asked.baseline.scenario.name if asked.baseline else None,
        "answer": found.sentence(),
        "conflicts": found.conflicts(),
        "cautions": found.cautions(),
        "targets": _plain(target_rows(what)),
        "parameters": _plain(parameter_rows(what)),
        "space_left": list(what.shares),
        "nothing_left": what.empty,
        "stable": what.stable,
        "configured_possible": what.configured_left,
        "cannot_be_met": list(what.impossible),
        "cannot_be_met_together": [list(pair) for pair in what.conflicts],
        "trade_offs": [list(pair) for pair in what.trade_offs],
        "parameters_together": [list(pair) for pair in what.together],
        "waves": [_wave(one) for one in [*found.search.waves, found.final]],
        "method": asked.method,
        "cut_off": asked.cut_off,
        "seed": asked.seed,
        "failed_runs": what.failed,
        "targets_sha256": asked.sha256,
        "fingerprint": {"targets": asked.fingerprint, asked.loaded.scenario.name: asked.loaded.scenario.fingerprint},
    }


def _wave(one: Wave) -> dict[str, Any]:
    return {"name": one.name, "points": len(one.rows), "replications": one.replications}


def _plain(rows: Rows) -> list[dict[str, Any]]:
    """Rows without NaN or infinity, which JSON does not know."""
    return [{name: finite(value) for name, value in row.items()} for row in rows]
