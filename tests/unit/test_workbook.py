"""The workbook read back by a spreadsheet library: values and types, one table a sheet, never a formula."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import recorded
import xlsxwriter
from openpyxl.utils import range_boundaries
from typer.testing import CliRunner

from flowsim.cli.app import app
from flowsim.config.load import read as read_config
from flowsim.config.resolved import resolved_yaml
from flowsim.experiment import Comparison, Results
from flowsim.experiment.reading import read
from flowsim.workbook import NAME, WorkbookError, write
from flowsim.workbook.cells import LONGEST, Ink, text
from flowsim.workbook.days import daily
from flowsim.workbook.inputs import inputs
from flowsim.workbook.sheets import MOST_CELLS, Column, Sheet, lay, shortened

pytestmark = pytest.mark.unit

SHORT = ["clock.warm_up_days=3", "clock.window_days=40", "population.people=5000", "initial.home_care=10"]
MANIFEST: dict[str, Any] = {"seed": 1, "written": "2026-11-22T10:00:00+00:00"}
HOSTILE = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1+1", "http://a.b", "=HYPERLINK(A1)", "12"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of a short comparison, as the command writes it."""
    out = tmp_path_factory.mktemp("compared") / "run"
    settings = [word for one in SHORT for word in ("--set", one)]
    words = ["compare", "do_nothing", "transition_year", "-n", "2", "--jobs", "1", "--json", "--out", str(out)]
    result = CliRunner().invoke(app, [*words, *settings])
    assert result.exit_code == 0, result.output
    return out


@pytest.fixture(scope="module")
def results(folder: Path) -> Any:
    return read(folder)[0]


