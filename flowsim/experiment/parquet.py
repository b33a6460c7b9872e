"""The tables of a run folder as Parquet, and back.

Written straight from the arrays: no pandas metadata, no time of writing, always in order of scenario and replication;
so the same results have the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from flowsim.experiment.record import Record, Sets
from flowsim.experiment.statistics import Array
from flowsim.experiment.tables import unit_of


def write_replications(record: Record, path: Path) -> None:
    """scenario, replication, measure, value, unit: one row per measure."""
    shape = record.values.shape
    _write(
        path,
        {
            **_runs(record, shape),
            "measure": _words(record.measures, shape, 2),
            "value": record.values.ravel(),
            "unit": _words([unit_of(name) for name in record.measures], shape, 2),
        },
    )


def write_daily(record: Record, path: Path) -> None:
    """scenario, replication, day, date, series, value: one row per series and day, from the first day of the run."""
    shape = record.daily.shape
    days = np.arange(shape[3])
    dates = (np.datetime64(record.scenarios[0].clock.start, "D") + days).astype("datetime64[D]")
    _write(
        path,
        {
            **_runs(record, shape),
            "day": _along(days.astype(np.int64), shape, 3),
            "date": _along(dates, shape, 3),
            "series": _words(record.series, shape, 2),
            "value": record.daily.ravel(),
        },
    )


def write_attribution(record: Record, path: Path) -> None:
    """alternative, replication, cause, value (bed days saved): one row per cause."""
    shape = record.parts.shape
    _write(
        path,
        {
            "alternative": _words(record.names[1:], shape, 0),
            "replication": _along(np.array(record.replications, dtype=np.int64), shape, 1),
            "cause": _words(record.causes, shape, 2),
            "value": record.parts.ravel(),
        },
    )


def write_yearly(record: Record, path: Path) -> None:
    """scenario, replication, year, measure, value, unit: one row per financial year and measure."""
    shape = record.yearly.shape
    _write(
        path,
        {
            **_runs(record, shape),
            "year": _words(record.years, shape, 2),
            "measure": _words(record.measures, shape, 3),
            "value": record.yearly.ravel(),
            "unit": _words([unit_of(name) for name in record.measures], shape, 3),
        },
    )


def write_tracker(record: Record, name: str, path: Path) -> None:
    """scenario, replication, row (practice, entrance), month, column, value: one row per count of a dashboard."""
    cube = record.trackers[name]
    shape = cube.values.shape
    _write(
        path,
        {
            **_runs(record, shape),
            "row": _words(cube.rows, shape, 2),
            "month": _words(cube.months, shape, 3),
            "column": _words(cube.columns, shape, 4),
            "value": cube.values.ravel(),
        },
    )


def _runs(record: Record, shape: tuple[int, ...]) -> dict[str, Any]:
    """Which run each cell of an array is of: scenario along its first axis, replication along its second."""
    return {
        "scenario": _words(record.names, shape, 0),
        "replication": _along(np.array(record.replications, dtype=np.int64), shape, 1),
    }


def write_sets(sets: Sets, path: Path) -> None:
    """set, parameter, grade, value: one row per set and unknown."""
    shape = sets.values.shape
    _write(
        path,
        {
            "set": _along(np.arange(shape[0], dtype=np.int64), shape, 0),
            "parameter": _words(sets.names, shape, 1),
            "grade": _words(sets.grades, shape, 1),
            "value": sets.values.ravel(),
        },
    )


def write_laid(record: Record, sets: Sets, path: Path) -> None:
    """set, scenario, values (JSON by dotted path): one row per set and scenario."""
    import pyarrow as pa

    shape = (len(sets.laid), len(record.scenarios))
    _write(
        path,
        {
            "set": _along(np.arange(shape[0], dtype=np.int64), shape, 0),
            "scenario": _words(record.names, shape, 1),
            "values": pa.array([text for row in sets.laid for text in row], type=pa.string()),
        },
    )


def read_sets(path: Path, per_set: int, notes: tuple[str, ...], laid: Path | None) -> Sets:
    """What :func:`write_sets` and, unless there is no such file, :func:`write_laid` wrote."""
    labels, values = read_cube(path, ("set", "parameter"))
    grades = read_table(path, ["grade"]).column("grade").to_pylist()[: len(labels[1])]
    texts = read_table(laid, ["values"]).column("values").to_pylist() if laid is not None else []
    wide = max(len(texts) // max(len(values), 1), 1)
    rows = tuple(tuple(texts[place : place + wide]) for place in range(0, len(texts), wide))
    return Sets(per_set, labels[1], tuple(grades), values, notes, rows)


def read_cube(path: Path, axes: tuple[str, ...], *rest: str) -> tuple[list[tuple[Any, ...]], Array]:
    """What one of these wrote: labels of each axis in order, and the values in their shape.

    Parameters
    ----------
    axes, rest : str
        Columns that vary from slowest to fastest.
    """
    table = read_table(path)
    columns = (*axes, *rest)
    labels = [tuple(table.column(name).unique().to_pylist()) for name in columns]  # unique keeps the order
    values = table.column("value").to_numpy()
    return labels, values.reshape([len(each) for each in labels])


def read_table(source: Path | IO[bytes], columns: list[str] | None = None, *, checked: bool = False) -> Any:
    """A Parquet file, or some columns of it, as a table of pyarrow.

    Read without pyarrow's threads: a program that ends soon after these have begun, as one does that finds bad input,
    is now and then aborted by them.

    Parameters
    ----------
    source : path or binary stream
    checked : bool, optional
        Hold each page against its checksum.

    Raises
    ------
    OSError, pyarrow.ArrowException
        If it cannot be read, or is damaged.
    """
    from pyarrow import parquet

    with nullcontext(source) if not isinstance(source, Path) else source.open("rb") as stream:
        file = parquet.ParquetFile(stream, pre_buffer=False, page_checksum_verification=checked)
        return file.read(columns=columns, use_threads=False)


def _write(path: Path, columns: dict[str, Any]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    with path.open("wb") as stream:  # of a path pyarrow makes an address, which not every file name can be
        parquet.write_table(pa.table(columns), stream, compression="zstd")


def _words(words: Iterable[str], shape: tuple[int, ...], axis: int) -> Any:
    import pyarrow as pa

    listed = list(words)
    unique = list(dict.fromkeys(listed))
    codes = np.array([unique.index(word) for word in listed], dtype=np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(_along(codes, shape, axis)), pa.array(unique, type=pa.string()))


def _along(labels: NDArray[Any], shape: tuple[int, ...], axis: int) -> NDArray[Any]:
    wide = [1] * len(shape)
    wide[axis] = shape[axis]
    return np.broadcast_to(labels.reshape(wide), shape).ravel()
