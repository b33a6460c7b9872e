"""Parameters to be fitted, and the ranges they may lie in: those of the evidence, or stated ones inside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flowsim.config.evidence import EvidenceTable, load_evidence
from flowsim.config.explain import evidence_of, unit_of
from flowsim.config.load import Loaded
from flowsim.config.problems import Mark, shown
from flowsim.config.settings import wrong_path
from flowsim.config.translate import split_path, value_at
from flowsim.decide.fields import Fields
from flowsim.params import Scenario
from flowsim.sweeps.study import scenario_at

_KEYS = "a list of dotted paths, or of {path, low, high}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number that may be moved.

    Attributes
    ----------
    value : float
        As configured; it lies in the range.
    evidence : tuple of float, optional
        Lowest and highest value by the evidence, None if it states no range.
    reason : str
        Why the range goes beyond the evidence.
    taken_from : str
        Path of a share that falls by as much as this one rises; empty if there is none.
    """

    path: str
    low: float
    high: float
    value: float
    whole: bool
    unit: str
    meaning: str
    grade: str
    evidence: tuple[float, float] | None
    reason: str
    taken_from: str

    def at(self, share: float) -> float:
        """The value at a share of the range, to six figures, or whole; never outside."""
        value = self.low + share * (self.high - self.low)
        value = float(round(value)) if self.whole else float(f"{value:.6g}")
        return min(max(value, self.low), self.high)

    def share(self, value: float) -> float:
        """Where a value lies in the range: 0 at its low end, 1 at its high end."""
        return (value - self.low) / (self.high - self.low)

    def plain(self, value: float) -> float | int:
        """The value as a configuration takes it."""
        return int(value) if self.whole else value


def read_parameters(top: Fields, loaded: Loaded | None, baseline: Loaded | None) -> list[Parameter]:
    """The parameters of a file; faults are noted."""
    found: list[Parameter] = []
    seen: list[str] = []
    table = load_evidence()
    for path, part in _entries(top):
        if path in seen:
            part.note("", f"{path} is listed twice")
        seen.append(path)
        one = _parameter(path, part, loaded, baseline, table) if loaded is not None else None
        found += [one] if one is not None else []
    if "parameters" in top.tree and not seen and not top.problems:
        top.note("parameters", "is empty", _KEYS)
    return found


def _entries(top: Fields) -> Iterator[tuple[str, Fields]]:
    """Paths with what is stated of each; the whole may be a list, or a mapping as in a sweep."""
    stated = top.get("parameters", rule=_KEYS)
    if isinstance(stated, Mapping):
        for name, entry in stated.items():
            if entry is not None and not isinstance(entry, dict):
                top.note(f"parameters/{name}", f"must be a range, not {shown(entry)}", "{low: 1, high: 2}, or nothing")
                continue
            yield name, Fields(top.document, ("parameters", name), entry or {}, top.problems)
    elif isinstance(stated, list):
        for place, entry in enumerate(stated):
            part = Fields(
                top.document, ("parameters", str(place)), entry if isinstance(entry, dict) else {}, top.problems
            )
            path = part.text("path", rule="a path such as life.slots") if isinstance(entry, dict) else entry
            if isinstance(path, str):
                yield path, part
            elif not isinstance(entry, dict):
                part.note("", f"must be a path, not {shown(entry)}", _KEYS)
    elif stated is not None:
        top.note("parameters", f"must be {_KEYS}, not {shown(stated)}")


def _parameter(
    name: str, part: Fields, loaded: Loaded, baseline: Loaded | None, table: EvidenceTable
) -> Parameter | None:
    before = len(part.problems)
    path = split_path(name, loaded.tree)
    for one in (loaded, baseline):
        wrong = wrong_path(split_path(name, one.tree), one.tree, Mark("")) if one is not None else None
        if wrong is not None:
            part.note("", f"{name}: {wrong.message}", wrong.hint)
            return None
    value = value_at(loaded.scenario.tree(), path)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        part.note("", f"{name} has no number to start from, but {shown(value)}", "name a path to one number")
        return None
    known = evidence_of(loaded, path, table)
    evidence = None
    if known is not None and isinstance(known.low, (int, float)) and isinstance(known.high, (int, float)):
        evidence = (float(known.low), float(known.high))
    low, high = part.number("low", -1e15, 1e15, None), part.number("high", -1e15, 1e15, None)
    reason, taken_from = _reason(part), _taken_from(part, loaded)
    whole = part.get("whole", isinstance(value, int))
    part.no_others()
    if len(part.problems) > before:
        return None
    ends = _ends(name, part, low, high, evidence, reason)
    if ends is None or not _holds(name, part, float(value), ends):
        return None
    meaning = known.meaning if known is not None and known.path == name else ""
    unit = (known.unit if known is not None and known.path == name else "") or unit_of(path, value)
    grade = known.grade if known is not None else ""
    return Parameter(name, *ends, float(value), bool(whole), unit, meaning, grade, evidence, reason, taken_from)


