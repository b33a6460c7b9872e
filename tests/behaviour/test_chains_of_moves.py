"""One freed bed can set off many moves in a large hospital."""

from __future__ import annotations

import pytest
from lives import near, run, stays, world

pytestmark = pytest.mark.behaviour


def test_a_freed_bed_moves_a_thousand_outliers_home_at_that_instant():
    wards = 1001
    first = {"stay_days": 5.0, "home_ward": "Ward 0"}
    # Each of the others belongs to the ward before the one in which they find a bed.
    others = [{"stay_days": 9.0, "home_ward": f"Ward {row - 1}"} for row in range(1, wards)]
    hospital = {"wards": {f"Ward {row}": 1 for row in range(wards)}}
    log = run(world(first, *others, hospital=hospital))
    assert near(stays(log, wards - 1), [("Ward 1000", 0.0, 0.0, 5.0), ("Ward 999", 5.0, 5.0, 9.0)])
