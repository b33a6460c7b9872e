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
# # Could Discharge to Assess have closed 56 escalation beds in ten days?
#
# The Cabinet report of January 2018 says that on 1 December 2017 there were 56 fewer escalation beds in use than
# ten days before, and names D2A as the cause. By 5 December D2A had reached some 185 people in ten weeks.

# %%
import matplotlib.pyplot as plt
import numpy as np

import flowsim as fs

# %% tags=["parameters"]
replications = 30
days = 365

# %%
base = fs.load("do_nothing").with_(clock={"window_days": days})
d2a = fs.load("d2a_only").with_(clock={"window_days": days})
cmp = fs.compare(base, d2a, replications=replications, seed=1)

# %% [markdown]
# ## The sum on the back of an envelope
#
# 185 people at the reported 3.44 days each are 636 bed days. Over the ten weeks that is nine beds.

# %%
print(f"{185 * 3.44:.0f} bed days, {185 * 3.44 / 70:.1f} beds over ten weeks")

# %% [markdown]
# ## What the simulation says
#
# The largest fall over any ten days of a simulated year, by chance and season alone, and with D2A.

# %%
falls = cmp.replications.query("measure == 'escalation_beds_largest_fall_10_days'")
fig, ax = plt.subplots(figsize=(8, 3.5), layout="constrained")
for at, (name, colour) in enumerate((("do_nothing", "#4d4d4d"), ("d2a_only", "#0069a8"))):
    values = falls.loc[falls["scenario"] == name, "value"].to_numpy()
    spread = (np.arange(values.size) / max(values.size - 1, 1) - 0.5) * 0.5
    ax.plot(values, at + spread, "o", color=colour, alpha=0.6)
    said = f"{name}: mean {values.mean():.0f}"
    ax.annotate(said, (values.max(), at), xytext=(8, -3), textcoords="offset points", color=colour)
ax.axvline(56, color="#a63c00")
ax.annotate("claimed: 56", (56, 1.42), xytext=(-6, 0), textcoords="offset points", ha="right", color="#a63c00")
ax.set_ylim(-0.6, 1.6)
ax.set_yticks([])
ax.set_xlabel("largest fall of escalation beds in use over ten days of the year; a dot for each simulated year")
ax.spines[["top", "right", "left"]].set_visible(False)
_ = ax.set_title("No simulated year comes near a fall of 56", loc="left")

# %%
values = falls.loc[falls["scenario"] == "do_nothing", "value"]
kept = cmp.differences().set_index("measure").loc["escalation_beds_mean"]
print(f"Years with a fall of 56 or more when doing nothing: {(values >= 56).sum()} of {values.size}.")
low, high = -kept["ci_high"], -kept["ci_low"]
print(f"D2A keeps {-kept['mean']:.1f} escalation beds closed on average ({low:.1f} to {high:.1f}).")

# %% [markdown]
# So the fall needs another cause: a surge ward closed for other reasons, or a change in what was counted. That
# D2A saves beds is not in doubt here; that it saved 56 in ten days is.
