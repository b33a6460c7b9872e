"""Sharing risk and gain by the Alliance's stated principles (Cabinet report, January 2018, figure 7).

The principles, and what is made of them here:

- *collective responsibility*: what the partners save against doing nothing in the same year goes into one pot, whoever
  saved it, upside and downside alike;
- *proportionality*: the pot is shared pro rata to stated weights;
- *limited liability*: no partner ends worse off than under do-nothing, but for a liability stated for it, if any;
- *individual accountability, by exception*: an amount stated as a partner's own stays with it, outside the pot;
- *proactivity* (contingencies): a loss that limited liability leaves with nobody falls to the contingency.

So when all together lose, each partner stands at its floor (its do-nothing line, unless more liability is stated), and
the contingency carries what is left of the loss; it is shown, never spread in silence. Partners and contingency always
add up to the total, to the penny.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flowsim.money.pence import share_out


@dataclass(frozen=True, slots=True)
class Share:
    """One partner's line of the open book, in pence against its own do-nothing of the year.

    Attributes
    ----------
    before : int
        What it saves itself; negative for a loss.
    weight : float
        Its stated part of the pot.
    after : int
        What it has once shared; never below ``floor``.
    floor : int
        The worst it can end with: 0 is its do-nothing line.
    """

    partner: str
    before: int
    weight: float
    after: int
    floor: int = 0

    @property
    def transfer(self) -> int:
        """What it gets from the others; negative for what it hands over."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Settlement:
    """The shares of all partners, and the loss that the contingency carries (0 or negative)."""

    shares: tuple[Share, ...]
    contingency: int = 0

    @property
    def total(self) -> int:
        """What all partners together save; the sum of what they had before, and of shares and contingency."""
        return sum(one.before for one in self.shares)


def settle(
    saved: Mapping[str, int],
    weights: Mapping[str, float],
    liability: Mapping[str, int] | None = None,
    own: Mapping[str, int] | None = None,
) -> Settlement:
    """Share what the partners save, or lose, against doing nothing.

    The share of each is the larger of its floor and its weight's part of what those above their floors share, which is
    the only division that is pro rata wherever a floor does not forbid it.

    Parameters
    ----------
    saved : mapping of partner to pence
        Net saving of each against its own do-nothing.
    weights : mapping of partner to number
        The same partners; at least 0, not all 0.
    liability : mapping of partner to pence, optional
        The most a partner has agreed to lose against do-nothing; 0 if not stated.
    own : mapping of partner to pence, optional
        The part of its saving that stays with a partner by exception; 0 if not stated.

    Raises
    ------
    ValueError
        If partners differ between the mappings, a weight cannot be used, or a liability is negative.
    """
    names, limits, kept = list(saved), liability or {}, own or {}
    _refuse(names, weights, limits, kept)
    floors = {one: -limits.get(one, 0) for one in names}
    lowest = [floors[one] - kept.get(one, 0) for one in names]
    pot = sum(saved.values()) - sum(kept.get(one, 0) for one in names)
    shares = _above(pot, [weights[one] for one in names], lowest)
    lines = [
        Share(one, saved[one], weights[one], part + kept.get(one, 0), floors[one])
        for one, part in zip(names, shares, strict=True)
    ]
    return Settlement(tuple(lines), pot - sum(shares))


def _refuse(names: list[str], weights: Mapping[str, float], limits: Mapping[str, int], kept: Mapping[str, int]) -> None:
    """Partners that differ, and liabilities that are none."""
    if set(weights) != set(names) or not {*limits, *kept} <= set(names):
        others = "".join(f", {one}" for one in (*limits, *kept) if one not in names)
        raise ValueError(
            f"weights are for {', '.join(weights)}, savings of {', '.join(names)}{others and '; not of' + others[1:]}"
        )
    if any(one < 0 for one in limits.values()):
        raise ValueError("a liability is the most a partner may lose, and must not be negative")


def _above(pot: int, weights: list[float], lowest: list[int]) -> list[int]:
    """Shares of a pot pro rata, none below its lowest; they add up to the pot unless the lowest already exceed it."""
    share_out(0, weights)  # refuses weights that cannot be used
    shares = [max(low, 0) if not weight else None for weight, low in zip(weights, lowest, strict=True)]
    while free := [place for place, share in enumerate(shares) if share is None]:
        rest = pot - sum(share for share in shares if share is not None)
        whole = sum((Fraction(weights[place]) for place in free), Fraction(0))
        under = [place for place in free if rest * Fraction(weights[place]) / whole < lowest[place]]
        for place in under:
            shares[place] = lowest[place]
        if not under:
            for place, part in zip(free, share_out(rest, [weights[place] for place in free]), strict=True):
                shares[place] = part
    return [share for share in shares if share is not None]
