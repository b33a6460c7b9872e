"""Worlds worked out by hand, to a billionth of a day."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lives import d2a, delays, life, meeting, near, run, stays, step_down, world

import flowsim as fs
from flowsim.events import AVERTED_HUDDLE, DIVERTED, TURNED_ROUND
from flowsim.measures import checks, measure
from flowsim.rings import CircularWaitError

pytestmark = pytest.mark.behaviour

P2_HOME, P2_BED = "P2_home", "P2_bed"
NAN = math.nan


# -- one instant -------------------------------------------------------------------------------------------------------


def test_a_bed_freed_at_an_instant_is_there_for_who_arrives_at_it():
    log = run(world({"stay_days": 2.0}, {"at_days": 2.0}))
    assert near(stays(log, 1), [("Ward", 2.0, 2.0, 3.0)])


def test_tenths_of_days_meet_exactly():
    """0.1 + 0.2 is 0.3 here, though not among floats."""
    log = run(world({"at_days": 0.1, "stay_days": 0.2}, {"at_days": 0.3, "stay_days": 0.1}))
    assert log.stay["left"][0] == log.stay["entered"][1] == 0.3


def test_a_freed_bed_goes_to_who_waited_before_who_arrives_at_that_instant():
    log = run(world({"stay_days": 2.0}, {"at_days": 2.0}, {"at_days": 1.0}))
    assert near(stays(log, 1), [("Ward", 1.0, 2.0, 3.0)])
    assert near(stays(log, 2), [("Ward", 2.0, 3.0, 4.0)])


def test_people_of_one_instant_come_in_the_order_listed():
    log = run(world({"stay_days": 1.0}, {"stay_days": 2.0}, {"stay_days": 3.0}))
    assert [stays(log, spell)[0][2] for spell in range(3)] == [0.0, 1.0, 3.0]


def test_a_capacity_changes_before_anybody_leaves_or_arrives():
    log = run(
        world({"stay_days": 3.0}, {"at_days": 1.0}, beds={"from": 1, "steps": {"2017-01-05": 0, "2017-01-10": 1}})
    )
    assert near(stays(log, 1), [("Ward", 1.0, 8.0, 9.0)])


def test_a_stay_of_nothing_leaves_the_bed_to_the_next_of_that_instant():
    log = run(world({"stay_days": 0.0}, {"stay_days": 1.0}))
    assert near(stays(log, 1), [("Ward", 0.0, 0.0, 1.0)])


# -- waiting for a bed -------------------------------------------------------------------------------------------------


def test_priority_comes_before_order_but_puts_nobody_out():
    log = run(world({"priority": 2}, {"priority": 2}, {"at_days": 0.5, "priority": 1}))
    assert [stays(log, spell)[0][2] for spell in range(3)] == [0.0, 2.0, 1.0]


def test_who_finds_the_waiting_room_full_is_diverted():
    log = run(world({}, {}, {}, hospital={"wards": {"Ward": 1}, "max_waiting": 1}))
    assert log.spell["door"].tolist() == [0, 0, DIVERTED]
    assert stays(log, 2) == []


def test_an_outlier_goes_home_to_the_own_ward_when_it_frees():
    people = [{"stay_days": 2.0, "home_ward": "A"}, {"at_days": 0.5, "stay_days": 4.0, "home_ward": "A"}]
    log = run(world(*people, hospital={"wards": {"A": 1, "B": 1}}))
    assert near(stays(log, 1), [("B", 0.5, 0.5, 2.0), ("A", 2.0, 2.0, 4.5)])


def test_a_freed_ward_bed_goes_to_the_line_before_an_outlier():
    people = [
        {"stay_days": 2.0, "home_ward": "A"},
        {"stay_days": 4.0, "home_ward": "A"},
        {"at_days": 1.0, "home_ward": "B"},
    ]
    log = run(world(*people, hospital={"wards": {"A": 1, "B": 1}}))
    assert near(stays(log, 2), [("A", 1.0, 2.0, 3.0)])
    assert near(stays(log, 1), [("B", 0.0, 0.0, 3.0), ("A", 3.0, 3.0, 4.0)])


def test_a_cut_puts_nobody_out_and_a_rise_lets_the_line_in_at_once():
    beds = {"from": 2, "steps": {"2017-01-03": 1, "2017-01-08": 3}}
    people = [{"stay_days": 3.0}, {"stay_days": 9.0}, {"at_days": 0.5}, {"at_days": 0.6}]
    log = run(world(*people, beds=beds))
    assert [stays(log, spell)[0][1:] for spell in range(4)] == [
        (0.0, 0.0, 3.0),
        (0.0, 0.0, 9.0),
        (0.5, 6.0, 7.0),
        (0.6, 6.0, 7.0),
    ]


def test_use_above_capacity_after_a_cut_is_no_breach():
    """One slot of two is cut while both are taken: LIFE is used beyond what there is, and the run is sound."""
    people = [{"pathway": P2_HOME, "episode_days": 20.0}] * 2
    slots = {"from": 2, "steps": {"2017-01-05": 1}}
    log = run(world(*people, beds=2, d2a=d2a(1), life=life(slots), days=21.0))
    assert measure(log)["life_utilisation"] > 1.0
    assert [check for check in checks(log) if not check.ok] == []


# -- extra beds --------------------------------------------------------------------------------------------------------

FULL = {"cap": 1, "open_at_occupancy": 1.0, "close_below": 0.5, "close_after_days": 1}
PATIENT = {"cap": 1, "open_at_occupancy": None, "open_after_wait_hours": 6, "close_below": 0.5, "close_after_days": 1}


def test_an_extra_bed_opens_when_the_ward_is_full_and_its_occupant_moves_back():
    log = run(
        world({"stay_days": 2.0}, {"at_days": 0.5, "stay_days": 3.0}, hospital={"wards": {"W": 1}, "escalation": FULL})
    )
    assert near(stays(log, 1), [("Escalation beds", 0.5, 0.5, 2.0), ("W", 2.0, 2.0, 3.5)])


def test_an_extra_bed_opens_when_somebody_has_waited_too_long():
    people = [{"stay_days": 2.0}, {"at_days": 0.5, "stay_days": 1.0}]
    log = run(world(*people, hospital={"wards": {"W": 1}, "escalation": PATIENT}))
    assert near(stays(log, 1), [("Escalation beds", 0.5, 0.75, 1.75)])


def test_extra_beds_close_after_calm_mornings_and_then_open_by_the_rule_again():
    """Opened at 0.75; calm at 8 o'clock on day 3; so the second pair waits six hours again, though a bed is there."""
    people = [{"stay_days": 2.0}, {"at_days": 0.5}, {"at_days": 4.0, "stay_days": 2.0}, {"at_days": 4.0}]
    log = run(world(*people, hospital={"wards": {"W": 1}, "escalation": PATIENT}))
    assert near(stays(log, 3), [("Escalation beds", 4.0, 4.25, 5.25)])


