"""Sections that are a picture and the numbers behind it: beds, escalation, LIFE, packages, delays, rollout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowsim.plots import names_with
from flowsim.plots.delays import BEGINNING, reasons_of
from flowsim.report import pictures
from flowsim.report.months import by_month
from flowsim.report.numbers import Line, heads_of, lines_of

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.plots.outcome import Outcome
    from flowsim.report.pictures import Picture

ESCALATION = (
    "escalation_days_open",
    "escalation_times_opened",
    "escalation_longest_open",
    "escalation_beds_mean",
    "escalation_beds_p95",
    "escalation_beds_peak",
    "escalation_bed_days",
)
LIFE = ("life_starts", "life_utilisation", "life_wait_days_mean", "life_first_visit_2h_share", "life_fallbacks")
PACKAGES = (
    "packages_started",
    "packages_small",
    "packages_medium",
    "packages_large",
    "package_hours_weekly_end",
    "packages_ended_6_weeks_share",
    "no_long_term_package_share",
)
SIZES = (
    "Packages are long-term home care. They are small below 7 hours a week, medium from 7 to 14 and large above, "
    "unless the configuration has limits of its own. Those begun late in the window had few weeks to end in; they are "
    "among the ones still running."
)
REASONS = (
    "Delayed days are those in a bed after being ready to leave. Each is counted under what the person waited for."
)
BY_DAY = "the sheet Daily of results.xlsx has the days"
ROLLOUT = "As it happened in the runs, and as configured where that is a plan by date."


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the page: what its first column is, the others, whether it is folded, and where it is then."""

    caption: str
    heads: Sequence[str]
    lines: Sequence[Line]
    first: str = "Measure"
    units: bool = True
    folded: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its subject, what it found, a few words, pictures and tables."""

    id: str
    topic: str
    finding: str
    pictures: Sequence[Picture]
    tables: Sequence[Table]
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Given:
    """What sections are made from."""

    outcome: Outcome
    daily: pd.DataFrame
    summary: pd.DataFrame
    window: tuple[float, float]

    def measures(self, caption: str, measures: Sequence[str], sheet: str = "") -> Table:
        """A table of these measures by scenario, with their differences; folded if a sheet of the workbook has it."""
        where = f"the sheet {sheet} of results.xlsx has them" if sheet else ""
        heads, lines = heads_of(self.summary), lines_of(self.summary, measures)
        return Table(caption, heads, lines, folded=bool(sheet), where=where)

    def months(self, caption: str, series: Mapping[str, str], names: Sequence[str] = ()) -> Table:
        """A folded table of series by month, of some scenarios or all."""
        daily = self.daily[self.daily["scenario"].isin(list(names))] if names else self.daily
        heads, lines, first = by_month(daily, self.window, series)
        caption = f"{caption}, by {first.lower()}"
        return Table(caption, heads, lines, first, units=False, folded=True, where=BY_DAY)


def sections(outcome: Outcome) -> list[Section]:
    """The sections there is anything to show of, in the order of a reader."""
    given = _Given(outcome, outcome.daily, outcome.summary(), outcome.scenarios[0].clock.window)
    found = (make(given) for make in (_beds, _escalation, _life, _packages, _delays, _rollout))
    return [one for one in found if one is not None]


def _beds(given: _Given) -> Section | None:
    fan = pictures.beds(given.daily, given.outcome.scenarios, given.window)
    if fan is None:
        return None
    series = {"beds_core": "core beds", "beds_escalation": "escalation beds"}
    table = given.months("Beds in use on an average day", series)
    return Section("beds", "Beds by day", fan.title, [fan], [table])


def _escalation(given: _Given) -> Section | None:
    if not names_with(given.daily, "beds_escalation"):
        return None
    shown = [pictures.open_beds(given.daily, given.window), pictures.escalation(given.daily, given.window)]
    table = given.measures("When and how often escalation beds are open", ESCALATION)
    finding = shown[0].title
    return Section("escalation", "Escalation beds", finding, sorted(shown, key=lambda one: one.tall), [table])


def _life(given: _Given) -> Section | None:
    names = names_with(given.daily, "life_capacity")
    if not names:
        return None
    shown = pictures.life(given.daily, given.window)
    series = {"life_used": "in use", "life_capacity": "there are", "life_waiting": "people waiting"}
    tables = [
        given.measures("LIFE: starts, use and waits", LIFE, "Summary"),
        given.months("LIFE in use and waiting on an average day", series, names),
    ]
    return Section("life", "LIFE in use and waiting", shown[-1].title, shown, tables)


def _packages(given: _Given) -> Section | None:
    outcome: Any = given.outcome
    kept = getattr(getattr(outcome, "record", None), "trackers", {})
    by_size = pictures.package_sizes(outcome.tracker("packages")) if "packages" in kept else None
    shown = [one for one in (by_size, pictures.packages(given.daily, given.window)) if one is not None]
    if not shown:
        return None
    tables = [
        given.measures("Packages of home care", PACKAGES, "Summary"),
        given.months("Packages in force on an average day", {"home_care": ""}),
    ]
    words = SIZES if by_size is not None else ""
    return Section("packages", "Packages by size and weeks", shown[0].title, shown, tables, words)


def _delays(given: _Given) -> Section | None:
    found = reasons_of(given.summary)
    if not found:
        return None
    shown = pictures.delays(given.summary)
    measures = ["delayed_bed_days", *(BEGINNING + one.name for one in found)]
    table = given.measures("Delayed bed days by reason", measures, "Delays")
    return Section("delays", "Delayed days by reason", shown.title, [shown], [table], REASONS)


def _rollout(given: _Given) -> Section:
    shown = pictures.rollouts(given.outcome, given.window)
    series = {
        "huddles_live": "practices live",
        "d2a_wards": "wards that have used D2A",
        "d2a_people": "people so far by D2A",
        "life_capacity": "LIFE slots",
    }
    names = [name for one in series for name in names_with(given.daily, one)]
    tables = [given.months("The rollout as it happened, on an average day", series, names)] if names else []
    finding = shown[-1].title if shown else "Nothing is rolled out"
    return Section("rollout", "Rollout as it happened", finding, shown, tables, ROLLOUT if shown else "")
