"""Points of a table that nothing beats in every respect, and a search for more of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.experiment.statistics import Array, estimates

if TYPE_CHECKING:
    import pandas as pd

Ranges = Mapping[str, tuple[int, int] | tuple[float, float]]
"""Lowest and highest value of each parameter by its name; whole numbers if both are."""

Setting = Mapping[str, int | float]
"""A value of each parameter."""

Objectives = Callable[[Setting], Sequence[float]]
"""The numbers to make small, of one setting of the parameters."""

Evaluate = Callable[[Sequence[Setting]], Sequence[Sequence[float] | None]]
"""The same for several settings at once; None for one that cannot be."""

Known = dict[tuple[float, ...], tuple[Setting, Sequence[float] | None]]
"""Settings evaluated, by their values, with what was found; in the order tried."""

Truths = np.typing.NDArray[np.bool_]

ASKED_EACH = 20
"""Settings asked for, for each that shall be tried, before a search that only repeats itself ends."""


class SearchMissingError(Exception):
    """The package that searches is not installed; the message says how to install it."""


def pareto_front(frame: pd.DataFrame, minimise: Sequence[str], maximise: Sequence[str] = ()) -> pd.DataFrame:
    """Rows that no other row beats: none is at least as good in every column and better in one.

    With a column ``<name>_half`` (half an interval, in the unit of the column) beside every column compared, the
    result has a column ``clear``: whether the row is beaten by none even when each other row is as good as its interval
    allows and the row itself as bad.

    Parameters
    ----------
    frame : DataFrame
        One row per point.
    minimise, maximise : sequence of str
        Columns of which less (more) is better; at least one.

    Returns
    -------
    DataFrame
        The rows kept, all columns, in order of the first column compared; equal points are all kept.

    Raises
    ------
    ValueError
        If a column is missing, none is named, or a number compared is NaN.
    """
    names = [*minimise, *maximise]
    missing = [name for name in names if name not in frame.columns]
    if missing or not names:
        raise ValueError(f"there is no column {missing[0]!r}" if missing else "name at least one column")
    signs = np.array([1.0] * len(minimise) + [-1.0] * len(maximise))
    table = frame[names].to_numpy(dtype=float) * signs
    if np.isnan(table).any():
        row, column = np.argwhere(np.isnan(table))[0]
        raise ValueError(f"{names[column]} is not a number in row {row}")
    halves = [f"{name}_half" for name in names]
    kept = unbeaten(table)
    front = frame.loc[kept].copy()
    if all(name in frame.columns for name in halves):
        half = frame[halves].to_numpy(dtype=float)
        front["clear"] = ~_beaten(table + half, table - half)[kept]
    return front.iloc[np.argsort(table[kept][:, 0], kind="stable")].reset_index(drop=True)


def _beaten(rows: Array, rivals: Array) -> Truths:
    """Which rows some other rival beats; a row is no rival of itself."""
    found = np.zeros(len(rows), dtype=bool)
    for at, row in enumerate(rows):
        beats = (rivals <= row).all(axis=1) & (rivals < row).any(axis=1)
        beats[at] = False
        found[at] = beats.any()
    return found


def unbeaten(table: Array) -> Truths:
    """Which rows no other row beats, where less is better in every column; of equal rows all."""
    return ~_beaten(table, table)


def clearly_unbeaten(samples: Array) -> Truths:
    """Which points no other point may beat, as far as paired intervals tell.

    A point is clear if every other point is worse in some objective: the 95 % interval of the paired difference
    (Student's t, each for itself) lies above 0. Points that never differ do not stand against each other.

    Parameters
    ----------
    samples : array (points, replications, objectives)
        Less is better; replication r has the same luck at every point; at least two replications.
    """
    points, replications, objectives = samples.shape
    found = np.ones(points, dtype=bool)
    for at in range(points):
        gaps = (samples - samples[at]).transpose(1, 0, 2).reshape(replications, -1)
        low = estimates(gaps).low.reshape(points, objectives)
        found[at] = not ((low <= 0.0).all(axis=1) & (low < 0.0).any(axis=1)).any()
    return found


def search(objectives: Objectives, ranges: Ranges, *, points: int, seed: int = 1, names: Sequence[str]) -> pd.DataFrame:
    """Points on the way to the Pareto front: :func:`generations`, one point at a time.

    Parameters
    ----------
    objectives : callable
        Gives the numbers to make small, in the order of ``names``.
    ranges, points, seed
        See :func:`generations`.

    Returns
    -------
    DataFrame
        One row per point in the order tried, parameters then objectives; :func:`pareto_front` keeps the best.

    Raises
    ------
    SearchMissingError, ValueError
        As :func:`generations`.
    """
    import pandas as pd

    def each(settings: Sequence[Setting]) -> list[Sequence[float] | None]:
        return [[float(number) for number in objectives(one)] for one in settings]

    tried = generations(each, ranges, points=points, seed=seed, objectives=len(names))
    return pd.DataFrame([{**one, **dict(zip(names, found or (), strict=True))} for one, found in tried])


def generations(
    evaluate: Evaluate, ranges: Ranges, *, points: int, seed: int, objectives: int
) -> list[tuple[Setting, Sequence[float] | None]]:
    """Search for the Pareto front by NSGA-II (Deb et al. 2002, IEEE Trans. Evol. Comput. 6(2)) of optuna.

    A setting that comes up again costs nothing: what is known of it is told again, and the search goes on.

    Parameters
    ----------
    evaluate : callable
        Gives, for the new settings of one generation, the numbers to make small; None for one that cannot be.
    ranges : mapping
        Lowest and highest value of each parameter, both allowed.
    points : int
        How many settings to try; fewer are tried if there are no more, or none comes up for long.
    objectives : int
        How many numbers each setting has.

    Returns
    -------
    list of (setting, numbers)
        In the order tried.

    Raises
    ------
    SearchMissingError
        If optuna is not installed.
    ValueError
        If a range is empty, or nothing is to be tried.
    """
    _refuse_empty(ranges, points)
    size = min(24, max(4, points // 4))
    study = _study(objectives, size, seed)
    wanted = int(min(points, _how_many(ranges)))
    known: Known = {}
    for _ in range(math.ceil(ASKED_EACH * points / size)):
        _generation(study, [study.ask() for _ in range(size)], ranges, _Learner(known, evaluate, wanted))
        if len(known) >= wanted:
            break
    return list(known.values())


@dataclass(frozen=True, slots=True)
class _Learner:
    """What is known, and how to learn more, up to so many settings."""

    known: Known
    evaluate: Evaluate
    most: int

    def learn(self, chosen: Sequence[Setting]) -> None:
        """Evaluate the settings that are new, as long as there is room for them."""
        new = {tuple(one.values()): one for one in chosen if tuple(one.values()) not in self.known}
        settings = list(new.values())[: self.most - len(self.known)]
        for one, found in zip(settings, self.evaluate(settings), strict=True):
            self.known[tuple(one.values())] = (one, found)


def _generation(study: Any, trials: Sequence[Any], ranges: Ranges, learner: _Learner) -> None:
    """Learn the settings of some trials, and tell the search."""
    chosen = [{name: _suggested(one, name, *ends) for name, ends in ranges.items()} for one in trials]
    learner.learn(chosen)
    for trial, one in zip(trials, chosen, strict=True):
        _tell(study, trial, learner.known.get(tuple(one.values()), (one, None))[1])


def _refuse_empty(ranges: Ranges, points: int) -> None:
    empty = [name for name, (low, high) in ranges.items() if not low <= high]
    if empty or not ranges or points < 1:
        raise ValueError(f"the range of {empty[0]} is empty" if empty else "give ranges and at least one point")


def _how_many(ranges: Ranges) -> float:
    """Settings there are: without end if a range is not of whole numbers."""
    whole = all(isinstance(end, int) for ends in ranges.values() for end in ends)
    return math.prod(high - low + 1 for low, high in ranges.values()) if whole else math.inf


def _tell(study: Any, trial: Any, found: Sequence[float] | None) -> None:
    if found is None:
        study.tell(trial, state=_optuna().trial.TrialState.FAIL)
    else:
        study.tell(trial, [float(number) for number in found])


def _suggested(trial: Any, name: str, low: float, high: float) -> int | float:
    whole = isinstance(low, int) and isinstance(high, int)
    found: int | float = trial.suggest_int(name, low, high) if whole else trial.suggest_float(name, low, high)
    return found


def _study(objectives: int, size: int, seed: int) -> Any:
    optuna = _optuna()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.NSGAIISampler(seed=seed % 2**32, population_size=size)
    return optuna.create_study(directions=["minimize"] * objectives, sampler=sampler)


def _optuna() -> Any:
    try:
        import optuna
    except ImportError:
        raise SearchMissingError("the search needs optuna: pip install 'croydon-flowsim[search]'") from None
    return optuna