def _reason(part: Fields) -> str:
    """Why the range may go beyond the evidence; empty if it may not."""
    allowed, reason = part.get("outside_evidence", False), part.text("reason", None)
    if not isinstance(allowed, bool):
        part.note("outside_evidence", "must be true or false")
    if allowed is True and reason is None:
        part.note("outside_evidence", "needs a reason", "reason: why the evidence may be wrong")
    return (reason or "") if allowed is True else ""


def _taken_from(part: Fields, loaded: Loaded) -> str:
    """The share that makes up for this one, if one is named."""
    name = part.text("taken_from", None)
    if name is None:
        return ""
    value = value_at(loaded.scenario.tree(), split_path(name, loaded.tree))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        wrong = wrong_path(split_path(name, loaded.tree), loaded.tree, Mark(""))
        part.note(
            "taken_from", f"{name} is no number that could make up for it", wrong.hint if wrong is not None else ""
        )
    return name


def laid(parameters: Sequence[Parameter], row: Sequence[float], scenario: Scenario) -> dict[str, float | int]:
    """All values of a parameter set by path: those of the parameters, then the shares that make up for them."""
    values = {one.path: one.plain(value) for one, value in zip(parameters, row, strict=True)}
    tree, rest = scenario.tree(), dict[str, float | int]()
    for one, value in zip(parameters, row, strict=True):
        if one.taken_from:
            start = rest.get(one.taken_from, value_at(tree, split_path(one.taken_from, tree)))
            rest[one.taken_from] = round(start - (value - one.value), 12)
    return {**values, **rest}


def _ends(
    name: str, part: Fields, low: float | None, high: float | None, evidence: tuple[float, float] | None, reason: str
) -> tuple[float, float] | None:
    """The range to be searched: as stated, or that of the evidence."""
    if evidence is None and (low is None or high is None):
        part.note("", f"{name} has no range: its evidence states none", "give low and high")
        return None
    low, high = (low if low is not None else evidence[0]), (high if high is not None else evidence[1])  # type: ignore[index]
    if low >= high:
        hint = "its evidence allows this value only" if evidence == (low, high) else "low must be below high"
        part.note("low" if "low" in part.tree else "", f"the range of {name} from {low:g} to {high:g} is empty", hint)
        return None
    if evidence is not None and not reason and not (evidence[0] <= low and high <= evidence[1]):
        message = f"{low:g} to {high:g} goes beyond the evidence for {name}, {evidence[0]:g} to {evidence[1]:g}"
        part.note(
            "low" if low < evidence[0] else "high", message, "stay inside, or outside_evidence: true with a reason"
        )
        return None
    return low, high


def _holds(name: str, part: Fields, value: float, ends: tuple[float, float]) -> bool:
    if ends[0] <= value <= ends[1]:
        return True
    hint = "widen it, or configure another value under set:"
    part.note("", f"the range {ends[0]:g} to {ends[1]:g} excludes the configured value of {name}, {value:g}", hint)
    return False


def check_first(top: Fields, parameters: list[Parameter], loaded: Loaded, baseline: Loaded | None) -> None:
    """Note every parameter whose ends cannot be run, the others being as configured."""
    listed = isinstance(top.tree.get("parameters"), list)
    for place, one in enumerate(parameters):
        for end in (one.low, one.high):
            row = [end if other is one else other.value for other in parameters]
            wrong = _refused(laid(parameters, row, loaded.scenario), [loaded, baseline])
            if wrong:
                hint = "taken_from: names the share that makes up for it" if "share" in one.path else ""
                top.note(f"parameters/{place if listed else one.path}", f"{one.path} = {end:g}: {wrong}", hint)


def _refused(values: dict[str, float | int], worlds: Sequence[Loaded | None]) -> str:
    for one in worlds:
        try:
            _ = scenario_at(one.tree, values) if one is not None else None
        except ValueError as error:
            return str(error)
    return ""
