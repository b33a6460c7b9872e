"""Does the core show what it should? Runs the shipped configurations and writes docs/results.md.

python experiments/core_results/run.py --replications 30 --seed 1
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

import flowsim as fs
from flowsim.claims import conduct, read_claims, words
from flowsim.experiment.statistics import estimate

ROOT = Path(__file__).parents[2]
CONFIGS = ROOT / "configs"


def config(name: str) -> fs.Scenario:
    return fs.load(CONFIGS / f"{name}.yaml")


def interval(values: pd.Series | np.ndarray, digits: int = 1) -> str:
    """Mean with its 95 % interval."""
    found = estimate(np.asarray(values, dtype=float))
    return f"{found.mean:,.{digits}f} ({found.low:,.{digits}f} to {found.high:,.{digits}f})"


def wide(results: fs.Results | fs.Comparison) -> pd.DataFrame:
    """Replications as rows, (scenario, measure) as columns."""
    return results.replications.pivot(index="replication", columns=["scenario", "measure"], values="value")


def year(args: argparse.Namespace) -> list[str]:
    """do_nothing against the evidence, and the ambition."""
    names = ["transition_year", "full_effect", "full_effect_neutral", "d2a_only"]
    cmp = fs.compare(config("do_nothing"), *map(config, names), replications=args.replications, seed=args.seed)
    v = wide(cmp)
    base, days = v["do_nothing"], 365
    saved = {name: base["bed_days"] - v[name]["bed_days"] for name in names}
    los = {name: base["length_of_stay_d2a_mean"] - v[name]["length_of_stay_d2a_mean"] for name in names}
    rows = [
        ("do_nothing: core beds in use", "about 239 (225 to 253)", interval(base["core_beds_occupied_mean"])),
        ("do_nothing: mean stay, days", "8.5 (8.1 to 8.9)", interval(base["length_of_stay_mean"], 2)),
        ("do_nothing: share of beds past day 21", "16 to 24 %", interval(100 * base["long_stay_beds_share"]) + " %"),
        ("do_nothing: delayed beds", "30 to 45", interval(base["delayed_beds_mean"])),
        ("do_nothing: readmitted within 30 days", "13 to 17 %", interval(100 * base["readmissions_30d_share"]) + " %"),
        ("do_nothing: stay of people D2A would take", "about 17.2", interval(base["length_of_stay_d2a_mean"], 2)),
        ("D2A everywhere: days saved per person", "3.44", interval(los["full_effect_neutral"], 2)),
        ("everything claimed: beds", "35 to 50", interval(saved["full_effect"] / days)),
        ("everything claimed: bed days a year", "13,000 to 18,000", interval(saved["full_effect"], 0)),
        ("the same, Huddle RR 1.00: beds", "8 to 16", interval(saved["full_effect_neutral"] / days)),
        ("transition_year: bed days saved", "–", interval(saved["transition_year"], 0)),
        (
            "D2A everywhere: packages ended in six weeks",
            "80 %",
            interval(100 * v["full_effect_neutral"]["packages_ended_6_weeks_share"]) + " %",
        ),
    ]
    return ["## The year", "", *table(("Quantity", "Expected", "Simulated, 95 % interval"), rows), "", *dated(args, v)]


def dated(args: argparse.Namespace, v: pd.DataFrame) -> list[str]:
    """The rollout by date, and the 56 escalation beds: some of the claims of docs/validation.md."""
    rollout, beds = ("R-01", "R-07", "R-02", "R-08", "R-09", "R-04"), "K-04"
    found = conduct(read_claims().only(*rollout, beds), replications=args.replications, seed=args.seed)
    judged = {one.claim.id: one for one in found.judged}
    rows = [
        (judged[one].claim.date, judged[one].claim.title, words.reported(judged[one]), words.simulated(judged[one]))
        for one in rollout
    ]
    kept = v["do_nothing"]["escalation_beds_mean"] - v["d2a_only"]["escalation_beds_mean"]
    return [
        "## The rollout by date (transition_year)",
        "",
        *table(("Date", "Fact", "Reported", "Simulated, 95 % interval"), rows),
        "",
        "## 56 fewer escalation beds in ten days",
        "",
        "The Cabinet report says that 56 fewer escalation beds were in use on 1 December 2017 than ten days before.",
        f"With everything as reported they fall by {words.simulated(judged[beds])}: {judged[beds].verdict.value}.",
        "",
        *[f"- {words.chance_words(seen, 'beds')}" for seen in judged[beds].seen],
        f"- Over the year D2A alone keeps {interval(kept)} escalation beds closed on average.",
        "",
        "Such a fall needs another cause, such as closing surge wards. All claims: "
        '[validation.md](validation.md), section "Claims of the sources".',
        "",
    ]


def knife_edge(args: argparse.Namespace) -> list[str]:
    """LIFE as the only way home, with and without the valve."""
    world = config("full_effect_neutral").with_(
        d2a={"pathways": {"P2_home": {"accepted_share": 1.0}}}, clock={"window_days": 730}
    )
    rows = []
    for slots in (160, 150, 140, 130, 120):
        cells = [str(slots)]
        for valve in (None, {"after_days": 4}):
            one = world.with_(life={"slots": slots, "valve": valve})
            values = wide(fs.run(one, replications=max(args.replications // 3, 4), seed=args.seed))[one.name]
            cells += [interval(values["beds_occupied_mean"]), interval(values["delayed_bed_days_life"] / 730)]
        rows.append(tuple(cells))
    head = ("LIFE slots", "beds, no valve", "waiting for LIFE in a bed", "beds, valve", "waiting, with valve")
    return [
        "## The knife-edge",
        "",
        "Everyone going home with support needs a LIFE slot, about 140 slots in all, over two years. Without the valve",
        "a few slots too few fill the hospital; with it, after four days people go back to the old process.",
        "",
        *table(head, rows),
        "",
    ]


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> list[str]:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    intro = [
        "# What the core shows",
        "",
        f"Written by `experiments/core_results/run.py` ({args.replications} replications, seed {args.seed}; means with",
        "95 % intervals; savings are paired, on the same people).",
        "",
    ]
    text = "\n".join([*intro, *year(args), *knife_edge(args)])
    (ROOT / "docs" / "results.md").write_text(text.rstrip() + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
