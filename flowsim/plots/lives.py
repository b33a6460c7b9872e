"""What people of an event log were doing when: the bars of a Gantt chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from flowsim.events import ADMITTED, BED_KINDS, PRESENTATION, WAITING, EventLog

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class State:
    """What a bar stands for: its words, fill and hatching. The hatching tells states apart without colour."""

    words: str
    fill: str
    hatch: str = ""


STATES: dict[str, State] = {
    "huddle": State("Supported by a Huddle", "#e6e6e6"),
    "waiting": State("Waiting for a bed in A&E", "#f0c27a", "////"),
    "bed": State("In a hospital bed", "#0069a8"),
    "escalation": State("In an escalation bed", "#8b3a6b", "\\\\\\\\"),
    "delayed": State("Ready to leave, still in a bed", "#d98b5f", "xxxx"),
    "life": State("With LIFE at home", "#66b294", "...."),
    "reablement": State("Reablement at home", "#9ccfb9", "----"),
    "step_down": State("In a step-down bed", "#b39bc8", "||||"),
    "home_care": State("Home-care package", "#e3dca3", "++"),
    "placement": State("In a care home", "#a3a3a3", "oo"),
}
"""States in the order of a life's way through the system."""

IN_HOSPITAL = ("waiting", "bed", "escalation", "delayed")
_KINDS = {"a_and_e": "waiting", "assessment_unit": "bed", "ward": "bed"}
_Bar = tuple[int, str, float, float, bool]
_COLUMNS = ["spell", "state", "start", "end", "open"]


def bars(log: EventLog, spells: NDArray[np.intp]) -> pd.DataFrame:
    """Bars of some spells, in days of the run.

    Days in a bed after somebody was ready to leave are a state of their own, taken out of the bar of the bed.

    Parameters
    ----------
    spells : array
        Rows of ``log.spell``.

    Returns
    -------
    DataFrame
        Columns spell, state (of :data:`STATES`), start, end, open (still so at the edge of the run), in order of start;
        moves between wards do not part a bar.
    """
    import pandas as pd

    wanted = np.isin(log.stay["spell"].astype(np.intp), spells)
    found: list[_Bar] = []
    ready, kinds = log.spell["ready"].astype(float), [place.kind for place in log.places]
    names = ("spell", "place", "queued", "entered", "left", "open")
    for spell, place, queued, entered, left, still in zip(
        *(log.stay[one][wanted].tolist() for one in names), strict=True
    ):
        kind = kinds[int(place)]
        state = _KINDS.get(kind, kind)
        if state == "bed" and (np.isnan(entered) or queued < entered) and not _was_in_bed(log, spell, queued):
            found.append((spell, "waiting", queued, left if np.isnan(entered) else entered, bool(still)))
        if state not in STATES or np.isnan(entered):
            continue
        cut = ready[int(spell)] if kind in BED_KINDS and ready[int(spell)] < left else left
        found.append((spell, state, entered, max(cut, entered), bool(still) and cut == left))
        found.append((spell, "delayed", max(cut, entered), left, bool(still)))
    return pd.DataFrame(_joined(found), columns=_COLUMNS)


def _joined(found: list[_Bar]) -> list[_Bar]:
    """Bars that last, in order of start; one state that goes on in the next ward is one bar."""
    joined: list[_Bar] = []
    last: dict[tuple[int, str], int] = {}
    for bar in sorted((one for one in found if one[3] > one[2]), key=lambda one: (one[2], one[3])):
        before = last.get(bar[:2])
        if before is not None and abs(joined[before][3] - bar[2]) < 1e-9:
            joined[before] = (*joined[before][:3], bar[3], bar[4])
            continue
        last[bar[:2]] = len(joined)
        joined.append(bar)
    return joined


def _was_in_bed(log: EventLog, spell: float, when: float) -> bool:
    """Whether somebody already lay in a bed, or in A&E, when they asked for this one."""
    own = (log.stay["spell"] == spell) & log.of_kind(*BED_KINDS, "a_and_e")
    return bool((log.stay["entered"][own].astype(float) <= when).any())


def of_person(log: EventLog, person: int) -> pd.DataFrame:
    """Bars of one resident's life in a run, support by a Huddle among them; columns as of :func:`bars`."""
    import pandas as pd

    frame = bars(log, np.flatnonzero(log.spell["person"] == person))
    rows = np.flatnonzero(log.support["person"] == person)
    starts = [float(log.support["start"][row]) for row in rows]
    ends = [float(log.support["end"][row]) for row in rows]
    supports: list[Any] = [
        (-1, "huddle", start, min(end, log.horizon), end >= log.horizon)
        for start, end in zip(starts, ends, strict=True)
    ]
    return pd.concat([pd.DataFrame(supports, columns=_COLUMNS), frame], ignore_index=True) if supports else frame


def sample(log: EventLog, people: int, *, pathway: str | None = None) -> NDArray[np.intp]:
    """Spells of so many people admitted in the window, evenly spread over it, in order of coming.

    Those who leave on the day they come are left out, as their bars could not be seen.
    """
    at = log.spell["at"].astype(float)
    kept = (at >= log.window[0]) & (at < log.window[1]) & (log.spell["origin"] == PRESENTATION)
    kept &= np.isin(log.spell["door"], [ADMITTED, WAITING]) & ~log.spell["zero_day"].astype(bool)
    if pathway is not None:
        kept &= log.pathway_names == pathway
    rows = np.flatnonzero(kept)
    rows = rows[np.argsort(at[rows], kind="stable")]
    if len(rows) <= people:
        return rows.astype(np.intp)
    return rows[np.linspace(0, len(rows) - 1, people).round().astype(np.intp)].astype(np.intp)