def test_extra_beds_still_open_take_the_next_at_once():
    people = [{"stay_days": 2.9}, {"at_days": 0.5}, {"at_days": 2.0}]
    log = run(world(*people, hospital={"wards": {"W": 1}, "escalation": PATIENT}))
    assert near(stays(log, 2), [("Escalation beds", 2.0, 2.0, 2.9), ("W", 2.9, 2.9, 3.0)])


def test_extra_beds_serve_the_line_before_the_arrival_that_opens_them():
    """Three in line when a ward of two is cut to one: the next arrival opens the beds, and goes behind them."""
    rule = {"cap": 1, "open_at_occupancy": 2.0, "close_below": 0.5, "close_after_days": 1}
    beds = {"from": 2, "steps": {"2017-01-04": 1}}
    people = [{"stay_days": 9.0}, {"stay_days": 9.0}, {"at_days": 1.0}, {"at_days": 3.0}]
    log = run(world(*people, hospital={"wards": {"W": beds}, "escalation": rule}))
    assert near(stays(log, 2), [("Escalation beds", 1.0, 3.0, 4.0)])
    assert near(stays(log, 3), [("Escalation beds", 3.0, 4.0, 5.0)])


# -- leaving -----------------------------------------------------------------------------------------------------------


def test_who_waits_for_a_step_down_bed_keeps_the_acute_bed():
    people = [{"pathway": P2_BED, "episode_days": 5.0}, {"at_days": 1.0, "pathway": P2_BED}, {"at_days": 2.0}]
    log = run(world(*people, step_down=step_down(1)))
    assert near(stays(log, 1), [("Ward", 1.0, 1.0, 6.0), ("Step-down beds", 2.0, 6.0, 6.0)])
    assert near(stays(log, 2), [("Ward", 2.0, 6.0, 7.0)])
    assert delays(log, 1) == {"step_down": 4.0}


