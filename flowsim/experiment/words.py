"""Results in words: which measures come first, numbers as people read them, and the sentence that says the answer."""

from __future__ import annotations

import html
import math
from collections.abc import Callable

from flowsim.experiment.record import Record
from flowsim.experiment.statistics import Estimate
from flowsim.experiment.tables import BED_DAYS_SAVED, BEDS_EQUIVALENT, TOTAL, Part, Row, parts, summary_rows
from flowsim.experiment.variance import Split

KEY_MEASURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Saved", ("bed_days_saved", "beds_equivalent")),
    (
        "Beds and stays",
        (
            "presentations",
            "admissions",
            "bed_days",
            "beds_occupied_mean",
            "length_of_stay_mean",
            "length_of_stay_d2a_mean",
            "delayed_bed_days",
            "wait_over_4h_share",
        ),
    ),
    (
        "Escalation beds",
        ("escalation_beds_mean", "escalation_beds_p95", "escalation_days_open", "escalation_beds_largest_fall_10_days"),
    ),
    (
        "LIFE",
        ("life_starts", "life_occupied_mean", "life_utilisation", "life_wait_days_mean", "life_fallbacks"),
    ),
    ("Packages", ("packages_ended_6_weeks_share", "packages_started", "package_hours_weekly_end", "placements")),
    ("Outcomes", ("readmissions_30d_share", "at_home_91d_share", "deaths_in_hospital")),
    ("Huddles", ("huddles_live_end", "huddles_held", "admissions_averted_huddle", "admissions_averted_front_door")),
    ("Money", ("cost_total",)),
)
"""Measures shown first, by subject; all of them are in summary.csv."""

FEW_REPLICATIONS = 10
FEW_SETS = 20
_CAUSES = {"d2a": "D2A", "huddles": "Huddles", "front_door": "front door", "readmissions": "readmissions"}


