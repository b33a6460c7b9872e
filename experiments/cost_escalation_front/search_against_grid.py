"""How many points the search needs for the front that the grid found, over 100 seeds, without a further run.

A point gives the search the numbers it gave the grid, as both meet the same people; so they are looked up.

flowsim front experiments/cost_escalation_front/design.yaml --out runs/cost_escalation_front
python experiments/cost_escalation_front/search_against_grid.py runs/cost_escalation_front
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from flowsim.decide.front_question import FrontQuestion, read_front
from flowsim.decide.pareto import Setting, generations

HERE = Path(__file__).parent
SEEDS = range(100)
BUDGETS = (9, 12, 18, 24, 30)


def found_share(asked: FrontQuestion, rows: list[dict[str, str]], budget: int, seed: int) -> float:
    """The share of the grid's front that a search of so many points comes upon."""
    known = {tuple(row[one.path] for one in asked.varied): row for row in rows}

    def cells(setting: Setting) -> tuple[str, ...]:
        return tuple(str(one.at(setting[one.path]).cell) for one in asked.varied)

    def looked_up(settings: Sequence[Setting]) -> list[Sequence[float] | None]:
        return [[float(known[cells(one)][name]) for name in asked.measures] for one in settings]

    ranges = {one.path: one.range for one in asked.varied}
    tried = generations(looked_up, ranges, points=budget, seed=seed, objectives=len(asked.measures))
    front = {cells for cells, row in known.items() if row["on_front"] == "True"}
    return len(front & {cells(one) for one, _ in tried}) / len(front)


def main(folder: Path) -> None:
    """Print a table for notes.md."""
    asked = read_front(HERE / "design.yaml")
    with (folder / "front.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    print("| points tried by the search | whole front found | share of the front found, on average |")
    print("|---|---|---|")
    for budget in BUDGETS:
        shares = np.array([found_share(asked, rows, budget, seed) for seed in SEEDS])
        print(f"| {budget} of {len(rows)} | {(shares == 1.0).sum()} of {len(shares)} seeds | {shares.mean():.2f} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