def test_the_valve_opens_after_its_days_and_the_rest_of_the_old_process_follows():
    """Fit on day 1; D2A leaves 1 of 5 days; waits 2 for LIFE; then the 2 days left of the old process."""
    people = [{"pathway": P2_HOME, "episode_days": 30.0}, {"pathway": P2_HOME, "delay_days": 5.0}]
    leaving = {P2_HOME: {"delay": {"shape": "fixed", "days": 5.0}}}
    log = run(world(*people, beds=2, leaving=leaving, d2a=d2a(1, 4.0), life=life(1, valve={"after_days": 2.0})))
    assert near(stays(log, 1), [("LIFE", 2.0, NAN, 4.0), ("Ward", 0.0, 0.0, 6.0)])
    assert log.spell["fell_back"].tolist() == [False, True]


def test_a_slot_freed_at_the_instant_the_valve_would_open_is_taken():
    people = [{"pathway": P2_HOME, "episode_days": 2.0}, {"pathway": P2_HOME, "episode_days": 3.0}]
    log = run(world(*people, beds=2, d2a=d2a(1), life=life(1, valve={"after_days": 2.0})))
    assert near(stays(log, 1), [("Ward", 0.0, 0.0, 3.0), ("LIFE", 1.0, 3.0, 6.0)])


def test_a_slot_granted_in_the_evening_is_used_at_the_next_leaving_hour():
    """Slot free at 1.5 + 2.25 = 3.75, six in the evening; people leave at noon: so at 4.5, and the slot is held."""
    people = [{"pathway": P2_HOME, "episode_days": 2.25}, {"pathway": P2_HOME, "episode_days": 3.0}]
    hospital = {"wards": {"Ward": 2}, "meeting": meeting(12.0)}
    log = run(world(*people, hospital=hospital, d2a=d2a(1), life=life(1)))
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, 1.5), ("LIFE", 1.5, 1.5, 3.75)])
    assert near(stays(log, 1), [("Ward", 0.0, 0.0, 4.5), ("LIFE", 1.5, 3.75, 7.5)])
    assert delays(log, 1) == pytest.approx({"life": 2.25, "timing": 0.75})


def test_d2a_leaves_only_what_it_does_not_save_of_the_delay():
    leaving = {P2_HOME: {"delay": {"shape": "fixed", "days": 5.0}, "assessment_days": 4.0}}
    person = {"pathway": P2_HOME, "delay_days": 5.0, "episode_days": 2.0}
    log = run(world(person, leaving=leaving, d2a=d2a(1, 3.0), life=life(1)))
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, 3.0), ("LIFE", 3.0, 3.0, 5.0)])
    assert delays(log, 0) == pytest.approx({"assessment": 1.0, "package": 1.0})


def test_who_lies_where_d2a_has_not_come_leaves_by_the_old_process():
    people = [{"home_ward": ward, "pathway": P2_HOME, "delay_days": 5.0} for ward in ("A", "B")]
    leaving = {P2_HOME: {"delay": {"shape": "fixed", "days": 5.0}}}
    log = run(world(*people, hospital={"wards": {"A": 1, "B": 1}}, leaving=leaving, d2a=d2a(1, 5.0), life=life(2)))
    assert log.spell["d2a"].tolist() == [True, False]
    assert log.spell["discharged"].tolist() == pytest.approx([1.0, 6.0])


def test_a_next_service_that_takes_nobody_at_weekends_waits_for_monday():
    """Fit on Friday (day 4) at noon, a day's delay: Saturday noon, so Monday (day 7) noon."""
    hospital = {"wards": {"Ward": 1}, "meeting": meeting(12.0)}
    log = run(
        world(
            {"at_days": 3.5, "pathway": "P1", "delay_days": 1.0},
            hospital=hospital,
            leaving={"P1": {"weekend_starts": False}},
        )
    )
    assert log.spell["discharged"][0] == pytest.approx(7.5)
    assert delays(log, 0)["timing"] == pytest.approx(2.0)


# -- the front door and the first visit --------------------------------------------------------------------------------


def ready_people(people: int, **parts: Any) -> fs.Scenario:
    """People who join ready on pathway P2 at home on the first day, evenly spaced, into LIFE without limit."""
    inflow = {"to": P2_HOME, "table": {"2017-01-02": people}, "regular": True}
    slots = life("unlimited", **parts)
    return world(inflows={"ready": inflow}, hospital=None, scripted=[], life=slots)


