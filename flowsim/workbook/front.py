"""The first sheets: the cover that answers, the contents that lead on, the notes that define."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flowsim.measures import DAILY
from flowsim.plots import headings
from flowsim.plots.words import date, label, measure_label, sentence_case
from flowsim.report import numbers, page
from flowsim.report.cautions import CLAIMS, cautions
from flowsim.report.changed import GRADES
from flowsim.workbook.cells import LINE_HEIGHT, NOT_APPLICABLE, NOT_AVAILABLE, UNLIMITED, Ink, Value, lines_of
from flowsim.workbook.days import HIGH, LOW, TITLES
from flowsim.workbook.sheets import A4, CONTENTS, MOST_CELLS, Column, Sheet
from flowsim.workbook.tables import better

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter import Workbook

    from flowsim.experiment import Results
    from flowsim.experiment.record import Record

COVER, NOTES, DEFINITIONS = "Cover", "Notes", "Definitions"
_WIDE = 80.0
_TITLE = 18

_GENERAL = {
    "Symbols": f"{NOT_AVAILABLE} cannot be computed, or is not stated; {NOT_APPLICABLE} does not apply there; "
    f"{UNLIMITED}: no limit is set. A measure cannot be computed where nobody did what it counts, and an interval "
    "not from one replication.",
    "Intervals": "95 % intervals of a mean over the replications (Student's t; Wilson's for proportions), never beyond "
    "what is possible. Intervals of several alternatives hold together with 95 %. They cover chance in the model, not "
    "doubt about the assumptions, unless parameters were drawn (run --uncertain).",
    "Pairing": "Every scenario meets the same people with the same luck in a replication of the same number, so a "
    "difference is taken replication by replication and is due to what was changed.",
    "Censoring": "Whoever is still in a bed, in LIFE or waiting at the end of the window counts up to the end; nobody "
    "is left out. Bed days are those inside the window, whenever a stay began.",
    "Warm-up": "Days before the window fill the hospital and count in no measure. They are on the sheet of daily "
    "numbers and are called warm-up there.",
    "Better when": "Higher or lower is good news for patients or the system; neither, where it says nothing by itself.",
    "Rounding": "Cells hold full numbers and show as many figures as mean something. Shares are shown as per cent.",
    "Cut tables": f"A table of more than {MOST_CELLS:,} cells is cut, or its days are made weeks or months; it says so "
    "above its headings. The Parquet files of the run folder hold everything.",
    f"{LOW} % and {HIGH} %": "By day: the value that so many of the replications are below on that day.",
    "What the effects are": CLAIMS,
    "Licence": "flowsim is free software under the MIT licence; the numbers are the user's own.",
}


def cover(book: Workbook, ink: Ink, outcome: Results, summary: pd.DataFrame, manifest: Mapping[str, Any]) -> None:
    """Add the cover: question, answer, what was run, cautions, and where to go next; one column, read downwards."""
    sheet = book.add_worksheet(COVER)
    sheet.set_column(0, 0, _WIDE)
    sheet.hide_gridlines(2)
    names = [label(one.name) for one in outcome.scenarios]
    ink.words(sheet, 0, 0, title(names), bold=True, font_size=_TITLE, text_wrap=True)
    sheet.set_row(0, 1.6 * LINE_HEIGHT * lines_of(title(names), _WIDE / 1.7))
    row = 1
    for heading, lines in _said(outcome, summary, manifest, names):
        ink.words(sheet, row, 0, heading, bold=True, font_size=14, font_color="#005EB8", valign="bottom")
        sheet.set_row(row, 1.8 * LINE_HEIGHT)
        for at, line in enumerate(lines, start=row + 1):
            ink.words(sheet, at, 0, line, text_wrap=True)
            sheet.set_row(at, LINE_HEIGHT * lines_of(line, _WIDE))
        row += len(lines) + 1
    sheet.write_url(row, 0, f"internal:'{CONTENTS}'!A1", None, f"Go to {CONTENTS.lower()}")
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def title(names: Sequence[str]) -> str:
    """What the workbook is, in a line."""
    what = names[0] if len(names) == 1 else f"{', '.join(names[1:])} against {names[0]}"
    return f"Patient flow between hospital and home: {what}"


def _said(
    outcome: Results, summary: pd.DataFrame, manifest: Mapping[str, Any], names: Sequence[str]
) -> Iterator[tuple[str, list[str]]]:
    """Headings of the cover and the lines under each."""
    scenarios = outcome.scenarios
    yield "Question", [page.question(scenarios)]
    yield "Answer", numbers.answers(summary, scenarios[0].clock.window_days)
    yield "What was run", [f"{heading}: {words}" for heading, words in page.asked(scenarios, summary, manifest)]
    yield (
        "Scenarios",
        [
            name if one.title in ("", name) else f"{name}: {one.title}"
            for name, one in zip(names, scenarios, strict=True)
        ],
    )
    yield "Cautions", [f"{one.kind}: {one.text}" for one in cautions(outcome, summary, manifest)]
    yield "Made", _made(manifest)


def _made(manifest: Mapping[str, Any]) -> list[str]:
    import datetime as dt

    import flowsim

    version = f"By flowsim {manifest.get('flowsim', flowsim.__version__)}"
    model = f", model version {manifest['model_version']}" if "model_version" in manifest else ""
    written = manifest.get("written")
    on = f", on {date(dt.datetime.fromisoformat(str(written)))}" if written else ""
    return [f"{version}{model}{on}.", "Simulated numbers, of made-up people; no patient data are in this workbook."]


def contents(sheets: Sequence[Sheet]) -> Sheet:
    """The sheet that leads to all others: what each holds and how many rows it has."""
    rows: list[list[Value]] = [[COVER, "Question, answer, what was run, and cautions", NOT_APPLICABLE]]
    rows += [[one.name, one.holds, len(one.rows)] for one in sheets]
    return Sheet(
        CONTENTS,
        "Contents: the sheets of this workbook",
        "",
        (Column("Sheet", 24), Column("What it holds", 100), Column("Rows", 10, "#,##0")),
        rows,
        links={at: str(row[0]) for at, row in enumerate(rows)},
    )


def notes(record: Record, manifest: Mapping[str, Any]) -> Sheet:
    """How to read the numbers, and how to get them again."""
    rows = [
        *(["Reading", name, words] for name, words in _GENERAL.items()),
        *(["Grade of evidence", name, sentence_case(words)] for name, words in GRADES.items()),
        *(
            ["Scenario", label(one.name), f"{one.title}; in the files it is called {one.name}"]
            for one in record.scenarios
        ),
        *(["Making it again", name, words] for name, words in _again(manifest)),
    ]
    return Sheet(
        NOTES,
        "Notes: how to read the numbers, and how to make them again",
        "Symbols, intervals, pairing, censoring, grades of evidence, licence, and how to make it again",
        (Column("About", 20), Column("Name", 32), Column("Note", 100)),
        rows,
    )


def definitions(record: Record, summary: pd.DataFrame) -> Sheet:
    """What each measure, series by day and count by month is, its unit, and which way is better."""
    rows = [
        *(
            _defined("Measure", measure_label(one.id), one.definition, one.id, one.unit, better(one.id))
            for one in numbers.definitions(summary)
        ),
        *(
            _defined(
                "Series by day", headings.series(name)[0], sentence_case(DAILY[name]), name, headings.series(name)[1]
            )
            for name in record.series
            if name in DAILY
        ),
        *_counts(record),
    ]
    columns = (Column("Kind", 20), Column("Name", 36), Column("What it is", 90), Column("Unit", 14))
    return Sheet(
        DEFINITIONS,
        "Definitions: what each measure, series by day and count by month is",
        "What every measure counts, its unit and which way is better",
        (*columns, Column("Better when", 11), Column("Name in the files", 38)),
        rows,
    )


def _defined(kind: str, name: str, words: str, file: str, unit: str = "", good: str = "") -> list[Value]:
    return [kind, name, words, unit or NOT_APPLICABLE, good or NOT_APPLICABLE, file]


def _again(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    typed = page.command(manifest)
    if typed:
        yield "Command", typed
    yield (
        "How",
        (
            f"Install the version named here and {'run the command again, or ' if typed else ''}compare (or run) the "
            "scenarios' files, such as config.*.resolved.yaml of a run folder, with the same seed and replications: "
            "the same numbers come out, for any number of workers."
        ),
    )
    for name, words in page.facts(manifest):
        yield sentence_case(name), words


def _counts(record: Record) -> Iterator[list[Value]]:
    from flowsim.measures import TRACKERS

    for name in record.trackers:
        for column, words in TRACKERS[name][1].items() if name in TRACKERS else ():
            called, unit = headings.count(name, column)
            yield _defined(TITLES.get(name, name), called, words, column, unit)
