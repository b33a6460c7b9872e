"""Beds by day, escalation, LIFE and packages: the pictures of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from flowsim.app import session
from flowsim.app.words import picture_html
from flowsim.experiment.comparison import Comparison

if TYPE_CHECKING:
    from flowsim.report.pictures import Picture


def section(comparison: Comparison) -> None:
    """Draw the courses of the year, with and without the plan."""
    for one in session.once("beds", session.key_of(comparison), lambda: drawn(comparison)):
        st.html(picture_html(one.svg, one.note))


def drawn(comparison: Comparison) -> list[Picture]:
    """The pictures that these worlds have: beds, escalation beds, LIFE, packages."""
    from flowsim.report import pictures

    daily, window = comparison.daily, comparison.base.clock.window
    beds = pictures.beds(daily, comparison.scenarios, window)
    found = [beds, pictures.escalation(daily, window)] if beds is not None else []
    return [one for one in [*found, *pictures.life(daily, window), pictures.packages(daily, window)] if one is not None]