def test_a_first_visit_waits_for_the_responders_to_be_on_duty_and_free():
    """Home at 2, 6, 10, 14, ... o'clock. One responder from 8 to 22: an hour to come and an hour there each."""
    visit = {
        "responders": 1,
        "from_hour": 8,
        "to_hour": 22,
        "response": {"shape": "fixed", "days": 1 / 24},
        "visit_minutes": 60,
    }
    log = run(ready_people(6, first_visit=visit))
    assert log.spell["discharged"].tolist() == pytest.approx([hour / 24 for hour in (2, 6, 10, 14, 18, 22)])
    assert log.spell["first_visit"].tolist() == pytest.approx([7.0, 5.0, 3.0, 1.0, 1.0, 11.0])


def test_the_door_team_sends_home_whom_it_takes_while_a_slot_is_free():
    """Everybody suitable is taken while one of two slots is free; the others are admitted."""
    door = {"turned_round_share": 1.0, "pathways": ["P0"]}
    stay = {"shape": "fixed", "days": 1.0}
    everyone = {"arrivals": {"per_day": 3}, "pathways": {"P0": {"share": 1.0, "stay": stay}}}
    log = run(world(cohorts={"all": everyone}, beds="unlimited", front_door=door, life=life(2)))
    turned = log.spell["door"] == TURNED_ROUND
    slots = log.of_kind("life")
    for at, taken in zip(log.spell["at"].tolist(), turned.tolist(), strict=True):
        held = (log.stay["entered"][slots] < at) & (log.stay["left"][slots] > at)
        assert taken == (held.sum() < 2)
    assert np.array_equal(np.unique(log.stay["spell"][slots]), np.flatnonzero(turned))


# -- Huddles taking people on ------------------------------------------------------------------------------------------


def test_in_the_caseload_model_only_supported_people_are_kept_out_of_hospital():
    population = {
        "people": 30,
        "practices": {"count": 2, "list_size_cv": 0.0, "networks": {"N": "north"}},
        "age_bands": {"all": {"share": 1.0, "presentations_per_1000": 100}},
        "frailty": {"all": {"share": 1.0, "hazard_ratio": 1.0}},
    }
    meetings = {
        "every_days": 7,
        "cases": 8,
        "new_people": 3,
        "support_days": 20,
        "recent_discharge_share": 0.5,
        "recent_days": 28,
    }
    huddles = {
        "rollout": {"form": "by_practice", "dates": {1: "2017-01-09"}},
        "effect": {"model": "caseload", "averted_share": 1.0},
        "meetings": meetings,
    }
    stay = {"shape": "fixed", "days": 0.1}
    everyone = {
        "from_population": True,
        "arrivals": {"per_day": 5},
        "pathways": {"P0": {"share": 1.0, "stay": stay}},
    }
    log = run(world(cohorts={"all": everyone}, beds="unlimited", population=population, huddles=huddles))
    assert log.meeting["at"].tolist() == [7.0, 14.0, 21.0, 28.0, 35.0, 42.0, 49.0, 56.0]
    averted = log.spell["door"] == AVERTED_HUDDLE
    assert averted.any()
    own = log.spell["person"] < population["people"]  # the others stand in for somebody who is already in a bed
    for row in np.flatnonzero(own):
        person, at = log.spell["person"][row], log.spell["at"][row]
        supported = (log.support["person"] == person) & (log.support["start"] <= at) & (at < log.support["end"])
        assert averted[row] == supported.any()


# -- back again --------------------------------------------------------------------------------------------------------


def test_a_readmission_is_a_new_spell_of_the_same_person():
    log = run(world({"readmitted_after_days": 2.0, "second_stay_days": 0.5}))
    assert log.spell["at"].tolist() == [0.0, 3.0]
    assert log.spell["root"].tolist() == [log.spell["root"][0]] * 2
    assert near(stays(log, 1), [("Ward", 3.0, 3.0, 3.5)])


def test_a_readmission_ends_support_and_frees_its_slot_at_once():
    people = [
        {"pathway": P2_HOME, "episode_days": 9.0, "readmitted_after_days": 2.0, "second_stay_days": 1.0},
        {"at_days": 1.0, "stay_days": 5.0},
    ]
    log = run(world(*people, d2a=d2a(1), life=life(1)))
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, 1.0), ("LIFE", 1.0, 1.0, 3.0)])
    assert near(stays(log, 2)[:1], [("Ward", 3.0, 6.0, 7.0)])


