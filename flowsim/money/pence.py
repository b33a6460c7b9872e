"""Money as whole pence: nothing is lost between a total and its parts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction


def pence(pounds: float | Decimal) -> int:
    """Pounds as whole pence, half a penny to the even one; ``45.4`` is read as it is printed.

    Raises
    ------
    ValueError
        If it is no finite number.
    """
    if not math.isfinite(pounds):
        raise ValueError(f"{pounds!r} is no amount of money")
    exact = pounds if isinstance(pounds, Decimal) else Decimal(repr(float(pounds)))
    return int((exact * 100).to_integral_value(ROUND_HALF_EVEN))


def pounds(amount: int) -> float:
    """Whole pence as pounds."""
    return amount / 100


def share_out(total: int, weights: Sequence[float | Fraction]) -> list[int]:
    """Whole pence shared pro rata, the odd pennies by largest remainder: the shares add up to the total exactly.

    Each share is the exact one rounded down or up. Of equal remainders the earlier gets the penny.

    Raises
    ------
    ValueError
        If a weight is negative or not finite, or none is above zero.
    """
    if not weights or any(not math.isfinite(one) or one < 0 for one in weights) or not any(weights):
        raise ValueError(f"weights must be numbers of at least 0 and not all 0, not {list(weights)}")
    parts = [Fraction(one) for one in weights]
    whole = sum(parts, Fraction(0))
    exact = [total * part / whole for part in parts]
    shares = [math.floor(one) for one in exact]
    order = sorted(range(len(parts)), key=lambda place: (shares[place] - exact[place], place))
    for place in order[: total - sum(shares)]:
        shares[place] += 1
    return shares
