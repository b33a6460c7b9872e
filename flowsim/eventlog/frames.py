"""The public event log: frames derived from the record of a run, for people and for neighbouring tools.

Native columns follow the field's animation format (vidigi): one row each for arriving, queueing, beginning and ending
to use a resource, departing. pandas is only imported when a frame is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from flowsim.eventlog.rows import ARRIVAL, END, NAMES, QUEUE, TYPES, USE, Events, Ints, codes, events, rows, slots
from flowsim.events import BED_KINDS, DOORS, ORIGINS, EventLog

if TYPE_CHECKING:
    import pandas as pd

Objects = NDArray[np.object_]

NATIVE = (
    "entity_id",
    "event_type",
    "event",
    "time",
    "pathway",
    "run_number",
    "resource_id",
    "patient_id",
    "unique_resource_id",
    "timestamp",
    "ward",
    "practice",
)
"""Columns of the native event log, in order."""

_SUFFIXES = ("", "_wait_begins", "_begins", "_ends")


def stays_frame(log: EventLog) -> pd.DataFrame:
    """One row per stay, or wait for one, with names instead of codes.

    Times are in days; ``entered`` is missing for those who never got the place, ``open`` marks those still there, or
    still waiting, at the edge, whose ``left`` is the edge.
    """
    import pandas as pd

    spell, place = rows(log, "spell"), rows(log, "place")
    columns = {
        "run_number": np.full(spell.size, log.run_number),
        "entity_id": spell,
        "patient_id": _patients(log)[spell],
        "root": log.spell["root"][spell],
        "depth": log.spell["depth"][spell],
        "origin": np.array(ORIGINS, dtype=object)[codes(log, "origin")][spell],
        "pathway": log.pathway_names.astype(object)[spell],
        "practice": _practices(log)[spell],
        "place": _of_places(log, "name")[place],
        "kind": _of_places(log, "kind")[place],
        "locality": _of_places(log, "locality")[place],
        **{name: log.stay[name] for name in ("queued", "entered", "left", "open")},
        "resource_id": pd.array(_missing(slots(log)), dtype="Int64"),
    }
    return pd.DataFrame(columns)


def events_frame(log: EventLog) -> pd.DataFrame:
    """The event log with the columns of ``NATIVE``; times in days.

    ``entity_id`` is one per spell, ``patient_id`` one per person (or chain of spells where the person is not known).
    ``resource_id`` numbers beds and slots of a place from 1, lowest free first, and is on every row of a resource.
    Presentations averted, turned round or diverted have a queue row that says so. Someone still inside at the edge
    has no end and no departure. Rows are in order of time; at one instant places are freed before they are taken.
    """
    return _frame(log, events(log))[list(NATIVE)]


def vidigi_frame(log: EventLog, window: tuple[float, float] | None = None) -> pd.DataFrame:
    """Where each person is, as vidigi's animations want it: one place at a time, times in hours since ``log.start``.

    Parameters
    ----------
    log : EventLog
    window : (float, float), optional
        First and last day to be shown. Kept are all who are there at some moment of it, with all they did before, as
        vidigi asks for (it is told where to begin by its ``warm_up``); what comes after the window is left out.

    Returns
    -------
    DataFrame
        Columns ``NATIVE``. ``resource_use`` for numbered beds and slots. Places without a limit are of type ``queue``,
        which is what vidigi can draw as "so many more"; so is waiting for a bed, whichever it is for. Who has two
        places at once (see :mod:`flowsim.eventlog.whereabouts`) is in one. Hours are rounded to a billionth.
    """
    from flowsim.eventlog.whereabouts import unlimited, whereabouts

    found = whereabouts(log)
    frame = _frame(log, found)
    frame["time"] = np.round(frame["time"].to_numpy(dtype=float) * 24.0, 9)
    endless = np.isin(np.append(rows(log, "place"), -1)[found.stay], unlimited(log))
    frame.loc[endless, "event_type"] = TYPES[QUEUE]
    frame.loc[endless, ["resource_id", "unique_resource_id"]] = None
    kept = ~(endless & (found.kind == END))
    if window is not None:
        kept &= _there(found, len(log.spell["at"]), window)
    shown: pd.DataFrame = frame[list(NATIVE)][kept].reset_index(drop=True)
    return shown


def _there(found: Events, spells: int, window: tuple[float, float]) -> NDArray[np.bool_]:
    """Rows up to the end of the window of those who are there at some moment of it."""
    came, went = np.full(spells, np.inf), np.full(spells, np.inf)
    for name, moment in ((0, came), (1, went)):
        mine = (found.kind == ARRIVAL) & (found.name == name)
        moment[found.spell[mine]] = found.time[mine]
    there = (came <= window[1]) & (went >= window[0])
    kept: NDArray[np.bool_] = there[found.spell] & (found.time <= window[1])
    return kept


def pm4py_frame(log: EventLog) -> pd.DataFrame:
    """The event log under pm4py's (XES) names: case, activity, timestamp, lifecycle, resource.

    Waiting for a place, beginning and ending are ``schedule``, ``start`` and ``complete`` of one activity. ``ward`` is
    of hospital beds; pathway and practice are of the case, a spell.
    """
    import pandas as pd

    frame = _frame(log, events(log))
    waits = (frame["type"] == QUEUE) & ~frame["activity"].isin(DOORS)  # what became of one at the door is no wait
    lifecycle = np.where(waits, "schedule", np.where(frame["type"] == USE, "start", "complete"))
    return pd.DataFrame(
        {
            "case:concept:name": frame["entity_id"].astype(str),
            "concept:name": frame["activity"],
            "time:timestamp": frame["timestamp"],
            "lifecycle:transition": lifecycle,
            "org:resource": frame["unique_resource_id"],
            "ward": frame["ward"],
            "case:pathway": frame["pathway"],
            "case:practice": frame["practice"],
        }
    )


def bupar_frame(log: EventLog) -> pd.DataFrame:
    """bupaR's activity log: one row per activity of a case, with when it was wanted, begun and completed.

    A presentation is an activity of no length named after what became of it at the door.
    """
    import pandas as pd

    spell, count = rows(log, "spell"), len(log.spell["at"])
    case, at = np.concatenate([np.arange(count), spell]), log.spell["at"].astype(float)
    done = np.where(
        log.stay["open"].astype(bool) | np.isnan(log.stay["entered"].astype(float)), np.nan, log.stay["left"]
    )
    times = {
        "schedule": np.concatenate([at, log.stay["queued"]]),
        "start": np.concatenate([at, log.stay["entered"]]),
        "complete": np.concatenate([at, done]),
    }
    doors = np.array(DOORS, dtype=object)[codes(log, "door")]
    columns = {
        "case_id": case,
        "activity": np.concatenate([doors, _of_places(log, "name")[rows(log, "place")]]),
        "resource": np.concatenate([np.full(count, None, dtype=object), _resources(log, slots(log))]),
        **{name: _timestamps(log, moments) for name, moments in times.items()},
        "pathway": log.pathway_names.astype(object)[case],
        "practice": _practices(log)[case],
    }
    order = np.lexsort((np.arange(case.size), times["schedule"], case))
    return pd.DataFrame({name: column[order] for name, column in columns.items()})


def _frame(log: EventLog, happened: Events) -> pd.DataFrame:
    """The native columns, and ``activity`` and ``type`` for the exports."""
    import pandas as pd

    spell, stay, kind = happened.spell, happened.stay, happened.kind
    here = stay >= 0
    place = np.append(rows(log, "place"), -1)[stay]
    activity = np.array(NAMES, dtype=object)[happened.name]
    activity[here] = _of_places(log, "name")[place[here]]
    suffix = np.array(_SUFFIXES, dtype=object)[np.where(here, kind, ARRIVAL)]
    acute = np.append(np.isin(_of_places(log, "kind"), BED_KINDS), False)[place]
    number = slots(log)
    used = np.where(kind >= USE, stay, -1)
    return pd.DataFrame(
        {
            "entity_id": spell,
            "event_type": np.array(TYPES, dtype=object)[kind],
            "event": activity + suffix,
            "time": happened.time,
            "pathway": log.pathway_names.astype(object)[spell],
            "run_number": np.full(spell.size, log.run_number),
            "resource_id": pd.array(_missing(np.append(number, 0)[used]), dtype="Int64"),
            "patient_id": _patients(log)[spell],
            "unique_resource_id": _lookup(_resources(log, number), used),
            "timestamp": _timestamps(log, happened.time),
            "ward": _lookup(activity, np.where(acute, np.arange(spell.size), -1)),
            "practice": _practices(log)[spell],
            "activity": activity,
            "type": kind,
        }
    )


def _lookup(values: Objects, row: Ints) -> Objects:
    """Values by row; None for row -1."""
    return np.array([*values.tolist(), None], dtype=object)[row]


def _of_places(log: EventLog, name: str) -> Objects:
    """A text of each place."""
    return np.array([getattr(place, name) for place in log.places], dtype=object)


def _practices(log: EventLog) -> Objects:
    """Name of each spell's practice, None if it has none."""
    return np.array([*log.practices, None], dtype=object)[codes(log, "practice")]


def _patients(log: EventLog) -> Ints:
    """The person of each spell; where not known, a negative number for each chain of spells."""
    known = codes(log, "person")
    _, chain = np.unique(log.spell["root"], return_inverse=True)
    return np.where(known >= 0, known, -1 - chain).astype(np.intp)


def _missing(numbers: Ints) -> list[int | None]:
    """Numbers with None for 0."""
    return [number or None for number in numbers.tolist()]


def _resources(log: EventLog, number: Ints) -> Objects:
    """Name of the very bed or slot of each stay, such as ``Ward 1 #3``; None for those who never got in."""
    names = _of_places(log, "name")[rows(log, "place")]
    each = zip(names.tolist(), number.tolist(), strict=True)
    return np.array([f"{name} #{one}" if one else None for name, one in each], dtype=object)


def _timestamps(log: EventLog, days: NDArray[np.generic]) -> NDArray[np.datetime64]:
    """Calendar moments, to the microsecond; missing where NaN."""
    moments = days.astype(float)
    known = ~np.isnan(moments)
    micro = np.rint(np.where(known, moments, 0.0) * 86_400e6).astype("timedelta64[us]")
    return np.where(known, np.datetime64(log.start, "us") + micro, np.datetime64("NaT", "us"))
