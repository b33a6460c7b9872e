"""What a national sweep needs, and how long it takes on clusters of several sizes, from what was measured."""

from __future__ import annotations

import statistics
from dataclasses import replace
from typing import Any

from experiments.scale.cluster import Cluster, job_array, makespan

SYSTEMS, YEARS, POINTS, REPLICATIONS = 42, 10, 1_000, 30
TASKS = POINTS * REPLICATIONS
"""Runs of one system; each is a task of its own, as it lasts longer than a task has to."""
RUNS = SYSTEMS * TASKS
NODE = 64  # cores of a node, a worker on each
NODES = (1, 10, SYSTEMS)
SPREAD = 0.3
"""Coefficient of variation assumed of task lengths: points differ, and neighbours on a node slow each other down."""
SHORT = 1.2
"""Length of the shortest tasks a sweep cuts; seconds."""
DEARER = 10.0
"""How many times dearer giving out and listing may be on a real network, tried as well."""


def seconds_of(one: dict[str, Any]) -> float:
    """Median processor seconds of a replication."""
    return float(statistics.median(one["seconds"]))


def core_hours(seconds: float) -> float:
    """Of all runs of all systems."""
    return RUNS * seconds / 3600.0


def cluster_of(found: dict[str, Any], workers: int, dearer: float = 1.0) -> Cluster:
    """The cluster with the costs measured, or such times as dear; workers list a full folder twice a task."""
    own, look = found["overhead"], 2.0 * found["listing"][-1]["look"]
    costs = {part: dearer * own[part] for part in ("client", "scheduler", "delay")}
    return replace(Cluster(workers, **costs), worker=dearer * (own["worker"] + look))


def on_nodes(found: dict[str, Any], nodes: int, tasks: int = TASKS) -> dict[str, float]:
    """Seconds of one system's sweep on so many nodes, in the model of the cluster and as a job array."""
    workers, mean = nodes * NODE, seconds_of(found["large"][str(YEARS)])
    plain = cluster_of(found, workers)
    start = found["start"] + mean  # reading the points, then the one run by which a sweep measures itself
    end = TASKS * found["listing"][-1]["read"]  # verifying all shards, to see whether nothing is left to be done
    look = 2.0 * found["listing"][-1]["look"]
    return {
        "nodes": nodes,
        "ideal": tasks * mean / workers,
        "dask": makespan(plain, tasks, mean, SPREAD),
        "dask_dearer": makespan(cluster_of(found, workers, DEARER), tasks, mean, SPREAD),
        "job_array": job_array(workers, tasks, mean + look, SPREAD, start + end),
        "short_share": tasks * SHORT / workers / makespan(plain, tasks, SHORT, SPREAD),
    }
