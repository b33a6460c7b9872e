"""Markov chains given by their moves: states found by walking, means solved exactly.

A chain is a starting state and a function that lists the moves out of a state as ``(rate, next state)``. States are
tuples of whole numbers; nothing here knows the simulation.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import spsolve

State = Hashable
Moves = Callable[[State], Iterable[tuple[float, State]]]
Value = Callable[[State], float]


class Chain:
    """All states that can be reached from ``start``, and the rates between them."""

    def __init__(self, start: State, moves: Moves) -> None:
        self.row: dict[State, int] = {start: 0}
        self.states: list[State] = [start]
        entries: list[tuple[int, int, float]] = []
        for number, state in enumerate(self.states):  # grows while we walk
            for rate, other in moves(state):
                if rate <= 0.0:
                    continue
                if other not in self.row:
                    self.row[other] = len(self.states)
                    self.states.append(other)
                entries.append((number, self.row[other], rate))
        begin, end, rates = (np.array(column) for column in zip(*entries, strict=True))
        rates = rates.astype(float)
        size = len(self.states)
        flow = sparse.csr_matrix((rates, (begin, end)), shape=(size, size))
        out = np.asarray(flow.sum(axis=1)).ravel()
        self.generator = (flow - sparse.diags(out)).tocsr()
        self._fastest = float(out.max())

    def values(self, value: Value) -> np.ndarray:
        """A value of each state."""
        return np.array([value(state) for state in self.states], dtype=float)

    @cached_property
    def stationary(self) -> np.ndarray:
        """Chance of each state in the long run: the balance equations, one of them replaced by the sum being 1."""
        balance = self.generator.T.tolil()
        balance[-1, :] = 1.0
        right = np.zeros(len(self.states))
        right[-1] = 1.0
        return np.asarray(spsolve(balance.tocsc(), right))

    def mean(self, value: Value) -> float:
        """Long-run mean of a value."""
        return float(self.stationary @ self.values(value))

    def spent(self, start: float, end: float) -> np.ndarray:
        """Share of the time from ``start`` to ``end`` spent in each state, on average, beginning in the first state.

        By uniformisation: after k jumps of a Poisson clock of the fastest rate the distribution is that of a discrete
        chain after k steps. Source: Jensen (1953), Markoff chains as an aid in the study of Markoff processes; Stewart,
        Introduction to the Numerical Solution of Markov Chains (1994), section 8.2.
        """
        return (self._area(end) - self._area(start)) / (end - start)

    def mean_over(self, start: float, end: float, value: Value) -> float:
        """Mean of a value over the time from ``start`` to ``end``, beginning in the first state."""
        return float(self.spent(start, end) @ self.values(value))

    def _area(self, until: float) -> np.ndarray:
        from scipy.stats import poisson

        size = len(self.states)
        if until <= 0.0:
            return np.zeros(size)
        step = (sparse.identity(size) + self.generator / self._fastest).T.tocsr()
        jumps = self._fastest * until
        last = int(jumps + 12.0 * np.sqrt(jumps) + 40.0)
        weights = poisson.sf(np.arange(last + 1), jumps) / self._fastest
        now = np.zeros(size)
        now[0] = 1.0
        total = np.zeros(size)
        for weight in weights.tolist():
            total += weight * now
            now = step @ now
        return total
