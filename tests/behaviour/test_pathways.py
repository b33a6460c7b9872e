"""Every way out of hospital and on from support, for one person at a time, to the day."""

from __future__ import annotations

from typing import Any

import pytest
from lives import MONDAY, delays, life, meeting, near, run, stays, step_down, world

from flowsim.events import (
    BACK_TO_HOSPITAL,
    DIED,
    ENDED,
    NO_NEED,
    PACKAGE,
    PLACEMENT,
    STILL_SUPPORTED,
    EventLog,
)

pytestmark = pytest.mark.behaviour

NAN = float("nan")
NEEDS = {name: {"package": 0.0, "placement": 0.0, "none": 0.0, name: 1.0} for name in ("package", "placement", "none")}


def fixed(days: float) -> dict[str, Any]:
    return {"shape": "fixed", "days": days}


def home_care(packages: Any = 9, days: float = 6.0) -> dict[str, Any]:
    return {"capacity": packages, "hours_per_week": {"mean": 7, "cv": 0.2}, "stay": fixed(days)}


def placements(places: Any = 9, days: float = 20.0) -> dict[str, Any]:
    return {"capacity": places, "stay": fixed(days)}


def old_reablement(places: Any = 9, **more: Any) -> dict[str, Any]:
    support = {"episode": fixed(5.0), "at_cap": NEEDS["none"], "share": 1.0, "cap_days": 5.0}
    return {"capacity": places, **support, **more}


def joined(to: str, number: int = 1, days: float = 60.0, **parts: Any) -> EventLog:
    """People who join ready (or referred) on the first day, evenly spaced: one at half past, two at the quarters."""
    inflow = {"to": to, "table": {MONDAY: number}, "regular": True}
    return run(world(inflows={"in": inflow}, hospital=None, scripted=[], days=days, **parts))


def by_d2a(*pathways: str, saved_days: float = 0.0) -> dict[str, Any]:
    effect = {"start": MONDAY, "accepted_share": 1.0, "saved_days": saved_days}
    return {"units_live": "unlimited", "pathways": dict.fromkeys(pathways, effect)}


# -- ways out ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pathway", ["P0", "P1", "escalation_route"])
def test_straight_home_after_the_delay(pathway: str):
    log = run(world({"pathway": pathway, "delay_days": 2.0}))
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, 3.0)])
    assert (log.spell["fit"][0], log.spell["ready"][0], log.spell["discharged"][0]) == (1.0, 1.0, 3.0)
    assert not log.spell["d2a"][0]


def test_straight_home_sooner_by_d2a_and_without_counting_as_its_service():
    leaving = {"P1": {"delay": fixed(4.0)}}
    log = run(world({"pathway": "P1", "delay_days": 4.0}, leaving=leaving, d2a=by_d2a("P1", saved_days=3.0)))
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, 2.0)])


def test_the_old_process_goes_through_reablement():
    log = run(world({"pathway": "P2_home", "delay_days": 2.0, "episode_days": 4.0}, reablement=old_reablement()))
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, 3.0), ("Reablement", 3.0, 3.0, 7.0)])
    assert log.spell["support_end"][0] == ENDED


def test_a_package_that_has_to_wait_for_reablement_is_a_delay():
    people = [{"pathway": "P2_home", "episode_days": 4.0}, {"pathway": "P2_home", "episode_days": 4.0}]
    log = run(world(*people, beds=2, reablement=old_reablement(1)))
    assert near(stays(log, 1), [("Ward", 0.0, 0.0, 5.0), ("Reablement", 1.0, 5.0, 9.0)])
    assert delays(log, 1) == {"package": 4.0}


def test_the_old_process_without_reablement_is_a_package_at_once_or_a_wait_for_one():
    log = joined("P2_home", 2, home_care=home_care(1, 3.0))
    assert near(stays(log, 0), [("Home care", 0.25, 0.25, 3.25)])
    assert near(stays(log, 1), [("Home care", 0.75, 3.25, 6.25)])
    assert delays(log, 1) == pytest.approx({"home_care": 2.5})
    assert log.spell["package_at"].tolist() == log.spell["discharged"].tolist() == [0.25, 3.25]


def test_who_is_not_meant_for_reablement_has_a_package():
    parts = {"reablement": old_reablement(share=0.0), "home_care": home_care()}
    log = joined("P2_home", **parts)
    assert near(stays(log, 0), [("Home care", 0.5, 0.5, 6.5)])


