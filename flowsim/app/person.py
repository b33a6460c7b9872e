"""Who is this person: one life in both worlds, as dated sentences."""

from __future__ import annotations

import shlex

import streamlit as st

from flowsim.app import session
from flowsim.app.files import scenario_files
from flowsim.app.lives import Differing, differing
from flowsim.app.state import State
from flowsim.app.words import life_html, title_of
from flowsim.events import EventLog
from flowsim.experiment.comparison import Comparison


def section(state: State, comparison: Comparison) -> None:
    """Choose a simulation and a person whose life differs, and read it with the plan and without."""
    from flowsim.story import sentences

    numbers = comparison.record.replications
    number = st.selectbox("Simulation", numbers, key="person_year", format_func=lambda one: f"number {one}")
    worlds, people = _found(comparison, int(number))
    if not people:
        st.info("In this simulation nobody’s days in hospital differ.")
        return
    st.caption(
        f"{len(people)} of the people whose days in hospital differ, the largest differences first. They are made up, "
        "and most people’s lives do not differ at all: these are not typical."
    )
    chosen = st.selectbox("Person", people, key="person", format_func=lambda one: one.words)
    for column, log in zip(st.columns(2), worlds, strict=True):
        told = [(f"{moment:%a %d %b %Y %H:%M}", text) for moment, text in sentences(log, chosen.person)]
        column.markdown(f"**{title_of(log.scenario)}**")
        column.html(life_html(told or [("", "is never seen")]))
    st.caption("The same on the command line, in the folder with the scenarios (see Downloads):")
    words = ["--replication", f"{number}", "--person", f"{chosen.person}", "--seed", f"{comparison.record.seed}"]
    st.code(shlex.join(["flowsim", "trace", *scenario_files([state]), *words]), language="bash", wrap_lines=True)


def _found(comparison: Comparison, number: int) -> tuple[list[EventLog], list[Differing]]:
    """Both runs of a replication made again, and who differs."""
    from flowsim.engine import simulate

    key = (*session.key_of(comparison)[:3], number)

    def make() -> tuple[list[EventLog], list[Differing]]:
        with st.spinner("Simulating this once more …"):
            logs = [simulate(one, comparison.record.seed, number) for one in comparison.scenarios[:2]]
        return logs, differing(logs[0], logs[1])

    return session.once("people", key, make)
