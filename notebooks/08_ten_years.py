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
# # Ten years: phases, initiatives, and who gains
#
# In 2018 the One Croydon Alliance extended its agreement for nine years. What do its phases save by 2027, against
# doing nothing *in the same year*, with the same people? Who pays, who gains, and how is it shared?
#
# Four replications of five ten-year worlds take about two minutes on one core.

# %%
import matplotlib.pyplot as plt
import pandas as pd

import flowsim as fs
import flowsim.money as money

# %% tags=["parameters"]
replications = 4
years = 10

# %% [markdown]
# ## The worlds
#
# `configs/ten_year/` holds do nothing, the phases of the plan as the papers state them, and sceptical versions in
# which Huddles avert nobody. An initiative is data, off or on, so a world of one's own is one line: here phase 1 with
# one initiative of phase 3 switched on, the wider reach of LIFE.

# %%
horizon = {"clock": {"window_days": round(365.25 * years)}}
do_nothing = fs.load("ten_year/do_nothing").with_(**horizon)
phase_1 = fs.load("ten_year/phase1").with_(**horizon)
life_plus = phase_1.with_(name="ten_year_phase1_and_life_plus", initiatives={"life_plus": {"on": True}})
all_phases = fs.load("ten_year/all_phases").with_(**horizon)
sceptical = fs.load("ten_year/sceptical_all_phases").with_(**horizon)
everyone = [do_nothing, phase_1, life_plus, all_phases, sceptical]
names = ["Do nothing", "Phase 1", "Phase 1 and LIFE plus", "All phases", "All phases, sceptical"]
short = dict(zip([one.name for one in everyone], names, strict=True))

pd.DataFrame(
    [
        {"phase": one.phase, "initiative": one.title, **{short[w.name]: w.initiatives[key].on for w in everyone[1:]}}
        for key, one in all_phases.initiatives.items()
    ]
)

# %%
cmp = fs.compare(*everyone, replications=replications, seed=1)
for sentence in cmp.answers():
    print(sentence)

# %% [markdown]
# ## Bed days saved, year by year
#
# Each point is a difference between the same years of the same people.

# %%
fig, ax = plt.subplots(figsize=(9, 3.8), layout="constrained")
_ = cmp.plot("saved_by_year", ax=ax)

# %% [markdown]
# ## Beds
#
# Demand grows by 2.5 % a year and beds do not, so doing nothing fills the escalation beds; what finds no bed waits in
# A&E.

# %%
fig, ax = plt.subplots(figsize=(9, 4), layout="constrained")
_ = cmp.plot("beds_by_year", ax=ax)

# %%
beds = cmp.yearly.query("measure == 'escalation_beds_mean'")
beds.pivot_table(index="year", columns="scenario", values="value").rename(columns=short)[names].round(1)

# %% [markdown]
# ## Money, by partner and year
#
# Computed from the numbers of the years, after the run: `flowsim money` does the same for a run folder, and other
# weights, posts or funds cost no new run. Net saving is do nothing's bill less the alternative's, programme costs
# counted.

# %%
terms = money.read_terms()
savings = money.savings_of(cmp, terms)
book = savings.frame()
net = book[(book["line"] == "net saving") & (book["alternative"] == all_phases.name)]
by_payer = net.pivot_table(index="year", columns="payer", values="mean", sort=False) / 1e6
by_payer.round(1)

# %%
partners = [one.name for one in terms.partners]
fig, ax = plt.subplots(figsize=(9, 3.8), layout="constrained")
by_payer[partners].plot.bar(ax=ax, stacked=True, color=["#0069a8", "#e0a458", "#5b8c5a"], edgecolor="#404040", rot=0)
system = net[net["payer"] == "public system"]
ax.errorbar(
    range(len(system)),
    system["mean"] / 1e6,
    yerr=[(system["mean"] - system["ci_low"]) / 1e6, (system["ci_high"] - system["mean"]) / 1e6],
    fmt="D",
    color="#1a1a1a",
    capsize=3,
    label="public system, 95 %",
)
ax.axhline(0, color="#1a1a1a", linewidth=0.8)
ax.legend(frameon=False)
ax.set_xlabel("")
ax.set_ylabel("£ million a year")
ax.spines[["top", "right"]].set_visible(False)
total = system["mean"].sum() / 1e6
losers = [name.replace("_", " ") for name in partners if by_payer[name].sum() < 0]
_ = ax.set_title(
    f"All phases as stated: £{total:.0f} million net; pays more: {', '.join(losers) or 'nobody'}", loc="left"
)

# %% [markdown]
# ## Sharing risk and gain
#
# All savings go in one pot and are shared by weight; nobody falls below what doing nothing would have cost them. So
# the CCG, which buys LIFE and Huddles, is made whole by those who gain.

# %%
shares = savings.settlements()
last = shares["year"].iloc[-1]
shares[(shares["alternative"] == all_phases.name) & (shares["year"] == last)][
    ["partner", "saving", "weight", "transfer", "after_sharing"]
].round(0)

# %%
doubt = savings.settlements().query("alternative == @sceptical.name and year == @last")
print(f"Sceptical, {last}: the partners together lose in {doubt['loss_share'].iloc[0]:.0%} of replications.")

# %% [markdown]
# ## Trackers
#
# What the Alliance's own dashboards would show, by month: Huddles held and people supported, LIFE referrals and first
# visits within two hours.

# %%
fig, axes = plt.subplots(2, 1, figsize=(9, 5), sharex=True, layout="constrained")
for ax, tracker, column, said in (
    (axes[0], "huddles", "admissions_avoided", "Admissions avoided by Huddles"),
    (axes[1], "life", "starts", "People who began with LIFE"),
):
    months = cmp.tracker_months(tracker)
    months = months[months["column"] == column]
    for name, colour in ((phase_1.name, "#0069a8"), (sceptical.name, "#b34700")):
        own = months[months["scenario"] == name]
        ax.plot(pd.to_datetime(own["month"]), own["mean"], color=colour, label=short[name])
    ax.set_title(f"{said}, a month", loc="left")
    ax.set_ylim(bottom=0)
    ax.spines[["top", "right"]].set_visible(False)
_ = axes[0].legend(frameon=False)

# %%
framework = cmp.framework().query("computed and scenario == @all_phases.name")
framework[["domain", "indicator", "mean", "ci_low", "ci_high", "unit"]]

# %% [markdown]
# All of it hangs on one claim: that a Huddle averts 14 presentations in 100. `experiments/ten_years` has the tables
# of ten replications; `flowsim attribute` says what each initiative is worth alone, last, and together.
