"""What stands above and beside the numbers of the workbook: units in headings, words for codes, room beside them."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import recorded
import xlsxwriter

from flowsim.experiment import Comparison
from flowsim.experiment.tracked import Cube
from flowsim.measures import DAILY, TRACKERS
from flowsim.plots import headings
from flowsim.workbook import write
from flowsim.workbook.cells import Ink
from flowsim.workbook.days import daily, trackers
from flowsim.workbook.sheets import Column, Sheet, lay

pytestmark = pytest.mark.unit

PRACTICE = "<b>=The Practice_1</b>"


def tracked(name: str, *rows: str) -> Any:
    """A record with one month of this dashboard."""
    record = recorded.of_two()
    columns = tuple(TRACKERS[name][1])
    cube = Cube(rows, ("2017-04",), columns, np.ones((2, 3, len(rows), 1, len(columns))))
    return dataclasses.replace(record, trackers={name: cube})


def laid(path: Path, sheet: Sheet) -> Any:
    with xlsxwriter.Workbook(path) as book:
        lay(book, Ink(book), sheet, {})
    return openpyxl.load_workbook(path)[sheet.name]


def test_every_series_by_day_has_a_unit_in_its_heading() -> None:
    assert sorted(headings.SERIES) == sorted(DAILY)
    sheet = daily(recorded.of_two())
    assert sheet is not None
    assert [one.name for one in sheet.columns[3:6]] == [
        "Core beds in use (beds)", "Core beds in use, 5 % (beds)", "Core beds in use, 95 % (beds)"
    ]  # fmt: skip


@pytest.mark.parametrize("name", list(TRACKERS))
def test_every_count_by_month_has_a_unit_and_a_heading_of_its_own(name: str) -> None:
    (sheet,) = trackers(tracked(name, "all"))
    said = [one.name for one in sheet.columns[3:]]
    assert [one for one in said if not one.endswith(")")] == []
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("name", "row", "said"),
    [("life", "front_door", "Front door"), ("packages", "small", "Small"), ("outcomes", "all", "Everyone"),
     ("huddles", PRACTICE, PRACTICE)],
)  # fmt: skip
def test_rows_of_a_dashboard_are_words_and_practices_keep_their_names(name: str, row: str, said: str) -> None:
    (sheet,) = trackers(tracked(name, row))
    assert {line[1] for line in sheet.rows} == {said}


def test_series_and_counts_are_defined_with_their_units(tmp_path: Path) -> None:
    outcome = Comparison(tracked("life", "ward"))
    book = openpyxl.load_workbook(write(tmp_path / "a.xlsx", outcome, manifest={}, configs={}))
    rows = [
        row for row in book["Definitions"].iter_rows(values_only=True) if row[0] in ("Series by day", "LIFE tracker")
    ]
    assert {row[3] for row in rows} == {"beds", "people"}


def test_words_stand_apart_from_the_numbers_before_them(tmp_path: Path) -> None:
    sheet = laid(tmp_path / "a.xlsx", Sheet("S", "", "", (Column("Number"), Column("Word")), [[1.0, "one"]]))
    cells = [sheet.cell(row, 2).alignment for row in (sheet.max_row - 1, sheet.max_row)]
    assert [(one.horizontal, one.indent) for one in cells] == [("left", 1), ("left", 1)]  # without a side no indent


def test_a_table_too_wide_for_a_page_is_printed_on_several(tmp_path: Path) -> None:
    wide = Sheet("S", "", "", tuple(Column(f"C{at}", 14) for at in range(60)), [[1.0] * 60])
    page = laid(tmp_path / "a.xlsx", wide)
    assert (page.sheet_properties.pageSetUpPr.fitToPage, page.page_setup.scale) == (None, 50)
    assert page.print_title_cols == "$A:$B"


def test_the_cover_says_what_a_scenario_is_once(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(tmp_path / "a.xlsx", Comparison(recorded.of_two()), manifest={}, configs={}))
    lines = [row[0] for row in book["Cover"].iter_rows(values_only=True)]
    assert [line for line in lines if line and ": " in line and len(set(line.split(": "))) == 1] == []


@pytest.mark.parametrize("command", [["flowsim", "compare", "before", "after"], []])
def test_how_to_make_it_again_speaks_of_a_command_only_where_there_is_one(tmp_path: Path, command: list[str]) -> None:
    outcome = Comparison(recorded.of_two())
    book = openpyxl.load_workbook(write(tmp_path / "a.xlsx", outcome, manifest={"command": command}, configs={}))
    (how,) = (row[2] for row in book["Notes"].iter_rows(values_only=True) if row[1] == "How")
    assert ("run the command again" in how, "config.*.resolved.yaml" in how) == (bool(command), True)