def number(value: float, unit: str = "") -> str:
    """A number as people read it: thousands apart, shares as per cent, no more digits than mean something."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "unlimited"
    if unit == "share":
        return f"{_signed(f'{100 * value:.1f}')} %"
    size = abs(value)
    digits = 0 if size >= 1000 or value == int(value) else 1 if size >= 10 else 2
    return _signed(f"{value:,.{digits}f}")


def change(value: float, unit: str = "") -> str:
    """A difference as people read it: of shares, in percentage points."""
    return number(value, unit).replace(" %", " pts")


def _signed(text: str) -> str:
    if not float(text.replace(",", "")):
        return "0"
    return "−" + text[1:] if text.startswith("-") else text


def interval(found: Estimate, unit: str = "", say: Callable[[float, str], str] = number) -> str:
    """``a to b`` of the interval; a dash where it is unknown. ``say`` is :func:`number` or :func:`change`."""
    return "–" if math.isnan(found.low) else f"{say(found.low, unit)} to {say(found.high, unit)}"


def answers(record: Record) -> list[str]:
    """One sentence for each alternative: bed days saved, with interval, as beds, and the causes that made them."""
    rows = {(row.scenario, row.measure): row for row in summary_rows(record)}
    found = []
    for scenario in record.scenarios[1:]:
        saved = rows.get((scenario.name, BED_DAYS_SAVED))
        beds = rows.get((scenario.name, BEDS_EQUIVALENT))
        if saved is None or beds is None or saved.diff is None or beds.diff is None or not saved.diff.n:
            found.append(f"{scenario.name}: no bed days were measured.")
            continue
        causes = [part for part in parts(record) if part.alternative == scenario.name and part.cause != TOTAL]
        found.append(_answer(record, scenario.name, saved.diff, beds.diff.mean, causes))
        found += _not_known(scenario.name, saved.diff_split)
    return found


def _not_known(name: str, part: Split | None) -> list[str]:
    """What is not known of the inputs, beside the interval of the mean."""
    if part is None or math.isnan(part.share):
        return []
    spread = f"{_whole(part.low)} to {_whole(part.high)} bed days saved"
    share = f"it is {100 * part.share:.0f} % of the variance of a single run, the rest is chance"
    what = "5 to 95 % of parameter sets, chance taken out"
    return [f"{name}, over what is not known of the inputs: {spread} ({what}); {share}."]


def _answer(record: Record, name: str, saved: Estimate, beds: float, causes: list[Part]) -> str:
    length = scenario_days(record)
    days = "one day" if length == 1.0 else f"{number(length)} days"
    say = _whole if abs(saved.mean) >= 100 else number
    spread = f"95 % interval {say(saved.low)} to {say(saved.high)}" if saved.n > 1 else "one replication, no interval"
    if saved.mean == 0.0 or saved.low <= 0.0 <= saved.high:
        verdict = (
            "changes no bed day"
            if saved.mean == 0.0 and not saved.low < saved.high
            else "makes no clear difference to bed days"
        )
        text = f"{name} {verdict}: {say(saved.mean)} saved in {days} ({spread})"
    else:
        verb, what = ("saves", "bed days") if saved.mean > 0 else ("costs", "more bed days")
        against = f"in {days} against {record.names[0]} ({spread})"
        text = f"{name} {verb} {say(abs(saved.mean))} {what} {against}, about {_beds(abs(beds))}"
    shares = [(cause_name(part.cause), say(part.days.mean)) for part in causes]
    listed = ", ".join(f"{cause} {days_saved}" for cause, days_saved in shares if days_saved != "0")
    return f"{text}; of these {listed}." if listed else f"{text}."


def _whole(value: float) -> str:
    return number(float(round(value)))


def _beds(beds: float) -> str:
    return f"{beds:,.1f} beds"


def cause_name(cause: str) -> str:
    """A cause of bed days saved, as it stands in a sentence."""
    return _CAUSES.get(cause, cause.replace("_", " "))


def scenario_days(record: Record) -> float:
    """Length of the measured window in days."""
    return record.scenarios[0].clock.window_days


def cautions(record: Record) -> list[str]:
    """What to keep in mind: few replications, failures, an early stop, and the warnings of the scenarios."""
    done = len(record.replications)
    found = [*_unknown(record), *record.warnings]
    if record.stopped:
        found.append(f"stopped by the user after {done} of {record.asked} replications")
    failed = len({failure.replication for failure in record.failures})
    if failed:
        found.append(f"{failed} of {record.asked} replications failed and are left out")
    if 0 < done < FEW_REPLICATIONS:
        found.append(f"only {done} replication{'' if done == 1 else 's'}: intervals are wide and rest on few numbers")
    return found


def _unknown(record: Record) -> list[str]:
    """Whether few parameter sets were drawn, and what was held or drawn again."""
    sets = record.sets
    if sets is None:
        return []
    count = len(record.replications) // sets.per_set
    few = [f"only {count} parameter sets: 5 and 95 % of them say little"] if count < FEW_SETS else []
    return [*few, *sets.notes]


def drawn_words(record: Record) -> str:
    """How many replications there are, and of how many parameter sets."""
    done, sets = len(record.replications), record.sets
    if sets is None:
        return f"{done} replications"
    return f"{done // sets.per_set} sets of {len(sets.names)} unknowns, {sets.per_set} replications of each"


def unknown(part: Split | None, unit: str, say: Callable[[float, str], str]) -> tuple[str, str]:
    """``a to b`` of 5 to 95 % of parameter sets, and the share of variance that is not chance."""
    if part is None or math.isnan(part.share):
        return "–", "–"
    return f"{say(part.low, unit)} to {say(part.high, unit)}", f"{100 * part.share:.0f} %"


def key_rows(record: Record) -> list[tuple[str, list[list[Row]]]]:
    """Key measures by subject; for each measure its rows, base first. Measures nobody has are left out."""
    by_measure: dict[str, list[Row]] = {}
    for row in summary_rows(record):
        by_measure.setdefault(row.measure, []).append(row)
    groups = []
    for subject, measures in KEY_MEASURES:
        lines = [by_measure[name] for name in measures if name in by_measure]
        lines = [line for line in lines if any(_known(row) for row in line)]
        if lines:
            groups.append((subject, lines))
    return groups


def _known(row: Row) -> bool:
    return any(one is not None and not math.isnan(one.mean) for one in (row.own, row.diff))


def key_table_html(record: Record) -> str:
    """The key measures as a small HTML table, for notebooks."""
    lines = [f"<p>{html.escape(text)}</p>" for text in [*answers(record), *cautions(record)]]
    lines.append("<table><tr><th>measure</th><th>unit</th>")
    names = record.names
    lines += [f"<th>{html.escape(name)}</th>" for name in names]
    lines += [f"<th>{html.escape(name)} − {html.escape(names[0])} (95 % interval)</th>" for name in names[1:]]
    lines.append("</tr>")
    for _, measures in key_rows(record):
        lines += [_html_line(rows, names) for rows in measures]
    return "".join([*lines, "</table>"])


def _html_line(rows: list[Row], names: tuple[str, ...]) -> str:
    by_name = {row.scenario: row for row in rows}
    cells = [html.escape(rows[0].measure.replace("_", " ")), html.escape(rows[0].unit)]
    for name in names:
        row = by_name.get(name)
        cells.append(number(row.own.mean, row.unit) if row and row.own else "")
    for name in names[1:]:
        row = by_name.get(name)
        cells.append(_html_difference(row.diff, row.unit) if row and row.diff else "")
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _html_difference(diff: Estimate, unit: str) -> str:
    return f"{change(diff.mean, unit)} ({interval(diff, unit, change)})"
