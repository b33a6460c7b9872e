"""The hospital and what comes after it laid out on a page: where each event of the log is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flowsim.events import PlaceInfo

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.events import EventLog

COLUMNS = ("event", "x", "y", "label", "resource", "direction")
"""Columns of the table of positions, as vidigi names them."""

PER_ROW, GAP, ROW = 15, 13, 17
"""People in a row, and units between people and between rows; a unit is meant to be a pixel."""
_LABEL, _BETWEEN_BLOCKS, _BETWEEN_COLUMNS, _TALLEST = 168, 13, 22, 700
_WIDTH = _LABEL + PER_ROW * GAP + _BETWEEN_COLUMNS

COLUMN = _LABEL + PER_ROW * GAP - 12
"""From a heading to the right of its column."""
IN_HOSPITAL = "In hospital"
_SECTIONS = (("Coming in", ("assessment_unit",)), (IN_HOSPITAL, ("ward", "escalation")), ("After hospital", ()))
_KINDS_AFTER = ("life", "reablement", "step_down", "placement", "home_care")
_DOORS = {
    "averted_huddle": "Kept well by a Huddle",
    "averted_initiative": "Kept well by an initiative",
    "turned_round": "Turned round at the door",
    "diverted": "To another hospital",
}
INSTANTS = tuple(_DOORS)
"""Events that people pass in no time."""
WAITING, BETWEEN = "waiting_for_bed", "between_places"


@dataclass(frozen=True, slots=True)
class Block:
    """Room for the people of one event.

    Attributes
    ----------
    event, label : str
        As in the log, and for people.
    place : str or None
        The place whose beds or slots are here, None where there are none.
    rows : int
        Rows of people.
    x, y : int
        Of the first person of the lowest row; rows grow upwards.
    """

    event: str
    label: str
    place: str | None
    rows: int
    x: int = 0
    y: int = 0


@dataclass(frozen=True)
class Layout:
    """Blocks, headings ``(text, x, y)``, and the size of the page in units."""

    blocks: tuple[Block, ...]
    headings: tuple[tuple[str, int, int], ...]
    width: int
    height: int

    def frame(self) -> pd.DataFrame:
        """One row for each event with the columns of vidigi's table of positions, and where people come in and go."""
        import pandas as pd

        rows = [(one.event, one.x, one.y, one.label, one.place, "right") for one in (*self.blocks, *self.ends)]
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"x": int, "y": int})

    @property
    def ends(self) -> tuple[Block, Block]:
        """Where people are seen arriving and leaving, below the rest."""
        last = max(_LABEL, self.width - _WIDTH + _LABEL)
        coming, going = Block("arrival", "Arriving", None, 1, _LABEL, 4), Block("depart", "Leaving", None, 1, last, 4)
        return coming, going if last > _LABEL else replace(going, x=_LABEL + PER_ROW * GAP)


def capacities(log: EventLog, window: tuple[float, float]) -> dict[str, int]:
    """Most beds or slots each limited place has in the window."""
    return {place.name: _most(place, window) for place in log.places if _is_limited(place)}


def capacity_at(place: PlaceInfo, day: float) -> float:
    """Capacity at a moment."""
    known = [most for begin, most in zip(place.days, place.capacities, strict=True) if begin <= day]
    return known[-1] if known else place.capacities[0]


def layout(log: EventLog, events: Iterable[str], counts: dict[str, int], at_most: int) -> Layout:
    """Room for every event of the log, in columns: coming in, in hospital, after hospital.

    Parameters
    ----------
    events : iterable of str
        Events to be placed; those of a place without beds or slots only if they are among them.
    counts : dict
        Beds or slots drawn for each limited place.
    at_most : int
        People drawn at an event without beds or slots.
    """
    wanted = set(events)
    sections = [(title, _blocks(log, kinds, wanted, counts, at_most)) for title, kinds in _SECTIONS]
    columns = [column for title, blocks in sections for column in _columns(title, blocks)]
    height = max((_height(blocks) for _, blocks in columns), default=0) + 2 * ROW
    placed, headings = [], []
    for number, (title, blocks) in enumerate(columns):
        x = number * _WIDTH + _LABEL
        headings.append((title, x - _LABEL + 12, height + ROW))
        placed += _stacked(blocks, x, height)
    return Layout(tuple(placed), tuple(headings), max(1, len(columns)) * _WIDTH, height + 2 * ROW)


def _is_limited(place: PlaceInfo) -> bool:
    return not math.isinf(max(place.capacities))


def _most(place: PlaceInfo, window: tuple[float, float]) -> int:
    within = [most for day, most in zip(place.days, place.capacities, strict=True) if window[0] < day < window[1]]
    return math.ceil(max([capacity_at(place, window[0]), *within]))


def _blocks(log: EventLog, kinds: Sequence[str], wanted: set[str], counts: dict[str, int], at_most: int) -> list[Block]:
    """The blocks of a section, from the top."""
    many = math.ceil(at_most / PER_ROW) + 1  # the last is for "so many more"
    found = [Block(name, words, None, 1) for name, words in _DOORS.items() if name in wanted and _is_door(kinds)]
    if _is_door(kinds) and WAITING in wanted:
        found.append(Block(WAITING, "A&E: waiting for a bed", None, many))
    for kind in kinds or _KINDS_AFTER:
        for place in (one for one in log.places if one.kind == kind):
            found += _of_place(place, wanted, counts, many)
    if kinds == () and BETWEEN in wanted:
        found.append(Block(BETWEEN, "Next step awaited", None, many))
    return found


def _is_door(kinds: Sequence[str]) -> bool:
    return "assessment_unit" in kinds


def _of_place(place: PlaceInfo, wanted: set[str], counts: dict[str, int], many: int) -> list[Block]:
    """A place, below those who wait for it elsewhere than in a bed."""
    wait, use, end = (f"{place.name}_{what}" for what in ("wait_begins", "begins", "ends"))
    found = [Block(wait, f"Waiting for {place.name}", None, many)] if wait in wanted else []
    limited, count = place.name in counts, counts.get(place.name, 0)
    if count or use in wanted or end in wanted:
        rows = max(1, math.ceil(count / PER_ROW)) if limited else many
        found.append(Block(use, place.name, place.name if limited else None, rows))
    return found


def _height(blocks: Sequence[Block]) -> int:
    return sum(one.rows * ROW + _BETWEEN_BLOCKS for one in blocks)


def _columns(title: str, blocks: Sequence[Block]) -> list[tuple[str, list[Block]]]:
    """A section cut into columns that are not too tall."""
    columns: list[tuple[str, list[Block]]] = []
    for one in blocks:
        if not columns or _height([*columns[-1][1], one]) > _TALLEST:
            columns.append((title if not columns else f"{title} (continued)", []))
        columns[-1][1].append(one)
    return columns


def _stacked(blocks: Sequence[Block], x: int, top: int) -> list[Block]:
    """The blocks of a column, placed."""
    placed = []
    for one in blocks:
        y = top - one.rows * ROW
        placed.append(replace(one, x=x, y=y))
        top = y - _BETWEEN_BLOCKS
    return placed
