"""The what-if page itself; ``flowsim app`` has Streamlit run this file."""

from __future__ import annotations

import argparse
import sys

import streamlit as st

from flowsim.app import answer, assumptions, beds, compared, controls, downloads, flow, person, session, words
from flowsim.app.state import Start, State
from flowsim.app.work import Work
from flowsim.config.problems import ConfigError
from flowsim.experiment.comparison import Comparison
from flowsim.plots.words import label

# What can be looked at under the answer; only one is drawn at a time. (Streamlit prints bare strings of this file.)
SECTIONS = ("Why", "Beds by day", "Compare", "Watch the flow", "One person", "Assumptions", "Downloads")

REPLICATIONS, MOST = 30, 500


def main(plan: str, base: str, replications: int = REPLICATIONS, seed: int = 1, jobs: int | None = None) -> None:
    """Draw the page once, as Streamlit asks for it after every click.

    Parameters
    ----------
    plan, base : str
        Configurations: the plan to begin from, and what it is held against.
    replications, seed : int
        What the page begins with.
    jobs : int, optional
        Child processes; one for each core by default.
    """
    st.set_page_config(page_title="flowsim: what if?", layout="wide", initial_sidebar_state="auto")
    st.html(words.STYLE)
    start = session.once("start", (plan, base), lambda: Start.of(plan, base))
    with st.sidebar:
        st.header("What if …")
        state = controls.controls(start)
        upto, seed = _precision(replications, seed)
    st.html(words.heading_html(f"What if? Patient flow of people over 65: {label(state.names['plan'], 60)}"))
    try:
        work = session.work_for(state, seed, upto, jobs)
    except ConfigError as error:
        session.end()
        _impossible(error)
        return
    st.fragment(_live, run_every=0.5 if work.running else None)(state, work)
    _section(state, work)


def _precision(replications: int, seed: int) -> tuple[int, int]:
    with st.expander("**How exact?**"):
        wanted = st.slider(
            "Replications", 2, max(MOST, replications), replications, key="replications",
            help="Each replication is the same days once more with other luck. More of them make the interval "
            "narrower: four times as many halve it. The first few are shown at once.",
        )  # fmt: skip
        chosen = st.number_input(
            "Seed", 0, 2**53 - 1, seed, key="seed",
            help="Stands for one course of luck. The same seed gives the same numbers, here and on the command line.",
        )  # fmt: skip
    return int(wanted), int(chosen)


def _impossible(error: ConfigError) -> None:
    st.error("**These settings do not go together.** Nothing was run.")
    for problem in error.problems:
        hint = f" ({problem.hint})" if problem.hint else ""
        st.markdown(words.plain(f"{problem.path}: {problem.message}{hint}"))


def _live(state: State, work: Work) -> None:
    """Progress, Stop and the answer; asked for twice a second while work goes on."""
    progress = work.progress()
    shown = session.mark(progress.done, progress.running)
    comparison = work.results(shown) if shown else None
    told = answer.said_html(work, comparison)
    answer.status(work, progress)
    st.html(told)
    answer.cautions(state, work, comparison)
    before = st.session_state.get("shown")
    st.session_state["shown"] = (id(work), shown, progress.running)
    if before is not None and before != st.session_state["shown"] and _in_fragment():
        st.rerun()  # the section below shows the same replications


def _in_fragment() -> bool:
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx()
    return bool(context is not None and context.fragment_ids_this_run)


def _section(state: State, work: Work) -> None:
    st.session_state.setdefault("section", SECTIONS[0])
    chosen = st.segmented_control("Look at", SECTIONS, key="section", label_visibility="collapsed")
    progress = work.progress()
    shown = session.mark(progress.done, progress.running)
    comparison: Comparison | None = work.results(shown) if shown else None
    if chosen == "Assumptions":
        assumptions.section(state)
    elif chosen == "Compare":
        compared.section(state, work, shown)
    elif comparison is None or not comparison.record.replications:
        st.info("The first numbers are on their way." if work.running else "There is nothing to show yet.")
    elif chosen == "Beds by day":
        beds.section(comparison)
    elif chosen == "Watch the flow":
        flow.section(comparison)
    elif chosen == "One person":
        person.section(state, comparison)
    elif chosen == "Downloads":
        downloads.section(state, work, shown)
    else:
        answer.why(comparison)


def _typed(words_typed: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--plan", default="transition_year")
    parser.add_argument("--base", default="do_nothing")
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=None)
    return parser.parse_args(words_typed)


if __name__ == "__main__":
    typed = _typed(sys.argv[1:])
    main(typed.plan, typed.base, typed.replications, typed.seed, typed.jobs)
