"""From shards to tables: one row per point, replication and outcome, in order, the same bytes however it was run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from flowsim.experiment.statistics import Array, Estimate, estimate
from flowsim.experiment.texts import csv_bytes
from flowsim.sweeps.files import write_whole
from flowsim.sweeps.numbers import Numbers
from flowsim.sweeps.outcomes import outcome_table, possible_of_outcome, unit_of_outcome
from flowsim.sweeps.points import Cell, Points, salib_problem
from flowsim.sweeps.shards import parquet_bytes
from flowsim.sweeps.study import BASELINE, Study

RESULTS, SUMMARY, DESIGN, PROBLEM = "results.parquet", "summary.csv", "design.parquet", "salib_problem.json"
SAMPLE = "salib_sample.csv"
_GROUP = 500_000  # rows held at once; part of the format, since it decides the bytes


class Assembly:
    """The tables of a finished sweep.

    Parameters
    ----------
    numbers : Numbers
        Where measures are read from.
    """

    def __init__(self, study: Study, numbers: Numbers) -> None:
        self.study, self.numbers = study, numbers
        self.outcomes = study.design.outcomes
        self.summary: list[tuple[int, str, Estimate]] = []

    def write(self, folder: Path) -> None:
        """Write results, summary, design and what else is kept into the folder, each file whole or not at all."""
        points = self.study.points
        write_whole(folder / RESULTS, self.results())
        write_whole(folder / SUMMARY, self._summary_csv())
        numbers = np.arange(len(points), dtype=np.int64)
        write_whole(folder / DESIGN, parquet_bytes({"point": numbers, **parameter_columns(points, range(len(points)))}))
        problem = json.dumps(salib_problem(points), indent=1, ensure_ascii=False)
        write_whole(folder / PROBLEM, f"{problem}\n".encode())
        write_whole(folder / SAMPLE, _sample_csv(points))
        for place, part in enumerate(self.study.design.parts[1:], start=1):
            write_whole(folder / f"{part}.parquet", _in_groups(self._tables(place)))

    def results(self) -> bytes:
        """``results.parquet``: point, parameters, replication, measure, value; fills the summary on the way."""
        self.summary = []
        return _in_groups(self._of_point(point) for point in range(len(self.study.points)))

    def _of_point(self, point: int) -> dict[str, Any]:
        replications, table = self._table(point)
        for place, name in enumerate(self.outcomes):
            values = table[:, place]
            self.summary.append((point, name, estimate(values, possible=possible_of_outcome(name, values))))
        count = len(replications) * len(self.outcomes)
        return {
            **self._head(point, count),
            "replication": np.repeat(np.array(replications, dtype=np.int64), len(self.outcomes)),
            "measure": _strings(list(self.outcomes) * len(replications)),
            "value": table.ravel(),
        }

    def _table(self, point: int) -> tuple[list[int], Array]:
        base = self.numbers.of(BASELINE) if self.study.baseline else None
        return outcome_table(self.outcomes, self.numbers.of(point), base, self.study.window_days(point))

    def _head(self, point: int, count: int) -> dict[str, Any]:
        import pyarrow as pa

        own = parameter_columns(self.study.points, [point])
        wide = {name: pa.repeat(column[0], count) for name, column in own.items()}
        return {"point": np.full(count, point, dtype=np.int64), **wide}

    def _tables(self, place: int) -> Iterator[dict[str, Any]]:
        for point in range(len(self.study.points)):
            for table in self.numbers.tables(point, place):
                columns = {name: table.column(name).combine_chunks() for name in table.column_names}
                yield {**self._head(point, table.num_rows), **columns}

    def _summary_csv(self) -> bytes:
        rows = []
        for point, name, one in self.summary:
            cells = [*self.study.points.cells(point).values(), name, unit_of_outcome(name)]
            rows.append([point, *cells, one.mean, one.sd, one.n, one.low, one.high])
        return csv_bytes(["point", *self.study.points.names, *SUMMARY_COLUMNS], rows)


SUMMARY_COLUMNS = ("measure", "unit", "mean", "sd", "n", "ci_low", "ci_high")


def parameter_columns(points: Points, rows: Iterable[int]) -> dict[str, Any]:
    """A column for each parameter, for these points: numbers, true or false, or words; mixed ones are words."""
    chosen = list(rows)
    return {
        name: _typed([points.rows[point][place].cell for point in chosen], points.kinds[place])
        for place, name in enumerate(points.names)
    }


def _typed(cells: list[Cell], kind: type) -> Any:
    import pyarrow as pa

    types = {int: pa.int64(), float: pa.float64(), bool: pa.bool_(), str: pa.string()}
    return pa.array([kind(one) for one in cells], type=types[kind])


def _strings(words: list[str]) -> Any:
    import pyarrow as pa

    return pa.array(words, type=pa.string())


def _in_groups(parts: Iterator[dict[str, Any]]) -> bytes:
    """Parts one after the other as one Parquet file; the groups of rows in it do not depend on how it was run."""
    import pyarrow as pa
    from pyarrow import parquet

    sink = pa.BufferOutputStream()
    writer, held, rows = None, [], 0
    for part in parts:
        table = pa.table(part)
        if writer is None:
            writer = parquet.ParquetWriter(sink, table.schema, compression="zstd", write_page_checksum=True)
        held.append(table)
        rows += table.num_rows
        if rows >= _GROUP:
            writer.write_table(pa.concat_tables(held))
            held, rows = [], 0
    if writer is None:
        return parquet_bytes({"point": pa.array([], type=pa.int64())})
    writer.write_table(pa.concat_tables(held)) if held else None
    writer.close()
    return bytes(sink.getvalue())


def _sample_csv(points: Points) -> bytes:
    lines = [",".join(repr(one.number) for one in row) for row in points.rows]
    return ("\n".join(lines) + "\n").encode()
