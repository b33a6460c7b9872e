"""Terms in a file: read with the rules of a configuration, every fault named with its place."""

from __future__ import annotations

import datetime as dt
import math
import os
from collections.abc import Callable, Mapping
from typing import TypeVar

from flowsim.config.files import Source, find, packaged, read_file
from flowsim.config.problems import ConfigError, Problem, did_you_mean, dotted, problem_at, shown
from flowsim.decide.fields import Fields
from flowsim.money.ledger import financial_year
from flowsim.money.prices import PAYERS, PEOPLE, PriceIndex
from flowsim.money.terms import Fund, Partner, Posts, Statement, Terms

EVIDENCE = ("source", "id", "grade", "low", "high", "distribution")
"""What may stand beside the numbers of an entry; see ``evidence.yaml``."""
FIGURES = ("net_saving", "bed_days_value", "bed_days_value_as_printed", "beds_saved")
"""Numbers of a run that a statement can be set against."""
_POUNDS = 1e12
_One = TypeVar("_One")


def read_terms(path: str | os.PathLike[str] | None = None) -> Terms:
    """The terms of a file, the shipped ones unless another is named.

    Raises
    ------
    ConfigError
        With every fault: a payer or a year that does not exist, a number out of range, an unknown key.
    """
    own = Source(packaged() / "money" / "programme.yaml", "configs/money/programme.yaml")
    document = read_file(find(os.fspath(path)) if path is not None else own)
    problems: list[Problem] = list(document.problems)
    if document.tree is None:
        raise ConfigError(problems)
    top = Fields(document, (), document.tree, problems)
    top.get("title", None)
    partners = _each(top, "partners", _partner)
    if not problems and not any(one.weight > 0.0 for one in partners):
        top.note("partners", "needs a partner of a weight above 0")
    terms = Terms(
        partners=tuple(partners),
        posts=tuple(_each(top, "posts", _posts)),
        fund=_fund(top.mapping("package_fund", None)),
        statements=tuple(_each(top, "statements", _statement)),
        index=PriceIndex(_by_year(top.mapping("price_index", None), above=True)),
        places={dotted(path): str(mark) for path, mark in document.marks.items()},
        file=document.marks[()].file,
    )
    top.no_others()
    if problems:
        raise ConfigError(sorted(dict.fromkeys(problems), key=lambda one: (one.line, one.column)))
    return terms


def _each(top: Fields, key: str, read: Callable[[Fields, str], _One]) -> list[_One]:
    """The entries of a mapping, each read; those that are no mappings are faults."""
    part = top.mapping(key, None)
    inner = {name: part.mapping(name) for name in part.tree} if part is not None else {}
    return [read(fields, name) for name, fields in inner.items() if fields is not None]


def _end(fields: Fields) -> None:
    for key in EVIDENCE:
        fields.get(key, None)
    fields.no_others()


def _partner(fields: Fields, name: str) -> Partner:
    if name == PEOPLE:
        fields.note("", "people who pay themselves are no partner", "leave it out")
    elif name not in PAYERS:
        fields.note("", f"no payer is called {shown(name)}", did_you_mean(name, PAYERS, "one of"))
    weight, liability = fields.number("weight", 0.0, _POUNDS), fields.number("liability", 0.0, _POUNDS, 0.0)
    _end(fields)
    return Partner(name, weight or 0.0, liability or 0.0)


def _posts(fields: Fields, name: str) -> Posts:
    found = Posts(
        name=name,
        title=fields.text("title") or "",
        payer=fields.choice("payer", PAYERS) or "",
        price_year=_year(fields, "price_year"),
        pounds_a_year=fields.number("pounds_a_year", 0.0, _POUNDS) or 0.0,
        by_date=_by_date(fields.mapping("by_date")),
        needs=fields.text("needs", rule="must be the name of a measure") or "",
        priced_in=fields.text("priced_in", None) or "",
        priced_share=fields.number("priced_share", 0.0, 1.0, 0.0) or 0.0,
    )
    _end(fields)
    return found


def _fund(fields: Fields | None) -> Fund | None:
    if fields is None:
        return None
    found = Fund(
        title=fields.text("title") or "",
        items=tuple(_once(fields, "items")),
        pounds=_by_year(fields.mapping("pounds")),
        beyond=fields.choice("beyond", PAYERS) or "",
    )
    if not found.pounds and isinstance(fields.tree.get("pounds"), dict):
        fields.note("pounds", "needs the pounds of a financial year, such as {2017/18: 1200000}")
    _end(fields)
    return found


