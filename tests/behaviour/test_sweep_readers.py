"""What a sweep leaves is read unchanged by the tools of neighbours: polars, duckdb and SALib."""

from __future__ import annotations

import json

import duckdb
import numpy as np
import pandas as pd
import polars
import pytest
from SALib.analyze import morris

from flowsim.sweeps import conduct, read_study
from flowsim.sweeps.api import Options

pytestmark = pytest.mark.behaviour

WARD, RATE = "hospital.wards.Ward", "cohorts.everyone.arrivals.per_day"
DESIGN = {
    "name": "read",
    "scenario": "theory/mmc",
    "settings": ["clock.warm_up_days=2", "clock.window_days=10"],
    "method": "morris",
    "trajectories": 4,
    "parameters": {WARD: {"low": 5, "high": 8, "whole": True}, RATE: {"low": 2.0, "high": 4.0}},
    "replications": 3,
    "outcomes": ["presentations", "bed_days"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder of a small sweep."""
    place = tmp_path_factory.mktemp("read")
    (place / "design.yaml").write_text(json.dumps(DESIGN), encoding="utf-8")
    return conduct(read_study(place / "design.yaml"), Options(place / "out", jobs=1, pictures=False)).folder


def files(folder):
    return [folder / "results.parquet", *sorted((folder / "shards").glob("*.parquet"))]


def test_polars_reads_results_and_shards_as_pandas_does(folder):
    for path in files(folder):
        expected = pd.read_parquet(path)
        found = polars.read_parquet(path)
        assert found.columns == list(expected.columns)
        assert all(repr(found[name].to_list()) == repr(expected[name].tolist()) for name in found.columns)  # NaN too


def test_duckdb_reads_results_and_shards_as_pandas_does(folder):
    for path in files(folder):
        expected = pd.read_parquet(path)
        found = duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description]
        assert names == list(expected.columns)
        rows = [list(row) for row in zip(*(expected[name].tolist() for name in names), strict=True)]
        assert repr([list(row) for row in found.fetchall()]) == repr(rows)


def test_duckdb_queries_all_shards_at_once(folder):
    query = "SELECT count(*) FROM read_parquet(?)"
    found = duckdb.execute(query, [str(folder / "shards" / "*.parquet")]).fetchone()
    assert found == (sum(len(pd.read_parquet(path)) for path in files(folder)[1:]),)


def test_salib_analyses_the_sample_in_the_order_of_the_points(folder):
    problem = json.loads((folder / "salib_problem.json").read_text(encoding="utf-8"))
    sample = np.loadtxt(folder / "salib_sample.csv", delimiter=",")
    frame = pd.read_parquet(folder / "results.parquet")
    design = pd.read_parquet(folder / "design.parquet")
    means = frame[frame.measure == "presentations"].groupby("point").value.mean()
    assert (sample == design[problem["names"]].to_numpy()).all()
    found = morris.analyze(problem, sample, means.to_numpy(), num_levels=4, seed=1)
    assert list(found["names"]) == [WARD, RATE]
    assert found["mu_star"][0] == 0.0  # beds bring nobody; the rate does
    assert found["mu_star"][1] > 5.0
