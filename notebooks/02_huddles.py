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
# # Huddles: what would have to be true for 14 %?
#
# The Alliance reported an early indication of 14 % fewer admissions where Huddles were live (rate ratio 0.86).
# Trials of similar meetings found about none, and some found more admissions. Two ways to look at it: what
# follows from each effect, and which people a Huddle would have to reach for 14 % to come about.

# %%
import matplotlib.pyplot as plt
import pandas as pd

import flowsim as fs

# %% tags=["parameters"]
replications = 10
days = 365
ratios = [0.86, 0.93, 1.00, 1.05]
chances = [0.1, 0.25, 0.5, 1.0]

# %%
base = fs.load("do_nothing").with_(clock={"window_days": days})
year = fs.load("transition_year").with_(clock={"window_days": days})

# %% [markdown]
# ## What follows from each effect
#
# The same rollout and the same Discharge to Assess; only the effect of a live Huddle differs.

# %%
worlds = [year.with_(name=f"RR {ratio:.2f}", huddles={"effect": {"rate_ratio": ratio}}) for ratio in ratios]
cmp = fs.compare(base, *worlds, replications=replications, seed=1)
parts = cmp.attribution().pivot(index="alternative", columns="cause", values="mean")
parts.loc[[world.name for world in worlds], ["huddles", "front_door", "d2a", "interaction", "total"]].round(0)

# %%
total = cmp.attribution().query("cause == 'total'").set_index("alternative").loc[[world.name for world in worlds]]
fig, ax = plt.subplots(figsize=(8, 3.2), layout="constrained")
ax.errorbar(
    total["mean"],
    range(len(total)),
    xerr=[total["mean"] - total["ci_low"], total["ci_high"] - total["mean"]],
    fmt="o",
    color="#0069a8",
    capsize=3,
)
ax.axvline(0, color="#595959", lw=1)
ax.set_yticks(range(len(total)), total.index)
ax.invert_yaxis()
ax.spines[["top", "right"]].set_visible(False)
ax.set_xlabel(f"bed days saved in {days} days against doing nothing (95 % interval)")
_ = ax.set_title("The effect of Huddles decides how much the whole programme saves", loc="left")

# %% [markdown]
# ## Which people would a Huddle have to reach?
#
# In the `caseload` model nothing is assumed about a practice: each weekly meeting takes on people, and a
# supported person's presentation is averted with some chance while the support lasts. The fall in the practice's
# admissions is then a *result*. This holds all 57 Huddles live from the first day.

# %%
everywhere = {"form": "points", "points": {"2016-10-03": 57}}
rows = []
for chance in chances:
    effect = {"model": "caseload", "averted_share": chance}
    world = year.with_(name=f"averts {chance:.0%}", huddles={"rollout": everywhere, "effect": effect})
    measures = fs.run(world, replications=max(2, replications // 2), seed=1).summary().set_index("measure")["mean"]
    averted = measures["admissions_averted_huddle"]
    rows.append((chance, averted, averted / (averted + measures["admissions"])))
reach = pd.DataFrame(rows, columns=["chance that support averts", "averted", "share of admissions averted"])
reach.round(3)

# %%
highest = reach["share of admissions averted"].max()
print(
    f"Even if support averted {chances[-1]:.0%} of the presentations of those it reaches, admissions would fall by "
    f"{highest:.1%}, not 14 %: the meetings reach too few of those who will be admitted."
    if highest < 0.14
    else f"An averted share of {chances[-1]:.0%} among those supported gives {highest:.1%} fewer admissions."
)
