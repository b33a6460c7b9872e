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
# # LIFE capacity: the knife-edge
#
# Discharge to Assess sends people home at once, and so needs a LIFE slot at once. If everyone going home with
# support needs a slot, a few slots too few do not cost a little: the queue for LIFE stands in hospital beds. A
# **valve** returns people who have waited four days to the old process.

# %%
import matplotlib.pyplot as plt
import pandas as pd

import flowsim as fs

# %% tags=["parameters"]
replications = 6
days = 365
slots = [120, 130, 140, 150, 160]

# %%
everyone = fs.load("full_effect_neutral").with_(
    clock={"window_days": days}, d2a={"pathways": {"P2_home": {"accepted_share": 1.0}}}
)

# %%
rows = []
for count in slots:
    for label, valve in (("no valve", None), ("valve after 4 days", {"after_days": 4})):
        world = everyone.with_(name=f"{count} slots", life={"slots": count, "valve": valve})
        res = fs.run(world, replications=replications, seed=1)
        found = res.summary().set_index("measure")
        rows.append((count, label, *found.loc["beds_occupied_mean", ["mean", "ci_low", "ci_high"]], len(res.warnings)))
table = pd.DataFrame(rows, columns=["slots", "rule", "beds", "low", "high", "cautions"])
table.round(1)

# %%
fig, ax = plt.subplots(figsize=(8, 4), layout="constrained")
for (rule, part), colour, mark in zip(table.groupby("rule"), ("#b34700", "#0069a8"), ("o", "s"), strict=True):
    ax.fill_between(part["slots"], part["low"], part["high"], color=colour, alpha=0.15)
    ax.plot(part["slots"], part["beds"], color=colour, marker=mark)
    first = (part["slots"].iloc[0], part["beds"].iloc[0])
    ax.annotate(rule, first, xytext=(6, 4), textcoords="offset points", color=colour)
ax.set_xlabel("LIFE slots")
ax.set_ylabel("acute beds in use, mean")
ax.spines[["top", "right"]].set_visible(False)
_ = ax.set_title("Without a valve, hospital beds fill up when LIFE is short of slots", loc="left")

# %% [markdown]
# flowsim does not let this pass in silence: the offered load of every service is compared with its capacity
# before a run.

# %%
short = everyone.with_(name="120 slots, no valve", life={"slots": 120, "valve": None})
for text in fs.run(short, replications=2, seed=1).warnings:
    print("-", text)
