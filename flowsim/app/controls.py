"""The controls of the page: a widget for each lever, in plain words, with its evidence beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import streamlit as st

from flowsim.app.levers import AS_IS, GROUPS, ROLLED_OUT, Lever, Value, choice_words
from flowsim.app.reading import last_day
from flowsim.app.sceptic import meaning, sceptical
from flowsim.app.state import MINE, Start, State
from flowsim.app.words import plain
from flowsim.config.evidence import Evidence, EvidenceTable
from flowsim.config.explain import evidence_of
from flowsim.config.translate import split_path
from flowsim.plots.words import label, sentence_case
from flowsim.report.changed import GRADES
from flowsim.report.programme import programme

_KEPT = "levers"


def kept(start: Start) -> dict[str, Value]:
    """Where the levers stand; widgets that are not on the page are remembered here."""
    values: dict[str, Value] = st.session_state.setdefault(_KEPT, dict(start.initial))
    return values


def set_levers(start: Start, values: Mapping[str, Value], name: str | None = None) -> None:
    """Move levers from a button; to be called before the widgets are drawn."""
    for lever in start.levers:
        if lever.id in values:
            kept(start)[lever.id] = values[lever.id]
            st.session_state[lever.id] = _shown(lever, values[lever.id])
    if name is not None:
        st.session_state["name"] = name


def controls(start: Start) -> State:
    """Draw every lever and give the state they are in."""
    values = kept(start)
    _buttons(start)
    name = st.text_input(
        "Name of your plan", key="name", max_chars=60, placeholder=MINE,
        help="Under this name it stands in tables, pictures and files.",
    )  # fmt: skip
    told = st.empty()  # which levers were moved is known when all are drawn; headings must not change, or they close
    table = start.evidence
    for group, what in GROUPS.items():
        levers = [lever for lever in start.levers if lever.group == group]
        if levers:
            with st.expander(f"**{group}**", expanded=group == next(iter(GROUPS))):
                st.caption(plain(what))
                for lever in levers:
                    _control(start, lever, values, table)
    moved = State(start, values).changed
    groups = dict.fromkeys(lever.group for lever in start.levers if lever.id in moved)
    told.caption(f"Changed: {plain('; '.join(groups))}." if groups else "Nothing is changed yet.")
    return State(start, dict(values), " ".join(name.split()))


def _buttons(start: Start) -> None:
    left, right = st.columns(2)
    values = sceptical(start)
    left.button(
        "A sceptic’s view", on_click=set_levers, args=(start, values), width="stretch", key="sceptical",
        help=meaning(start, values), disabled=not values,
    )  # fmt: skip
    right.button(
        "Back to start", on_click=set_levers, args=(start, dict(start.initial), ""), width="stretch", key="reset",
        help="Put every lever back to where it was.",
    )  # fmt: skip


def _control(start: Start, lever: Lever, values: dict[str, Value], table: EvidenceTable) -> None:
    if lever.under is not None and values.get(lever.under[0]) != lever.under[1]:
        return
    if lever.id not in st.session_state:
        st.session_state[lever.id] = _shown(lever, values[lever.id])
    drawn = {"slider": _slider, "choice": _choice, "date": _date, "wards": _wards, "hours": _hours}[lever.kind]
    values[lever.id] = drawn(start, lever, help_of(start, lever, table))


def evidence_row(start: Start, lever: Lever, table: EvidenceTable) -> Evidence | None:
    """The evidence for what a lever sets, in the starting scenario or in the shipped overlay that its path names."""
    if not lever.path:
        return None
    path = split_path(lever.path, {})
    return (table.of(path) if ":" in lever.path else None) or evidence_of(start.plan, path, table)


def help_of(start: Start, lever: Lever, table: EvidenceTable) -> str:
    """What a lever does, its unit, who says so and how sure that is."""
    row = evidence_row(start, lever, table)
    parts = [plain(lever.help)]
    if lever.unit and lever.kind == "slider":
        parts.append(f"Unit: {plain(lever.unit)}.")
    if row is not None and row.grade:
        parts.append(f"Evidence: grade {plain(row.grade)}, {GRADES.get(row.grade, '')}. {plain(row.source)}")
    return "\n\n".join(parts)


def _shown(lever: Lever, value: Value) -> Any:
    """A value as the widget holds it: whole numbers where its steps are whole."""
    if isinstance(value, (int, float)):
        return _number(lever, value)
    if lever.kind == "hours" and isinstance(value, tuple):
        return tuple(_number(lever, float(hour)) for hour in value)
    return list(value) if isinstance(value, tuple) else value


def _number(lever: Lever, value: float) -> float:
    whole = all(float(one).is_integer() for one in (lever.low, lever.high, lever.step))
    return int(value) if whole and float(value).is_integer() else float(value)


def _range(lever: Lever, start: Start) -> tuple[Any, Any, Any, type]:
    """Low, high and step as the widget wants them: all whole, or none."""
    initial = _shown(lever, start.initial[lever.id])
    whole = all(isinstance(one, int) for one in (initial if isinstance(initial, tuple) else (initial,)))
    kind = int if whole and float(lever.step).is_integer() and float(lever.low).is_integer() else float
    return kind(lever.low), kind(lever.high), kind(lever.step), kind


def _slider(start: Start, lever: Lever, words: str) -> Value:
    low, high, step, kind = _range(lever, start)
    st.session_state[lever.id] = kind(st.session_state[lever.id])
    return float(
        st.slider(lever.title, low, high, step=step, format="%g" if kind is float else None, key=lever.id, help=words)
    )


def _choice(start: Start, lever: Lever, words: str) -> Value:
    name = label(start.plan.scenario.name, 40)
    chosen = st.selectbox(
        lever.title, lever.choices, key=lever.id, help=words, format_func=lambda one: choice_words(lever, one, name)
    )
    if chosen == AS_IS:
        heading = ROLLED_OUT[lever.id]
        said = dict(programme(start.plan.scenario.tree()))[heading]
        st.caption(plain(f"{sentence_case(heading.partition(': ')[2])}: {said}."))
    return str(chosen)


def _date(start: Start, lever: Lever, words: str) -> Value:
    first, last = start.plan.scenario.clock.start, last_day(start.plan.scenario)
    chosen = st.date_input(lever.title, min_value=first, max_value=last, key=lever.id, help=words, format="DD/MM/YYYY")
    return chosen if isinstance(chosen, dt.date) else start.initial[lever.id]


def _wards(_start: Start, lever: Lever, words: str) -> Value:
    return tuple(st.multiselect(lever.title, lever.choices, key=lever.id, help=words))


def _hours(start: Start, lever: Lever, words: str) -> Value:
    low, high, _, kind = _range(lever, start)
    st.session_state[lever.id] = tuple(kind(hour) for hour in st.session_state[lever.id])
    both: Any = st.slider(lever.title, low, high, step=kind(1) if kind is int else 0.5, key=lever.id, help=words)
    return float(both[0]), float(both[1])
