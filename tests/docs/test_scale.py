"""The model of a Dask cluster against cases solved by hand, and the page it is written into."""

from __future__ import annotations

import functools
import json
import math
from pathlib import Path
from typing import Any

import pytest

from experiments.scale.cluster import Cluster, job_array, makespan
from experiments.scale.needs import NODE, RUNS, on_nodes
from experiments.scale.page import page_of

pytestmark = pytest.mark.docs

ROOT = Path(__file__).parents[2]


@functools.cache
def results() -> dict[str, Any]:
    """What was measured."""
    found: dict[str, Any] = json.loads((ROOT / "experiments" / "scale" / "results.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(("workers", "tasks"), [(1, 5), (3, 9), (4, 10), (7, 3)])
def test_without_overhead_equal_tasks_take_whole_rounds(workers: int, tasks: int) -> None:
    assert makespan(Cluster(workers, client=0.0, scheduler=0.0), tasks, 2.0) == math.ceil(tasks / workers) * 2.0


def test_tasks_that_take_no_time_wait_for_the_scheduler() -> None:
    # 100 tasks × 3 s of its time, and before the first and after the last half of the client's second
    assert makespan(Cluster(50, client=1.0, scheduler=3.0), 100, 0.0) == 100 * 3.0 + 1.0


def test_tasks_that_take_no_time_wait_for_the_client() -> None:
    assert makespan(Cluster(200, client=3.0, scheduler=1.0), 100, 0.0) == 100 * 3.0


def test_one_task_takes_its_length_and_all_overhead() -> None:
    assert makespan(Cluster(1, client=1.0, scheduler=2.0, worker=4.0, delay=8.0), 1, 16.0) == 31.0


def test_a_second_task_in_the_worker_hides_the_way() -> None:
    # the worker never idles between its ten tasks of 16 s; only the first way there and the last way back count
    assert makespan(Cluster(1, client=0.0, scheduler=0.0, delay=8.0), 10, 16.0) == 10 * 16.0 + 8.0


def test_what_a_worker_adds_lengthens_each_round() -> None:
    assert makespan(Cluster(2, client=0.0, scheduler=0.0, worker=0.5), 6, 2.0) == 3 * 2.5


def test_lengths_that_vary_depend_on_the_seed_alone() -> None:
    cluster = Cluster(4, client=0.01, scheduler=0.01)
    first, again, other = (makespan(cluster, 40, 1.0, 0.3, seed) for seed in (0, 0, 1))

    assert first == again != other


def test_lengths_that_vary_keep_their_mean() -> None:
    # one worker, so the sum of 4,000 lengths of 1 ± 0.3: standard error 0.3 / sqrt(4,000)
    mean = makespan(Cluster(1, client=0.0, scheduler=0.0), 4000, 1.0, 0.3) / 4000

    assert mean == pytest.approx(1.0, abs=4 * 0.3 / math.sqrt(4000))


@pytest.mark.parametrize(("jobs", "tasks"), [(1, 5), (3, 9), (4, 10)])
def test_a_job_array_of_equal_tasks_takes_whole_rounds(jobs: int, tasks: int) -> None:
    assert job_array(jobs, tasks, 2.0, start=5.0) == 5.0 + math.ceil(tasks / jobs) * 2.0


def test_the_page_is_what_is_written_from_the_results() -> None:
    assert (ROOT / "docs" / "scale.md").read_text(encoding="utf-8") == page_of(results())


def test_the_page_answers_for_all_runs_that_were_asked_about() -> None:
    assert RUNS == 42 * 1000 * 30
    assert f"{RUNS:,} runs" in page_of(results())


def test_the_model_still_gives_what_the_page_says_of_small_tasks() -> None:
    short = on_nodes(results(), nodes=1, tasks=2 * NODE)

    assert short["ideal"] < short["dask"] <= short["dask_dearer"]
