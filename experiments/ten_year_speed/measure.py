"""What a ten-year run costs: numbers by year, memory of a replication, a comparison on two cores.

Writes the figures of README.md to results.json.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import flowsim as fs
from experiments.pages import write_section
from flowsim.experiment.replicate import replication_of
from flowsim.measures import attribution, checks, daily, measure, yearly

HERE = Path(__file__).parent
BASE, PROGRAMME = "configs/ten_year/do_nothing.yaml", "configs/ten_year/all_phases.yaml"
"""1 April 2017 to 31 March 2027."""
REPEATS, REPLICATIONS, JOBS = 3, 20, 2


def main() -> None:
    """Measure everything and write it down."""
    if sys.argv[1:] == ["memory"]:
        print(memory_of_one())
        return
    found = {
        "yearly": yearly_cost(),
        "peak_mb_of_one_replication_of_two_scenarios": float(in_a_new_process("memory")),
        "comparison": comparison(),
    }
    text = json.dumps(found, indent=2)
    (HERE / "results.json").write_text(text + "\n", encoding="utf-8")
    write_section(HERE / "README.md", "figures", table(found))
    print(text)


def table(found: dict[str, Any]) -> str:
    """The figures as the table of README.md."""
    year, both = found["yearly"], found["comparison"]
    wall = f"{both['seconds_on_the_wall']:.0f} s at a load of {both['load_average']:.1f}"
    rows = [
        ("ten years without numbers by year", f"{year['seconds_without']:.2f} s", ""),
        ("numbers by year on top", f"{year['seconds_by_year']:.2f} s", ""),
        ("**with ÷ without**", f"**{year['ratio']:.2f}**", "< 1.25"),
        ("peak memory, one replication", f"{found['peak_mb_of_one_replication_of_two_scenarios']:.0f} MB", "< 1 GB"),
        ("processor time, one replication", f"{both['processor_seconds_of_a_replication']:.1f} s", ""),
        (f"{both['replications']} replications, idle cores", f"{both['seconds_on_idle_cores']:.0f} s", "< 300 s"),
        ("the same on the wall, busy machine", wall, ""),
    ]
    lines = ["| | measured | hoped for |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def yearly_cost() -> dict[str, float]:
    """Processor seconds of one ten-year replication without and with numbers by year; medians."""
    scenario = fs.load(PROGRAMME)
    without, by_year = [], []
    for repeat in range(REPEATS):
        began = time.process_time()
        log = fs.simulate(scenario, seed=1, replication=repeat)
        values = measure(log)
        daily(log)
        checks(log, values)
        attribution(log, log)
        without.append(time.process_time() - began)
        began = time.process_time()
        yearly(log)
        by_year.append(time.process_time() - began)
    one, more = statistics.median(without), statistics.median(by_year)
    return {"seconds_without": one, "seconds_by_year": more, "ratio": (one + more) / one}


def memory_of_one() -> float:
    """Peak memory, in MB, of a process that runs one replication of two scenarios over ten years, imports included."""
    worlds = [fs.load(name) for name in (BASE, PROGRAMME)]
    assert not replication_of(worlds, 1, 0).failures
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_a_new_process(what: str) -> str:
    """What this script prints when asked for one thing only."""
    command = [sys.executable, "-m", "experiments.ten_year_speed.measure", what]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parents[1])
    return done.stdout.strip()


def comparison() -> dict[str, float]:
    """Wall-clock seconds of do nothing against the programme over ten years, on two cores."""
    base, programme = (fs.load(name) for name in (BASE, PROGRAMME))
    began = time.process_time()
    fs.compare(base, programme, replications=REPEATS, seed=1, jobs=1)
    each = (time.process_time() - began) / REPEATS
    began = time.perf_counter()
    done = fs.compare(base, programme, replications=REPLICATIONS, seed=1, jobs=JOBS)
    seconds = time.perf_counter() - began
    assert not done.failures
    return {
        "replications": REPLICATIONS,
        "jobs": JOBS,
        "processor_seconds_of_a_replication": each,
        "seconds_on_idle_cores": each * REPLICATIONS / JOBS,
        "seconds_on_the_wall": seconds,
        "load_average": os.getloadavg()[1],
    }


if __name__ == "__main__":
    main()
