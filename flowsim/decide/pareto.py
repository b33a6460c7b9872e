"""Points of a table that nothing beats in every respect, and a search for more of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Ranges = Mapping[str, tuple[int, int] | tuple[float, float]]
"""Lowest and highest value of each parameter by its name; whole numbers if both are."""

Objectives = Callable[[Mapping[str, int | float]], Sequence[float]]
"""The numbers to make small, of one setting of the parameters."""


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
    kept = ~_beaten(table, table)
    front = frame.loc[kept].copy()
    if all(name in frame.columns for name in halves):
        half = frame[halves].to_numpy(dtype=float)
        front["clear"] = ~_beaten(table + half, table - half)[kept]
    return front.iloc[np.argsort(table[kept][:, 0], kind="stable")].reset_index(drop=True)


def _beaten(rows: np.typing.NDArray[np.float64], rivals: np.typing.NDArray[np.float64]) -> np.typing.NDArray[np.bool_]:
    """Which rows some other rival beats; a row is no rival of itself."""
    found = np.zeros(len(rows), dtype=bool)
    for at, row in enumerate(rows):
        beats = (rivals <= row).all(axis=1) & (rivals < row).any(axis=1)
        beats[at] = False
        found[at] = beats.any()
    return found


def search(objectives: Objectives, ranges: Ranges, *, points: int, seed: int = 1, names: Sequence[str]) -> pd.DataFrame:
    """Points on the way to the Pareto front: NSGA-II (Deb et al. 2002, IEEE Trans. Evol. Comput. 6(2)) of optuna.

    Parameters
    ----------
    objectives : callable
        Gives the numbers to make small, in the order of ``names``.
    ranges : mapping
        Lowest and highest value of each parameter, both allowed.
    points : int
        How many points to try.

    Returns
    -------
    DataFrame
        One row per point in the order tried, parameters then objectives; :func:`pareto_front` keeps the best.

    Raises
    ------
    SearchMissingError
        If optuna is not installed.
    ValueError
        If a range is empty, or nothing is to be tried.
    """
    import pandas as pd

    empty = [name for name, (low, high) in ranges.items() if not low <= high]
    if empty or not ranges or points < 1:
        raise ValueError(f"the range of {empty[0]} is empty" if empty else "give ranges and at least one point")
    study = _study(len(names), points, seed)
    rows = []
    for _ in range(points):
        trial = study.ask()
        chosen = {name: _suggested(trial, name, low, high) for name, (low, high) in ranges.items()}
        found = [float(one) for one in objectives(chosen)]
        study.tell(trial, found)
        rows.append({**chosen, **dict(zip(names, found, strict=True))})
    return pd.DataFrame(rows)


def _suggested(trial: Any, name: str, low: float, high: float) -> int | float:
    whole = isinstance(low, int) and isinstance(high, int)
    found: int | float = trial.suggest_int(name, low, high) if whole else trial.suggest_float(name, low, high)
    return found


def _study(objectives: int, points: int, seed: int) -> Any:
    optuna = _optuna()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.NSGAIISampler(seed=seed % 2**32, population_size=min(24, max(4, points // 4)))
    return optuna.create_study(directions=["minimize"] * objectives, sampler=sampler)


def _optuna() -> Any:
    try:
        import optuna
    except ImportError:
        raise SearchMissingError("the search needs optuna: pip install 'croydon-flowsim[search]'") from None
    return optuna
