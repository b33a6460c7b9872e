"""The answer: how far the work is, one sentence with its interval, a few numbers, cautions, and what makes it."""

from __future__ import annotations

import math

import streamlit as st

from flowsim.app import session
from flowsim.app.state import State
from flowsim.app.words import answer_html, cards, cards_html, cautions_html, picture_html, table_html
from flowsim.app.work import Progress, Work
from flowsim.experiment.comparison import Comparison
from flowsim.experiment.words import FEW_REPLICATIONS
from flowsim.plots.words import label
from flowsim.report.cautions import named

SEEN = 3
"""Cautions seen at once; the others are one click away."""

CLAIM = (
    "Effects are set by the levers, not found here. Most are claims of those who ran the programmes; “A sceptic’s "
    "view” sets what public evidence leads one to expect."
)


def status(work: Work, progress: Progress) -> None:
    """How far it is, and Stop, or Go on."""
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.progress(min(progress.done / max(progress.upto, 1), 1.0), text=said(progress))
    if progress.running:
        right.button(
            "Stop", key="stop", on_click=work.stop, width="stretch", help="End the work now; what is there stays."
        )
    elif progress.done < progress.upto:
        right.button("Go on", key="go_on", on_click=lambda: _go_on(work), width="stretch")


def _go_on(work: Work) -> None:
    work.start()


def said(progress: Progress) -> str:
    """How far it is, in words."""
    counted = f"{progress.done} of {progress.upto} simulations"
    if progress.running:
        left = progress.seconds_left
        return f"{counted} done, first numbers in a few seconds" if left is None else f"{counted}, {_time(left)} left"
    return f"{counted}: all done" if progress.done >= progress.upto else f"{counted}: stopped"


def _time(seconds: float) -> str:
    return f"about {math.ceil(seconds)} s" if seconds < 90 else f"about {seconds / 60:.0f} minutes"


def said_html(work: Work, comparison: Comparison | None) -> str:
    """The sentence and the numbers under it; made before anything is drawn, so that all of it appears at once."""
    if comparison is None:
        return answer_html("Simulating, with the plan and without it …" if work.running else "Stopped.")
    if not comparison.record.replications:
        return answer_html(f"Nothing could be simulated: {comparison.failures[0].reason}")
    return session.once("answer", session.key_of(comparison), lambda: _answer_html(comparison))


def _answer_html(comparison: Comparison) -> str:
    from flowsim.report.numbers import answers

    summary = comparison.summary()
    told = answers(summary, comparison.base.clock.window_days)[0]
    return answer_html(told) + cards_html(cards(summary, comparison.alternatives[0].name))


def cautions(state: State, work: Work, comparison: Comparison | None) -> None:
    """What to keep in mind, the gravest first: capacity that will run short, whose claims these are, the rest."""
    found = _cautions(state, work, comparison)
    st.html(cautions_html(found[:SEEN]))
    if len(found) > SEEN:
        with st.expander(f"{len(found) - SEEN} more to keep in mind"):
            st.html(cautions_html(found[SEEN:]))


def _cautions(state: State, work: Work, comparison: Comparison | None) -> list[str]:
    found, (plan, base) = [], (state.names["plan"], state.names["base"])
    if comparison is not None and comparison.failures:
        count = len(comparison.failures)
        found.append(f"{count} simulation{'' if count == 1 else 's'} failed: {comparison.failures[0].reason}")
    done = len(comparison.record.replications) if comparison is not None else 0
    if 0 < done < FEW_REPLICATIONS and not work.running:
        found.append(f"Only {done} simulation{'' if done == 1 else 's'}: the interval is wide and rests on little.")
    if work.scenarios[0].fingerprint == work.scenarios[-1].fingerprint:
        found.append(f"The plan is the same as {label(base)}: it changes nothing.")
    warnings = comparison.warnings if comparison is not None else work.warnings
    ordered = sorted(warnings, key=lambda text: not text.startswith(f"{plan}: "))
    shown = [named(text, [plan, base]) for text in ordered]
    return [*found, *shown[:1], CLAIM, *shown[1:]]


def why(comparison: Comparison) -> None:
    """Where the bed days come from, and what else differs."""
    from flowsim.report import pictures

    key = session.key_of(comparison)
    plan = comparison.alternatives[0].name
    saved = session.once("saved", key, lambda: pictures.saved(comparison.attribution(), plan, 0))
    forest = session.once("forest", key, lambda: pictures.differences(comparison.summary()))
    st.html(picture_html(saved.svg, saved.note))
    if forest is not None:
        st.html(picture_html(forest.svg, forest.note))
    with st.expander("The same as a table"):
        st.html(session.once("table", key, lambda: table(comparison)))


def table(comparison: Comparison) -> str:
    """Headline measures as HTML: without and with the plan, difference with interval, better or worse."""
    from flowsim.report.numbers import headline_differences

    found = headline_differences(comparison.summary())
    several = len(found) > 1
    rows = [
        [*([label(name)] if several else []), line.name, *(cell.value for cell in line.cells), line.cells[2].interval,
         line.verdict]
        for name, lines in found
        for line in lines
    ]  # fmt: skip
    plan = ["Plan"] if several else []
    return table_html([*plan, "Measure", "Without", "With", "Difference", "95 % interval", "That is"], rows)