@pytest.fixture(scope="module")
def book(folder: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(folder / NAME)


def table(sheet: Any) -> list[list[Any]]:
    """The rows of a sheet's one table, headings first."""
    (found,) = sheet.tables.values()
    left, top, right, bottom = range_boundaries(found.ref)
    return [list(row) for row in sheet.iter_rows(top, bottom, left, right, values_only=True)]


def column(sheet: Any, name: str) -> list[Any]:
    head, *rows = table(sheet)
    return [row[head.index(name)] for row in rows]


def made(path: Path, outcome: Results, **manifest: Any) -> openpyxl.Workbook:
    return openpyxl.load_workbook(write(path / NAME, outcome, manifest={**MANIFEST, **manifest}, configs={}))


def same(cells: list[Any], values: list[Any]) -> bool:
    """Whether cells hold these values (a workbook keeps 16 digits); what is not a number is the sign for it."""
    return len(cells) == len(values) and all(
        cell == ("[x]" if isinstance(one, float) and math.isnan(one) else one)
        or (isinstance(one, float) and math.isclose(cell, one, rel_tol=1e-15))
        for cell, one in zip(cells, values, strict=True)
    )


def test_the_first_sheets_are_cover_contents_notes_and_definitions(book):
    assert book.sheetnames[:6] == ["Cover", "Contents", "Notes", "Definitions", "Summary", "Differences"]
    assert {"Attribution", "Delays", "Huddle tracker", "LIFE tracker", "Daily", "Replications", "Inputs"} < {
        *book.sheetnames
    }


def test_every_sheet_but_the_cover_holds_one_native_table_that_takes_all_of_its_last_rows(book):
    ends = {one.title: range_boundaries(*(each.ref for each in one.tables.values())) for one in book.worksheets[1:]}
    used = {one.title: (1, one.max_column, one.max_row) for one in book.worksheets[1:]}
    assert {name: (left, right, bottom) for name, (left, _, right, bottom) in ends.items()} == used


def test_tables_have_names_that_say_what_they_are_each_its_own(book):
    names = [name for one in book.worksheets for name in one.tables]
    assert (len(set(names)), names[:2]) == (len(book.worksheets) - 1, ["Contents_table", "Notes_table"])


def test_nothing_is_merged_and_no_cell_of_a_table_is_blank(book):
    assert [one.title for one in book.worksheets if one.merged_cells.ranges] == []
    assert [one.title for one in book.worksheets[1:] if any(None in row for row in table(one))] == []


def test_each_sheet_says_what_it_is_and_how_many_rows_it_has(book):
    rows = {one.title: len(table(one)) - 1 for one in book.worksheets[1:]}
    said = {one.title: one["A2"].value for one in book.worksheets[1:]}
    assert said == {name: f"This sheet holds one table of {count:,} rows, below." for name, count in rows.items()}
    assert book["Daily"]["A1"].value == "Daily: beds, LIFE, packages and queues by day"


def test_headings_stay_in_sight(book):
    assert {one.freeze_panes for one in book.worksheets[1:]} <= {f"A{row}" for row in range(4, 9)}


def test_the_contents_lead_to_every_other_sheet(book):
    links = [row[0].hyperlink for row in book["Contents"].iter_rows(min_row=4)]
    found = [one.location.partition("!")[0].strip("'") for one in links]
    assert found == [name for name in book.sheetnames if name != "Contents"]


def test_the_summary_is_that_of_the_results(book, results):
    frame = results.summary()
    frame = frame[frame["mean"].notna() | ~frame["measure"].isin(["bed_days_saved", "beds_equivalent"])]
    pairs = {"Mean": "mean", "95 % interval from": "ci_low", "95 % interval to": "ci_high"}
    pairs |= {"Standard deviation": "sd", "Count": "n", "Name in the files": "measure", "Unit": "unit"}
    assert [name for name, key in pairs.items() if not same(column(book["Summary"], name), frame[key].tolist())] == []


def test_the_differences_are_those_of_the_comparison_with_bed_days_saved_first(book, results):
    frame = results.differences().set_index("measure")
    found = zip(
        *(column(book["Differences"], name) for name in ("Name in the files", "Difference", "95 % interval to")),
        strict=True,
    )
    wrong = [
        name for name, mean, high in found if not same([mean, high], frame.loc[name, ["mean", "ci_high"]].tolist())
    ]
    assert (wrong, column(book["Differences"], "Measure")[0]) == ([], "Bed days saved")


def test_the_causes_are_those_of_the_comparison(book, results):
    assert same(column(book["Attribution"], "Bed days saved"), results.attribution()["mean"].tolist())


def test_the_replications_are_those_of_the_results(book, results):
    frame = results.replications
    assert same(column(book["Replications"], "Value"), frame["value"].tolist())
    assert column(book["Replications"], "Name in the files") == frame["measure"].tolist()


def test_daily_numbers_are_means_and_bands_over_the_replications(book, results):
    record = results.record
    head, *rows = table(book["Daily"])
    beds = record.daily[0, :, record.series.index("beds_core")]
    at = head.index("Core beds in use (beds)")
    first = [row[at : at + 3] for row in rows[: beds.shape[1]]]
    assert np.allclose(first, np.column_stack([beds.mean(axis=0), *np.percentile(beds, (5, 95), axis=0)]))


def test_days_are_dates_and_the_warm_up_is_marked(book):
    days, counted = column(book["Daily"], "Date"), column(book["Daily"], "Counted")
    assert days[:2] == [dt.datetime(2016, 10, 3), dt.datetime(2016, 10, 4)]
    assert counted[:4] == ["warm-up", "warm-up", "warm-up", "yes"]


def test_inputs_say_where_a_value_was_set_and_who_says_so(book):
    head, *rows = table(book["Inputs"])
    row = dict(zip(head, next(one for one in rows if one[1] == "population.practices.list_size_cv"), strict=True))
    assert (row["Value"], row["Grade"], row["Low"]) == (0.5, "D", 0.3)
    assert (row["Where it was set"].rpartition(":")[0], "ONS" in row["Source"]) == ("configs/base.yaml", True)


def test_inputs_are_read_back_from_the_resolved_configuration_as_they_were_set():
    loaded = read_config("sceptical", SHORT)
    name = loaded.scenario.name
    assert inputs([loaded.scenario], {name: resolved_yaml(loaded)}).rows == inputs([loaded.scenario], {}).rows


def test_numbers_are_shown_in_their_unit(book):
    sheet = book["Summary"]
    head = table(sheet)[0]
    cells = [(row[head.index("Unit")].value, row[head.index("Mean")]) for row in sheet.iter_rows(min_row=6)]
    formats = {unit: cell.number_format for unit, cell in cells if cell.data_type == "n"}
    assert (formats["share"][-1], formats["pounds"], formats["people"]) == ("%", '"£"#,##0', "#,##0")


def test_the_cover_asks_answers_and_warns(book):
    lines = [row[0] for row in book["Cover"].iter_rows(values_only=True)]
    assert lines[0] == "Patient flow between hospital and home: Transition year against Do nothing"
    assert lines[lines.index("Answer") + 1].startswith("Transition year ")
    assert any("2 replications: intervals are wide" in line for line in lines)
    assert any("By flowsim 0.1.0" in line for line in lines)


def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path):
    with xlsxwriter.Workbook(tmp_path / NAME) as empty:  # with xlsxwriter's own readiness to see formulas
        lay(empty, Ink(empty), Sheet("A", "=1+1", "", (Column("Text"),), [[one] for one in HOSTILE]), {})
    sheet = openpyxl.load_workbook(tmp_path / NAME)["A"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert column(sheet, "Text") == HOSTILE


def test_a_scenario_named_like_a_formula_is_text_wherever_it_stands(tmp_path):
    record = recorded.of_two()
    hostile = record.scenarios[1].model_copy(update={"name": HOSTILE[0], "title": HOSTILE[0]})
    found = made(tmp_path, Comparison(replace(record, scenarios=(record.scenarios[0], hostile))), command=HOSTILE)
    cells = [cell for sheet in found.worksheets for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert HOSTILE[0] in column(found["Summary"], "Scenario")


def test_what_xml_does_not_allow_is_shown_as_an_escape(tmp_path):
    record = recorded.of_one()
    scenario = record.scenarios[0].model_copy(update={"title": "a\x01b\ud800c\ufffe"})
    found = made(tmp_path, Results(replace(record, scenarios=(scenario,))))
    lines = [row[0] for row in found["Cover"].iter_rows(values_only=True)]
    assert "Before: a\\x01b\\ud800c\\ufffe" in lines


def test_a_text_longer_than_a_cell_is_cut_and_says_so():
    assert len(text("x" * LONGEST)) == LONGEST
    assert text("x" * (LONGEST + 1)).endswith("the whole text is in the run folder]")
    assert len(text("\U0001f600" * 20_000).encode("utf-16-le")) / 2 < LONGEST


def test_what_is_no_number_has_a_sign_and_what_has_no_end_says_so(tmp_path):
    record = recorded.of_one()
    found = made(tmp_path, Results(replace(record, series=("core_capacity",), daily=np.full((1, 3, 1, 12), np.inf))))
    assert set(column(found["Daily"], "Core beds there are (beds)")) == {"unlimited"}
    assert column(found["Summary"], "Mean") == [1100.0, "[x]"]


def test_a_run_of_one_scenario_has_no_differences(tmp_path):
    assert {"Differences", "Attribution"}.isdisjoint(made(tmp_path, Results(recorded.of_one())).sheetnames)


def test_a_table_of_too_many_cells_is_cut_with_a_word(tmp_path):
    long = Sheet("Long", "Long", "", (Column("A"), Column("B")), [[1, 2]] * MOST_CELLS, whole="long.parquet")
    found = shortened(long)
    assert len(found.rows) == MOST_CELLS // 2
    assert "the first 50,000 of 100,000; all of them are in long.parquet" in found.words[-1]


@pytest.mark.parametrize(("days", "step"), [(400, "day"), (4_000, "week"), (20_000, "month")])
def test_days_that_are_too_many_become_weeks_or_months_and_say_so(days, step):
    record = recorded.of_two()
    values = np.arange(days, dtype=float) * np.ones((2, 3, 15, 1))
    sheet = daily(replace(record, series=tuple(f"series_{one}" for one in range(15)), daily=values))
    assert sheet is not None
    assert (sheet.title.endswith(step), len(sheet.rows) * len(sheet.columns) <= MOST_CELLS) == (True, True)
    assert any(f"means of each {step}" in line for line in sheet.words) == (step != "day")


def test_the_same_results_give_the_same_bytes(tmp_path, results):
    first, second = (results.to_excel(tmp_path / f"{one}.xlsx").read_bytes() for one in ("a", "b"))
    assert first == second


def test_the_workbook_is_sealed_and_made_anew_with_the_same_bytes(folder):
    before = (folder / NAME).read_bytes()
    assert CliRunner().invoke(app, ["export", str(folder), "--to", "xlsx"]).exit_code == 0
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"][NAME]["sha256"]
    assert (folder / NAME).read_bytes() == before
    assert listed == hashlib.sha256(before).hexdigest()


def test_nothing_is_written_without_a_finished_replication(tmp_path):
    with pytest.raises(WorkbookError, match="no replication finished"):
        Results(recorded.of_none()).to_excel(tmp_path / NAME)
    assert list(tmp_path.iterdir()) == []


def test_money_is_in_the_workbook_to_the_penny(book: openpyxl.Workbook, results: Any) -> None:
    from flowsim.money import read_terms, savings_of

    savings = savings_of(results, read_terms())
    assert same(column(book["Money"], "Saving"), savings.frame()["mean"].tolist())
    assert same(column(book["Sharing"], "Saving after sharing"), savings.settlements()["after_sharing"].tolist())


def test_the_open_book_adds_up_to_the_savings_beside_it(book: openpyxl.Workbook) -> None:
    whole = [
        saving
        for saving, payer, line in zip(
            *(column(book["Money"], name) for name in ("Saving", "Payer", "Line")), strict=True
        )
        if line == "Net saving" and payer in ("All public payers", "People themselves")
    ]
    assert math.isclose(sum(column(book["Open book"], "Saving")), sum(whole), abs_tol=0.01)


def test_what_has_no_prices_has_no_money(tmp_path: Path) -> None:
    assert {"Money", "Open book", "Sharing"}.isdisjoint(made(tmp_path, Results(recorded.of_one())).sheetnames)
