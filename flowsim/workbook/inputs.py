"""The sheet of inputs: each parameter of each scenario, what it is, where it was set and who says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flowsim.workbook.cells import NOT_APPLICABLE, NOT_AVAILABLE, Value
from flowsim.workbook.sheets import SCENARIO, Column, Sheet

if TYPE_CHECKING:
    from flowsim.config.explain import Row
    from flowsim.params import Scenario

_COLUMNS = (
    Column(SCENARIO, 22),
    Column("Parameter", 44),
    Column("Value", 16, "General"),
    Column("Unit", 16),
    Column("Meaning", 60),
    Column("Where it was set", 30),
    Column("Grade", 8),
    Column("Low", 9, "General"),
    Column("High", 9, "General"),
    Column("How it may vary", 34),
    Column("Source", 90),
)


def inputs(scenarios: Sequence[Scenario], configs: Mapping[str, str]) -> Sheet:
    """Each parameter of each scenario, as ``flowsim explain`` shows it.

    Parameters
    ----------
    configs : mapping of scenario name to text
        The resolved configurations, which say where each value was set; for a scenario that is not among them what
        it knows itself is shown.
    """
    from flowsim.config.evidence import load_evidence
    from flowsim.config.explain import explain
    from flowsim.config.resolved import restored

    evidence = load_evidence()
    rows = [
        _line(scenario.name, one)
        for scenario in scenarios
        for one in explain(restored(scenario, configs.get(scenario.name)), evidence=evidence)
    ]
    return Sheet(
        "Inputs",
        "Inputs with sources: every parameter of every scenario",
        "Value, unit and meaning of each parameter, where it was set, the evidence for it and its range",
        _COLUMNS,
        rows,
        words=("The same parameters as `flowsim explain SCENARIO` shows. What the grades mean is in Notes.",),
        whole="config.*.resolved.yaml",
    )


def _line(scenario: str, row: Row) -> list[Value]:
    return [
        scenario,
        row.path,
        _value(row.value, row.unit),
        row.unit or NOT_APPLICABLE,
        row.meaning or NOT_AVAILABLE,
        row.origin,
        row.grade or NOT_AVAILABLE,
        row.low,
        row.high,
        row.distribution or NOT_AVAILABLE,
        row.evidence or NOT_AVAILABLE,
    ]


def _value(value: Any, unit: str) -> Value:
    """A parameter as a cell: numbers and dates as such, what has parts as YAML on one line."""
    from flowsim.config.resolved import inline

    if value is None:
        return "none"
    if isinstance(value, str):
        return _date(value) if unit == "date" else value
    return value if isinstance(value, (bool, int, float)) else inline(value)


def _date(words: str) -> Value:
    try:
        return dt.date.fromisoformat(words)
    except ValueError:
        return words
