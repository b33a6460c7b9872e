"""To vidigi: where each person is, a layout of places and the settings to draw them with; and the animation itself.

vidigi (https://github.com/hsma-tools/vidigi) is needed to draw, not to write its files.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowsim.exports import Options, place, write_files
from flowsim.exports.again import Window, again
from flowsim.exports.layout import GAP, PER_ROW, ROW, Layout, capacities, layout

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.events import EventLog

DAYS, EVERY_HOURS, AT_MOST = 14, 6, 30
"""Days shown if no window is asked for, hours between snapshots, people drawn where there are no beds or slots."""

CSV, LAYOUT, SETTINGS, README = "vidigi.csv", "layout.csv", "settings.json", "README.txt"

_README = """\
{title}, {which}, {first} to {last}: for vidigi 2 or newer.

vidigi.csv     where each person is, one place at a time; times are hours since {start} 00:00
layout.csv     where on the page each event is drawn
settings.json  the window (warm_up to limit_duration, in hours), beds and slots by place, sizes

The file holds all who are there in the window with all they did before it, as vidigi wants it: tell vidigi where
to begin by warm_up, do not cut the file. To look at it (pip install vidigi):

    import json, pathlib, pandas as pd
    from vidigi.animation import animate_activity_log
    log, layout = pd.read_csv("vidigi.csv"), pd.read_csv("layout.csv")
    animate_activity_log(log, layout, **json.loads(pathlib.Path("settings.json").read_text())).show()

Whoever waits in a hospital bed for the next place is in that bed. Places without a limit (home care, care homes,
reablement) have no beds to draw, so they are queues: vidigi draws the first {at_most} and says how many more.
entity_id is one spell of a person; patient_id is the person. A made-up population: no row is a real person.
"""


@dataclass(frozen=True)
class Drawn:
    """What vidigi needs: the log, the layout, beds and slots by place, and whole hours to begin and end at."""

    log: pd.DataFrame
    layout: Layout
    counts: dict[str, int]
    begin: int
    end: int


def drawn(log: EventLog, window: Window, at_most: int = AT_MOST) -> Drawn:
    """A window of a run ready to be drawn.

    Parameters
    ----------
    window : (float, float)
        First and last day since the start of the run's clock; rounded inwards to whole hours.
    at_most : int
        People drawn one by one where there are no beds or slots; rounded up to whole rows.

    Raises
    ------
    ValueError
        If the window is empty or not within the run.
    """
    begin, end = math.ceil(window[0] * 24), math.floor(window[1] * 24)
    if not 0 <= begin < end <= log.horizon * 24:
        raise ValueError(f"the window, day {window[0]:g} to day {window[1]:g}, is not within 0 to {log.horizon:g}")
    frame = log.to_vidigi((begin / 24, end / 24))
    counts = _counts(log, frame, (begin / 24, end / 24))
    return Drawn(frame, layout(log, frame["event"].unique().tolist(), counts, whole_rows(at_most)), counts, begin, end)


def whole_rows(at_most: int) -> int:
    """So many people or a few more, that no row is cut."""
    return math.ceil(at_most / PER_ROW) * PER_ROW


def settings(one: Drawn, log: EventLog, every_hours: int = EVERY_HOURS, at_most: int = AT_MOST) -> dict[str, Any]:
    """Arguments of ``vidigi.animation.animate_activity_log`` that go with the log and the layout."""
    return {
        "scenario": one.counts,
        "simulation_time_unit": "hours",
        "every_x_time_units": every_hours,
        "warm_up": one.begin,
        "limit_duration": one.end,
        "start_date": log.start.isoformat(),
        "time_display_units": "%a %d %b %Y, %H:%M",
        "step_snapshot_max": whole_rows(at_most),
        "wrap_queues_at": PER_ROW,
        "wrap_resources_at": PER_ROW,
        "gap_between_entities": GAP,
        "gap_between_resources": GAP,
        "gap_between_queue_rows": ROW,
        "gap_between_resource_rows": ROW,
        "entity_resource_offset_y": 0,
        "entity_icon_size": 13,
        "custom_entity_icon_list": ["\u25cf"],
        "custom_resource_icon": "\u25a1",
        "resource_icon_size": 15,
        "text_size": 12,
        "plotly_width": one.layout.width + 240,  # with vidigi's margins and its slider
        "plotly_height": one.layout.height + 220,
        "plot_bgcolor": "white",
        "override_x_max": one.layout.width,
        "override_y_max": one.layout.height,
    }


def to_vidigi(run_dir: Path, out: Path | None, options: Options) -> list[Path]:
    """Write one replication of a run folder, two weeks of it unless a window is asked for, as vidigi reads it.

    Raises
    ------
    ExportError
        If the replication cannot be made again (see :func:`flowsim.exports.again.again`), or a file is in the way.
    """
    found = again(run_dir, options, days=DAYS)
    folder = place(run_dir, out, "vidigi", [CSV, LAYOUT, SETTINGS, README], options)
    one = drawn(found.log, found.window)
    first, last = found.dates
    words = _README.format(
        title=found.scenario.title,
        which=found.which,
        first=first,
        last=last,
        start=found.log.start,
        at_most=AT_MOST,
    )
    from flowsim.experiment.texts import cell

    chosen = settings(one, found.log)
    chosen["scenario"] = {cell(name): number for name, number in one.counts.items()}  # as in layout.csv
    return write_files(
        folder,
        {CSV: one.log, LAYOUT: one.layout.frame(), SETTINGS: json.dumps(chosen, indent=1) + "\n", README: words},
    )


def _counts(log: EventLog, frame: pd.DataFrame, window: Window) -> dict[str, int]:
    """Beds and slots to draw by place: the most there are, or a higher one still in use after there were more."""
    used = frame[frame["event_type"] == "resource_use"].groupby("event")["resource_id"].max().to_dict()
    most = capacities(log, window)
    return {
        one.name: max(most[one.name], int(used.get(f"{one.name}_begins", 0)))
        for one in log.places
        if one.name in most and one.kind not in ("responders", "a_and_e")
    }
