"""Every parameter of a scenario: value, unit, meaning, where it was set, and what speaks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from flowsim.config.evidence import Evidence, EvidenceTable, load_evidence
from flowsim.config.load import DEFAULT, Loaded, Origin
from flowsim.config.meaning import FORM_KEYS, meaning_of
from flowsim.config.problems import ConfigError, KeyPath, Mark, did_you_mean, dotted, problem_at
from flowsim.config.translate import split_path, value_at

_UNITS = (
    (r"(_|^)days$", "days"),
    (r"_hours$|_hour$|^hour$", "hours"),
    (r"_minutes$", "minutes"),
    (r"(_|^)shares?$", "share (0 to 1)"),
    (r"per_day$", "a day"),
    (r"per_week$", "a week"),
    (r"per_year$", "a year, as a fraction"),
    (r"_per_1000$", "a year per 1,000 people"),
    (r"^pounds$", "pounds"),
    (r"_factors?$|_ratio$|^level$|_cv$|^cv$|^sigma$", "ratio"),
    (r"^people$|^new_people$", "people"),
    (r"^slots$", "slots"),
    (r"^beds$|^cap$", "beds"),
    (r"^(start|end|growth_from)$", "date"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter as ``flowsim explain`` shows it."""

    path: str
    value: Any
    unit: str
    meaning: str
    origin: str
    evidence: str
    grade: str
    low: float | None
    high: float | None
    distribution: str = ""


def explain(loaded: Loaded, path: str | None = None, evidence: EvidenceTable | None = None) -> list[Row]:
    """A row for each parameter, defaults included; or for those at and below a path.

    Parameters
    ----------
    loaded : Loaded
        From :func:`flowsim.config.load.read`.
    path : str, optional
        Dotted path of a parameter or a part, such as ``life`` or ``life.slots``; all if empty.
    evidence : EvidenceTable, optional
        The shipped one if not given.

    Raises
    ------
    ConfigError
        If there is nothing at the path; the nearest one is named.
    """
    tree = loaded.scenario.tree()
    table = load_evidence() if evidence is None else evidence
    rows = list(parameters(tree))
    if path:
        within = split_path(path, tree)
        inside = [row for row in rows if row[0][: len(within)] == within]
        upto = [row for row in rows if within[: len(row[0])] == row[0] and value_at(tree, within) is not None]
        rows = inside or upto
        if not rows:
            raise ConfigError([_unknown(loaded, path, tree)])
    return [_row(loaded, one, value, table) for one, value in rows]


def _unknown(loaded: Loaded, path: str, tree: Mapping[str, Any]) -> Any:
    keys = split_path(path, tree)
    there = next(size for size in range(len(keys), -1, -1) if size == 0 or value_at(tree, keys[:size]) is not None)
    holder = value_at(tree, keys[:there])
    near = list(holder) if isinstance(holder, Mapping) else []
    known = [dotted((*keys[:there], key)) for key in near]
    every = [dotted(one) for one, _ in parameters(tree)]
    hint = did_you_mean(dotted(keys[: there + 1]), known, "known here") or did_you_mean(path, every)
    return problem_at(Mark(loaded.chain[0]), keys, "there is no such parameter", hint)


def parameters(tree: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Each parameter of a scenario's tree; a dated value and a list are one parameter each.

    Of two ways to state a distribution, only the one that is used is a parameter.
    """
    if isinstance(tree, Mapping) and tree and "from" not in tree:
        for key, value in tree.items():
            if value is not None or "shape" not in tree:
                yield from parameters(value, (*path, str(key)))
    else:
        yield path, tree


def _row(loaded: Loaded, path: KeyPath, value: Any, table: EvidenceTable) -> Row:
    found = evidence_of(loaded, path, table)
    return Row(
        path=dotted(path),
        value=value,
        unit=(found.unit if found and found.path == dotted(path) else "") or unit_of(path, value),
        meaning=_meaning(loaded, path, found),
        origin=origin_of(loaded, path).text,
        evidence=found.source if found else "",
        grade=found.grade if found else "",
        low=found.low if found else None,
        high=found.high if found else None,
        distribution=found.distribution if found else "",
    )


def _meaning(loaded: Loaded, path: KeyPath, found: Evidence | None) -> str:
    """What the evidence says of it, or else the model."""
    from_model = meaning_of(loaded.scenario.tree(), path)
    return found.meaning if found and found.meaning and path[-1] not in FORM_KEYS else from_model


def evidence_of(loaded: Loaded, path: KeyPath, table: EvidenceTable) -> Evidence | None:
    """The row for what a shipped overlay sets, such as ``sceptical:life.episode.ended_share``; else the parameter's."""
    return row_of(table, path, origin_of(loaded, path).file)


def row_of(table: EvidenceTable, path: KeyPath, file: str) -> Evidence | None:
    """The row for what a file sets: one of its own if the file is a shipped overlay, else the parameter's."""
    shipped = PurePosixPath(file)
    if shipped.parts[:1] != ("configs",):
        return table.of(path)
    overlay = "/".join(shipped.with_suffix("").parts[1:])  # such as sceptical, or ten_year/phase1
    return table.of((f"{overlay}:{path[0]}", *path[1:])) or table.of(path)


def origin_of(loaded: Loaded, path: KeyPath) -> Origin:
    """Where a parameter was set; for a dated value, where its latest part was."""
    own = loaded.origins.get(dotted(path))
    if own is not None:
        return own
    under = [one for name, one in loaded.origins.items() if name.startswith(dotted(path) + ".")]
    return under[-1] if under else DEFAULT


def unit_of(path: KeyPath, value: Any) -> str:
    """Unit that the name of a key states; empty for words and for names without one."""
    if isinstance(value, (str, bool)) and not re.search(r"^(start|end|growth_from)$", path[-1]):
        return ""
    if "multiplies" in path:
        return "ratio"
    if "wards" in path or "units" in path:
        return "beds"
    return next((unit for pattern, unit in _UNITS if re.search(pattern, path[-1])), "")
