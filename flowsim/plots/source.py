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
        if scenario is not None and scenario not in names:
            raise ValueError(f"there is no scenario {scenario!r}; there is {', '.join(names)}")
        return names[-1] if scenario is None else scenario


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
    lacking = [name for name in COLUMNS if name not in frame]
    if lacking:
        raise ValueError(f"the daily table has no column {', '.join(lacking)}")
    return ByDay(frame, window, ())


def table_of(source: Any, name: str) -> pd.DataFrame:
    """The table given, or the one that results give by the method of this name."""
    import pandas as pd

    if isinstance(source, pd.DataFrame):
        return source
    if not hasattr(source, name):
        raise ValueError(f"this picture compares scenarios; {type(source).__name__} has no {name}")
    found: pd.DataFrame = getattr(source, name)()
    return found
