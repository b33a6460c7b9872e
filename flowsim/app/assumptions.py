"""What is assumed: every lever with its evidence, then every number of the plan."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from flowsim.app import session
from flowsim.app.controls import evidence_row
from flowsim.app.levers import Lever, Value, choice_words
from flowsim.app.state import State
from flowsim.app.words import table_html
from flowsim.config.evidence import EvidenceTable
from flowsim.config.explain import explain
from flowsim.config.problems import ConfigError
from flowsim.config.resolved import inline
from flowsim.plots.words import MINUS, date, label
from flowsim.report.changed import GRADES

ABOUT = (
    "Grades: "
    + "; ".join(f"**{grade}** {words}" for grade, words in GRADES.items())
    + ". A claim stays a claim, however often it is printed: hold it against the sceptical setting."
)


def section(state: State) -> None:
    """The levers, moved ones first, and all numbers on request."""
    st.markdown(ABOUT)
    st.html(levers_table(state))
    with st.expander("Every number of the plan"):
        try:
            st.dataframe(session.once("all_numbers", state.to_yaml(), lambda: all_table(state)), hide_index=True)
        except ConfigError as error:
            st.text(str(error))


HEADINGS = ("Lever", "Now", "At the start", "Grade", "Who says so", "Range offered")


def levers_table(state: State) -> str:
    """One row as HTML for each lever that acts: where it stands, where it began, grade, source, range."""
    moved = set(state.changed)
    levers = [one for one in state.start.levers if state.acts(one)]
    table = state.start.evidence
    rows = [
        _row(state, lever, table, lever.id in moved) for lever in sorted(levers, key=lambda one: one.id not in moved)
    ]
    return table_html(HEADINGS, rows)


def _row(state: State, lever: Lever, table: EvidenceTable, moved: bool) -> list[str]:
    row = evidence_row(state.start, lever, table)
    span = f"{lever.low:g} to {lever.high:g}".replace("-", MINUS) if lever.kind == "slider" else ""
    return [
        f"{lever.group}: {lever.title}",
        say(state, lever, state.values[lever.id]) + (" (changed)" if moved else ""),
        say(state, lever, state.start.initial[lever.id]),
        f"{row.grade}: {GRADES.get(row.grade, '')}" if row else "a choice",
        row.source if row else "",
        span + (f" ({lever.beyond})" if lever.beyond else ""),
    ]


def say(state: State, lever: Lever, value: Value) -> str:
    """A lever's value in words."""
    if lever.kind == "choice":
        return choice_words(lever, str(value), label(state.start.plan.scenario.name, 40))
    if isinstance(value, dt.date):
        return date(value)
    if isinstance(value, tuple):
        return (
            ", ".join(str(one) for one in value) if lever.kind == "wards" else " to ".join(f"{one:g}" for one in value)
        )
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def all_table(state: State) -> object:
    """Every parameter: value, unit, meaning, where it was set, grade, source."""
    import pandas as pd

    rows = explain(state.loaded("plan"), evidence=state.start.evidence)
    return pd.DataFrame(
        {
            "Number": [row.path for row in rows],
            "Value": [inline(row.value) for row in rows],
            "Unit": [row.unit for row in rows],
            "Meaning": [row.meaning for row in rows],
            "Set by": [row.origin for row in rows],
            "Grade": [row.grade for row in rows],
            "Source": [row.evidence for row in rows],
        }
    )
