"""What both halves of the page say numbers with."""

from __future__ import annotations

from typing import Any

from experiments.scale.needs import RUNS, YEARS

LONG = str(YEARS)
KEPT = ("numbers", "daily", "events")


def shape_of(found: dict[str, Any]) -> str:
    """The key of what a run of the larger place leaves on disk."""
    return f"{YEARS},{found['size']},1"


def gigabytes(found: dict[str, Any], *parts: str) -> float:
    """Of all runs, in GB; to a tenth if few."""
    kept = found["stored"][shape_of(found)]
    number = RUNS * sum(kept[part] for part in parts) / 1e9
    return round(number, 1) if number < 10 else round(number)


def percent(share: float, digits: int = 0) -> str:
    """A share in per cent."""
    return f"{100 * share:.{digits}f} %"


def rounded(number: float) -> int:
    """Two digits, or three from a thousand."""
    digits = 2 if number < 1000 else 3
    return round(float(f"{number:.{digits}g}"))


def span(hours: float) -> str:
    """A length of time as people say it."""
    return f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.1f} hours"
