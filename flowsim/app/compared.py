"""The basket: plans that were kept, side by side against the same base."""

from __future__ import annotations

import streamlit as st

from flowsim.app import session
from flowsim.app.answer import table
from flowsim.app.basket import Item, free_name, side_by_side
from flowsim.app.controls import set_levers
from flowsim.app.state import State
from flowsim.app.words import picture_html, plain, title_of
from flowsim.app.work import Work


def section(state: State, work: Work, shown: int) -> None:
    """Keep the plan, take plans away, and compare all that stand on the same base and seed."""
    st.markdown("Keep plans in the basket, change the levers, and see them side by side.")
    items = session.basket()
    current = session.item_of(state, work, shown)
    renew(items, current)
    st.button(
        "Put this plan into the basket", key="keep", type="primary", on_click=_keep, args=(state, work, shown),
        disabled=not shown,
    )  # fmt: skip
    for place, item in enumerate(list(items)):
        _line(state, work, place, item)
    fitting = [item for item in items if item.fits(work.scenarios[0], work.seed)]
    if not fitting:
        st.info(
            "The basket is empty." if not items else "No plan in the basket stands on this winter, these beds and seed."
        )
        return
    listed = (
        fitting if _in_basket(current, fitting) or not shown else [current.named(_free(current, fitting)), *fitting]
    )
    _show(listed)


def renew(items: list[Item], current: Item) -> None:
    """A plan that was put into the basket early has there what is finished of it by now."""
    for place, one in enumerate(items):
        if _same(one, current) and len(current.finished) > len(one.finished):
            items[place] = current.named(one.name)


def _same(one: Item, other: Item) -> bool:
    return one.plan.fingerprint == other.plan.fingerprint and one.fits(other.base, other.seed)


def _in_basket(current: Item, items: list[Item]) -> bool:
    return any(one.plan.fingerprint == current.plan.fingerprint for one in items)


def _free(current: Item, items: list[Item]) -> str:
    return free_name(current.name, [items[0].base.name, *(one.name for one in items)])


def _keep(state: State, work: Work, shown: int) -> None:
    item = session.item_of(state, work, shown)
    items = session.basket()
    for one in [one for one in items if _same(one, item)]:
        items.remove(one)
    items.append(item.named(_free(item, items)) if items else item)


def _line(state: State, work: Work, place: int, item: Item) -> None:
    left, middle, right = st.columns([6, 1, 1], vertical_alignment="center")
    name = title_of(item.name)
    fits = (
        ""
        if item.fits(work.scenarios[0], work.seed)
        else "; run with another winter, beds rule or seed: set it, keep it anew"
    )
    left.markdown(f"**{name}** · {_simulations(len(item.finished))}{plain(fits)}")
    values = {name: value for name, value in item.state.values.items() if name in state.values}
    middle.button("Open", key=f"set_{place}", on_click=set_levers, args=(state.start, values, item.state.name),
                  help=f"Put the levers to where they stand in {name}, and simulate on.", width="stretch")  # fmt: skip
    right.button("Remove", key=f"remove_{place}", on_click=_remove, args=(place,), width="stretch",
                 help=f"Take {name} out of the basket.")  # fmt: skip


def _simulations(count: int) -> str:
    return "1 simulation" if count == 1 else f"{count} simulations"


def _remove(place: int) -> None:
    session.basket().pop(place)


def _show(items: list[Item]) -> None:
    from flowsim.report import pictures
    from flowsim.report.numbers import answers

    comparison = side_by_side(items)
    if comparison is None or not comparison.record.replications:
        st.info("The first numbers are on their way.")
        return
    key = session.key_of(comparison)
    days = comparison.base.clock.window_days
    st.markdown("\n".join(f"- {plain(text)}" for text in answers(comparison.summary(), days)))
    st.caption(
        f"{_simulations(comparison.record.asked)} of each plan, as many as all have, with the same people in all. "
        "The intervals hold for all plans together, so each is a little wider than a plan’s own."
    )
    forest = session.once("basket_forest", key, lambda: pictures.differences(comparison.summary()))
    if forest is not None:
        st.html(picture_html(forest.svg, forest.note))
    st.html(session.once("basket_table", key, lambda: table(comparison)))
