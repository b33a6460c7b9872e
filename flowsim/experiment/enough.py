"""How many replications each main measure needs for a precision, from a pilot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flowsim.experiment.precision import Target, half_widths, look_ahead, replications_needed
from flowsim.experiment.record import Record

if TYPE_CHECKING:
    import pandas as pd

SHARES = (0.01, 0.02, 0.05)
"""Half-widths, as shares of the mean, that are asked for unless others are."""
COUNTS = (5, 10, 20, 30, 50, 100, 200, 500, 1000)
"""Replications at which half-widths are listed, as far as there are so many."""
MEASURES = (
    *("bed_days", "escalation_bed_days", "length_of_stay_mean", "delayed_bed_days"),
    *("admissions", "wait_over_4h_share", "life_starts", "life_wait_days_mean", "readmissions_30d_share", "cost_total"),
)
"""The main measures."""


@dataclass(frozen=True, slots=True)
class Need:
    """What one measure needs for one share: replications, and whether the pilot had so many or its spread says so."""

    measure: str
    share: float
    replications: float
    seen: bool


def needs(record: Record, shares: Sequence[float] = SHARES) -> list[Need]:
    """Replications each main measure of the first scenario needs.

    Where the pilot has enough, the confidence-interval method with look-ahead; else what its spread says,
    ``n (half-width / target)²`` and the look-ahead. Measures that are undefined or 0 are left out.
    """
    found = []
    for name, values in pilot(record).items():
        for share in shares or SHARES:
            target = Target(share, relative=True)
            count = replications_needed(values, target)
            found.append(Need(name, share, _expected(values, target) if count is None else count, count is not None))
    return found


def pilot(record: Record) -> dict[str, np.ndarray]:
    """Values of each main measure of the first scenario that varies."""
    known = {name: record.of(name)[0] for name in MEASURES if name in record.measures}
    known = {name: values[~np.isnan(values)] for name, values in known.items()}
    return {name: values for name, values in known.items() if len(values) > 1 and np.ptp(values) > 0}


def half_width_shares(record: Record) -> dict[str, dict[int, float]]:
    """Half-width over mean of each main measure after so many replications."""
    found: dict[str, dict[int, float]] = {}
    for name, values in pilot(record).items():
        mean, half = half_widths(values)
        at = sorted({count for count in COUNTS if count < len(values)} | {len(values)})
        found[name] = {count: float(half[count - 1] / abs(mean[count - 1])) for count in at}
    return found


def _expected(values: np.ndarray, target: Target) -> float:
    mean, half = half_widths(values)
    need = math.ceil(len(values) * (half[-1] / target.of(mean)[-1]) ** 2)
    return float(max(need, len(values)) + look_ahead(need))


def needs_frame(record: Record, shares: Sequence[float] = SHARES) -> pd.DataFrame:
    """One row for each measure and share: measure, share, replications, seen."""
    import pandas as pd

    rows = [(one.measure, one.share, one.replications, one.seen) for one in needs(record, shares)]
    return pd.DataFrame(rows, columns=["measure", "share", "replications", "seen"])
