"""Claims in a file: read with the rules of a configuration, every fault named with its place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from flowsim.claims import by_date, by_person, by_practice  # noqa: F401 - they register their computations
from flowsim.claims.arguments import reading_of
from flowsim.claims.claim import BASES, Chance, Claim, Claims
from flowsim.config.files import Source, find, packaged, read_file
from flowsim.config.problems import ConfigError, Problem, did_you_mean, shown
from flowsim.decide.fields import MISSING, Fields
from flowsim.decide.variants import Variants, settings_of
from flowsim.params import Scenario

_INFINITE = float("inf")
_HUGE = 1e12
_WORDS = ("title", "source", "date", "reported", "why", "unit", "tolerance_reason")


def read_claims(path: str | os.PathLike[str] | None = None) -> Claims:
    """The claims of a file, the shipped ones unless another is named.

    Keys: ``title``; ``scenarios`` (a name for each, and the configuration it means or ``{config, set}``; base first);
    optional ``set`` (laid over all of them); ``claims``, by id. A claim has ``title``, ``source``, ``date``,
    ``reported`` (a number, ``{from, to}``, ``{at_least}``, ``{at_most}``, or words if it cannot be computed) and
    ``why``; to be computed, further ``unit``, ``compute`` (``{what, ...}`` with the arguments of that computation,
    optional ``times`` and ``over``), ``basis``, optional ``tolerance`` with ``tolerance_reason``, ``also`` and
    ``chance`` (a list of ``{compute, at_least or at_most, says}``).

    Raises
    ------
    ConfigError
        With every problem, each with file, line, column and path.
    """
    source = find(os.fspath(path)) if path is not None else Source(packaged() / "claims.yaml", "configs/claims.yaml")
    document = read_file(source)
    problems: list[Problem] = list(document.problems)
    if document.tree is None:
        raise ConfigError(problems)
    top = Fields(document, (), document.tree, problems)
    title = top.text("title", source.path.stem) or ""
    scenarios = _scenarios(top, source.path.parent)
    part = top.mapping("claims")
    named = list(part.tree) if part is not None else []
    claims = [_claim(part.mapping(name), name, scenarios) for name in named] if part is not None else []
    if part is not None and not named:
        top.note("claims", "there are none")
    top.no_others()
    if problems:
        raise ConfigError(sorted(dict.fromkeys(problems), key=lambda one: (one.file, one.line, one.column)))
    found = [one for one in claims if one is not None]
    text = source.path.read_text(encoding="utf-8-sig")
    return Claims(title, tuple(found), tuple(scenarios.values()), text).only(*(one.id for one in found))


def _scenarios(top: Fields, folder: Path) -> dict[str, Scenario]:
    """Scenarios by the names that claims call them."""
    part, variants = top.mapping("scenarios"), Variants(top, folder)
    found: dict[str, Scenario] = {}
    for name in part.tree if part is not None else ():
        one = _scenario(part, name, variants) if part is not None else None
        if one is not None:
            found[name] = one.model_copy(update={"name": name})
    clocks = [one.clock for one in found.values()]
    if any(clock != clocks[0] for clock in clocks):
        top.note("scenarios", "the scenarios differ in their clock", "claims are held against the same dates")
    return found


def _scenario(part: Fields, name: str, variants: Variants) -> Scenario | None:
    if isinstance(part.tree[name], str):
        config = part.text(name)
        return variants.load(config, (), name, part) if config else None
    inner = part.mapping(name)
    if inner is None:
        return None
    config, settings = inner.text("config"), settings_of(inner)
    inner.no_others()
    return variants.load(config, settings, "config", inner) if config else None


def _claim(fields: Fields | None, name: str, scenarios: dict[str, Scenario]) -> Claim | None:
    if fields is None:
        return None
    before = len(fields.problems)
    computed = "compute" in fields.tree
    words: dict[str, Any] = {key: fields.text(key) or "" for key in ("title", "source", "date", "why")}
    if not computed:
        reported = fields.text("reported", rule="must be text, where there is no compute") or ""
        fields.no_others()
        return Claim(id=name, reported=reported, **words) if len(fields.problems) == before else None
    low, high, said = _reported(fields)
    tolerance = fields.number("tolerance", 0.0, _HUGE, 0.0) or 0.0
    claim = Claim(
        id=name,
        reported=said,
        unit=fields.text("unit") or "",
        low=low,
        high=high,
        tolerance=tolerance,
        tolerance_reason=fields.text("tolerance_reason", MISSING if tolerance else None) or "",
        basis=fields.choice("basis", tuple(BASES), "outcome") or "outcome",  # type: ignore[arg-type]
        reading=reading_of(fields.mapping("compute"), scenarios),
        also=_also(fields, scenarios),
        chances=_chances(fields, scenarios),
        **words,
    )
    fields.no_others()
    return claim if len(fields.problems) == before else None


def _reported(fields: Fields) -> tuple[float, float, str]:
    """Lowest and highest value reported, and both in words."""
    value = fields.get("reported", rule="a number, {from, to}, {at_least} or {at_most}")
    if isinstance(value, dict):
        return _range(fields)
    number = fields.number("reported", -_HUGE, _HUGE) if value is not None else None
    return (number, number, _said(number)) if number is not None else (0.0, 0.0, "")


def _said(number: float) -> str:
    return f"{number:,.12g}".replace("-", "\N{MINUS SIGN}")


def _range(fields: Fields) -> tuple[float, float, str]:
    inner = fields.mapping("reported")
    assert inner is not None
    forms = {("from", "to"), ("at_least",), ("at_most",)}
    if tuple(inner.tree) not in forms:
        fields.note("reported", "must be a number, {from, to}, {at_least} or {at_most}")
        return 0.0, 0.0, ""
    found: dict[str, Any] = {key: inner.number(key, -_HUGE, _HUGE) for key in inner.tree}
    if None in found.values():
        return 0.0, 0.0, ""
    if "from" in found:
        if found["from"] > found["to"]:
            fields.note("reported", f"the range is empty: from {found['from']:g} is above to {found['to']:g}")
        return found["from"], found["to"], f"{_said(found['from'])} to {_said(found['to'])}"
    if "at_least" in found:
        return found["at_least"], _INFINITE, f"at least {_said(found['at_least'])}"
    return -_INFINITE, found["at_most"], f"at most {_said(found['at_most'])}"


def _also(fields: Fields, scenarios: dict[str, Scenario]) -> tuple[str, ...]:
    """Other scenarios whose range counts."""
    found = []
    for place, name in enumerate(fields.listed("also", [])):
        if name in scenarios:
            found.append(str(name))
        else:
            fields.note(
                f"also/{place}", f"{shown(name)} is no scenario of this file", did_you_mean(str(name), list(scenarios))
            )
    return tuple(found)


def _chances(fields: Fields, scenarios: dict[str, Scenario]) -> tuple[Chance, ...]:
    """What is seen without the cause."""
    found = []
    for place, entry in enumerate(fields.listed("chance", [])):
        if not isinstance(entry, dict):
            fields.note(f"chance/{place}", f"must be a mapping, not {shown(entry)}")
            continue
        inner = Fields(fields.document, (*fields.path, "chance", str(place)), entry, fields.problems)
        reading, says = reading_of(inner.mapping("compute"), scenarios), inner.text("says")
        low, high = inner.number("at_least", -_HUGE, _HUGE, None), inner.number("at_most", -_HUGE, _HUGE, None)
        inner.no_others()
        if (low is None) == (high is None):
            inner.note("", "needs one of at_least and at_most")
        if reading is not None and says:
            found.append(Chance(reading, says, low, high))
    return tuple(found)
