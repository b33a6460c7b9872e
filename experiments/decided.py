"""Picture and README of a decision, from the folder that `flowsim select`, `solve` or `front` wrote.

flowsim select experiments/which_rollout/design.yaml --out runs/which_rollout
python experiments/decided.py experiments/which_rollout runs/which_rollout

A third word is a note on the run time.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

sys.path.insert(0, str(Path(__file__).parents[1]))

from experiments.pages import table

BLUE, GREY, RED = "#005eb8", "#768692", "#ae2573"


def samples(folder: Path) -> dict[str, list[float]]:
    """Every number drawn, by scenario or value."""
    found: dict[str, list[float]] = defaultdict(list)
    with (folder / "samples.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["system"]].append(float(row["value"]))
    return found


def picture_of_select(tree: dict[str, Any], path: Path) -> None:
    """How much each scenario is behind the chosen one, paired, with 95 % intervals."""
    names = [name for name in tree["less_the_best"] if name != tree["best"]]
    gaps = [tree["less_the_best"][name] for name in names]
    figure, axes = plt.subplots(figsize=(7, 0.6 * len(names) + 1.6), layout="constrained")
    axes.axvspan(-tree["indifference"], tree["indifference"], color=GREY, alpha=0.2, label="makes no difference")
    for at, gap in enumerate(gaps):
        axes.plot([gap["ci_low"], gap["ci_high"]], [at, at], color=BLUE, lw=2)
        axes.plot(gap["mean"], at, "o", color=BLUE)
    axes.axvline(0.0, color=RED, label=tree["best"])
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel(f"{tree['measure']} less that of {tree['best']}, same people (95 % interval)")
    axes.legend(fontsize="small")
    figure.savefig(path, dpi=120, metadata={"Software": None})


def picture_of_solve(tree: dict[str, Any], drawn: dict[str, list[float]], path: Path) -> None:
    """Above: every replication at each value tried. Below: the share (or mean) with the interval of the decision."""
    figure, (above, below) = plt.subplots(2, 1, figsize=(7, 6), sharex=True, layout="constrained")
    colours = {True: BLUE, False: RED, None: GREY}
    words = {True: "meets it", False: "does not", None: "undecided"}
    for one in tree["evaluations"]:
        values = drawn[str(one["value"])][: one["n"]]
        above.plot([one["value"]] * len(values), values, ".", color=GREY, alpha=0.25)
        colour = colours[one["meets"]]
        below.plot([one["value"]] * 2, [one["ci_low"], one["ci_high"]], color=colour, lw=2)
        label = words[one["meets"]] if words[one["meets"]] not in below.get_legend_handles_labels()[1] else None
        below.plot(one["value"], one["estimate"], "o", color=colour, label=label)
    above.set_ylabel("each replication")
    above.set_title(tree["constraint"], fontsize="medium")
    below.set_ylabel("share of replications" if tree["constraint"].startswith("P(") else "mean")
    below.set_xlabel(tree["parameter"])
    below.legend(fontsize="small")
    figure.savefig(path, dpi=120, metadata={"Software": None})


def table_of(tree: dict[str, Any]) -> str:
    """The numbers behind the answer."""
    if tree["question"] == "front":
        return table_of_front(tree)
    rows: list[list[object]] = []
    if tree["question"] == "solve":
        words = {True: "yes", False: "no", None: "undecided"}
        for one in tree["evaluations"]:
            spread = f"{one['ci_low']:.3g} to {one['ci_high']:.3g}"
            rows.append([one["value"], f"{one['estimate']:.3g}", spread, one["n"], words[one["meets"]]])
        return table([tree["parameter"], "estimate", "interval of the decision", "replications", "meets it"], rows)
    for name, one in tree["scenarios"].items():
        gap = tree["less_the_best"][name]
        behind = f"{gap['mean']:,.0f} ({gap['ci_low']:,.0f} to {gap['ci_high']:,.0f})"
        rows.append([name, f"{one['mean']:,.0f}", "best" if name == tree["best"] else behind, one["n"]])
    return table(["scenario", f"mean {tree['measure']}", "less the best (95 %)", "replications"], rows)


def table_of_front(tree: dict[str, Any]) -> str:
    """The points that nothing beats, and the price of each step from the one before."""
    measures = [*tree["minimise"], *tree["maximise"]]
    steps = {one["to"]: one for one in tree["exchanges"]}
    head = [*tree["parameters"], *(f"mean {name}" for name in measures), "clear", "price of the step, for one"]
    rows = []
    for one in tree["front"]:
        cells = [*map(str, one["parameters"].values()), *(f"{one[name]['mean']:,.0f}" for name in measures)]
        step = steps.get(one["point"])
        price = f"{step['rate']:,.0f} ({step['rate_low']:,.0f} to {step['rate_high']:,.0f})" if step else ""
        rows.append([*cells, "yes" if one["clear"] else "no", price])
    return table(head, rows)


def readme(experiment: Path, tree: dict[str, Any], note: str) -> str:
    """The page: question, command, run time, answer, picture."""
    design = (experiment / "design.yaml").read_text(encoding="utf-8")
    lines = design.splitlines()
    head = [line.removeprefix("# ") for line in lines[: next(i for i, one in enumerate(lines) if one[:1] != "#")]]
    title = next(one.removeprefix("title: ") for one in lines if one.startswith("title: "))
    path = f"experiments/{experiment.name}"
    command = f"flowsim {tree['question']} {path}/design.yaml --out runs/{experiment.name}"
    machine = f"{tree['machine']['cores']} cores, flowsim {tree['flowsim']}, model {tree['model_version']}"
    machine += f"; {note}" if note else ""
    return "\n".join(
        [
            f"# {title}",
            "",
            f"**Question.** {' '.join(head)}",
            "",
            f"**Command.** `{command}`; {tree['replications']} replications in {tree['seconds']:.0f} s ({machine}).",
            f"Picture and page: `python experiments/decided.py {path} runs/{experiment.name}`.",
            "",
            f"**Answer.** {tree['answer']}",
            "",
            table_of(tree),
            "",
            "![what was found](picture.png)",
            "",
        ]
    )


def main(experiment: Path, folder: Path, note: str = "") -> None:
    """Write picture.png and README.md beside the design."""
    tree = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    if tree["question"] == "front":
        shutil.copyfile(folder / "front.png", experiment / "picture.png")
    elif tree["question"] == "select":
        picture_of_select(tree, experiment / "picture.png")
    else:
        picture_of_solve(tree, samples(folder), experiment / "picture.png")
    notes = experiment / "notes.md"  # what a person adds to the answer
    more = f"\n{notes.read_text(encoding='utf-8')}" if notes.is_file() else ""
    (experiment / "README.md").write_text(readme(experiment, tree, note) + more, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
