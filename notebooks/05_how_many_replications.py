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
# # How many replications are enough?
#
# One simulated year is one draw of luck. More replications narrow the interval of a mean, but only with the
# square root of their number. How many are needed depends on the measure, and above all on whether scenarios meet
# the same people.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import flowsim as fs

# %% tags=["parameters"]
replications = 40
days = 365

# %%
base = fs.load("do_nothing").with_(clock={"window_days": days})
alt = fs.load("transition_year").with_(clock={"window_days": days})
cmp = fs.compare(base, alt, replications=replications, seed=1)
wide = cmp.replications.pivot(index="replication", columns=["scenario", "measure"], values="value")

# %% [markdown]
# ## The mean settles, the interval narrows
#
# Bed days saved, as replications are added. The interval is Student's; before some thirty replications it jumps
# about, and whoever stops at the first moment it *looks* narrow enough stops too often by luck. That is why
# `--precision` first looks after thirty.

# %%
saved = (wide[("do_nothing", "bed_days")] - wide[("transition_year", "bed_days")]).to_numpy()
count = np.arange(2, saved.size + 1)
mean = np.array([saved[:n].mean() for n in count])
half = np.array([1.96 * saved[:n].std(ddof=1) / np.sqrt(n) for n in count])
fig, ax = plt.subplots(figsize=(8, 3.5), layout="constrained")
ax.fill_between(count, mean - half, mean + half, color="#0069a8", alpha=0.15)
ax.plot(count, mean, color="#0069a8")
ax.set_xlabel("replications")
ax.set_ylabel("bed days saved")
ax.spines[["top", "right"]].set_visible(False)
_ = ax.set_title(f"After {saved.size} replications the mean is known to ± {half[-1] / abs(mean[-1]):.1%}", loc="left")

# %% [markdown]
# ## Different measures need different numbers
#
# Replications for a 95 % interval of ± 5 % of the mean, from the spread seen here. Rare things, such as
# escalation beds, need many; and a *difference* needs few, because both worlds have the same people.

# %%
rows = []
for measure in ("bed_days", "admissions", "delayed_bed_days", "escalation_bed_days", "packages_started"):
    one = wide[("transition_year", measure)].to_numpy()
    change = one - wide[("do_nothing", measure)].to_numpy()
    needed = [(1.96 * values.std(ddof=1) / (0.05 * abs(values.mean()))) ** 2 for values in (one, change)]
    rows.append((measure, *[max(2, int(np.ceil(number))) for number in needed]))
pd.DataFrame(rows, columns=["measure", "for the mean itself", "for its change"]).set_index("measure")

# %% [markdown]
# ## What the same people are worth
#
# Had the two scenarios met different people, the variance of the difference would be the sum of the two
# variances.

# %%
apart = wide[("do_nothing", "bed_days")].var() + wide[("transition_year", "bed_days")].var()
print(f"Meeting the same people is worth {apart / saved.var(ddof=1):.0f} times as many replications.")

# %% [markdown]
# ## Letting flowsim decide
#
# `precision` adds replications until the interval is narrow enough, looking late and rarely; it says so if the
# cap comes first. On the command line: `flowsim compare do_nothing transition_year --precision 5%`. Here on a
# small textbook system, so that this page stays quick.

# %%
ward = fs.load("theory/mmc")
enough = fs.run(ward, precision="0.5%", precision_measure="beds_occupied_mean", at_most=400, seed=1)
print(enough)
print(enough.summary().set_index("measure").loc["beds_occupied_mean", ["mean", "ci_low", "ci_high", "n"]])
for text in enough.warnings:
    print("-", text)