def test_the_old_process_of_a_world_without_services_leads_home():
    log = run(world({"pathway": "P2_home", "delay_days": 2.0}))
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, 3.0)])


@pytest.mark.parametrize("d2a", [False, True])
def test_a_step_down_bed_after_the_delay_and_by_d2a_sooner(d2a: bool):
    leaving = {"P2_bed": {"delay": fixed(4.0)}}
    parts = {"d2a": by_d2a("P2_bed", saved_days=3.0)} if d2a else {}
    person = {"pathway": "P2_bed", "delay_days": 4.0, "episode_days": 6.0}
    log = run(world(person, leaving=leaving, step_down=step_down(1), **parts))
    left = 2.0 if d2a else 5.0
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, left), ("Step-down beds", left, left, left + 6.0)])
    assert log.spell["d2a"][0] == d2a
    assert log.spell["support_end"][0] == NO_NEED


def test_without_step_down_beds_modelled_their_people_leave():
    log = run(world({"pathway": "P2_bed", "delay_days": 2.0}))
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, 3.0)])


def test_a_complex_discharge_waits_for_its_placement():
    people = [{"pathway": "P3", "episode_days": 5.0}, {"pathway": "P3", "delay_days": 2.0, "episode_days": 5.0}]
    log = run(world(*people, beds=2, placements=placements(1)))
    assert near(stays(log, 1), [("Ward", 0.0, 0.0, 6.0), ("Placements", 3.0, 6.0, 11.0)])
    assert sum(delays(log, 1).values()) == pytest.approx(5.0)
    assert delays(log, 1)["placement"] == pytest.approx(3.0)


def test_a_complex_discharge_by_d2a_waits_in_a_step_down_bed_and_goes_on_to_a_placement():
    parts = {"step_down": step_down(2), "placements": placements(), "d2a": by_d2a("P3")}
    log = joined("P3", **parts)
    assert near(stays(log, 0), [("Step-down beds", 0.5, 0.5, 5.5), ("Placements", 5.5, 5.5, 25.5)])
    assert log.spell["d2a"][0]
    assert log.spell["support_end"][0] == PLACEMENT


def test_a_complex_discharge_by_d2a_leaves_sooner():
    parts = {"step_down": step_down(1), "d2a": by_d2a("P3", saved_days=3.0), "leaving": {"P3": {"delay": fixed(4.0)}}}
    log = run(world({"pathway": "P3", "delay_days": 4.0, "episode_days": 6.0}, **parts))
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, 2.0), ("Step-down beds", 2.0, 2.0, 8.0)])


def test_a_complex_discharge_by_d2a_without_step_down_beds_is_a_placement_from_the_ward():
    log = run(world({"pathway": "P3", "episode_days": 5.0}, placements=placements(), d2a=by_d2a("P3")))
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, 1.0), ("Placements", 1.0, 1.0, 6.0)])
    assert not log.spell["d2a"][0]


def test_without_placements_modelled_a_complex_discharge_leaves():
    log = run(world({"pathway": "P3", "delay_days": 2.0}, step_down=step_down(1)))
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, 3.0)])


def test_whoever_dies_in_hospital_leaves_the_bed_when_the_stay_is_over():
    cohort = {
        "arrivals": {"per_day": 2.0},
        "pathways": {"P2_home": {"share": 1.0, "stay": fixed(9.0)}},
        "death_in_hospital": {"share": 1.0, "stay": fixed(2.0)},
    }
    leaving = {"P2_home": {"delay": fixed(4.0)}}
    hospital = {"wards": {"Ward": "unlimited"}, "meeting": meeting(12.0)}
    log = run(world(cohorts={"all": cohort}, scripted=[], hospital=hospital, leaving=leaving, life=life(9)))
    died = log.spell["died"]
    done = died == died
    assert done.sum() > 50
    assert died[done] == pytest.approx(log.spell["at"][done] + 2.0)
    assert {place for row in range(5) for place, *_ in stays(log, row)} == {"Ward"}


# -- support and what follows ------------------------------------------------------------------------------------------


