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
# # The base case: Croydon without the programmes
#
# Before asking what a rollout changes: does the world it changes look like Croydon in 2017/18?

# %%
import matplotlib.pyplot as plt

import flowsim as fs

# %% tags=["parameters"]
replications = 20
days = 365

# %%
base = fs.load("do_nothing").with_(clock={"window_days": days})
res = fs.run(base, replications=replications, seed=1)
summary = res.summary().set_index("measure")

# %% [markdown]
# ## Against what is known from outside
#
# The right-hand column is public evidence or a sum from it (see `configs/evidence.yaml`); none of it was fitted
# line by line.

# %%
expected = {
    "core_beds_occupied_mean": "about 239 (225 to 253): hospital episodes and stays of over-65s",
    "length_of_stay_mean": "8.1 to 8.9 days",
    "long_stay_beds_share": "0.16 to 0.24 of beds past day 21",
    "delayed_beds_mean": "30 to 45",
    "readmissions_30d_share": "0.13 to 0.17",
}
found = summary.loc[list(expected), ["mean", "ci_low", "ci_high", "unit"]].round(3)
found.assign(expected=found.index.map(expected))

# %% [markdown]
# ## The year
#
# Escalation beds are not a steady number: they open in winter, and on bad weeks. The band holds nine days in ten
# of the simulated years.

# %%
fig, (above, below) = plt.subplots(2, 1, figsize=(9, 6), layout="constrained")
res.plot("core_beds", ax=above)
_ = res.plot("escalation_beds", ax=below)

# %% [markdown]
# ## Why people who are fit are still in a bed
#
# Delayed days by what was waited for. *Timing* is the morning meeting and the hour of leaving.

# %%
reasons = summary[summary.index.str.startswith("delayed_bed_days_") & (summary["mean"] > 0.5)]["mean"].sort_values()
fig, ax = plt.subplots(figsize=(8, 3), layout="constrained")
ax.barh([name.removeprefix("delayed_bed_days_").replace("_", " ") for name in reasons.index], reasons, color="#0069a8")
ax.bar_label(ax.containers[0], fmt="{:,.0f}", padding=3)
ax.spines[["top", "right"]].set_visible(False)
ax.set_xlabel(f"delayed bed days in {days} days")
_ = ax.set_title(f"{reasons.index[-1].removeprefix('delayed_bed_days_').capitalize()} is the longest wait", loc="left")

# %% [markdown]
# ## What it warns of

# %%
for text in res.warnings or ["nothing"]:
    print("-", text)
