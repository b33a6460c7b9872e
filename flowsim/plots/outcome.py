"""Any picture of an outcome by its name, as ``Results.plot`` and ``Comparison.plot`` ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from flowsim.plots import daily
from flowsim.plots.causes import waterfall
from flowsim.plots.delays import delays
from flowsim.plots.differences import forest
from flowsim.plots.open_beds import open_beds
from flowsim.plots.queues import occupancy, queue
from flowsim.plots.rollout import rollout
from flowsim.plots.yearly import beds_by_year, saved_by_year

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

KINDS = (
    "occupancy",
    "core_beds",
    "escalation_beds",
    "open_beds",
    "queue",
    "life",
    "packages",
    "rollout",
    "delays",
    "forest",
    "waterfall",
    "beds_by_year",
    "saved_by_year",
)
"""Names of the pictures that need nothing but an outcome, the same as in ``fs.plot``; the forest, the waterfall and
``saved_by_year`` need a comparison, those by year a window of more than 400 days."""

_COMPARED = ("forest", "waterfall", "saved_by_year")


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


def plot(outcome: Outcome, kind: str = "occupancy", *, ax: Axes | None = None) -> Axes:
    """One picture of an outcome, its warm-up left out.

    Parameters
    ----------
    kind : one of :data:`KINDS`
        ``life``, ``rollout`` and ``waterfall`` draw the last scenario.

    Raises
    ------
    ValueError
        If the kind is unknown, or needs a comparison or a long window and this has none.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not a picture; choose one of {', '.join(KINDS)}")
    if kind in _COMPARED and not hasattr(outcome, "attribution"):
        raise ValueError(f"{kind!r} compares scenarios; this outcome has only one")
    if kind == "beds_by_year":
        return beds_by_year(_yearly(outcome).yearly, days=_yearly(outcome).years, ax=ax)
    if kind == "saved_by_year":
        return saved_by_year(_yearly(outcome).yearly_differences(), days=_yearly(outcome).years, ax=ax)
    drawn: Any = _DRAWN[kind](outcome, ax=ax)
    return drawn  # type: ignore[no-any-return]


_DRAWN: dict[str, Any] = {
    "occupancy": occupancy,
    "core_beds": daily.core_beds,
    "escalation_beds": daily.escalation_beds,
    "open_beds": open_beds,
    "queue": queue,
    "life": daily.life,
    "packages": daily.packages,
    "rollout": rollout,
    "delays": delays,
    "forest": forest,
    "waterfall": waterfall,
}
"""Pictures that take the outcome itself."""


def _yearly(outcome: Any) -> Any:
    """The outcome, if it has numbers by financial year."""
    if not getattr(outcome, "years", None):
        raise ValueError("there are no numbers by financial year; they are kept of windows longer than 400 days")
    return outcome