def test_an_episode_that_reaches_the_cap_is_followed_by_the_package_it_shows_to_be_needed():
    """A day and a half to arrange it, in the slot; then a package of six days."""
    slots = {"slots": 1, "cap_days": 5.0, "episode": fixed(8.0), "exit_wait": fixed(1.5), "at_cap": NEEDS["package"]}
    log = joined("life", life=slots, home_care=home_care())
    assert near(stays(log, 0), [("LIFE", 0.5, 0.5, 7.0), ("Home care", 7.0, 7.0, 13.0)])
    assert log.spell["support_end"][0] == PACKAGE
    assert log.spell["package_at"][0] == 7.0


def test_the_slot_is_kept_until_the_next_place_is_free():
    slots = {"slots": 2, "cap_days": 5.0, "episode": fixed(8.0), "at_cap": NEEDS["placement"]}
    log = joined("life", 2, life=slots, placements=placements(1, 3.0))
    assert near(stays(log, 0), [("LIFE", 0.25, 0.25, 5.25), ("Placements", 5.25, 5.25, 8.25)])
    assert near(stays(log, 1), [("LIFE", 0.75, 0.75, 8.25), ("Placements", 5.75, 8.25, 11.25)])
    assert log.spell["support_end"].tolist() == [PLACEMENT] * 2


def test_who_needs_nothing_at_the_cap_goes_at_once():
    slots = {"slots": 1, "cap_days": 5.0, "episode": fixed(8.0), "exit_wait": fixed(1.5), "at_cap": NEEDS["none"]}
    log = joined("life", life=slots, home_care=home_care())
    assert near(stays(log, 0), [("LIFE", 0.5, 0.5, 5.5)])
    assert log.spell["support_end"][0] == NO_NEED


def test_an_episode_that_ends_before_the_cap_ends_by_itself():
    slots = {"slots": 1, "cap_days": 9.0, "episode": fixed(8.0), "at_cap": NEEDS["package"]}
    log = joined("life", life=slots, home_care=home_care())
    assert near(stays(log, 0), [("LIFE", 0.5, 0.5, 8.5)])
    assert log.spell["support_end"][0] == ENDED


def test_support_that_is_still_on_at_the_edge_says_so():
    slots = {"slots": 1, "cap_days": 42.0, "episode": fixed(30.0), "at_cap": NEEDS["package"]}
    log = joined("life", life=slots, days=10.0)
    assert near(stays(log, 0), [("LIFE", 0.5, 0.5, 10.0)])
    assert log.spell["support_end"][0] == STILL_SUPPORTED
    log = joined("step_down", step_down=step_down(1), days=3.0)
    assert log.spell["support_end"][0] == STILL_SUPPORTED


def test_what_is_needed_after_a_step_down_bed_follows_it():
    beds = {"beds": 1, "stay": fixed(4.0), "outcome": NEEDS["package"]}
    log = joined("step_down", step_down=beds, home_care=home_care())
    assert near(stays(log, 0), [("Step-down beds", 0.5, 0.5, 4.5), ("Home care", 4.5, 4.5, 10.5)])
    assert stays(log, 0)[1][1] == 4.5  # to the tick: nothing is left to arrange


def test_referrals_from_the_community_enter_their_service_and_leave_it():
    assert near(stays(joined("placement", placements=placements(1, 4.0)), 0), [("Placements", 0.5, 0.5, 4.5)])
    assert near(stays(joined("home_care", home_care=home_care()), 0), [("Home care", 0.5, 0.5, 6.5)])
    two = joined("placement", 2, placements=placements(1, 4.0))
    assert near(stays(two, 1), [("Placements", 0.75, 4.25, 8.25)])


def test_a_referral_out_of_patience_gives_up_and_nothing_follows():
    slots = {"slots": 1, "cap_days": 9.0, "episode": fixed(8.0), "at_cap": NEEDS["none"]}
    log = joined("life", 2, life=slots | {"community_patience_days": 2.0})
    assert near(stays(log, 1), [("LIFE", 0.75, NAN, 2.75)])


def test_hospital_comes_before_the_community_where_it_is_ranked_so():
    """The slot is free on day 4.25; the referral asked first."""
    slots = {"slots": 1, "cap_days": 9.0, "episode": fixed(4.0), "at_cap": NEEDS["none"]}
    inflows = {
        "first": {"to": "life", "table": {MONDAY: 2}, "regular": True},
        "ready": {"to": "P2_home", "table": {"2017-01-04": 1}, "regular": True},
    }
    for order, first in ((["hospital", "front_door", "community"], 2), (["community", "hospital", "front_door"], 1)):
        parts = {"life": slots | {"priority": order}, "d2a": by_d2a("P2_home")}
        log = run(world(inflows=inflows, hospital=None, scripted=[], **parts))
        begun = {spell: stays(log, spell)[0][2] for spell in (1, 2)}
        assert begun[first] == pytest.approx(4.25)
        assert begun[3 - first] == pytest.approx(8.25)


