"""Evidence for parameters: who says so, how sure it is, and the range it may lie in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowsim.config.files import Source, packaged, read_file
from flowsim.config.problems import ConfigError, KeyPath, problem_at
from flowsim.config.translate import split_path

_KEYS = ("meaning", "unit", "source", "id", "grade", "low", "high", "distribution")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row: what a parameter (or all below a path) means, its source, its grade from A (official) to D (assumed)."""

    path: str
    meaning: str = ""
    unit: str = ""
    source: str = ""
    id: tuple[str, ...] = ()
    grade: str = ""
    low: float | None = None
    high: float | None = None
    distribution: Any = None


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """All rows; the longest path that fits a parameter is its evidence, and ``*`` in a path stands for any one key."""

    rows: tuple[Evidence, ...]

    def of(self, path: KeyPath) -> Evidence | None:
        """The row of a parameter: its own, or that of the nearest part it belongs to."""
        fitting = [(_fit(split_path(row.path, {}), path), place) for place, row in enumerate(self.rows)]
        best = max((one for one in fitting if one[0] is not None), default=None, key=lambda one: one[0] or (0, 0))
        return self.rows[best[1]] if best else None


def _fit(pattern: KeyPath, path: KeyPath) -> tuple[int, int] | None:
    """How well a path fits: how many keys, how many of them by name; None if not."""
    if len(pattern) > len(path) or any(key not in ("*", own) for key, own in zip(pattern, path, strict=False)):
        return None
    return len(pattern), sum(key != "*" for key in pattern)


def load_evidence(source: str | Path | None = None) -> EvidenceTable:
    """Read an evidence file, the shipped one unless another is named; no rows if the shipped one is missing.

    Raises
    ------
    ConfigError
        If the file cannot be read, or a row is not a mapping of the known keys.
    """
    path = Path(source) if source is not None else packaged() / "evidence.yaml"
    if source is None and not path.is_file():
        return EvidenceTable(())
    document = read_file(Source(path, str(source) if source is not None else "configs/evidence.yaml"))
    problems = list(document.problems)
    rows = []
    for name, row in (document.tree or {}).items():
        unknown = [key for key in row if key not in _KEYS] if isinstance(row, Mapping) else [name]
        if unknown:
            mark = document.marks[(name,)]
            hint = f"a row is a mapping of {', '.join(_KEYS)}"
            problems.append(problem_at(mark, (name,), f"{unknown[0]} is not evidence", hint))
        else:
            rows.append(_row(name, row))
    if problems:
        raise ConfigError(problems)
    return EvidenceTable(tuple(rows))


def _row(path: str, row: Mapping[str, Any]) -> Evidence:
    ids = row.get("id")
    return Evidence(
        path,
        meaning=str(row.get("meaning") or ""),
        unit=str(row.get("unit") or ""),
        source=str(row.get("source") or ""),
        id=tuple(str(one) for one in ids) if isinstance(ids, list) else (str(ids),) if ids is not None else (),
        grade=str(row.get("grade") or ""),
        low=row.get("low"),
        high=row.get("high"),
        distribution=row.get("distribution"),
    )
