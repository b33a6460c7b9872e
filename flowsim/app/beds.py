"""Beds by day, LIFE and packages: the pictures of the report."""

from __future__ import annotations

import streamlit as st

from flowsim.app import session
from flowsim.app.words import picture_html
from flowsim.experiment.comparison import Comparison


def section(comparison: Comparison) -> None:
    """Draw the courses of the year, with and without the plan."""
    from flowsim.report import pictures

    key, window = session.key_of(comparison), comparison.base.clock.window
    beds = session.once("beds", key, lambda: pictures.beds(comparison.daily, window))
    life = session.once("life", key, lambda: pictures.life(comparison.daily, window))
    packages = session.once("packages", key, lambda: pictures.packages(comparison.daily, window))
    for one in [*([beds] if beds else []), *life, *([packages] if packages else [])]:
        st.html(picture_html(one.svg, one.note))
