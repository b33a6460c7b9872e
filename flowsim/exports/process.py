"""To process mining: one replication under the names of pm4py (Python) and of bupaR (R); neither is needed."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from flowsim.exports import Options, check_free, is_file_name, made, place, write_files
from flowsim.exports.again import Again, again

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.events import EventLog

_PM4PY = """\
    import pandas as pd, pm4py
    log = pm4py.format_dataframe(pd.read_csv("pm4py.csv", low_memory=False))
    dfg, first, last = pm4py.discover_dfg(log[log["lifecycle:transition"] == "complete"])

Of an activity "schedule" is when it was first waited for, "start" when it began, "complete" when it ended; one that
was still going on when the run ended has no "complete". case: columns are of the whole spell.
"""
_BUPAR = """\
    library(bupaverse)
    log <- activitylog(readr::read_csv("bupar.csv"), case_id = "case_id", activity_id = "activity",
                       resource_id = "resource", timestamps = c("schedule", "start", "complete"))
    process_map(log)

schedule is when an activity was first waited for, start when it began, complete when it ended; empty if it had not when
the run ended. to_eventlog(log) makes an event log of it.
"""
_README = """\
{title}, {which}, for {tool}.

Who presented from {first} up to {last}, each with all that happened to them until the run ended ({edge}):

{words}
A case is one spell of a person: a presentation, its stays in hospital and the services after it. A readmission is a
case of its own. A made-up population: no row is a real person.
"""


def to_pm4py(run_dir: Path, out: Path | None, options: Options) -> list[Path]:
    """Write the people who presented in a window of one replication, one event a row, under pm4py's names.

    Raises
    ------
    ExportError
        If the replication cannot be made again (see :func:`flowsim.exports.again.again`), or a file is in the way.
    """
    return _write(run_dir, out, options, "pm4py", _of_pm4py, _PM4PY)


def to_bupar(run_dir: Path, out: Path | None, options: Options) -> list[Path]:
    """Write the people who presented in a window of one replication, one activity a row, for bupaR's ``activitylog()``.

    Raises
    ------
    ExportError
        As for :func:`to_pm4py`.
    """
    return _write(run_dir, out, options, "bupar", _of_bupar, _BUPAR)


def _of_pm4py(log: EventLog) -> tuple[pd.DataFrame, pd.Series]:
    frame = log.to_pm4py()
    return frame, frame["case:concept:name"].astype(int)


def _of_bupar(log: EventLog) -> tuple[pd.DataFrame, pd.Series]:
    frame = log.to_bupar()
    return frame, frame["case_id"].astype(int)


def _write(
    run_dir: Path,
    out: Path | None,
    options: Options,
    tool: str,
    make: Callable[[EventLog], tuple[pd.DataFrame, pd.Series]],
    words: str,
) -> list[Path]:
    """A table with a README in a folder; the table alone if a file is named."""
    found = again(run_dir, options)
    table, readme = f"{tool}.csv", "README.txt"
    alone = out is not None and is_file_name(out)
    if out is not None and alone:
        check_free(out, options, "file")
        folder, table = made(out.parent), out.name
    else:
        folder = place(run_dir, out, tool, [table, readme], options)
    frame, case = make(found.log)
    kept = _as_iso(frame[_presented(found)[case.to_numpy()]])
    return write_files(folder, {table: kept} | ({} if alone else {readme: _readme(found, tool, words)}))


def _presented(found: Again) -> np.ndarray:
    """Which spells began in the window."""
    at = found.log.spell["at"].astype(float)
    return np.asarray((found.window[0] <= at) & (at < found.window[1]))


def _as_iso(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with moments as ISO 8601, to the second, all in one form."""
    moments = frame.select_dtypes("datetime").columns
    rounded = {name: frame[name].dt.round("s").dt.strftime("%Y-%m-%dT%H:%M:%S") for name in moments}
    return frame.assign(**rounded)


def _readme(found: Again, tool: str, words: str) -> str:
    first, last = found.dates
    log = found.log
    edge = log.start + dt.timedelta(days=math.floor(log.horizon))
    return _README.format(
        title=found.scenario.title,
        which=found.which,
        first=first,
        last=last,
        edge=edge,
        tool=tool,
        words=words,
    )
