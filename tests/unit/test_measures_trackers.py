"""Trackers, the outcome framework and years where they are easily got wrong: limits, who is left out, and words."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from logs import NAN, World

from flowsim.events import AVERTED_INITIATIVE, IN_COMMUNITY, EventLog
from flowsim.measures import (
    CAUSES,
    COMPARED,
    DAILY,
    MEASURES,
    TRACKERS,
    attribution,
    averted_by_initiative,
    describe,
    trackers,
)
from flowsim.measures.by_person import INITIATIVES
from flowsim.measures.by_year import during
from flowsim.measures.framework import FRAMEWORK, PER_100_000
from flowsim.measures.reach import people_reached, unless_given
from flowsim.measures.view import View

pytestmark = pytest.mark.unit

ABBREVIATIONS = {"D2A", "LIFE", "NaN"}


def sums(log: EventLog, name: str) -> dict[str, float]:
    """Columns of a tracker over all rows and months, without the zeros."""
    values = trackers(log)[name].values.sum(axis=(0, 1))
    return {column: float(value) for column, value in zip(TRACKERS[name][1], values, strict=True) if value}


def with_initiatives(world: World, names: tuple[str, ...] = ("one", "two"), **columns: list[int]) -> EventLog:
    """The log of a world where there were initiatives, with what they did to each spell."""
    log = world.log()
    nothing = {"averted_by": [-1], "induced_by": [-1], "stay_changed": [False]}
    added = {name: np.resize(np.array(columns.get(name, none)), len(world.spells)) for name, none in nothing.items()}
    return replace(log, initiatives=names, spell=log.spell | added)


# -- trackers ----------------------------------------------------------------------------------------------------------


def test_the_columns_of_each_tracker_are_those_of_its_dashboard() -> None:
    assert {name: (by, " ".join(columns)) for name, (by, columns) in TRACKERS.items()} == {
        "huddles": (
            "practice",
            "huddles cases people_supported new_cases admissions_avoided huddled_people_admitted",
        ),
        "life": (
            "entrance",
            "referrals starts fell_back first_visits first_visits_2h over_six_weeks ended no_need_at_cap package "
            "placement back_to_hospital died still_supported not_yet_known",
        ),
        "outcomes": ("everyone", "admissions discharges_followed readmitted_30d day_91_followed at_home_91d"),
        "journeys": ("everyone", "first_huddle first_life huddle_then_life life_then_huddle"),
        "packages": (
            "size",
            "begun ended_within_6_weeks ended_6_to_12_weeks ended_12_to_26_weeks ended_after_26_weeks still_running",
        ),
    }


@pytest.mark.parametrize(("by", "avoided"), [(-1, -1.0), (-2, -1.0), (0, 0.0), (1, 0.0)])
def test_who_is_induced_by_an_initiative_is_not_set_against_the_huddles(by: int, avoided: float) -> None:
    world = World()
    world.in_bed(1.0, 2.0, practice=0, induced=True)
    assert sums(with_initiatives(world, induced_by=[by]), "huddles").get("admissions_avoided", 0.0) == avoided


def test_only_first_spells_that_were_induced_are_set_against_the_huddles() -> None:
    world = World()
    world.in_bed(1.0, 2.0, practice=0)
    world.in_bed(3.0, 4.0, practice=0, depth=1, induced=True)
    assert "admissions_avoided" not in sums(with_initiatives(world), "huddles")


def test_residents_next_to_one_another_are_each_supported_for_a_first_time() -> None:
    world = World(horizon=61.0)
    world.supports += [(5, 0, 1.0, 60.0), (6, 0, 2.0, 60.0), (7, 1, 35.0, 60.0), (6, 1, 40.0, 60.0)]
    assert trackers(world.log())["huddles"].values[:, :, list(TRACKERS["huddles"][1]).index("new_cases")].tolist() == [
        [2.0, 0.0],
        [0.0, 1.0],
    ]


@pytest.mark.parametrize(
    ("origin", "counted"), [("presentation", 1), ("readmission", 1), ("scripted", 1), ("inflow", 0), ("initial", 0)]
)
def test_admissions_of_a_month_are_those_of_who_came_as_emergencies(origin: str, counted: int) -> None:
    world = World()
    world.in_bed(1.0, 2.0, origin=origin)
    assert sums(world.log(), "outcomes").get("admissions", 0.0) == counted


def test_who_is_in_life_when_the_clock_starts_neither_asked_nor_began() -> None:
    world = World(horizon=60.0)
    world.stay(world.spell(origin="initial", door=IN_COMMUNITY, support_end=0), "LIFE", 0.0, 10.0)
    assert sums(world.log(), "life") == {}


def test_the_first_resident_is_a_resident_in_the_journeys() -> None:
    world = World()
    world.stay(world.in_bed(1.0, 2.0, person=0), "LIFE", 2.0)
    world.stay(world.in_bed(1.0, 2.0, person=-1), "LIFE", 2.0)
    assert sums(world.log(), "journeys") == {"first_life": 1.0}


@pytest.mark.parametrize(
    ("hours", "size"), [(6.9, "small"), (7.0, "medium"), (10.0, "medium"), (14.0, "medium"), (14.1, "large")]
)
def test_packages_at_the_limits_are_of_medium_size(hours: float, size: str) -> None:
    world = World()
    world.stay(world.spell(door=IN_COMMUNITY, package_hours=hours, package_at=1.0), "Home care", 1.0)
    found = trackers(world.log())["packages"]
    assert dict(zip(found.rows, found.values[:, :, 0].sum(axis=1).tolist(), strict=True))[size] == 1.0


@pytest.mark.parametrize(
    ("weeks", "band"),
    [
        (6.0, "ended_within_6_weeks"),
        (6.1, "ended_6_to_12_weeks"),
        (12.0, "ended_6_to_12_weeks"),
        (12.1, "ended_12_to_26_weeks"),
        (26.0, "ended_12_to_26_weeks"),
        (26.1, "ended_after_26_weeks"),
        (NAN, "still_running"),
    ],
)
def test_packages_end_within_six_twelve_and_26_weeks_to_the_day(weeks: float, band: str) -> None:
    world = World(horizon=365.0)
    world.stay(world.spell(door=IN_COMMUNITY, package_at=10.0), "Home care", 10.0, 10.0 + 7 * weeks)
    assert sums(world.log(), "packages") == {"begun": 1.0, band: 1.0}


# -- years -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["at", "fit", "ready", "discharged", "died", "readmitted", "package_at"])
def test_a_spell_is_kept_for_a_year_as_long_as_something_of_it_may_be_looked_back_to(name: str) -> None:
    """What was heard of last 92 days before the year, whatever it was, is still there; a day earlier, it is not."""
    for day, kept in ((108.0, 1), (107.0, 0)):
        world = World(horizon=600.0)
        world.spell(**{"at": 1.0, name: day})
        assert len(during(world.log(), 200.0, 565.0).spell["at"]) == kept


def test_what_is_left_out_of_a_year_leaves_the_rows_of_others_with_their_spells() -> None:
    world = World(horizon=600.0)
    world.in_bed(1.0, 5.0)
    late = world.in_bed(250.0, 260.0)
    world.delay(late, "assessment", 255.0, 260.0)
    world.in_bed(565.0, 570.0)
    log = during(world.log(), 200.0, 565.0)
    assert [log.spell["at"].tolist(), log.stay["spell"].tolist(), log.delay["spell"].tolist()] == [[250.0], [0], [0]]
    assert (log.stay["entered"].tolist(), log.delay["start"].tolist()) == ([250.0], [255.0])


# -- initiatives -------------------------------------------------------------------------------------------------------


def test_what_each_initiative_averted_and_added_is_counted_within_the_window_and_of_first_spells() -> None:
    world = World(horizon=20.0)
    for at, depth in ((1.0, 0), (6.0, 0), (7.0, 0), (8.0, 0), (9.0, 1)):
        world.spell(at=at, depth=depth)
    log = with_initiatives(world, averted_by=[0, 0, 0, -1, -1], induced_by=[-1, -1, -1, 1, 1])
    assert averted_by_initiative(log, (5.0, 20.0)) == {"one": 2.0, "two": -1.0}
    assert averted_by_initiative(log) == {"one": 3.0, "two": -1.0}
    assert averted_by_initiative(world.log()) == {}


def test_bed_days_that_initiatives_avert_add_and_shorten_are_told_from_other_causes() -> None:
    base, alt = World(), World()
    base.in_bed(1.0, 4.0, root=1)
    base.in_bed(1.0, 9.0, root=2)
    base.in_bed(1.0, 3.0, root=3)
    alt.spell(at=1.0, root=1, door=AVERTED_INITIATIVE)
    alt.in_bed(1.0, 4.0, root=2)
    alt.in_bed(1.0, 2.5, root=3)
    alt.in_bed(2.0, 2.25, root=4, induced=True)
    log = with_initiatives(alt, averted_by=[0, -1, -1, -1], induced_by=[-1, -1, -1, 0], stay_changed=[0, 1, 0, 0])
    parts = attribution(base.log(), log)
    assert {name: days for name, days in parts.items() if days} == {
        "initiatives": 3.0 + 5.0 - 0.25,
        "interaction": 0.5,
        "total": 8.25,
    }


def test_people_reached_count_once_each_at_their_greatest_strength_within_the_window() -> None:
    world = World(horizon=20.0)
    for at, person in ((1.0, 5), (6.0, 5), (7.0, 5), (8.0, 6), (9.0, -1)):
        world.spell(at=at, person=person)
    reach = {"spell": [0, 1, 2, 3, 4, 4], "initiative": [0, 0, 0, 0, 0, 1], "strength": [1.0, 0.25, 0.5, 0.5, 0.75, 1]}
    log = replace(
        with_initiatives(world), counting=("one", "two"), reach={name: np.array(all_) for name, all_ in reach.items()}
    )
    assert people_reached(View(log, (5.0, 20.0))) == {"people_reached_one": 1.75, "people_reached_two": 1.0}


def test_initiatives_that_are_not_there_reach_nobody_and_other_measures_are_unknown() -> None:
    assert unless_given("people_reached_falls") == 0.0
    assert math.isnan(unless_given("bed_days"))


# -- words -------------------------------------------------------------------------------------------------------------


def test_the_framework_has_each_indicator_of_its_domains_and_the_measures_that_give_three_of_them() -> None:
    assert Counter(one.domain for one in FRAMEWORK) == {
        "Healthy and active": 1,
        "Access and independence": 5,
        "Skilled team": 4,
        "Individual support": 2,
        "Clinical outcomes": 4,
    }
    assert len({one.name for one in FRAMEWORK}) == len(FRAMEWORK)
    assert {one.name: one.measure for one in FRAMEWORK if one.measure != ""} == {
        "Emergency readmissions within 30 days of discharge, over 65": "readmissions_30d_share",
        "Still at home 91 days after discharge into reablement": "at_home_91d_share",
        "Emergency admissions per 100,000 over 65, all causes, a year": PER_100_000,
    }


def defined() -> list[str]:
    """Every definition of a measure or of a column."""
    names = [*MEASURES, *COMPARED, "people_reached_falls", "cost_total", "cost_bed_day", "cost_payer_ccg"]
    return [*map(definition_of, names), *(text for _, columns in TRACKERS.values() for text in columns.values())]


def definition_of(name: str) -> str:
    return describe(name).definition


def test_definitions_and_indicators_begin_with_a_capital_and_definitions_end_with_a_full_stop() -> None:
    definitions = defined()
    names = [one.name for one in FRAMEWORK]
    assert [text for text in definitions + names if not re.match(r"LIFE |[A-Z][a-z]* ?[a-z-]", text)] == []
    assert [text for text in definitions if not text.endswith(".")] == []


def test_series_causes_and_notes_begin_small_and_have_no_full_stop() -> None:
    texts = [*DAILY.values(), *CAUSES.values(), *INITIATIVES.values(), *(one.note for one in FRAMEWORK)]
    assert [text for text in texts if not re.match(r"LIFE |[a-z]", text) or text.endswith(".")] == []


def test_only_abbreviations_are_in_capitals() -> None:
    texts = [*defined(), *DAILY.values(), *CAUSES.values(), *INITIATIVES.values()]
    texts += [word for one in FRAMEWORK for word in (one.domain, one.name, one.note)]
    words = {word for text in texts for word in re.findall(r"\w*[A-Z]{2}\w*|\w+[A-Z]\w*", text)}
    assert words <= ABBREVIATIONS