# -- support cut short -------------------------------------------------------------------------------------------------


def followed(pathway: str, back_after: float, **parts: Any) -> EventLog:
    """One person who leaves on day 1, is supported for 9 days unless readmitted so many days after leaving."""
    person = {"pathway": pathway, "episode_days": 9.0, "readmitted_after_days": back_after, "second_stay_days": 1.0}
    return run(world(person, **parts))


def test_readmission_cuts_a_step_down_stay_short():
    log = followed("P2_bed", 4.0, step_down=step_down(1))
    assert near(stays(log, 0)[:2], [("Ward", 0.0, 0.0, 1.0), ("Step-down beds", 1.0, 1.0, 5.0)])
    assert near(stays(log, 1)[:1], [("Ward", 5.0, 5.0, 6.0)])
    assert log.spell["support_end"][0] == BACK_TO_HOSPITAL


def test_a_step_down_bed_may_be_kept_until_the_next_bed_is_there():
    others = [{"at_days": 1.0, "stay_days": 7.0}]
    person = {"pathway": "P2_bed", "episode_days": 9.0, "readmitted_after_days": 4.0, "second_stay_days": 1.0}
    for holds, left in ((False, 5.0), (True, 8.0)):
        log = run(world(person, *others, step_down=step_down(1, hold_until_admitted=holds)))
        assert near(stays(log, 0), [("Ward", 0.0, 0.0, 1.0), ("Step-down beds", 1.0, 1.0, left)])


@pytest.mark.parametrize(("holds", "left"), [(False, 5.0), (True, 8.0)])
def test_who_waits_in_a_step_down_bed_for_a_placement_may_keep_it_until_the_next_bed_is_there(holds: bool, left: float):
    person = {"pathway": "P3", "episode_days": 2.0, "readmitted_after_days": 4.0, "second_stay_days": 1.0}
    beds = step_down(1, hold_until_admitted=holds)
    others = {"at_days": 1.0, "stay_days": 7.0}
    log = run(world(person, others, step_down=beds, placements=placements(0), d2a=by_d2a("P3")))
    assert ("Step-down beds", 1.0, 1.0, left) in stays(log, 0)


@pytest.mark.parametrize("holds", [False, True])
def test_who_waits_in_a_slot_for_a_package_may_keep_it_until_the_next_bed_is_there(holds: bool):
    """Nobody ever gets a package, and beds are scarce: everybody keeps the slot until readmitted, or until in bed."""
    cohort = {
        "arrivals": {"per_day": 1.0},
        "pathways": {"P2_home": {"share": 1.0, "stay": fixed(1.5)}},
        "readmission": {"unsupported_share": 1.0, "supported_share": 1.0, "half_by_days": 10},
    }
    slots = LIFE_TO_A_PACKAGE | {"cap_days": 0.1, "hold_until_admitted": holds}
    parts = {"cohorts": {"all": cohort}, "scripted": [], "beds": 3, "home_care": home_care(0)}
    log = run(world(life=slots, d2a=by_d2a("P2_home"), **parts))
    where = {
        (root, depth): row for row, (root, depth) in enumerate(zip(log.spell["root"], log.spell["depth"], strict=True))
    }
    waits = 0
    for row, (root, depth) in enumerate(zip(log.spell["root"], log.spell["depth"], strict=True)):
        back = where.get((root, depth + 1))
        bed = [entered for place, _, entered, _ in stays(log, back) if place == "Ward"] if back is not None else []
        if bed:
            (kept,) = (left for place, *_, left in stays(log, row) if place == "LIFE")
            assert kept == pytest.approx(bed[0] if holds else log.spell["readmitted"][row])
            waits += bed[0] > log.spell["readmitted"][row]
    assert waits > 5


def test_who_was_diverted_has_no_readmission():
    people = [{"stay_days": 3.0}, {"readmitted_after_days": 2.0, "second_stay_days": 1.0}]
    log = run(world(*people, hospital={"wards": {"Ward": 1}, "max_waiting": 0}))
    assert log.spell["at"].tolist() == [0.0, 0.0]