RING = [
    {"pathway": P2_HOME, "episode_days": 9.0, "readmitted_after_days": 2.0, "second_stay_days": 1.0},
    {"at_days": 1.0, "pathway": P2_HOME, "episode_days": 1.0},
]
"""The first has the slot and needs the bed on day 3; the second has the bed and needs the slot."""


def test_two_people_who_hold_what_the_other_needs_are_named_with_the_day():
    with pytest.raises(CircularWaitError, match=r"day 3\b.*acute beds") as caught:
        run(world(*RING, d2a=d2a(1), life=life(1, hold_until_admitted=True)))
    assert "LIFE" in str(caught.value)


@pytest.mark.parametrize("part", ["beds", "slots"])
def test_a_ring_that_a_planned_rise_will_open_is_no_error(part):
    rise = {"from": 1, "steps": {"2017-01-12": 2}}
    beds, slots = (rise, 1) if part == "beds" else (1, rise)
    log = run(world(*RING, beds=beds, d2a=d2a(1), life=life(slots, hold_until_admitted=True)))
    assert log.spell["discharged"][1] == pytest.approx(10.0)


def test_a_ring_with_a_valve_opens_by_itself():
    slots = life(1, hold_until_admitted=True, valve={"after_days": 4.0})
    log = run(world(*RING, d2a=d2a(1), life=slots))
    assert log.spell["discharged"].tolist()[:2] == pytest.approx([1.0, 6.0])


def test_a_slot_held_until_admitted_is_left_when_the_bed_is_there():
    people = [RING[0], {"at_days": 1.0, "stay_days": 5.0}]
    log = run(world(*people, d2a=d2a(1), life=life(1, hold_until_admitted=True)))
    assert near(stays(log, 0)[1:], [("LIFE", 1.0, 1.0, 6.0)])


# -- assessment units --------------------------------------------------------------------------------------------------


def line_in_a_and_e(people: int, ward: object, **cohort: object) -> fs.Scenario:
    """People waiting for a bed when the clock starts, an assessment unit of two beds, and a ward."""
    stay = {"shape": "fixed", "days": 8.0}
    everyone = {"arrivals": {"per_day": 0}, "pathways": {"P0": {"share": 1.0, "stay": stay}}, **cohort}
    hospital = {"assessment": {"units": {"AMU": 2}, "stay": {"shape": "fixed", "days": 2.0}}, "wards": {"Ward": ward}}
    return world(cohorts={"everyone": everyone}, initial={"waiting_for_bed": people}, hospital=hospital)


def test_assessment_beds_come_first_and_those_assessed_move_on_before_the_line_is_served():
    """The ward opens on day 3, when two are past their two days of assessment: the first moves, and makes room."""
    log = run(line_in_a_and_e(3, {"from": 0, "steps": {"2017-01-05": 1}}))
    assert near(stays(log, 0), [("AMU", 0.0, 0.0, 3.0), ("Ward", 2.0, 3.0, 8.0)])
    assert near(stays(log, 1), [("AMU", 0.0, 0.0, 8.0), ("Ward", 2.0, 8.0, 8.0)])
    assert near(stays(log, 2), [("AMU", 0.0, 3.0, 8.0), ("Ward", 5.0, 8.0, 11.0)])


def test_a_full_assessment_unit_sends_people_straight_to_a_ward():
    log = run(line_in_a_and_e(3, 1))
    assert near(stays(log, 2), [("Ward", 0.0, 0.0, 8.0)])


def test_zero_day_people_use_the_assessment_unit_only():
    zero_day = {"share": 1.0, "stay": {"shape": "fixed", "days": 0.5}}
    log = run(line_in_a_and_e(3, 5, zero_day=zero_day))
    assert near(stays(log, 2), [("AMU", 0.0, 0.5, 1.0)])


# -- a whole file ------------------------------------------------------------------------------------------------------


def test_the_shipped_deterministic_world_is_what_its_comments_say():
    log = fs.simulate(fs.load(Path(__file__).parents[2] / "configs/theory/deterministic.yaml"), 0, 0)
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, 3.0), ("Step-down beds", 3.0, 3.0, 7.0)])
    assert near(stays(log, 1), [("Ward", 1.0, 3.0, 7.0), ("Step-down beds", 4.5, 7.0, 9.0)])
    assert [stays(log, spell)[0][1:] for spell in (2, 3, 4, 5, 6)] == [
        (7.0, 7.0, 8.0),
        (8.0, 8.0, 8.5),
        (10.0, 10.0, 10.5),
        (12.0, 12.0, 13.0),
        (12.0, 13.0, 14.0),
    ]
