"""The half of ``docs/scale.md`` about many machines: what giving out tasks costs, and what a national sweep needs."""

from __future__ import annotations

from typing import Any

from experiments.pages import table
from experiments.scale.needs import (
    DEARER,
    NODE,
    NODES,
    POINTS,
    REPLICATIONS,
    RUNS,
    SHORT,
    SPREAD,
    SYSTEMS,
    TASKS,
    core_hours,
    seconds_of,
)
from experiments.scale.words import KEPT, LONG, gigabytes, percent, rounded, shape_of, span

PEOPLE = 51_384
"""Croydon residents aged 65 and over, as in ``configs/base.yaml``."""


def overhead(found: dict[str, Any]) -> str:
    """What giving out a task costs, and how near the model of a cluster is."""
    own = found["overhead"]
    rows, far = [], []
    for one in own["trials"]:
        off = one["model"] / one["clock"] - 1.0
        row = [f"{one['workers']}", f"{one['tasks']}", f"{one['length'] * 1000:.0f} ms", f"{one['clock']:.2f} s"]
        row += [
            f"{one['model']:.2f} s",
            f"{100 * off:+.0f} %",
            f"{one['tasks'] * one['length'] / one['workers']:.2f} s",
        ]
        rows.append(row)
        far += [f"{one['workers']} workers × {one['length'] * 1000:.0f} ms"] if abs(off) > 0.1 else []
    head = ["workers", "tasks", "each waits", "measured", "model", "model is off by", "without overhead"]
    looks = ", ".join(f"{one['look'] * 1000:.1f} ms among {one['files']:,}" for one in found["listing"])
    return f"""## What giving out a task costs

This was measured on a real Dask cluster on one machine: a scheduler and two workers of one thread, each a process of
its own, and {own["tasks"]:,} tasks in the form in which a sweep sends them ({own["task_bytes"]:,} bytes each,
the scenario is in it) that do nothing. Processor time of a task: **{own["client"] * 1000:.1f} ms** in the
sweep's process, **{own["scheduler"] * 1000:.1f} ms** in the scheduler, {own["worker"] * 1000:.1f} ms in the
worker. Task and receipt are on their way for {own["delay"] * 1000:.0f} ms besides, which a worker does not
notice while a second task waits in it, as joblib sees to. An idle worker holds {own["worker_mb"]:.0f} MB.
Before and after its run a worker looks for its block among the shards: {looks} shards. To verify and read a
shard takes {found["listing"][0]["read"] * 1000:.1f} ms.

From these costs [`cluster.py`](../experiments/scale/cluster.py) simulates a cluster in SimPy: the sweep's
process and the scheduler do one thing at a time, and at most two tasks a worker are out. Held against real
clusters of two and eight workers whose tasks only wait, so that two cores are enough for them; by the clock,
the quickest of five goes each:

{table(head, rows)}

{_verdict(far)}{_before(found)}"""


def _verdict(far: list[str]) -> str:
    if not far:
        return "The model is within a tenth everywhere."
    return f"""The model is off by more than a tenth at {", ".join(far)}. It gives every process a core of its
own, while here all of them shared two cores with other work, which came and went between the measurement
of the costs and these trials."""


def _before(found: dict[str, Any]) -> str:
    """Of measurements that were done again: what they showed is not to be forgotten."""
    trials = [one for own in found.get("overhead_before", []) for one in own["trials"]]
    if not trials:
        return ""
    worst = max(abs(one["model"] / one["clock"] - 1.0) for one in trials)
    return f""" All of this was measured before, too, with the model off by up to {percent(worst)}; so it is good
to about a quarter here, where the clock is that of a busy machine."""


def national(found: dict[str, Any]) -> str:
    """What all systems need."""
    large = found["large"][LONG]
    seconds, megabytes = seconds_of(large), large["peak_mb"]
    read = TASKS * 2 * found["listing"][0]["read"] / 60
    daily = TASKS * found["stored"][shape_of(found)]["daily"] / 1e9
    rows = {
        "processor time of a replication": f"{seconds:.1f} s",
        "core-hours": f"{rounded(core_hours(seconds)):,} ({rounded(core_hours(seconds) / SYSTEMS):,} a system)",
        "memory of a worker": f"{megabytes / 1024:.1f} GB",
        f"memory of a node of {NODE} workers": f"{megabytes * NODE / 1024:,.0f} GB",
        "storage: measures": f"{gigabytes(found, 'numbers')} GB in {RUNS:,} files, {TASKS:,} in a folder",
        "storage: daily series as well": f"{gigabytes(found, 'numbers', 'daily', 'daily'):,} GB",
        "storage: event logs as well": f"{gigabytes(found, *KEPT, 'daily', 'events') / 1000:,.0f} TB",
        "making the tables, measures only": f"{read:.1f} minutes a system, on one core",
    }
    return f"""## What {SYSTEMS} integrated care systems need

Each system is a sweep of {POINTS:,} points × {REPLICATIONS} replications with a folder of its own, and every
run a task of its own. Systems are taken as {found["size"]} × Croydon: {SYSTEMS} × {found["size"]} × {PEOPLE:,}
people are {SYSTEMS * found["size"] * PEOPLE / 1e6:.1f} million of 65 and over, where England had 10.4 million
in the census of 2021. A common baseline would be one point more.

{table(["need", "all systems"], rows.items())}

Daily series and event logs are counted twice, since the tables repeat the shards. A file takes at least a block
of the file system, often 4 kB, so measures may occupy twice their bytes. **Keep measures only.** The tables of
daily series and events are put together in memory: {daily:,.1f} GB a system for the former, out of reach for
the latter. `flowsim replay` makes both again for any single run, in {rounded(seconds)} seconds."""


