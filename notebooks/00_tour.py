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
# # A tour in five minutes
#
# flowsim simulates how people over 65 move between home and hospital in Croydon. It compares **scenarios**:
# worlds that meet the same people with the same luck, so that a difference is due to the scenario and to nothing
# else.

# %%
import matplotlib.pyplot as plt

import flowsim as fs

# %% tags=["parameters"]
replications = 20  # simulated years of each scenario
days = 365  # length of the measured window

# %% [markdown]
# ## Two worlds
#
# `do_nothing` is Croydon without the programmes; `transition_year` is the rollout as the Alliance planned and
# reported it. A scenario is a value that never changes; `with_` makes another one.

# %%
base = fs.load("do_nothing").with_(clock={"window_days": days})
alt = fs.load("transition_year").with_(clock={"window_days": days})
cmp = fs.compare(base, alt, replications=replications, seed=1)
for sentence in cmp.answers():
    print(sentence)

# %% [markdown]
# The same as numbers. Every mean has its interval, and every difference is paired: replication by replication on
# the same people.

# %%
table = cmp.differences().set_index("measure")
table.loc[["bed_days", "admissions", "delayed_bed_days", "escalation_beds_mean", "life_starts", "packages_started"]]

# %% [markdown]
# ## Which part of it saves them?
#
# Each person's bed days saved belong to a cause: averted by a Huddle, turned round at the front door, home sooner
# with Discharge to Assess. What they change for everyone else is the interaction. The parts add up exactly.

# %%
fig, ax = plt.subplots(figsize=(8, 3.5), layout="constrained")
_ = cmp.plot("waterfall", ax=ax)

# %% [markdown]
# ## Beds by day

# %%
fig, ax = plt.subplots(figsize=(9, 3.5), layout="constrained")
_ = cmp.plot("core_beds", ax=ax)

# %% [markdown]
# ## One run, one life
#
# `simulate` gives the record of a single run: a row for each stay. This is the person with the most places.

# %%
log = fs.simulate(alt, seed=1, replication=0)
stays = log.stays()
busiest = stays["entity_id"].value_counts().index[0]
stays.loc[stays["entity_id"] == busiest, ["place", "kind", "pathway", "queued", "entered", "left"]]

# %% [markdown]
# ## Where next
#
# `01_base_case` looks at the world without programmes, `02_huddles` and `03_life_capacity` at the two big levers,
# `04_escalation_56` at a claim that does not add up, `05_how_many_replications` at chance, `06_validation` at the
# sources, and `07_whose_assumption_matters` at what nobody knows.
