"""What the shipped scenarios gave before there were initiatives and ageing, they give still."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

import flowsim as fs
from flowsim.events import EventLog

pytestmark = pytest.mark.back

SETTINGS = ["clock.start=2017-10-09", "clock.warm_up_days=7", "clock.window_days=42", "initial.home_care=200"]
KEPT = {
    "do_nothing": "d4ee718237c36aca",
    "transition_year": "0cee746698a3808d",
    "adverse": "358e4cf7b54ce13e",
}
"""Digests of runs made before; times to a millionth of a day, so that another release of NumPy changes none."""


def digest(log: EventLog) -> str:
    """The record of a run in sixteen letters."""
    found = hashlib.sha256()
    for table in (log.spell, log.stay, log.delay, log.unit, log.meeting, log.support):
        for name, column in table.items():
            found.update(name.encode())
            found.update((np.round(column.astype(float), 6) + 0.0).tobytes())
    return found.hexdigest()[:16]


@pytest.mark.parametrize("name", sorted(KEPT))
def test_a_scenario_without_initiatives_gives_what_it_gave(name):
    assert digest(fs.simulate(fs.load(name, SETTINGS), 3, 1)) == KEPT[name]