def cluster(found: dict[str, Any]) -> str:
    """Whether a Dask cluster keeps up."""
    own, mean = found["overhead"], seconds_of(found["large"][LONG])
    head = ["nodes", "workers", "one system", "at work", f"at work, overhead × {DEARER:.0f}", "all systems"]
    rows = []
    for one in found["modelled"]:
        shares = [percent(one["ideal"] / one[key], 1) for key in ("dask", "dask_dearer")]
        took = f"{one['dask'] / 60:.1f} min"
        rows.append([f"{one['nodes']}", f"{one['nodes'] * NODE:,}", took, *shares, span(SYSTEMS * one["dask"] / 3600)])
    most = 1.0 / max(own["client"], own["scheduler"])
    short = ", ".join(f"{percent(one['short_share'])} of {one['nodes'] * NODE:,} workers" for one in found["modelled"])
    return f"""## Does a Dask cluster keep up?

The same model, with the costs measured above and a worker on each core: {TASKS:,} tasks of {mean:.1f} s on
average, which vary by {percent(SPREAD)} (an assumption: points differ, and neighbours on a node slow each other
down), folders full from the start. "At work" is the share of the workers' time that is simulation; the
column after it has every cost of giving out, unpacking and listing {DEARER:.0f} times as high. Systems are run one
after the other.

{table(head, rows)}

With the costs measured, what is lost is lost at the end of a sweep, when workers run dry. The limit is
elsewhere: the sweep's process and the scheduler can handle at most about {most:,.0f} tasks a second.
So tasks of {mean:.0f} s could feed
{rounded(most * mean):,} workers, but tasks of {SHORT} s, the shortest a sweep cuts, only {rounded(most * SHORT):,}:
with those, the share at work would be {short}. At ten times the overhead, {NODES[-1]} nodes are beyond one
scheduler even with the long tasks: give each part of them its own, or none."""


def array(found: dict[str, Any]) -> str:
    """The same by a job array."""
    mean = seconds_of(found["large"][LONG])
    rows = [
        [
            f"{one['nodes']}",
            f"{one['nodes'] * NODE:,}",
            f"{one['job_array'] / 60:.1f} min",
            f"{one['dask'] / 60:.1f} min",
        ]
        for one in found["modelled"]
    ]
    check = TASKS * found["listing"][-1]["read"]
    slower = found["modelled"][1]["job_array"] / found["modelled"][1]["dask"] - 1.0
    return f"""## Or a job array

Nothing of this needs a scheduler of ours. Every job of an array runs its part, on a folder that all share:

```bash
flowsim sweep system.yaml --shard "$SLURM_ARRAY_TASK_ID/640" --jobs 1 --out /shared/system   # --array=1-640
```

Each has every 640th block, fixed beforehand, so that no job helps another at the end. Before its first task
it reads all points ({found["start"]:.1f} s of processor time for {POINTS:,}), and the first to come times a run
({mean:.0f} s); after its last it verifies what is there of the whole sweep ({check:.0f} s at most), and whoever
finds all of it writes the tables. A job that was killed is submitted again and does what is missing. With all
of this in every job, the same lengths of tasks, and all jobs beginning at once:

{table(["nodes", "jobs", "one system, job array", "one system, Dask"], rows)}

So a system takes {percent(slower)} longer on ten nodes than with Dask; when the jobs begin is up to the queue of
the cluster. Systems can follow each other without waiting for the slowest job of the one before. Where the size
of an array is limited, one job a node with `--shard i/10 --jobs {NODE}` does the same: within the node, tasks go
to whichever worker is free."""


def limits(found: dict[str, Any]) -> str:
    """What was not measured."""
    look = 2.0 * found["listing"][-1]["look"]
    mean = seconds_of(found["large"][LONG])
    return f"""## What this does not say

- Nothing was run on more than {found["cores"]} cores; clusters above eight workers are simulated. Costs of
  a scheduler with thousands of workers were not measured; the column of {DEARER:.0f} times the overhead is
  there for that.
- Shared file systems are slower than the disk here. A task writes one file of 3 kB, forces it and its
  folder to disk, and lists the folder twice. Listing is the one cost that grows with the square of the runs
  in a folder: {look * 1000:.0f} ms a task at {TASKS:,} shards, {percent(look / mean, 1)} of such a task. Give each
  system a folder, not all of them one.
- Imports, about a second for each worker, once. Shared memory bandwidth and hyper-threads, which make busy
  nodes slower: the seconds above were measured beside heavy neighbours, but not beside 63 of them.
- The other systems are Croydon enlarged. A system twice the average takes rather more than twice its time
  and memory.
- No retries, no waiting in the cluster's queue."""
