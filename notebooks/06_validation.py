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
# # Does the model agree with what was reported?
#
# Every dated fact and claim of the Alliance's own papers, held against runs. Some were put in (the rollout's
# dates): that they come out again says only that the program works. Some come out by themselves: that says
# something about the model. And some do not come out whatever one does: that says something about the claim.

# %%
import textwrap

import matplotlib.pyplot as plt
import numpy as np

import flowsim as fs

# %% tags=["parameters"]
replications = 20

# %%
claims = fs.validate(replications=replications, seed=1)
claims["verdict"].value_counts()

# %% [markdown]
# ## What comes out without having been put in

# %%
outcomes = claims[claims["basis"] == "outcome"]
shown = ["id", "claim", "reported", "unit", "mean", "ci_low", "ci_high", "verdict"]
outcomes[shown].set_index("id").round(2)

# %% [markdown]
# ## The same as a picture
#
# Each claim on its own scale: 1 is what was reported. The thick line is the 95 % interval of the simulated mean,
# the thin one where a single year falls.

# %%
marks = {"reproduced": ("o", "#0069a8"), "within reach": ("s", "#6b5900"), "contradicted": ("X", "#a63c00")}
rows = outcomes[np.isfinite(outcomes["reported_low"]) & (outcomes["reported_low"] > 0) & outcomes["mean"].notna()]
fig, ax = plt.subplots(figsize=(9, 0.36 * len(rows) + 1.2), layout="constrained")
for at, row in enumerate(rows.itertuples()):
    mark, colour = marks.get(row.verdict, ("o", "#595959"))
    scale = row.reported_low
    ax.plot([row.run_low / scale, row.run_high / scale], [at, at], color=colour, lw=1)
    ax.plot([row.ci_low / scale, row.ci_high / scale], [at, at], color=colour, lw=4, alpha=0.5)
    ax.plot(row.mean / scale, at, mark, color=colour)
    ax.annotate(row.verdict, (3.05, at), annotation_clip=False, va="center", color=colour)
ax.axvline(1.0, color="#595959", lw=1)
ax.set_yticks(range(len(rows)), [textwrap.shorten(claim, 50, placeholder=" …") for claim in rows["claim"]])
ax.invert_yaxis()
ax.set_xlim(0, 3)
ax.set_xlabel("simulated, as a multiple of what was reported")
ax.spines[["top", "right"]].set_visible(False)
_ = ax.set_title("Where the model agrees with the papers, and where it does not", loc="left")

# %% [markdown]
# ## What is contradicted, and why

# %%
for row in claims[claims["verdict"] == "contradicted"].itertuples():
    print(f"{row.id} {row.claim}: reported {row.reported} {row.unit}, simulated {row.mean:,.1f}")
    print(f"    {row.why}")
    if row.chance:
        print(f"    by chance or season alone: {row.chance}")
