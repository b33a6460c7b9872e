"""What a browser session remembers: the work under way, the basket, and what was drawn."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any, TypeVar, cast

import streamlit as st

from flowsim.app.basket import Item
from flowsim.app.state import State
from flowsim.app.work import Work
from flowsim.experiment.comparison import Comparison

MARKS = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 300, 400, 500)
"""Replications at which the answer is drawn anew while work goes on; in between only the progress moves."""

T = TypeVar("T")


def mark(done: int, running: bool) -> int:
    """How many of the finished replications are shown."""
    return max((one for one in MARKS if one <= done), default=0) if running else done


def work_for(state: State, seed: int, upto: int, jobs: int | None = None) -> Work:
    """The work of a state: what is under way if that is it, else the old is stopped and this one begun.

    Parameters
    ----------
    jobs : int, optional
        Child processes; one for each core by default.

    Raises
    ------
    flowsim.config.problems.ConfigError
        If the state is not a valid scenario.
    """
    key = (state.to_yaml("base"), state.to_yaml("plan"), seed)
    old = cast("Work | None", st.session_state.get("work"))
    if old is not None and st.session_state.get("work_key") == key:
        if upto != old.upto:
            st.session_state["work"] = old.up_to(upto)
        return cast("Work", st.session_state["work"])
    end()
    work = Work(state.scenarios(), seed, upto, jobs).start()
    st.session_state.update(work=work, work_key=key)
    return work


def end() -> None:
    """Stop whatever is under way, and forget it."""
    old = st.session_state.pop("work", None)
    st.session_state.pop("work_key", None)
    if isinstance(old, Work):
        old.stop()


def basket() -> list[Item]:
    """The plans that were kept."""
    return cast("list[Item]", st.session_state.setdefault("basket", []))


def item_of(state: State, work: Work, first: int) -> Item:
    """The plan on the page with its finished replications."""
    base, plan = work.scenarios
    return Item(state, base, plan, work.seed, tuple(work.finished()[:first]))


def once(name: str, key: object, make: Callable[[], T]) -> T:
    """What ``make`` gives, made again only when the key is another one than last time."""
    made = cast("MutableMapping[str, Any]", st.session_state.setdefault("made", {}))
    if name not in made or made[name][0] != key:
        made[name] = (key, make())
    return cast("T", made[name][1])


def key_of(comparison: Comparison) -> tuple[object, ...]:
    """What the pictures of a comparison depend on."""
    record = comparison.record
    return (record.names, tuple(one.fingerprint for one in record.scenarios), record.seed, record.asked)
