# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# %% [markdown]
# # Whose assumption matters?
#
# Replications tell how much of the answer is chance. They say nothing of what nobody knows: how many days D2A
# really takes off a stay, how many accept it, how fast demand grows. Every such number has a range and a grade in
# `configs/evidence.yaml`, from A (official statistic) to D (our guess); *seed* marks a claim of the Alliance's
# own papers.

# %%
import json
from pathlib import Path

import matplotlib.pyplot as plt

import flowsim as fs

# %% tags=["parameters"]
replications = 3  # of each point, and of each parameter set
sets = 60  # parameter sets drawn from the evidence
days = 365
assumptions = [
    "huddles.effect.rate_ratio",
    "d2a.pathways.P2_home.saved_days",
    "d2a.pathways.P2_home.accepted_share",
    "front_door.turned_round_share",
    "life.slots",
    "life.episode.ended_share",
    "cohorts.over_65.arrivals.per_day",
    "hospital.escalation.open_at_occupancy",
]

# %% [markdown]
# ## One at a time
#
# Each assumption at the two ends of its range, all others as configured, in both worlds and on the same people.
# The letter after a name is the grade of its evidence. A sensitivity analysis is a file, so that it can be kept
# and run again: `flowsim sensitivity design.yaml`.

# %%
design = {
    "name": "tour_of_assumptions",
    "scenario": "transition_year",
    "baseline": "do_nothing",
    "settings": [f"clock.window_days={days}"],
    "method": "tornado",
    "parameters": assumptions,
    "outcomes": ["bed_days_saved"],
    "replications": replications,
}
Path("design.yaml").write_text(json.dumps(design))  # JSON is YAML, too
found = fs.sensitivity("design.yaml", out="sensitivity").frame()
found[["parameter", "grade", "low", "high", "size", "ci_low", "ci_high"]]

# %%
rows = found.sort_values("size")
fig, ax = plt.subplots(figsize=(9, 0.42 * len(rows) + 1.2), layout="constrained")
ax.barh(range(len(rows)), rows["size"], color="#3f85b3")
ax.set_yticks(range(len(rows)), [f"{one.parameter} ({one.grade})" for one in rows.itertuples()])
ax.set_xlabel("change of bed days saved from one end of the range to the other")
ax.spines[["top", "right"]].set_visible(False)
top = rows.iloc[-1]
_ = ax.set_title(f"The answer hangs most on {top['parameter']}, evidence {top['grade']}", loc="left")

# %% [markdown]
# ## All at once
#
# Parameter sets are drawn from all ranges together, each run in both worlds. The spread between sets, less what
# chance would give, is what is not known; the rest is luck of the year. Claims, such as the effect of Huddles,
# are choices and stay as they are unless `vary` names them.

# %%
base = fs.load("do_nothing").with_(clock={"window_days": days})
year = fs.load("transition_year").with_(clock={"window_days": days})
unsure = fs.compare(base, year, uncertain=sets, replications=2, seed=1)
for sentence in unsure.answers():
    print(sentence)

# %%
for text in unsure.warnings:
    print("-", text)

# %% [markdown]
# The whole register with its ranges and effects is in `docs/assumptions.md`; what it would be worth to *know* one
# of them is in `experiments/whose_assumption_matters`.
