"""One replication as a moving picture: beds and services as vidigi draws them, with counts, and who is delayed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from flowsim.events import EventLog
from flowsim.exports.again import Window
from flowsim.exports.layout import COLUMN, GAP, IN_HOSPITAL, INSTANTS, ROW, Block, capacity_at
from flowsim.exports.snapshots import (
    IN_CARE,
    INK,
    LEGEND,
    MUTED,
    QUIET,
    READY,
    coloured,
    counted,
    delayed,
    moments,
    people,
    plain,
)
from flowsim.exports.vidigi import AT_MOST, EVERY_HOURS, Drawn, drawn, settings

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOST_POINTS = 150_000
"""People drawn times snapshots: beyond this a browser no longer plays the page smoothly."""

NEEDS = "vidigi and plotly are needed to animate; pip install 'croydon-flowsim[anim]' brings them"


class TooMuchError(ValueError):
    """A window that holds more people and snapshots than a browser can show."""


def animation(
    log: EventLog,
    window: Window,
    every_hours: int = EVERY_HOURS,
    at_most: int = AT_MOST,
    controls: bool = True,
) -> go.Figure:
    """An animated figure of a window of a run: each sign one person, in the bed or with the service they are in.

    Parameters
    ----------
    window : (float, float)
        First and last day since the start of the run's clock, such as ``(462.0, 476.0)``.
    every_hours : int
        Hours between snapshots.
    at_most : int
        People drawn one by one where there are no beds or slots (home care, care homes, reablement, queues); the
        others are a number.
    controls : bool
        Whether the figure has plotly's own buttons and slider.

    Raises
    ------
    ImportError
        If vidigi or plotly is not installed.
    TooMuchError
        If there are too many people and snapshots; the message says which window or step fits.
    ValueError
        If the window is not within the run.
    """
    try:
        import vidigi.animation  # noqa: F401 - asked for before the work is done
    except ImportError as error:
        raise ImportError(NEEDS) from error
    return played(drawn(log, window, at_most), log, every_hours, at_most, controls)


def played(one: Drawn, log: EventLog, every_hours: int, at_most: int = AT_MOST, controls: bool = True) -> go.Figure:
    """The figure of a window made ready by :func:`flowsim.exports.vidigi.drawn`; see :func:`animation`."""
    _check_size(one, every_hours, at_most)
    figure = _by_vidigi(one, log, settings(one, log, every_hours, at_most))
    _beside(figure, one, log, moments(one, every_hours))
    _dress(figure, one, controls)
    return figure


def _by_vidigi(one: Drawn, log: EventLog, said: dict[str, Any]) -> go.Figure:
    """The figure as vidigi makes it, with our signs, without names of places, and with quiet beds."""
    from vidigi.animation import generate_animation

    names = ("scenario", "simulation_time_unit", "start_date", "time_display_units", "wrap_resources_at")
    sizes = [name for name in said if name.startswith(("gap_between_resource", "plotly_", "override_", "entity_"))]
    figure = generate_animation(
        people(one, log, said),
        one.layout.frame(),
        **{name: said[name] for name in (*names, *sizes)},
        display_stage_labels=False,
        custom_hover_data=["told"],
        hover_text_entity="%{customdata[0]}<extra></extra>",
        overflow_text_color=IN_CARE[1],
        frame_duration=500,
        frame_transition_duration=300,
        plot_bgcolor="white",
        paper_bgcolor="white",
    )
    if one.counts:  # vidigi's last trace: beds and slots
        figure.data[-1].update(marker={"symbol": "square-open", "size": GAP, "color": QUIET}, opacity=0.55)
    _slim(figure)
    return figure


def _check_size(one: Drawn, every_hours: int, at_most: int) -> None:
    """Refuse what a browser cannot play: beds and slots in use and queues, times snapshots."""
    if one.log.empty:
        raise ValueError("nobody is there in the window: there is nothing to show")
    if every_hours < 1:
        raise ValueError(f"hours between snapshots must be 1 or more, not {every_hours}")
    frames = len(moments(one, every_hours))
    drawn_people = max(1, sum(one.counts.values()) + at_most * sum(block.place is None for block in one.layout.blocks))
    if frames < 2:
        raise ValueError(
            f"the window of {one.end - one.begin} hours holds only one snapshot, as they are {every_hours} apart"
        )
    if frames * drawn_people > MOST_POINTS:
        fits = MOST_POINTS // drawn_people
        days, step = fits * every_hours // 24, math.ceil((one.end - one.begin) / max(1, fits - 1))
        raise TooMuchError(
            f"{frames:,} snapshots of up to {drawn_people:,} people are more than a browser can play: "
            f"show at most {days} days, or a snapshot every {step} hours"
        )


def _beside(figure: go.Figure, one: Drawn, log: EventLog, hours: list[int]) -> None:
    """Names of places with how many are there at each moment, and how many are ready to leave hospital."""
    import plotly.graph_objects as go
    from vidigi.animation import add_synchronised_trace

    counts, late = counted(one, hours), delayed(one, log, hours)
    seen = {event for now in counts for event in now}
    blocks = [block for block in one.layout.blocks if block.event in seen or block.event not in INSTANTS]
    xs = [block.x - 14 for block in blocks]
    ys = [block.y + (min(block.rows, 3) - 1) * ROW / 2 if block.place else block.y for block in blocks]
    heading = next(((x, y) for text, x, y in one.layout.headings if text == IN_HOSPITAL), None)
    if heading is not None:
        xs, ys = [*xs, heading[0] + COLUMN], [*ys, heading[1]]

    def texts(_name: str, number: int) -> go.Scatter:
        told = [_label(block, counts[number].get(block.event, 0), log, hours[number]) for block in blocks]
        told += [f"{coloured(READY[0], READY[1])} ready to leave  <b>{late[number]:,}</b>"] if heading else []
        style = {"mode": "text", "textposition": "middle left", "textfont": {"size": 12, "color": INK}}
        return go.Scatter(x=xs, y=ys, text=told, hoverinfo="skip", showlegend=False, cliponaxis=False, **style)

    add_synchronised_trace(figure, texts)


def _slim(figure: go.Figure) -> None:
    """Leave out what nobody is shown: names of events and numbers of beds, for each person at each moment."""
    for trace in [figure.data[0], *(frame.data[0] for frame in figure.frames)]:
        trace.hovertext = None
        trace.customdata = [[one[0]] for one in trace.customdata]


def _label(block: Block, count: int, log: EventLog, hour: int) -> str:
    """Name of a place with how many are there, of how many if there is a limit."""
    number = f"{count:,}"
    if block.place is not None:
        info = next(place for place in log.places if place.name == block.place)
        number += f" of {capacity_at(info, hour / 24):,.0f}"
    return f"{plain(block.label)}  <b>{number}</b>"


def _dress(figure: go.Figure, one: Drawn, controls: bool) -> None:
    """Headings, signs explained, margins, and buttons or none."""
    for text, x, y in one.layout.headings:
        figure.add_annotation(x=x, y=y, text=f"<b>{text}</b>", showarrow=False, xanchor="left", font={"size": 16})
    for end in one.layout.ends:
        text = end.label.lower()
        figure.add_annotation(x=end.x - 14, y=end.y, text=text, showarrow=False, xanchor="right", font={"color": MUTED})
    told = "     ".join(f"{coloured(sign, colour)} {words}" for sign, colour, words in LEGEND)
    figure.add_annotation(
        x=0, y=1, xref="paper", yref="paper", yshift=24, text=told, showarrow=False, xanchor="left", font={"size": 13}
    )
    figure.update_layout(margin={"l": 10, "r": 10, "t": 50, "b": 120 if controls else 10}, font={"color": INK})
    figure.update_layout(width=one.layout.width + 20, height=one.layout.height + (170 if controls else 60))
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    if controls:
        figure.update_layout(sliders=[{"currentvalue": {"font": {"size": 18}, "prefix": ""}, "len": 0.85}])
    else:
        figure.layout.sliders, figure.layout.updatemenus = (), ()
