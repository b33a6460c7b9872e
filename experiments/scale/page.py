"""The page ``docs/scale.md``, from the results: what was measured, and what a national sweep follows from it."""

from __future__ import annotations

import statistics
from typing import Any

from experiments.pages import table, wrapped
from experiments.scale.needs import NODE, POINTS, REPLICATIONS, RUNS, SHORT, SYSTEMS, YEARS, core_hours, seconds_of
from experiments.scale.page_of_clusters import array, cluster, limits, national, overhead
from experiments.scale.words import KEPT, LONG, gigabytes, percent, rounded, span


def page_of(found: dict[str, Any]) -> str:
    """The whole page."""
    parts = (_head, _cost, _growth, _storage, overhead, national, cluster, array, limits)
    return wrapped("\n\n".join(part(found).strip() for part in parts)) + "\n"


def _head(found: dict[str, Any]) -> str:
    large = found["large"][LONG]
    hours = core_hours(seconds_of(large))
    on_ten = found["modelled"][1]
    took, longer = span(SYSTEMS * on_ten["dask"] / 3600), percent(on_ten["job_array"] / on_ten["dask"] - 1.0)
    return f"""# Scale

What a replication costs, how cost grows, and what a sweep of all {SYSTEMS} integrated care systems of England
would need.

In short: {SYSTEMS} systems × {YEARS} years × {POINTS:,} points × {REPLICATIONS} replications are {RUNS:,}
runs. They need about **{rounded(hours):,} core-hours**, **{large["peak_mb"] / 1024:.1f} GB of memory for each
worker** and **{gigabytes(found, "numbers")} GB of storage** for all measures: {took} on ten nodes
of {NODE} cores. By a model of the cluster with costs measured here, the workers of one Dask scheduler are busy
for {percent(on_ten["ideal"] / on_ten["dask"])} of that time; a job array needs no scheduler, and takes {longer}
longer.

Written by [`experiments/scale/measure.py`](../experiments/scale/measure.py) from
[`results.json`](../experiments/scale/results.json): measured on {found["day"]} with CPython {found["python"]}
on {found["cores"]} cores of an x86-64 server. Other heavy work ran on both cores meanwhile (load
{found["load"]:.0f}), so costs are processor seconds, which such neighbours do not count into but
still lengthen: on cores of their own, runs are rather cheaper. The scenario is `transition_year`."""


def _cost(found: dict[str, Any]) -> str:
    rows = []
    for name, group in (("Croydon", "years"), (f"{found['size']} × Croydon", "large")):
        for years, one in found[group].items():
            cost, year = seconds_of(one), seconds_of(one) / one["years_simulated"]
            rows.append(
                [name, years, str(len(one["seconds"])), f"{cost:.2f} s", f"{year:.2f} s", f"{one['peak_mb']:,.0f} MB"]
            )
    head = ["place", "years", "runs", "a replication", "a simulated year", "peak memory"]
    return f"""## What a replication costs

All measures included; each row in a process of its own; medians. A run of n years has 180 days of warm-up
besides, which count as simulated. Memory is that of the whole process, imports included.

{table(head, rows)}

The larger place has {found["size"]} times Croydon's people, presentations, beds, LIFE slots and home care."""


def _growth(found: dict[str, Any]) -> str:
    rows = []
    for key, name in (("replications", "1 point × n replications"), ("points", "n/2 points × 2 replications")):
        runs, seconds = [int(n) for n in found[key]], list(found[key].values())
        line = statistics.linear_regression(runs, seconds)
        off = max(abs(line.intercept + line.slope * n - s) / s for n, s in zip(runs, seconds, strict=True))
        rows.append([name, *(f"{s:.2f} s" for s in seconds), f"{line.slope:.2f} s", f"{percent(off, 1)}"])
    head = ["sweep of n runs", *(f"n = {n}" for n in found["points"]), "one more run", "furthest off the line"]
    years, large = found["years"], found["large"][LONG]
    per_year = [seconds_of(one) / one["years_simulated"] for one in years.values()]
    return f"""## How it grows

With replications and points cost grows **in a straight line**, as runs share nothing. Processor seconds of whole sweeps
of one year of Croydon in one process, from the design file to the tables; every sweep begins with two timed
runs more.

{table(head, rows)}

With years it grows **almost in a straight line**: a simulated year costs {min(per_year):.2f} to {max(per_year):.2f} s
whatever the length of the run. Demand grows by 2.5 % a year, so that a year of ten has some 11 % more
presentations on average; [`experiments/speed`](../experiments/speed/README.md), in turns on a quieter machine,
finds a year of ten years 1.22 times as dear as a single one. With size it
grows **a little faster**: {found["size"]} times Croydon over {LONG} years
costs {seconds_of(large) / seconds_of(years[LONG]):.1f} times as much."""


def _storage(found: dict[str, Any]) -> str:
    rows = []
    for shape, sizes in found["stored"].items():
        years, times, replications = shape.split(",")
        place = "Croydon" if times == "1" else f"{times} × Croydon"
        kept = [f"{sizes[part] / 1000:,.1f} kB" for part in KEPT]
        rows.append([place, years, replications, *kept, f"{sizes['peak_mb']:,.0f} MB"])
    head = ["place", "years", "replications in a block", *("measures", "daily series", "event log"), "peak memory"]
    return f"""## What a replication leaves on disk

Bytes of its shards, compressed, divided by the replications in a block; `keep:` in the design says which are
kept. The peak memory is that of keeping all three.

{table(head, rows)}

Measures take the same space whatever is simulated, daily series grow with the years, event logs with years and
people. A block of several replications saves most of what each file has of its own, but a run that lasts
over {SHORT} seconds is a block by itself."""