def _once(fields: Fields, key: str) -> list[str]:
    """A list that has something in it, and nothing twice."""
    listed = [str(one) for one in fields.listed(key)]
    twice = [one for one in dict.fromkeys(listed) if listed.count(one) > 1]
    if twice:
        fields.note(key, f"lists {', '.join(twice)} more than once", "keep one")
    elif key in fields.tree and not listed:
        fields.note(key, "must list at least one")
    return listed


def _statement(fields: Fields, name: str) -> Statement:
    low, high, words = _reported(fields)
    found = Statement(
        claim=fields.text("claim") or "",
        what=fields.choice("what", FIGURES) or "",
        title=fields.text("title", None) or "",
        unit=fields.text("unit", None) or "",
        low=low,
        high=high,
        reported=words,
        tolerance=fields.number("tolerance", 0.0, _POUNDS, None),
        year=_year(fields, "year") if "year" in fields.tree else "",
        times=fields.number("times", -_POUNDS, _POUNDS, 1.0) or 0.0,
        over=fields.number("over", 0.0, _POUNDS, 1.0, above=True) or 1.0,
        beyond_previous=_yes_or_no(fields, "beyond_previous"),
        phases=tuple(str(one) for one in fields.listed("phases", [])),
        why=fields.text("why", None) or "",
        name=name,
    )
    if fields.tree.get("times") == 0:
        fields.note("times", "must not be 0: every figure would be")
    if found.beyond_previous and not found.phases:
        fields.note("beyond_previous", "needs phases, the last of which the scenario before lacks")
    fields.no_others()
    return found


def _yes_or_no(fields: Fields, key: str) -> bool:
    value = fields.get(key, False, "true or false")
    if value is not None and not isinstance(value, bool):
        fields.note(key, f"must be true or false, not {shown(value)}")
    return value is True


def _reported(fields: Fields) -> tuple[float | None, float | None, str]:
    """Lowest and highest value reported, and in words; nothing where the claim's own number holds."""
    if isinstance(fields.tree.get("reported"), dict):
        inner = fields.mapping("reported")
        least = inner.number("at_least", -_POUNDS, _POUNDS) if inner is not None else None
        if inner is not None:
            inner.no_others()
        return least, math.inf, f"at least {least or 0.0:g}"
    number = fields.number("reported", -_POUNDS, _POUNDS, None)
    return number, number, "" if number is None else f"{number:,g}"


def _by_year(fields: Fields | None, *, above: bool = False) -> Mapping[str, float]:
    """Amounts by financial year; ``above`` for those that must be more than 0."""
    found = {}
    for label, value in fields.tree.items() if fields is not None else ():
        assert fields is not None
        fault = _year_fault(label)
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not fault and not (number and 0.0 <= value <= _POUNDS and (value > 0.0 or not above)):
            fault = f"must be a number {'above' if above else 'of at least'} 0, not {shown(value)}"
        if fault:
            _note_year(fields, label, fault)
        found[label] = float(value) if number else 0.0
    return found


def _note_year(fields: Fields, label: str, fault: str) -> None:
    """Note a fault at a key whose slash is part of it."""
    path = (*fields.path, label)
    message, _, hint = fault.partition("; ")
    fields.problems.append(problem_at(fields.document.marks[path], path, message, hint))


def _by_date(fields: Fields | None) -> Mapping[dt.date, float]:
    """Numbers by date, which must rise."""
    found: dict[dt.date, float] = {}
    for text in fields.tree if fields is not None else ():
        assert fields is not None
        try:
            date = dt.date.fromisoformat(text)
        except ValueError:
            fields.note(text, f"{shown(text)} is not a date", "write it as 2017-10-02")
            continue
        if any(date <= one for one in found):
            fields.note(text, "dates must rise")
        found[date] = fields.number(text, 0.0, 1e6) or 0.0
    if fields is not None:
        fields.asked += list(fields.tree)
        fields.no_others()
    return found


def _year(fields: Fields, key: str) -> str:
    label = fields.text(key, rule="must be a financial year such as 2017/18") or ""
    message, _, hint = _year_fault(label).partition("; ") if label else ("", "", "")
    if message:
        fields.note(key, message, hint)
    return label


def _year_fault(label: str) -> str:
    try:
        financial_year(label)
    except ValueError as error:
        return str(error)
    return ""
