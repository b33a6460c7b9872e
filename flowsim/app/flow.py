"""Watch the flow: an animation of where people are over some days."""

from __future__ import annotations

import datetime as dt
from importlib.util import find_spec
from typing import Any

import streamlit as st

from flowsim.app import session
from flowsim.app.reading import first_day
from flowsim.app.words import plain, title_of
from flowsim.experiment.comparison import Comparison
from flowsim.plots.words import date, label
from flowsim.plots.words import days as length

LONGEST_DAYS = 28
PICTURE = "flow_picture"
"""What the style of the page knows the animation by: it is moved aside where it is wider than the page, not pressed."""


def section(comparison: Comparison) -> None:
    """Choose a world and some days, and see people move."""
    if find_spec("vidigi") is None:
        st.info(
            "To watch people move, install the extra: `pip install 'croydon-flowsim[anim]'`, and start the page again."
        )
        return
    names = [one.name for one in comparison.scenarios]
    left, middle, right = st.columns(3)
    name = left.selectbox("World", names[::-1], key="flow_world", format_func=label)
    base = comparison.base
    first, last = first_day(base), base.clock.start + dt.timedelta(days=int(base.clock.horizon) - 1)
    day = middle.date_input("From", max(first, min(last, dt.date(first.year, 12, 1))), first, last, key="flow_from",
                            format="DD/MM/YYYY")  # fmt: skip
    most = min(LONGEST_DAYS, int(base.clock.window_days))
    days = right.slider("Days", 1, most, min(14, most), key="flow_days") if most > 1 else 1  # no slider has one place
    if not st.button("Draw it", key="flow_draw", help="This takes some seconds.") and "flow" not in st.session_state:
        return
    assert isinstance(day, dt.date)
    start = (day - base.clock.start).days
    window = (float(start), float(min(start + days, base.clock.horizon)))
    st.session_state["flow"] = True
    key = (*session.key_of(comparison)[:3], name, window)
    number = comparison.record.replications[0]
    figure = session.once("flow", key, lambda: _figure(comparison, names.index(name), number, window))
    if isinstance(figure, str):
        st.warning(plain(figure))
    else:
        with st.container(key=PICTURE):
            st.plotly_chart(figure, width="content")
        st.caption(
            f"People in {title_of(name)}, simulation number {number}, from {plain(date(day))} for {length(days)}. "
            "What moves here stands as lines under Beds by day, and in words under One person."
        )


def _figure(comparison: Comparison, which: int, number: int, window: tuple[float, float]) -> Any:
    """The animation, or why there is none, in words."""
    from flowsim.engine import simulate
    from flowsim.exports.animation import TooMuchError, animation

    with st.spinner("Drawing where everybody is …"):
        log = simulate(comparison.scenarios[which], comparison.record.seed, number)
        try:
            return animation(log, window)
        except TooMuchError as error:
            return f"{error}"
