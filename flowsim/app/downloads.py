"""Downloads: scenarios as YAML, report, workbook, all in one, and the command that repeats them."""

from __future__ import annotations

import shlex

import streamlit as st

from flowsim.app import session
from flowsim.app.basket import Item, free_name, side_by_side
from flowsim.app.files import (
    AGAIN,
    REPORT,
    WORKBOOK,
    archive,
    command_words,
    how_to_repeat,
    report_and_workbook,
    scenario_files,
)
from flowsim.app.state import State
from flowsim.app.work import Work

_TYPES = {REPORT: "text/html", WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def section(state: State, work: Work, shown: int) -> None:
    """What to take home of the plan shown, or of it and the basket."""
    items = _items(state, work, shown)
    states = [one.state for one in items]
    texts = scenario_files(states)
    count = min(len(one.finished) for one in items)
    st.markdown("**The scenarios.** Small files that state what differs; the command line reads them.")
    for name, text in texts.items():
        st.download_button(name, text, name, "application/yaml", key=f"get_{name}", on_click="ignore")
    st.markdown(f"**To repeat these {count} simulations** exactly, in the folder with these files:")
    st.code(shlex.join(command_words(list(texts), count, work.seed)), language="bash", wrap_lines=True)
    if not state.start.shipped:
        st.caption("Keep them beside the configuration that this page was started with, as they stand on it.")
    st.markdown("**Report and workbook.**")
    if work.running:
        st.button("Stop here and make them", key="stop_and_make", on_click=work.stop)
        st.caption("They are made when all simulations are done, or now from those that are.")
        return
    made = _made(items, states)
    for name, what in made.items():
        st.download_button(name, what, name, _TYPES[name], key=f"get_{name}", on_click="ignore")
    everything = archive({**texts, **made, AGAIN: how_to_repeat(states, count, work.seed)})
    st.download_button("Everything in one", everything, "what_if.zip", "application/zip", key="get_all", type="primary",
                       on_click="ignore")  # fmt: skip


def _items(state: State, work: Work, shown: int) -> list[Item]:
    current = session.item_of(state, work, shown)
    others = [one for one in session.basket() if one.fits(work.scenarios[0], work.seed)
              and one.plan.fingerprint != current.plan.fingerprint]  # fmt: skip
    if others and st.toggle("With the plans in the basket", key="with_basket"):
        return [current.named(free_name(current.name, [one.name for one in others])), *others]
    return [current]


def _made(items: list[Item], states: list[State]) -> dict[str, bytes]:
    comparison = side_by_side(items)
    if comparison is None or not comparison.record.replications:
        return {}

    def make() -> dict[str, bytes]:
        with st.spinner("Writing report and workbook …"):
            return report_and_workbook(comparison, states)

    return session.once("made_files", session.key_of(comparison), make)
