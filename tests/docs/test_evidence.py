"""Every number of the shipped configurations has evidence, and the evidence speaks of what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from flowsim.config.evidence import Evidence, EvidenceTable, load_evidence
from flowsim.config.explain import explain
from flowsim.config.files import Source, packaged, packaged_names, read_file
from flowsim.config.load import read
from flowsim.config.problems import KeyPath, dotted
from flowsim.config.translate import value_at
from flowsim.uncertain.draw import draw
from flowsim.uncertain.unknowns import unknowns_of

pytestmark = pytest.mark.docs

GRADES = ("A", "B", "C", "D", "seed")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
OVERLAYS = [name for name in packaged_names() if name != "base"]
PAGE = Path(__file__).parents[2] / "docs" / "assumptions.md"


@cache
def tree(name: str) -> dict[str, Any]:
    """A shipped configuration as it is written, without what it extends."""
    document = read_file(Source(packaged() / f"{name}.yaml", name))
    assert document.tree is not None
    return document.tree


@cache
def table() -> EvidenceTable:
    """The shipped evidence."""
    return load_evidence()


def is_number(value: Any) -> bool:
    """A number or a date; words, nulls and switches are none."""
    return (isinstance(value, (int, float)) and not isinstance(value, bool)) or bool(DATE.fullmatch(str(value)))


def numbers(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Each number below a path; those of a list stand at their place in it."""
    if isinstance(value, Mapping):
        for key, under in value.items():
            yield from numbers(under, (*path, str(key)))
    elif isinstance(value, list):
        for place, under in enumerate(value):
            yield from numbers(under, (*path, str(place)))
    elif is_number(value):
        yield path, value


def evidence_for(name: str, path: KeyPath) -> Evidence | None:
    """The row of a number: of its overlay, or of base if the overlay repeats what base states."""
    if name != "base":
        own = table().of((f"{name}:{path[0]}", *path[1:]))
        repeated = value_at(tree("base"), path) == value_at(tree(name), path)
        return own or (table().of(path) if repeated else None)
    return table().of(path)


def parts(row: Evidence) -> tuple[str, KeyPath]:
    """The configuration a row speaks of, and the path in it."""
    name, colon, path = row.path.rpartition(":")
    return (name if colon else "base"), tuple(path.split("."))


def found(value: Any, pattern: KeyPath) -> bool:
    """Whether a tree has something at a path, in which ``*`` stands for any one key."""
    if not pattern:
        return True
    if not isinstance(value, Mapping):
        return False
    keys = value if pattern[0] == "*" else [key for key in value if key == pattern[0]]
    return any(found(value[key], pattern[1:]) for key in keys)


@pytest.mark.parametrize("name", ["base", *OVERLAYS])
def test_every_number_has_a_row(name):
    assert [dotted(path) for path, _ in numbers(tree(name)) if evidence_for(name, path) is None] == []


@pytest.mark.parametrize("name", ["base", *OVERLAYS])
def test_every_number_lies_in_the_range_of_its_row(name):
    outside = []
    for path, value in numbers(tree(name)):
        row = evidence_for(name, path)
        if row is not None and row.low is not None and row.high is not None and not row.low <= value <= row.high:
            outside.append((dotted(path), value, row.low, row.high))
    assert outside == []


def test_every_row_speaks_of_something_that_is_there():
    assert [row.path for row in table().rows if not found(tree(parts(row)[0]), parts(row)[1])] == []


def test_no_row_covers_a_whole_part_of_the_configuration():
    assert [row.path for row in table().rows if len(parts(row)[1]) < 2] == []


def test_every_row_says_what_it_means_and_who_says_so():
    rows = table().rows
    assert [row.path for row in rows if not (row.meaning and row.source and row.distribution)] == []


def test_grades_are_those_that_the_page_explains():
    assert {row.grade for row in table().rows} <= set(GRADES)
    assert all(f"| {grade} |" in PAGE.read_text(encoding="utf-8") for grade in GRADES)


def test_ranges_have_two_ends_in_order():
    rows = [row for row in table().rows if row.low is not None or row.high is not None]
    assert [row.path for row in rows if row.low is None or row.high is None or row.low > row.high] == []


def test_an_official_or_published_figure_names_a_source_that_is_not_us():
    rows = [row for row in table().rows if row.grade in ("A", "B", "seed")]
    assert [row.path for row in rows if row.source.startswith("our assumption")] == []


def rows_of_page() -> list[list[str]]:
    """Cells of the table of the twelve assumptions: number, path, value, grade, and so on."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d+ \|", line)]
    assert len(cells) == 12
    return cells


def stated(cells: list[str]) -> list[tuple[str, KeyPath, float]]:
    """Configuration, path and value of each number the page gives."""
    found = re.findall(r"`([^`]+)`: ([\d.,]*\d)", cells[2])
    split = [(path.rpartition(":"), float(value.replace(",", ""))) for path, value in found]
    return [(name or "base", tuple(path.split(".")), value) for (name, _, path), value in split]


def in_files(name: str, path: KeyPath) -> float:
    """The number at a path; with ``*`` at its end, the sum of all below."""
    if path[-1] == "*":
        return sum(value_at(tree(name), path[:-1]).values())
    return float(value_at(tree(name), path))


@pytest.mark.parametrize("cells", rows_of_page(), ids=lambda cells: cells[0])
def test_the_page_states_each_assumption_as_the_files_do(cells):
    assert [(name, path, in_files(name, path)) for name, path, _ in stated(cells)] == stated(cells) != []


@pytest.mark.parametrize("cells", rows_of_page(), ids=lambda cells: cells[0])
def test_the_page_grades_each_assumption_as_the_files_do(cells):
    rows = [evidence_for(name, path) for name, path, _ in stated(cells)]
    assert sorted({row.grade if row else "no row" for row in rows}) == sorted(cells[3].split(", "))


def test_explain_shows_what_speaks_for_the_value_that_an_overlay_sets():
    says = {name: explain(read(name), "huddles.effect.rate_ratio")[0] for name in ("base", "sceptical", "adverse")}
    assert says["adverse"].meaning != says["base"].meaning
    assert says["sceptical"].meaning == says["base"].meaning


@pytest.mark.parametrize("name", ["base", *OVERLAYS])
def test_every_unknown_of_a_shipped_scenario_varies_about_its_value(name):
    """Nothing is held for lying outside its range, and a set can be drawn that the model accepts."""
    unknowns = unknowns_of([read(name).scenario], table())
    assert unknowns.held == ()
    assert len(draw(unknowns, 3, 1)) == 3


def test_rows_that_do_not_vary_say_why():
    rows = [row for row in table().rows if not row.spread.varied and row.spread.word != "what-if"]
    assert [row.path for row in rows if row.low != row.high and not row.spread.words and row.low is not None] == []


def test_claims_and_choices_are_not_drawn_unasked():
    words = {row.path: row.spread.word for row in table().rows}
    assert {words[path] for path in ("transition_year:huddles.effect.rate_ratio", "life.slots", "d2a.units_live")} == {
        "what-if"
    }
