"""Who presents as age bands grow apart: some presentations pass from bands that fall behind to bands that gain."""

from __future__ import annotations

import datetime as dt

import numpy as np

from flowsim.params.ageing import shares_at
from flowsim.params.people import Population
from flowsim.population.luck import Floats, Ints, Luck
from flowsim.population.people import People


def aged(population: Population, people: People, person: Ints, luck: Luck, at: Floats, start: dt.date) -> Ints:
    """Who presents, given who would without ageing.

    A presentation stays with its person unless the share of their age band has fallen, by own luck in proportion; then
    it is of somebody of a band that has gained, chosen in proportion to the gain and there to the hazard. So shares are
    exact, and as few presentations move as can.
    """
    if population.ageing is None:
        return person
    by_band = [np.flatnonzero(people.band == band) for band in range(len(population.age_bands))]
    weights = np.array([people.weight[rows].sum() for rows in by_band])
    now, before = shares_at(population, weights, at, start), weights / weights.sum()
    band = people.band[person]
    moment = np.arange(len(at))
    falls = np.clip(1.0 - now[moment, band] / before[band], 0.0, None)
    moves = np.flatnonzero(luck.of("ageing") < falls)
    if not len(moves):
        return person
    gain = np.cumsum(np.clip(now[moves] - before, 0.0, None), axis=1)
    wanted = luck.of("older band")[moves] * gain[:, -1]
    to = np.minimum((wanted[:, None] >= gain).sum(axis=1), len(by_band) - 1)
    own, found = luck.of("older person")[moves], person.copy()
    for row, members in enumerate(by_band):
        ladder = np.cumsum(people.weight[members])
        here = to == row
        if here.any():
            place = np.searchsorted(ladder, own[here] * ladder[-1], side="right")
            found[moves[here]] = members[np.minimum(place, len(members) - 1)]
    return found
