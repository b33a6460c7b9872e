"""Gantt charts: the journey of one person, in one world or in two, and of a sample of people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.clock import date_of
from flowsim.events import EventLog
from flowsim.plots import dates, style
from flowsim.plots.lives import IN_HOSPITAL, STATES, bars, of_person, sample
from flowsim.plots.words import NONE, label, number, pathway_label

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

PEOPLE = 30
"""People of a sample."""
_EDGE = "#404040"
_MOST = 40
"""People whose rows can still be told apart."""


@style.picture
def journey(log: EventLog, person: int, other: EventLog | None = None, *, ax: Axes | None = None) -> Axes:
    """One person's way through hospital and support: a row for each state, with its days in all beside it.

    Parameters
    ----------
    log, other : EventLog
        The same seed and replication in two worlds stand above each other on one scale; the second may be left out.
    person : int
        Number of a resident, as in the logs' column ``person``.

    Raises
    ------
    ValueError
        If the person is seen in neither world; some who are seen in the first are named.
    """
    logs = [log] if other is None else [log, other]
    lives = [of_person(one, person) for one in logs]
    seen = [life for life in lives if len(life)]
    if not seen and not any((one.spell["person"] == person).any() for one in logs):
        people = log.spell["person"].astype(np.int64)
        some = np.unique(people[people >= 0])[:5]
        raise ValueError(f"person {person} is not seen in this run; some who are: {', '.join(map(str, some))}")
    states = [state for state in STATES if any((life["state"] == state).any() for life in lives)]
    ax = style.own(ax, 1.2 + len(logs) * (0.75 + 0.33 * max(len(states), 1)))
    boxes = style.panels(ax, len(logs), gap=0.11)
    first, last = _span(logs, lives)
    for box, one, life in zip(boxes, logs, lives, strict=True):
        _world(box, one, life, person, states, (first, last))
        box.tick_params(axis="x", labelbottom=box is boxes[-1])
        if box is not boxes[0]:
            style.title(box, "", label(one.scenario, 60))
    style.title(boxes[0], _journey_words(person, logs, lives), label(log.scenario, 60))
    return ax


@style.picture
def journeys(
    log: EventLog, *, people: int = PEOPLE, days: float = 120.0, pathway: str | None = None, ax: Axes | None = None
) -> Axes:
    """Journeys of a sample of admitted people: a row for each, by day of admission, from coming to hospital on.

    The people are spread evenly over the window. Bars are coloured and hatched by state; an arrow says that somebody
    is still there at the end of what is drawn, a cross that they died. Readmissions follow in the same row.

    Parameters
    ----------
    people : int
        At most 40.
    days : float
        Days since admission that are drawn.
    pathway : str, optional
        Only people of this pathway, such as ``"P2_home"``.

    Raises
    ------
    ValueError
        If there are more people than rows, or the pathway is unknown.
    """
    if not 1 <= people <= _MOST:
        raise ValueError(f"people must be 1 to {_MOST}, not {people}")
    if pathway is not None and pathway not in log.pathways:
        raise ValueError(f"there is no pathway {pathway!r}; there is {', '.join(log.pathways)}")
    chosen = sample(log, people, pathway=pathway)
    ax = style.own(ax, 1.5 + 0.19 * max(len(chosen), 4))
    if not len(chosen):
        return style.says(ax, "Nobody was admitted in the measured window")
    root, at = log.spell["root"], log.spell["at"].astype(float)
    every = bars(log, np.flatnonzero(np.isin(root, root[chosen])).astype(np.intp))
    for place, spell in enumerate(chosen):
        own = every[root[every["spell"].to_numpy(dtype=np.intp)] == root[spell]]
        _person(ax, log, own, float(at[spell]), -place, days)
    _frame_sample(ax, log, at[chosen], days)
    states = [state for state in STATES if (every["state"] == state).any()]
    _key(ax, states)
    style.title(ax, _sample_words(log, every, len(chosen), pathway), "A row for each person, by day of admission")
    return ax


def _world(
    ax: Axes, log: EventLog, life: pd.DataFrame, person: int, states: Sequence[str], span: tuple[float, float]
) -> None:
    """One world of a journey, all its rows and dates."""
    _rows(ax, log, life, states)
    _death(ax, log, person)
    dates.dated(ax, date_of(log.start, span[0]), date_of(log.start, span[1]))
    ax.grid(visible=False, axis="y")
    ax.grid(axis="x", color=style.GRID, linewidth=0.6)
    ax.set_yticks([-place for place in range(len(states))], [STATES[state].words for state in states])
    ax.yaxis.set_major_formatter(_fixed(states))
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-len(states) + 0.45, 0.55)


def _bar(ax: Axes, place: float, start: Any, long: Any, state: str, height: float) -> None:
    look = STATES[state]
    ax.barh(place, long, left=start, height=height, color=look.fill, hatch=look.hatch, edgecolor=_EDGE, linewidth=0.5)


def _rows(ax: Axes, log: EventLog, life: pd.DataFrame, states: Sequence[str]) -> None:
    """A row for each state, with its days in all at the right."""
    for bar in life.itertuples(index=False):
        row: Any = bar
        start, end = date_of(log.start, row.start), date_of(log.start, row.end)
        _bar(ax, -list(states).index(row.state), start, end - start, row.state, 0.62)
    for place, state in enumerate(states):
        own = life[life["state"] == state]
        words = _long(float((own["end"] - own["start"]).sum())) if len(own) else NONE
        words += f", {len(own)} times" if len(own) > 1 else ""
        words += ", goes on" if own["open"].any() else ""
        ax.annotate(words, (1.0, -place), (5, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                    va="center", fontsize=8.5, annotation_clip=False)  # fmt: skip
    if not len(life):
        ax.annotate("needs neither hospital nor support", (0.5, 0.5), xycoords="axes fraction", ha="center", fontsize=9)


def _long(days: float) -> str:
    return f"{number(24 * days)} hours" if days < 1.0 else f"{number(days, 1)} days"


def _death(ax: Axes, log: EventLog, person: int) -> None:
    for when in log.spell["died"][log.spell["person"] == person].astype(float):
        if not np.isnan(when):
            day: Any = date_of(log.start, when)
            ax.axvline(day, color=style.INK, linewidth=1.0, linestyle=(0, (2, 2)))
            ax.annotate("dies", (day, 1.0), (0, 2), xycoords=("data", "axes fraction"),
                        textcoords="offset points", ha="center", fontsize=8.5)  # fmt: skip


def _fixed(states: Sequence[str]) -> Any:
    return lambda value, _place: STATES[states[round(-value)]].words


def _span(logs: Sequence[EventLog], lives: Sequence[pd.DataFrame]) -> tuple[float, float]:
    """First and last day drawn: all bars, with a little room."""
    ends = [end for life in lives if len(life) for end in (float(life["start"].min()), float(life["end"].max()))]
    first, last = (min(ends), max(ends)) if ends else logs[0].window
    room = 0.06 * max(last - first, 2.0)
    return first - room / 2, last + room


def _journey_words(person: int, logs: Sequence[EventLog], lives: Sequence[pd.DataFrame]) -> str:
    said = []
    for log, life in zip(logs, lives, strict=True):
        inside = life[life["state"].isin(IN_HOSPITAL)]
        said.append(f"{number(float((inside['end'] - inside['start']).sum()), 1)} days ({label(log.scenario, 30)})")
    return f"Person {person} in hospital: {', '.join(said)}"


def _person(ax: Axes, log: EventLog, own: pd.DataFrame, start: float, place: float, days: float) -> None:
    """The bars of one person, in days since they came; what comes after the last day drawn is cut."""
    reached = 0.0
    for bar in own.itertuples(index=False):
        row: Any = bar
        begins, ends = row.start - start, min(row.end - start, days)
        if begins < days and begins >= 0.0:
            _bar(ax, place, begins, ends - begins, row.state, 0.74)
            reached = max(reached, ends)
            if row.open or row.end - start > days:
                ax.annotate("→", (ends, place), (2, 0), textcoords="offset points", va="center", fontsize=8)
    died = log.spell["died"][np.unique(own["spell"].to_numpy(dtype=np.intp))].astype(float) - start
    for when in died[~np.isnan(died) & (died <= days)]:
        ax.plot([when], [place], marker="x", color=style.INK, markersize=5, markeredgewidth=1.4, clip_on=False)


def _frame_sample(ax: Axes, log: EventLog, at: Any, days: float) -> None:
    dates = [f"{date_of(log.start, float(one)):%d %b %Y}".lstrip("0") for one in at]
    ax.set_yticks([-place for place in range(len(dates))], dates, fontsize=7.5)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(-len(dates) + 0.4, 0.6)
    ax.set_xlim(0.0, days * 1.02)
    step = next((step for step in (1, 7, 14, 28, 56) if days / step <= 12), 91)
    ax.set_xticks(np.arange(0.0, days + 0.5, step))
    ax.set_xlabel("Days since coming to hospital; → still so, × dies", color=style.MUTED, fontsize=8.5)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x", color=style.GRID, linewidth=0.6)
    ax.set_axisbelow(True)


def _key(ax: Axes, states: Sequence[str]) -> None:
    """Patches with their words beside the rows; hatched as the bars are."""
    from matplotlib.patches import Patch

    looks = [STATES[state] for state in states]
    handles = [
        Patch(facecolor=one.fill, hatch=one.hatch, edgecolor=_EDGE, linewidth=0.5, label=one.words) for one in looks
    ]
    ax.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=8.5, handleheight=1.2
    )


def _sample_words(log: EventLog, every: pd.DataFrame, people: int, pathway: str | None) -> str:
    late = every[every["state"] == "delayed"]["spell"].nunique()
    whose = f"{people} people of {pathway_label(pathway)}" if pathway else f"{people} people admitted"
    return f"{label(log.scenario, 30)}, {whose}: {late} stays with days in bed after being ready to leave"
