"""Who is where at each snapshot: signs and words for each person drawn, and counts of everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from flowsim.events import BED_KINDS, EventLog
from flowsim.exports.layout import INSTANTS
from flowsim.exports.vidigi import Drawn

if TYPE_CHECKING:
    import pandas as pd

INK, MUTED, QUIET = "#1a1a1a", "#595959", "#8a8a8a"
IN_CARE, READY, WAITING, PASSING = ("●", "#0069a8"), ("▲", "#b34700"), ("■", "#8b3a6b"), ("◆", "#00664b")
LEGEND = (
    (*IN_CARE, "in a bed or with a service"),
    (*READY, "ready to leave, still in a hospital bed"),
    (*WAITING, "waiting, in no bed"),
    (*PASSING, "not admitted"),
    ("□", QUIET, "free bed or slot"),
)
"""Sign, colour and meaning: shape and colour say the same."""

_A_WHILE = 1e-3
"""Hours that somebody who only passes is still there at the snapshot after."""


def moments(one: Drawn, every_hours: int) -> list[int]:
    """Hours of the snapshots."""
    return list(range(one.begin, one.end + 1, every_hours))


def people(one: Drawn, log: EventLog, said: dict[str, Any]) -> pd.DataFrame:
    """A row for each person drawn at each snapshot, with sign and words."""
    from vidigi.prep import generate_animation_df, reshape_for_animations

    every = said["every_x_time_units"]
    lingering = _linger(one, every).astype({"event": object})  # vidigi 2.0 fails on words of pandas 3 if nobody queues
    caps = {"step_snapshot_max": said["step_snapshot_max"]}
    shots = reshape_for_animations(
        lingering, every_x_time_units=every, limit_duration=one.end, warm_up=one.begin, **caps
    )
    gaps = {name: value for name, value in said.items() if name.startswith(("gap_", "wrap_"))}
    drawn = generate_animation_df(shots, one.layout.frame(), custom_entity_icon_list=[IN_CARE[0]], **caps, **gaps)
    return _told(drawn, one, log)


def _linger(one: Drawn, every: int) -> pd.DataFrame:
    """The log in which those who come and go in one instant (kept well, sent elsewhere) are seen at one snapshot."""
    frame = one.log.copy()
    spans = frame[frame["event_type"] == "arrival_departure"].pivot(index="entity_id", columns="event", values="time")
    if "depart" not in spans:
        return frame
    instant = spans.index[spans["arrival"] == spans["depart"]]
    mine = frame["entity_id"].isin(instant) & (frame["event"] == "depart")
    steps = np.ceil((frame.loc[mine, "time"] - one.begin) / every)
    frame.loc[mine, "time"] = one.begin + every * steps + _A_WHILE
    return frame


def _told(people: pd.DataFrame, one: Drawn, log: EventLog) -> pd.DataFrame:
    """The same with a sign for each person by what they wait for, and words to show when pointed at."""
    more = _flags(people["additional"].notna() if "additional" in people else None, len(people))
    spell = people["entity_id"].where(~more, 0).fillna(0).astype(int).to_numpy()
    day = people["snapshot_time"].to_numpy(dtype=float) / 24.0
    ready = people["event"].isin(_beds(log)).to_numpy() & (log.spell["ready"].astype(float)[spell] <= day)
    waiting = ((people["event_type"] == "queue") & ~people["event"].isin(_in_use(log))).to_numpy()
    kind = np.where(people["event"].isin(INSTANTS), 3, np.where(ready, 1, np.where(waiting, 2, 0)))
    signs = np.array([IN_CARE[0], *(coloured(*one) for one in (READY, WAITING, PASSING))], dtype=object)
    unseen = _flags(people.get("_phantom"), len(people))
    people["icon"] = np.where(unseen | more, people["icon"], signs[kind])
    if "additional" in people:  # vidigi counts the one in whose stead the words stand as drawn
        others = [f"+ {int(number) + 1:,} more" for number in people.loc[more, "additional"]]
        people.loc[more, "icon"] = [coloured(words, INK) for words in others]
    people["told"] = _words(people, one, log, spell, ready, more)
    return people


def _flags(column: pd.Series | None, length: int) -> NDArray[np.bool_]:
    """A column of yes and no, which vidigi leaves out where there is nothing to say."""
    return np.zeros(length, dtype=bool) if column is None else np.array([one is True for one in column.tolist()])


def coloured(text: str, colour: str) -> str:
    """Text in a colour, as plotly reads it."""
    return f'<span style="color:{colour}">{text}</span>'


def _beds(log: EventLog) -> set[str]:
    return {f"{place.name}_begins" for place in log.places if place.kind in BED_KINDS}


def _in_use(log: EventLog) -> set[str]:
    return {f"{place.name}_begins" for place in log.places}


def _words(people: pd.DataFrame, one: Drawn, log: EventLog, spell: Any, ready: Any, more: Any) -> list[str]:
    """What is shown of a person: spell, where, since when, whether ready."""
    labels = {block.event: plain(block.label) for block in one.layout.blocks}
    labels |= {"depart": "leaves", "arrival": "arrives"}
    hours = np.rint(people["time"].fillna(0.0).to_numpy(dtype=float) * 60).astype("timedelta64[m]")
    since = [f"{moment:%d %b %H:%M}" for moment in (np.datetime64(log.start, "m") + hours).astype(object)]
    fit = log.spell["ready"].astype(float)[spell]
    found = []
    for row, event in enumerate(people["event"]):
        late = (
            f"<br>ready to leave for {people['snapshot_time'].iloc[row] / 24 - fit[row]:.1f} days" if ready[row] else ""
        )
        who = "not drawn one by one" if more[row] else f"spell {spell[row]}, since {since[row]}"
        found.append(f"{labels.get(event, event)}<br>{who}{late}")
    return found


def plain(text: str) -> str:
    """Words of the user's in a figure, shown as they are: plotly reads a few tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def counted(one: Drawn, hours: list[int]) -> list[dict[str, int]]:
    """People at each event at each of these hours, those not drawn one by one included."""
    return [
        {str(name): int(number) for name, number in now["event"].value_counts().items()} for now in _now(one, hours)
    ]


def delayed(one: Drawn, log: EventLog, hours: list[int]) -> list[int]:
    """People ready to leave and still in a hospital bed at each of these hours."""
    ready, beds = log.spell["ready"].astype(float), _beds(log)
    found = []
    for hour, now in zip(hours, _now(one, hours), strict=True):
        in_bed = now.loc[now["event"].isin(beds), "entity_id"].to_numpy()
        found.append(int((ready[in_bed] <= hour / 24).sum()))
    return found


def _now(one: Drawn, hours: list[int]) -> Iterator[pd.DataFrame]:
    """Rows of the log that say where each person is at each of these hours."""
    frame = _linger(one, hours[1] - hours[0])
    frame = frame[frame["event_type"] != "resource_use_end"]
    until = frame.groupby("entity_id")["time"].shift(-1).fillna(np.inf).where(frame["event"] != "depart", -np.inf)
    start = frame["time"]
    for hour in hours:
        yield frame[(start <= hour) & (until > hour)]
