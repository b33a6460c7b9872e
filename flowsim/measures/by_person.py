"""Bed days saved, person by person: which part of a programme saved them."""

from __future__ import annotations

import math

import numpy as np

from flowsim.events import AVERTED_HUDDLE, AVERTED_INITIATIVE, TURNED_ROUND, EventLog
from flowsim.measures.steps import Ints, Mask, sum_of
from flowsim.measures.view import View, Window, on_grid

CAUSES: dict[str, str] = {
    "huddles": "chains with a spell averted by a Huddle in one scenario only, or induced by one",
    "front_door": "other chains with a spell turned round in A&E in one scenario only",
    "d2a": "other chains with a spell served by Discharge to Assess (or fallen back from it) in one scenario only",
    "readmissions": "other chains with different numbers of spells",
    "demand": "chains that begin in one scenario only, for no reason above",
    "interaction": "everybody else: beds that were free, waits, moves, and the programmes' effects on one another",
}
"""What each part counts: the bed days of whole chains (a first presentation and the readmissions it leads to)."""

INITIATIVES = {
    "initiatives": "other chains averted by an initiative in one scenario only, or induced by one; and where no other "
    "cause holds, chains with a stay or a delay that initiatives change in one scenario only"
}
"""A part more, after ``huddles``, where a scenario has initiatives."""


def attribution(base: EventLog, alt: EventLog, window: Window | None = None) -> dict[str, float]:
    """Bed days saved by ``alt`` against ``base``, split by cause; the parts add up to ``total`` exactly.

    Both runs have the same people; a chain is matched by its ``root``. Its bed days in the window, base less
    alternative, go to the first cause of ``CAUSES`` that holds for it (``demand`` before those that need the chain in
    both). What is left of the total is the interaction.

    Parameters
    ----------
    base, alt : EventLog
        Two scenarios with the same seed and replication.
    window : tuple of days, optional
        The base's own by default.

    Returns
    -------
    dict
        Bed days by cause, and ``total``: ``bed_days`` of base less that of the alternative.
    """
    views = [View(log, window if window is not None else base.window) for log in (base, alt)]
    roots, chain = np.unique(np.concatenate([v.log.spell["root"] for v in views]), return_inverse=True)
    of_base, of_alt = chain[: views[0].spells].astype(np.intp), chain[views[0].spells :].astype(np.intp)
    one, two = _Chains(views[0], of_base, roots.size), _Chains(views[1], of_alt, roots.size)
    saved = one.days - two.days
    total = views[0].core_days + views[0].escalation_days - views[1].core_days - views[1].escalation_days
    parts: dict[str, float] = {}
    left = np.ones(roots.size, dtype=bool)
    for cause, holds in _causes(one, two):
        parts[cause] = on_grid(parts.get(cause, 0.0) + float(saved[left & holds].sum()))
        left &= ~holds
    parts["interaction"] = math.fsum([total, *(-part for part in parts.values())])
    named = {**INITIATIVES, **CAUSES} if base.initiatives or alt.initiatives else CAUSES
    return {**{cause: parts[cause] for cause in named}, "total": total}


class _Chains:
    """What attribution needs to know of each chain in one scenario."""

    def __init__(self, v: View, chain: Ints, chains: int) -> None:
        def count(mask: Mask) -> Ints:
            """How many such spells each chain has."""
            return np.bincount(chain[mask], minlength=chains)

        self.days = sum_of(chain, v.bed_days, chains)
        self.averted = count(v.door(AVERTED_HUDDLE))
        self.turned = count(v.door(TURNED_ROUND))
        self.d2a = count(v.flag("d2a") | v.flag("fell_back")) > 0
        by_initiative = v.code("induced_by") >= 0 if v.log.initiatives else np.zeros(v.spells, dtype=bool)
        self.induced = count(v.flag("induced") & ~by_initiative) > 0
        self.by_initiatives = count(v.door(AVERTED_INITIATIVE) | by_initiative) > 0
        self.changed = count(v.flag("stay_changed")) > 0 if v.log.initiatives else np.zeros(chains, dtype=bool)
        self.spells = count(np.ones(v.spells, dtype=bool))
        self.begins = count(v.code("depth") == 0) > 0


def _causes(one: _Chains, two: _Chains) -> list[tuple[str, Mask]]:
    """For each cause, in order, the chains it holds for."""
    return [
        ("huddles", (one.averted != two.averted) | (one.induced != two.induced)),
        ("initiatives", one.by_initiatives != two.by_initiatives),
        ("demand", one.begins != two.begins),
        ("front_door", one.turned != two.turned),
        ("d2a", one.d2a != two.d2a),
        ("readmissions", one.spells != two.spells),
        ("initiatives", one.changed != two.changed),
    ]


def averted_by_initiative(log: EventLog, window: Window | None = None) -> dict[str, float]:
    """Presentations in the window that each initiative averted, less those it added; by name, as listed.

    Parameters
    ----------
    window : tuple of days, optional
        The log's own by default.
    """
    if not log.initiatives:
        return {}
    view = View(log, window if window is not None else log.window)
    now = view.within(view.time("at")) & (view.code("depth") == 0)
    averted, induced = (view.code(name)[now] for name in ("averted_by", "induced_by"))
    return {name: float((averted == row).sum() - (induced == row).sum()) for row, name in enumerate(log.initiatives)}
