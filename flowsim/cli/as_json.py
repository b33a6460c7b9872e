"""The table of a run or a comparison as JSON."""

from __future__ import annotations

import json
from typing import Any

from flowsim.experiment.manifest import ENGINE
from flowsim.experiment.record import Record
from flowsim.experiment.statistics import Estimate
from flowsim.experiment.tables import parts, summary_rows
from flowsim.experiment.texts import finite
from flowsim.experiment.variance import Split
from flowsim.experiment.words import cautions
from flowsim.experiment.years import records


def as_json(record: Record, run_dir: str) -> str:
    """Measures, differences and attribution of a record, of each financial year too; what is not a number is null."""
    names = record.names
    tree: dict[str, Any] = {
        **_measures(record),
        "attribution": {name: {} for name in names[1:]},
        "warnings": cautions(record),
        "seed": record.seed,
        "fingerprint": {one.name: one.fingerprint for one in record.scenarios},
        "engine": ENGINE,
        "run_dir": run_dir,
        "failures": [
            {"scenario": one.scenario, "replication": one.replication, "reason": one.reason} for one in record.failures
        ],
    }
    for part in parts(record):
        tree["attribution"][part.alternative][part.cause] = finite(part.days.mean)
    if record.years:
        tree["yearly"] = {year: _measures(one) for year, one in records(record)}
    return json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False)


def _measures(record: Record) -> dict[str, Any]:
    """Measures by scenario, and differences by alternative."""
    tree: dict[str, dict[str, Any]] = {
        "scenarios": {name: {} for name in record.names},
        "differences": {name: {} for name in record.names[1:]},
    }
    for row in summary_rows(record):
        if row.own is not None:
            tree["scenarios"][row.scenario][row.measure] = _numbers(row.own, row.unit) | _unknown(row.own_split)
        if row.diff is not None:
            tree["differences"][row.scenario][row.measure] = _numbers(row.diff, row.unit) | _unknown(row.diff_split)
    return tree


def _unknown(part: Split | None) -> dict[str, Any]:
    """What is not known and what is chance, where parameters were drawn."""
    if part is None:
        return {}
    numbers = {
        "p5": part.low,
        "p95": part.high,
        "share": part.share,
        "sd": part.unknown_sd,
        "chance_sd": part.chance_sd,
    }
    return {"unknown": {key: finite(value) for key, value in numbers.items()}}


def _numbers(found: Estimate, unit: str) -> dict[str, Any]:
    return {
        "mean": finite(found.mean),
        "ci_low": finite(found.low),
        "ci_high": finite(found.high),
        "sd": finite(found.sd),
        "n": found.n,
        "unit": unit,
    }
