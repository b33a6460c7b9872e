"""People who met both a Huddle and LIFE: what happened to each, in order, across both and the hospital."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from flowsim.eventlog.rows import rows
from flowsim.events import ADMITTED, DOORS, IN_COMMUNITY, SUPPORT_ENDS, WAITING, EventLog

if TYPE_CHECKING:
    import pandas as pd

_Row = tuple[int, float, int, str, str]


def journeys_frame(log: EventLog) -> pd.DataFrame:
    """Every step of the people who met both a Huddle and LIFE in the run, by person and then in order of time.

    Returns
    -------
    DataFrame
        Columns run_number, patient_id, practice, time (days), timestamp, service ("huddle", "hospital", "life" or
        "home") and step, such as "taken on", "presents: admitted", "leaves", "referred", "begins" or "ends: package".
        What comes after the edge of the run is not there. Only residents who are known one by one.
    """
    import pandas as pd

    who = _met_both(log)
    found = sorted(one for one in [*_huddles(log), *_hospital(log), *_life(log)] if one[0] in who)
    frame = pd.DataFrame(found, columns=["patient_id", "time", "order", "service", "step"])
    practice = _practice_of(log)
    frame.insert(0, "run_number", log.run_number)
    frame.insert(2, "practice", [practice.get(person) for person in frame["patient_id"]])
    moments = np.rint(frame["time"].to_numpy(dtype=float) * 86_400e6).astype("timedelta64[us]")
    frame.insert(4, "timestamp", np.datetime64(log.start, "us") + moments)
    return frame.drop(columns="order")


def _met_both(log: EventLog) -> set[int]:
    life = log.of_kind("life") & ~np.isnan(log.stay["entered"].astype(float))
    person = log.spell["person"].astype(np.int64)
    with_life = person[rows(log, "spell")[life]]
    return set(with_life[with_life >= 0].tolist()) & set(log.support["person"].astype(np.int64).tolist())


def _practice_of(log: EventLog) -> dict[int, str]:
    pairs = zip(log.support["person"].astype(int).tolist(), log.support["practice"].astype(int).tolist(), strict=True)
    return {person: log.practices[practice] for person, practice in pairs}


def _columns(table: dict[str, NDArray[np.generic]], *names: str) -> list[tuple[float, ...]]:
    return list(zip(*(table[name].astype(float).tolist() for name in names), strict=True))


def _huddles(log: EventLog) -> list[_Row]:
    """Support begins and ends."""
    found: list[_Row] = []
    for person, start, end in _columns(log.support, "person", "start", "end"):
        found.append((int(person), start, 0, "huddle", "taken on"))
        if end < log.horizon:
            found.append((int(person), end, 0, "huddle", "support ends"))
    return found


def _hospital(log: EventLog) -> list[_Row]:
    """Presentations and what became of them, leaving, and death."""
    found: list[_Row] = []
    for person, door, at, left, died in _columns(log.spell, "person", "door", "at", "discharged", "died"):
        if door != IN_COMMUNITY:
            found.append((int(person), at, 1, "hospital", f"presents: {DOORS[int(door)].replace('_', ' ')}"))
        if door in (ADMITTED, WAITING) and not np.isnan(left) and left != died:
            found.append((int(person), left, 2, "hospital", "leaves"))
        if not np.isnan(died):
            found.append((int(person), died, 9, "hospital" if left == died else "home", "dies"))
    return found


def _life(log: EventLog) -> list[_Row]:
    """Referral, begin and end of each time with LIFE, and how it ended."""
    found: list[_Row] = []
    person, ends = log.spell["person"].astype(int), log.spell["support_end"].astype(int)
    table = {name: column[log.of_kind("life")] for name, column in log.stay.items()}
    for spell, queued, entered, left, still in _columns(table, "spell", "queued", "entered", "left", "open"):
        who = int(person[int(spell)])
        found.append((who, queued, 3, "life", "referred"))
        if not np.isnan(entered):
            found.append((who, entered, 4, "life", "begins"))
        if not still:
            how = (
                "gives up waiting" if np.isnan(entered) else f"ends: {SUPPORT_ENDS[ends[int(spell)]].replace('_', ' ')}"
            )
            found.append((who, left, 5, "life", how))
    return found
