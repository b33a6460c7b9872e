"""Every case that is verified, and all of them held against their exact values."""

from __future__ import annotations

from collections.abc import Callable

from experiments.agreement import Row
from experiments.verification.case import Case
from experiments.verification.crowds import CROWDS
from experiments.verification.networks import NETWORKS
from experiments.verification.queues import QUEUES

CASES: dict[str, Callable[[], Case]] = {make.__name__: make for make in (*QUEUES, *NETWORKS, *CROWDS)}


def rows_of(name: str, seed: int, few: bool = False) -> list[Row]:
    """One case with all its replications, or with the few of a test."""
    case = CASES[name]()
    return case.rows(case.few if few else case.replications, seed)
