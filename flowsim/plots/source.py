"""What a picture by day is drawn from: results, or their daily table alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.plots.outcome import Outcome

Window = tuple[float, float]
"""First and last day of the run, ``[first, last)``."""

COLUMNS = ("scenario", "replication", "day", "date", "series", "value")
"""Columns of a daily table."""

SUMMARY = ("scenario", "measure", "unit", "mean")
"""Columns of a summary."""


@dataclass(frozen=True, slots=True)
class ByDay:
    """A daily table, the days of it that are drawn (all if None), and its scenarios where they are known."""

    daily: pd.DataFrame
    window: Window | None
    scenarios: Sequence[Any]

    def configured(self, name: str) -> Any:
        """The scenario of this name, None if only the table is known."""
        return next((one for one in self.scenarios if one.name == name), None)

    @property
    def names(self) -> list[str]:
        """Scenarios in the order in which they first appear: the base first."""
        return [str(name) for name in self.daily["scenario"].drop_duplicates()]

    def one(self, scenario: str | None) -> str:
        """The scenario asked for, the last one without a name.

        Raises
        ------
        ValueError
            If there is none of this name, or none at all.
        """
        names = self.names
        if not names:
            raise ValueError("there are no days to draw: the daily table is empty")
        return names[-1] if scenario is None else one_of(scenario, names)


def by_day(source: Outcome | pd.DataFrame, window: Window | None = None) -> ByDay:
    """The daily table of results, their warm-up left out, or the table given.

    Parameters
    ----------
    source : Results, Comparison or DataFrame
        A table has the columns :data:`COLUMNS`.
    window : (first, last) days of the run, optional
        Only these days; of results the measured window if not given, of a table all its days.

    Raises
    ------
    ValueError
        If the table lacks a column.
    """
    import pandas as pd

    frame: Any = source
    if not isinstance(frame, pd.DataFrame):
        return ByDay(frame.daily, window or frame.scenarios[-1].clock.window, frame.scenarios)
    return ByDay(holding(frame, "daily", *COLUMNS), window, ())


def holding(frame: pd.DataFrame, what: str, *columns: str) -> pd.DataFrame:
    """The table, if it has these columns; ValueError that names what it is and lacks."""
    lacking = [name for name in columns if name not in frame]
    if lacking:
        raise ValueError(f"the {what} table has no column {', '.join(lacking)}")
    return frame


def one_of(scenario: str, names: Sequence[str]) -> str:
    """The scenario, if it is one of these; ValueError that names those there are."""
    if scenario not in names:
        there = f"there is {', '.join(names)}" if names else "the table is empty"
        raise ValueError(f"there is no scenario {scenario!r}; {there}")
    return scenario


def table_of(source: Any, name: str, *columns: str) -> pd.DataFrame:
    """The table given, or the one that results give by the method of this name; ValueError without these columns."""
    import pandas as pd

    if isinstance(source, pd.DataFrame):
        return holding(source, name, *columns)
    if not hasattr(source, name):
        raise ValueError(f"this picture compares scenarios; {type(source).__name__} has no {name}")
    found: pd.DataFrame = getattr(source, name)()
    return found
