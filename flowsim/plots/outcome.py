"""Any picture of an outcome by its name, as ``Results.plot`` and ``Comparison.plot`` ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from flowsim.plots import daily, style
from flowsim.plots.differences import bed_days_saved, differences
from flowsim.plots.yearly import beds_by_year, saved_by_year

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

KINDS = ("beds", "escalation", "life", "packages", "yearly_beds", "yearly_saved", "differences", "attribution")
"""Names of the pictures; the last three need a comparison, those by year a window of more than 400 days."""


class Outcome(Protocol):
    """What a picture or the report needs of results: ``flowsim.Results`` and ``flowsim.Comparison`` have it."""

    @property
    def daily(self) -> pd.DataFrame:
        """Columns scenario, replication, day, date, series, value."""

    @property
    def scenarios(self) -> Sequence[Any]:
        """Scenarios, the base first."""

    @property
    def warnings(self) -> Sequence[str]:
        """What a reader should know before trusting the numbers."""

    def summary(self) -> pd.DataFrame:
        """Columns scenario, measure, unit, mean, sd, n, ci_low, ci_high; compared:  diff_mean, diff_low, diff_high."""


def plot(outcome: Outcome, kind: str = "beds", *, ax: Axes | None = None) -> Axes:
    """One picture of an outcome, its warm-up left out.

    Parameters
    ----------
    kind : one of :data:`KINDS`
        ``life`` and ``attribution`` draw the last scenario.

    Raises
    ------
    ValueError
        If the kind is unknown, or needs a comparison or a long window and this has none.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not a picture; choose one of {', '.join(KINDS)}")
    last = outcome.scenarios[-1]
    window = last.clock.window
    by_day = {"beds": daily.core_beds, "escalation": daily.escalation_beds, "packages": daily.packages}
    with style.styled():
        if kind in by_day:
            return by_day[kind](outcome.daily, window=window, ax=ax)
        if kind == "life":
            return daily.life(outcome.daily, last.name, window=window, ax=ax)
        if kind == "yearly_beds":
            return beds_by_year(_yearly(outcome).yearly, days=_yearly(outcome).years, ax=ax)
        if not hasattr(outcome, "attribution"):
            raise ValueError(f"{kind!r} compares scenarios; this outcome has only one")
        if kind == "differences":
            return differences(outcome.summary(), ax=ax)
        if kind == "yearly_saved":
            return saved_by_year(_yearly(outcome).yearly_differences(), days=_yearly(outcome).years, ax=ax)
        return bed_days_saved(outcome.attribution(), last.name, ax=ax)


def _yearly(outcome: Any) -> Any:
    """The outcome, if it has numbers by financial year."""
    if not getattr(outcome, "years", None):
        raise ValueError("there are no numbers by financial year; they are kept of windows longer than 400 days")
    return outcome
