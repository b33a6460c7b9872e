"""Evidence for parameters: who says so, how sure it is, the range it may lie in, and how it varies there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flowsim.config.files import Source, packaged, read_file
from flowsim.config.problems import ConfigError, KeyPath, Problem, did_you_mean, problem_at, said_at, shown
from flowsim.config.reader import Document
from flowsim.config.spread import FIXED, Spread, faults_of, read_spread
from flowsim.config.translate import split_path

_KEYS = ("meaning", "unit", "source", "id", "grade", "low", "high", "distribution")
CORRELATIONS = "correlations"
"""The key beside the rows under which correlated ones are listed."""


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
    distribution: str = ""
    spread: Spread = FIXED


@dataclass(frozen=True, slots=True)
class Correlation:
    """Two rows whose unknowns go together: Spearman's rank correlation, and who says so."""

    first: str
    second: str
    rank: float
    source: str


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """All rows; the longest path that fits a parameter is its evidence, and ``*`` in a path stands for any one key."""

    rows: tuple[Evidence, ...]
    correlations: tuple[Correlation, ...] = ()
    _patterns: tuple[KeyPath, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_patterns", tuple(split_path(row.path, {}) for row in self.rows))

    def of(self, path: KeyPath) -> Evidence | None:
        """The row of a parameter: its own, or that of the nearest part it belongs to."""
        fitting = [
            (_fit(pattern, path), place)
            for place, pattern in enumerate(self._patterns)
            if pattern[0] in ("*", *path[:1])  # most rows are of another part
        ]
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
        With every fault: the file cannot be read, a row is not a mapping of the known keys, its distribution cannot be
        read or drawn, or a correlation names no row.
    """
    path = Path(source) if source is not None else packaged() / "evidence.yaml"
    if source is None and not path.is_file():
        return EvidenceTable(())
    document = read_file(Source(path, str(source) if source is not None else "configs/evidence.yaml"))
    problems = list(document.problems)
    rows = []
    for name, row in (document.tree or {}).items():
        if name == CORRELATIONS:
            continue
        unknown = [key for key in row if key not in _KEYS] if isinstance(row, Mapping) else [name]
        if unknown:
            mark = document.marks[(name,)]
            hint = f"a row is a mapping of {', '.join(_KEYS)}"
            problems.append(problem_at(mark, (name,), f"{unknown[0]} is not evidence", hint))
        else:
            rows.append(_row(name, row, document, problems))
    pairs = _correlations(document, [row.path for row in rows], problems)
    if problems:
        raise ConfigError(problems)
    return EvidenceTable(tuple(rows), tuple(pairs))


def _row(path: str, row: Mapping[str, Any], document: Document, problems: list[Problem]) -> Evidence:
    ids = row.get("id")
    spread = _spread(path, row, document, problems)
    return Evidence(
        path,
        meaning=str(row.get("meaning") or ""),
        unit=str(row.get("unit") or ""),
        source=str(row.get("source") or ""),
        id=tuple(str(one) for one in ids) if isinstance(ids, list) else (str(ids),) if ids is not None else (),
        grade=str(row.get("grade") or ""),
        low=row.get("low"),
        high=row.get("high"),
        distribution=str(row.get("distribution") or ""),
        spread=spread,
    )


def _spread(path: str, row: Mapping[str, Any], document: Document, problems: list[Problem]) -> Spread:
    """How a row varies; one without a distribution does not."""
    marks = document.marks
    low, high = row.get("low"), row.get("high")
    found = [
        problem_at(marks[(path, key)], (path, key), f"must be a number, not {shown(row[key])}")
        for key in ("low", "high")
        if row.get(key) is not None and not _is_number(row[key])
    ]
    if not found and low is not None and high is not None and low > high:
        found.append(problem_at(marks[(path, "low")], (path, "low"), f"{low:g} is above high, {high:g}"))
    if row.get("distribution") is None:
        problems += found
        return FIXED
    where = (path, "distribution")
    read = read_spread(str(row["distribution"]))
    if isinstance(read, str):
        found.append(said_at(marks[where], where, read))
    elif not found:
        found += [said_at(marks[where], where, text) for text in faults_of(read, low, high)]
    problems += found
    return FIXED if isinstance(read, str) else read


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _correlations(document: Document, known: Sequence[str], problems: list[Problem]) -> list[Correlation]:
    stated = (document.tree or {}).get(CORRELATIONS) or []
    if not isinstance(stated, list):
        mark = document.marks[(CORRELATIONS,)]
        problems.append(problem_at(mark, (CORRELATIONS,), "must be a list", _EXAMPLE))
        return []
    found: list[Correlation] = []
    for place, one in enumerate(stated):
        path = (CORRELATIONS, str(place))
        mark = document.marks.get(path, document.marks[(CORRELATIONS,)])
        read = _correlation(one, known, [{pair.first, pair.second} for pair in found])
        if isinstance(read, Correlation):
            found.append(read)
        else:
            problems.append(said_at(mark, path, read))
    return found


_EXAMPLE = "for example - {between: [life.slots, life.cap_days], rank: 0.5, source: ...}"


def _correlation(one: Any, known: Sequence[str], before: Sequence[set[str]]) -> Correlation | str:
    """One correlation as read, or what is wrong with it."""
    keys = {"between", "rank", "source"}
    pair = one.get("between") if isinstance(one, Mapping) and set(one) == keys else None
    if not isinstance(pair, list) or len(pair) != 2:
        return f"must state between (two rows), rank and source; {_EXAMPLE}"
    strange = [str(name) for name in pair if name not in known]
    if strange:
        return f"there is no row {strange[0]!r}; {did_you_mean(strange[0], known)}"
    if not _is_number(one["rank"]) or not -1.0 < one["rank"] < 1.0:
        return f"rank must be a number between -1 and 1, not {shown(one['rank'])}"
    first, second = pair
    if first == second or {first, second} in before:
        return f"{first} and {second} are listed twice" if first != second else f"{first} is correlated with itself"
    return Correlation(first, second, float(one["rank"]), str(one["source"]))