def test_a_readmission_at_the_very_first_instant_takes_place():
    log = run(world({"stay_days": 0.0, "readmitted_after_days": 0.0, "second_stay_days": 1.0}))
    assert log.spell["at"].tolist() == [0.0, 0.0]
    assert near(stays(log, 1), [("Ward", 0.0, 0.0, 1.0)])


def test_readmission_ends_a_placement():
    log = followed("P3", 4.0, placements=placements())
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, 1.0), ("Placements", 1.0, 1.0, 5.0)])


def test_readmission_after_support_is_over_comes_on_its_day():
    log = followed("P2_home", 20.0, reablement=old_reablement())
    assert near(stays(log, 0), [("Ward", 0.0, 0.0, 1.0), ("Reablement", 1.0, 1.0, 10.0)])
    assert log.spell["at"].tolist() == [0.0, 21.0]
    assert log.spell["support_end"][0] == ENDED


def dying(days: float, horizon: float = 30.0, **parts: Any) -> EventLog:
    """A day in hospital each, then home, where death comes so many days after leaving."""
    cohort = {
        "arrivals": {"per_day": 4.0},
        "pathways": {"P2_home": {"share": 1.0, "stay": fixed(1.0)}},
        "death_after_discharge": {"unsupported": fixed(horizon), "supported": fixed(days)},
    }
    return run(world(cohorts={"all": cohort}, scripted=[], beds="unlimited", days=horizon, **parts))


def after_hospital(log: EventLog) -> list[tuple[str, ...]]:
    """Stays of the first person outside hospital, in days since leaving it."""
    left = log.spell["discharged"][0]
    return [(place, *(round(day - left, 9) for day in days)) for place, *days in stays(log, 0) if place != "Ward"]


LIFE_TO_A_PACKAGE = {"slots": "unlimited", "cap_days": 5.0, "episode": fixed(8.0), "at_cap": NEEDS["package"]}


def test_death_at_home_ends_support():
    log = dying(3.0, life=life("unlimited", episode=fixed(9.0)), d2a=by_d2a("P2_home"))
    assert after_hospital(log) == [("LIFE", 0.0, 0.0, 3.0)]
    done = log.spell["died"] < 30.0
    assert done.sum() > 50
    assert (log.spell["support_end"][done] == DIED).all()


def test_death_at_home_ends_a_package():
    assert after_hospital(dying(3.0, home_care=home_care())) == [("Home care", 0.0, 0.0, 3.0)]


def test_a_wait_in_the_slot_for_a_package_that_is_not_there_may_be_cut_short():
    log = dying(9.0, life=LIFE_TO_A_PACKAGE, home_care=home_care(0), d2a=by_d2a("P2_home"))
    slot, package = after_hospital(log)
    assert slot == ("LIFE", 0.0, 0.0, 9.0)
    assert (package[0], package[1], package[3]) == ("Home care", 5.0, 9.0)
    assert log.spell["support_end"][0] == DIED


def test_arranging_what_is_needed_next_may_be_cut_short():
    log = dying(9.0, life=LIFE_TO_A_PACKAGE | {"exit_wait": fixed(7.0)}, home_care=home_care(), d2a=by_d2a("P2_home"))
    assert after_hospital(log) == [("LIFE", 0.0, 0.0, 9.0)]
    assert log.spell["support_end"][0] == DIED


# -- people there at the start -----------------------------------------------------------------------------------------


def test_people_there_at_the_start_go_on_where_they_are():
    cohort = {"arrivals": {"per_day": 0.0}, "pathways": {"P2_bed": {"share": 1.0, "stay": fixed(4.0)}}}
    parts = {
        "life": life(3),
        "step_down": step_down(3),
        "placements": placements(3),
        "home_care": home_care(3),
    }
    initial = {"beds": {"P2_bed": 1}, "life": 1, "step_down": 1, "placements": 1, "home_care": 1}
    log = run(world(cohorts={"all": cohort}, scripted=[], initial=initial, beds=3, **parts))
    places = [[place for place, *_ in stays(log, row)] for row in range(5)]
    assert places == [["Ward", "Step-down beds"], ["LIFE"], ["Step-down beds"], ["Placements"], ["Home care"]]
    assert all(stays(log, row)[0][1:3] == (0.0, 0.0) for row in range(5))
    assert all(0.0 < stays(log, row)[0][3] < 20.0 for row in range(5))
