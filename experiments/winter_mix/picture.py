"""The picture: what every mix costs, and how many escalation beds it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from experiments.winter_mix.costs import terms
from experiments.winter_mix.kept import MILLION, constraint, numbers
from experiments.winter_mix.page import chosen

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LOOKS = {0: ("#4d4d4d", "o"), 1: ("#8a5a00", "s"), 2: ("#b5307a", "^"), 4: ("#2a7f3f", "D"), 8: ("#005eb8", "v")}
"""Colour and marker of each pace, in practices a week."""
VIEW = "this winter"


def draw(path: Path) -> None:
    """One panel a world, on the same axes."""
    worlds = list(terms()["worlds"])
    figure, panels = plt.subplots(1, len(worlds), figsize=(13, 5.2), sharex=True, sharey=True, layout="constrained")
    for ax, world in zip(panels, worlds, strict=True):
        _panel(ax, world)
    panels[0].set_ylabel("escalation beds not exceeded on 95 % of the time")
    panels[0].legend(
        title="practices that start\nHuddles a week", fontsize="small", title_fontsize="small", frameon=False
    )
    figure.supxlabel(
        "cost of the winter to the public system without core beds, £ million (mean of a mix)", fontsize=10
    )
    figure.savefig(path, dpi=120, metadata={"Software": None})
    plt.close(figure)


def _panel(ax: Axes, world: str) -> None:
    first = numbers("screening.csv", world)
    costs = first.cost(terms()["views"][VIEW]).mean(axis=1) / MILLION
    beds = first.values.mean(axis=1)
    for pace, (colour, marker) in LOOKS.items():
        at = [place for place, mix in enumerate(first.mixes) if mix[1] == pace]
        ax.plot(costs[at], beds[at], marker, color=colour, alpha=0.75, markersize=6, label=str(pace))
    limit = constraint().limit
    ax.axhline(limit, color="#a63c00", linewidth=1)
    ax.annotate(f"target: {limit:g}", (1.0, limit), xycoords=("axes fraction", "data"), xytext=(-4, 3),
                textcoords="offset points", ha="right", color="#a63c00", fontsize=9)  # fmt: skip
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_title(_found(ax, world), loc="left", fontsize=10)


def _found(ax: Axes, world: str) -> str:
    """Mark the chosen mix and say what it is."""
    again, found = chosen(world, VIEW)
    if found.best is None:
        return f"{world.capitalize()}: no mix surely keeps to the target"
    cost = float(again.cost(terms()["views"][VIEW])[found.best].mean()) / MILLION
    ax.plot(cost, found.verdicts[found.best].estimate, "o", markersize=15, fillstyle="none", color="#a63c00", mew=1.8)
    slots, pace, hours = again.mixes[found.best]
    said = f"{slots} LIFE slots, {pace} practices a week,\n{hours} hours a day at the front door (ring)"
    return f"{world.capitalize()}, cheapest under the target:\n{said}"
