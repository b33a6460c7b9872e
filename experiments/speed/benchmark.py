"""How fast is flowsim, and what does it cost to grow? Prints a table and writes ``results.json`` beside itself.

    python experiments/speed/benchmark.py [--quick]

Times are processor seconds of this process, medians over interleaved repeats, after a first run that is not counted;
the two commands are timed by the clock on the wall. Nothing is judged here: README.md says what was hoped for.
"""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import textbook

import flowsim as fs

HERE = Path(__file__).parent
CONFIGS = HERE.parents[1] / "configs"
BEDS = ("assessment_unit", "ward", "escalation")
FLOWSIM = Path(sys.executable).with_name("flowsim")
MEMORY = """
import sys
import flowsim as fs
import flowsim.engine, scipy.special

def peak():
    return next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))

scenario = fs.load(sys.argv[1])
before = peak()
log = fs.simulate(scenario, seed=1)
print(before, peak())
"""
"""Read from Linux: what ``getrusage`` tells of a child begins with the peak of its parent."""


def seconds(work: Callable[[], object]) -> tuple[float, object]:
    """Processor seconds of some work, and what it gave."""
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def mean_beds(log: fs.EventLog) -> float:
    """Acute beds in use over the window."""
    first, last = log.window
    rows = log.of_kind(*BEDS) & ~np.isnan(log.stay["entered"])
    inside = np.minimum(log.stay["left"][rows], last) - np.maximum(log.stay["entered"][rows], first)
    return float(np.maximum(inside, 0.0).sum() / (last - first))


def facts(log: fs.EventLog) -> int:
    """Rows of the event log, and the times of being fit and ready, which the textbook logs as events."""
    return len(log.to_frame()) + sum(int((~np.isnan(log.spell[name])).sum()) for name in ("fit", "ready"))


def against_textbook(name: str, repeats: int) -> dict[str, float]:
    """Both models in turn, the textbook also with its dearest draws made cheap."""
    scenario = fs.load(CONFIGS / f"{name}.yaml")
    fs.simulate(scenario)
    found: dict[str, list[float]] = {}
    for number in range(repeats):
        ours, log = seconds(lambda: fs.simulate(scenario, seed=1, replication=number))  # noqa: B023
        theirs, model = seconds(lambda: textbook.simulate(name, number))  # noqa: B023
        textbook.Discrete.cheap = True
        cheaper, _ = seconds(lambda: textbook.simulate(name, number))  # noqa: B023
        textbook.Discrete.cheap = False
        row = {
            "flowsim_s": ours,
            "textbook_s": theirs,
            "ratio": theirs / ours,
            "ratio_with_cheap_choices": cheaper / ours,
            "flowsim_spells": len(log.spell["root"]),
            "textbook_spells": model.spells,
            "flowsim_beds": mean_beds(log),
            "textbook_beds": model.mean_beds(),
            "flowsim_events": facts(log),
            "textbook_events": len(model.event_log),
        }
        for key, value in row.items():
            found.setdefault(key, []).append(value)
    middle = {key: statistics.median(values) for key, values in found.items()}
    means = {key: statistics.mean(values) for key, values in found.items() if not key.endswith("_s")}
    return middle | {key: value for key, value in means.items() if "ratio" not in key}


def by_years(repeats: int) -> dict[str, float]:
    """Cost of a simulated year in runs of 1, 2, 5 and 10 years, over that of one year; demand grows meanwhile."""
    base = fs.load(CONFIGS / "transition_year.yaml")
    cost: dict[int, list[float]] = {}
    for number in range(repeats):
        for years in (1, 2, 5, 10):
            clock = {"warm_up_days": 180, "window_days": round(365.25 * years) - 180}
            scenario = base.with_(clock=clock)
            took, _ = seconds(lambda: fs.simulate(scenario, seed=2, replication=number))  # noqa: B023
            cost.setdefault(years, []).append(took / years)
    return per_unit(cost, "years")


