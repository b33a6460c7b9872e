"""Shapley values of a game whose worth is known for sets of players, in every replication.

A set of players is a number whose bits, from the lowest, say who is in it. A player's value is what it adds to those
who came before it, on average over all orders in which the players may come; so the values add up to the worth of all,
two that add the same everywhere have the same value, and one that never adds anything has none.

Sources: Shapley 1953, A value for n-person games, in Contributions to the Theory of Games II, 307-317. Over sampled
orders: Castro, Gómez and Tejada 2009, Computers & Operations Research 36, 1726-1730; each order with its reverse, so
that whoever comes early comes late in the other: Mitchell et al. 2022, Journal of Machine Learning Research 23(43).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from flowsim.experiment.statistics import Array
from flowsim.rng import stream

MOST_EXACT = 8
"""Players up to whom every set is worth running: 256 sets."""
Order = tuple[int, ...]


def sets_of(players: int, orders: Sequence[Order] = ()) -> list[int]:
    """Sets that Shapley values need: all of them, or those met on the way through these orders; rising."""
    if not orders:
        return list(range(1 << players))
    return sorted({one for order in orders for one in _way(order)})


def paired_orders(players: int, pairs: int, seed: int) -> list[Order]:
    """Random orders, each followed by its reverse."""
    luck = stream(seed, 0, "attribution", "orders")
    drawn = [tuple(int(one) for one in luck.permutation(players)) for _ in range(pairs)]
    return [order for one in drawn for order in (one, one[::-1])]


def exact(worth: Mapping[int, Array], players: int) -> Array:
    """Values over all orders.

    Parameters
    ----------
    worth : mapping of set to array (replication,)
        Of every set; that of nobody is subtracted by the sums themselves.

    Returns
    -------
    array (player, replication)
        In each replication they add up to the worth of all less that of nobody.
    """
    weights = [1.0 / (players * math.comb(players - 1, size)) for size in range(players)]
    found = []
    for player in range(players):
        without = [one for one in range(1 << players) if not one >> player & 1]
        found.append(sum(weights[one.bit_count()] * (worth[one | 1 << player] - worth[one]) for one in without))
    return np.array(found, dtype=float)


def sampled(worth: Mapping[int, Array], orders: Sequence[Order]) -> tuple[Array, Array]:
    """Values over paired orders, and the standard error that comes of not taking all orders.

    Returns
    -------
    values : array (player, replication)
        In each replication they add up to the worth of all less that of nobody, as in every order they do.
    errors : array (player,)
        Of the mean over replications; NaN with fewer than two pairs.
    """
    each = np.array([_added(worth, order) for order in orders])  # order, player, replication
    pairs = (each[0::2] + each[1::2]) / 2.0
    means = np.nanmean(pairs, axis=2)
    count = len(pairs)
    errors = np.std(means, axis=0, ddof=1) / math.sqrt(count) if count > 1 else np.full(means.shape[1], math.nan)
    return pairs.mean(axis=0), np.asarray(errors, dtype=float)


def _way(order: Order) -> list[int]:
    """The sets on the way from nobody to all."""
    found = [0]
    for player in order:
        found.append(found[-1] | 1 << player)
    return found


def _added(worth: Mapping[int, Array], order: Order) -> list[Array]:
    """What each player adds to those before it in one order."""
    way = _way(order)
    added = {player: worth[after] - worth[before] for player, before, after in zip(order, way, way[1:], strict=False)}
    return [added[player] for player in sorted(added)]
