"""Run every mix, then those still in question again on fresh people; keep every number that the page is made of.

python -m experiments.winter_mix.run            # all, on one core
python -m experiments.winter_mix.run --jobs 2
python -m experiments.winter_mix.page           # the page and its pictures from what was kept
"""

from __future__ import annotations

import argparse
import csv
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from experiments.winter_mix.choice import still_in_question
from experiments.winter_mix.costs import lines, terms, wanted
from experiments.winter_mix.kept import HERE, LEVERS, constraint, numbers
from flowsim.decide.front_question import FrontQuestion, Point, read_front
from flowsim.decide.simulated import Simulated
from flowsim.experiment.statistics import Array
from flowsim.money.runs import unit_costs
from flowsim.params.tree import overlay


@dataclass(frozen=True, slots=True)
class Mixes:
    """What runs gave of some mixes: bills by line, and the measure of the target, by mix and replication."""

    bills: dict[str, Array]
    values: Array

    def cost(self, left_out: list[str]) -> Array:
        """Pounds (mix, replication) of all lines but some."""
        return np.asarray(sum(pounds for name, pounds in self.bills.items() if name not in left_out))


def levers_of(point: Point) -> tuple[int, int, int]:
    """Slots, practices a week, hours a day."""
    slots, pace, hours = (int(choice.cell) for choice in point)
    return slots, pace, hours


def run(asked: FrontQuestion, points: list[Point], first: int, count: int, jobs: int) -> Mixes:
    """Replications ``first`` to ``first + count`` of each mix."""
    scenarios = [asked.build(one) for one in points]
    names = [str(terms()["target"]["measure"]), *wanted(unit_costs(scenarios[0]))]
    drawn = Simulated(scenarios.__getitem__, names, asked.seed, jobs, ahead=False)
    drawn.prefetch([(at, one) for at in range(len(points)) for one in range(first, first + count)])
    values = np.array([[drawn.drawn[at, one] for one in range(first, first + count)] for at in range(len(points))])
    found = []
    for at, point in enumerate(points):
        slots, _, hours = levers_of(point)
        found.append(lines(scenarios[at], (slots, hours), values[at, :, 1:]))
    return Mixes({name: np.array([one[name] for one in found]) for name in found[0]}, values[:, :, 0])


def main(jobs: int) -> None:
    """Screening, and the second look at what it leaves, of each world; what is kept already is not run again."""
    agreed, asked = terms(), read_front(HERE / "design.yaml")
    screening, again = agreed["screening"], agreed["again"]
    for world, over in agreed["worlds"].items():
        it = replace(asked, tree=overlay(asked.tree, over))
        _run_new(it, world, "screening.csv", it.grid(), range(screening), jobs)
        _run_new(it, world, "again.csv", questioned(world, it.grid()), range(screening, screening + again), jobs)


def _run_new(asked: FrontQuestion, world: str, file: str, points: list[Point], which: range, jobs: int) -> None:
    """Run the mixes that a file lacks, and put them at its end."""
    began, there = time.perf_counter(), numbers(file, world).mixes
    new = [one for one in points if levers_of(one) not in there]
    if new:
        add(HERE / file, rows(world, new, run(asked, new, which.start, len(which), jobs), which.start))
    seconds = time.perf_counter() - began
    print(f"{world}, {file}: {len(new)} of {len(points)} mixes × {len(which)} in {seconds:.0f} s", flush=True)


def questioned(world: str, points: list[Point]) -> list[Point]:
    """Mixes that may be the answer in some view."""
    agreed, first = terms(), numbers("screening.csv", world)
    target = agreed["target"]
    found = [
        at
        for left_out in agreed["views"].values()
        for at in still_in_question(
            first.cost(left_out), first.values, constraint(), target["error"], agreed["most_again"]
        )
    ]
    return [points[at] for at in sorted(dict.fromkeys(found))]


def rows(world: str, points: list[Point], mixes: Mixes, first: int) -> list[dict[str, object]]:
    """One row a mix and replication."""
    return [
        {"world": world, **dict(zip(LEVERS, levers_of(point), strict=True)), "replication": first + one,
         "value": mixes.values[at, one], **{f"cost_{name}": round(float(pounds[at, one]), 2)
                                            for name, pounds in mixes.bills.items()}}
        for at, point in enumerate(points)
        for one in range(mixes.values.shape[1])
    ]  # fmt: skip


def add(path: Path, found: list[dict[str, object]]) -> None:
    """Put rows at the end of a CSV file."""
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]), lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerows(found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=1)
    main(parser.parse_args().jobs)