def by_population(repeats: int) -> dict[str, float]:
    """Cost of a spell at 1, 4 and 16 times the people, beds and slots, over that of Croydon."""
    base = fs.load(CONFIGS / "transition_year.yaml")
    cost: dict[int, list[float]] = {}
    for number in range(repeats):
        for times in (1, 4, 16):
            scenario = enlarged(base, times)
            took, log = seconds(lambda: fs.simulate(scenario, seed=3, replication=number))  # noqa: B023
            cost.setdefault(times, []).append(took / len(log.spell["root"]))
    return per_unit(cost, "times")


def enlarged(scenario: fs.Scenario, times: int) -> fs.Scenario:
    """A place ``times`` as large, in every capacity and rate."""
    tree = scenario.tree()
    units = tree["hospital"]["assessment"]["units"]
    wards = tree["hospital"]["wards"]
    slots = tree["life"]["slots"]
    referrals = tree["life"]["community_per_day"]
    return scenario.with_(
        population={"people": tree["population"]["people"] * times},
        cohorts={"over_65": {"arrivals": {"per_day": tree["cohorts"]["over_65"]["arrivals"]["per_day"] * times}}},
        hospital={
            "assessment": {"units": {name: beds * times for name, beds in units.items()}},
            "wards": {name: beds * times for name, beds in wards.items()},
            "escalation": {"cap": tree["hospital"]["escalation"]["cap"] * times},
        },
        life={
            "slots": {"from": 0, "steps": {date: count * times for date, count in slots["steps"].items()}},
            "community_per_day": {
                "from": 0.0,
                "steps": {date: rate * times for date, rate in referrals["steps"].items()},
            },
            "first_visit": {"responders": tree["life"]["first_visit"]["responders"] * times},
        },
        step_down={"beds": tree["step_down"]["beds"] * times},
        home_care={"community_per_day": tree["home_care"]["community_per_day"] * times},
        initial={"home_care": tree["initial"]["home_care"] * times},
    )


def per_unit(cost: dict[int, list[float]], unit: str) -> dict[str, float]:
    """Median cost at each size, and its ratio to the smallest size, repeat by repeat."""
    found = {}
    for size, values in cost.items():
        found[f"{unit}_{size}_ms"] = 1000 * statistics.median(values)
        pairs = zip(values, cost[1], strict=True)
        found[f"{unit}_{size}_ratio"] = statistics.median(value / first for value, first in pairs)
    return found


def memory() -> dict[str, float]:
    """Peak memory of a process that runs one replication of the transition year, and what is left without imports."""
    config = str(CONFIGS / "transition_year.yaml")
    done = subprocess.run([sys.executable, "-c", MEMORY, config], capture_output=True, text=True, check=True)
    before, after = map(float, done.stdout.split())
    return {"whole_process_mb": after, "replication_mb": after - before}


def commands(repeats: int) -> dict[str, float]:
    """Wall seconds of the help and of the main comparison on two workers."""
    helps = [wall([str(FLOWSIM), "--help"]) for _ in range(repeats + 1)][1:]
    with tempfile.TemporaryDirectory() as folder:
        names = [str(CONFIGS / f"{name}.yaml") for name in ("do_nothing", "transition_year")]
        options = ["--replications", "30", "--jobs", "2", "--seed", "1", "--out", f"{folder}/run"]
        compare = wall([str(FLOWSIM), "compare", *names, *options])
    return {"help_wall_s": statistics.median(helps), "compare_30_wall_s": compare}


def wall(command: list[str]) -> float:
    """Seconds on the wall of a command that succeeds."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    """Measure everything, print it and write it down."""
    quick = "--quick" in sys.argv[1:]
    found: dict[str, object] = {"python": platform.python_version(), "machine": platform.machine()}
    for name in ("do_nothing", "transition_year"):
        found[f"textbook against flowsim: {name}"] = against_textbook(name, 2 if quick else 7)
    found["cost of a simulated year"] = by_years(1 if quick else 3)
    found["cost of a spell by population"] = by_population(1 if quick else 3)
    found["memory"] = memory()
    found["commands"] = commands(1 if quick else 5)
    for part, figures in found.items():
        print(part if isinstance(figures, dict) else f"{part}: {figures}")
        for key, value in figures.items() if isinstance(figures, dict) else ():
            print(f"    {key:28} {value:12.3f}")
    if not quick:
        text = json.dumps(found, indent=2, default=float)
        (HERE / "results.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
