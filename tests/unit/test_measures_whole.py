"""Series by day, self-checks and attribution."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from logs import NAN, World

from flowsim.events import AVERTED_HUDDLE, DIVERTED, TURNED_ROUND, WAITING, PlaceInfo
from flowsim.measures import CAUSES, DAILY, attribution, checks, daily, measure

pytestmark = pytest.mark.unit


def failing(world: World) -> list[str]:
    return [check.name for check in checks(world.log()) if not check.ok]


def test_daily_means_of_beds():
    world = World(horizon=3.0)
    world.in_bed(0.25, 2.5)
    world.in_bed(1.0, place="Escalation")
    series = daily(world.log())
    assert list(series) == list(DAILY)
    assert series["beds_core"].tolist() == [0.75, 1.0, 0.5]
    assert series["beds_escalation"].tolist() == [0.0, 1.0, 1.0]


def test_daily_capacity_follows_its_steps():
    world = World(horizon=3.0, places=(("Ward 1", "ward", 2),))
    world.places[0] = PlaceInfo("Ward 1", "ward", "", (0.0, 1.5), (2.0, 4.0))
    assert daily(world.log())["core_capacity"].tolist() == [2.0, 3.0, 4.0]


def test_daily_unlimited_capacity_is_infinite():
    world = World(horizon=2.0, places=(("LIFE", "life", math.inf),))
    assert daily(world.log())["life_capacity"].tolist() == [math.inf, math.inf]


def test_daily_waits_packages_huddles_and_d2a():
    world = World(horizon=3.0, practices_live=(1.0, math.inf))
    waiting = world.spell(at=1.5, door=WAITING)
    world.stay(waiting, "A&E", NAN, queued=1.5)
    cared_for = world.in_bed(0.0, 0.5, d2a=True, package_hours=14.0, package_at=0.5)
    world.stay(cared_for, "Home care", 0.5)
    series = daily(world.log())
    assert series["waiting_for_bed"].tolist() == [0.0, 0.5, 1.0]
    assert series["package_hours"].tolist() == [7.0, 14.0, 14.0]
    assert series["huddles_live"].tolist() == [0.0, 1.0, 1.0]
    assert series["d2a_people"].tolist() == [1.0, 1.0, 1.0]


def test_daily_means_add_up_to_bed_days_on_a_run_that_ends_within_a_day():
    world = World(horizon=2.5)
    world.in_bed(0.5)
    assert daily(world.log())["beds_core"].tolist() == [0.5, 1.0, 1.0]


def sound() -> World:
    """A world in which everything happens and nothing is wrong."""
    world = World()
    row = world.spell(at=1.0, fit=4.0, ready=5.0, discharged=7.0, pathway="P2_home")
    world.stay(row, "AMU", 1.5, 2.0, queued=1.0)
    world.stay(row, "Ward 1", 2.0, 7.0)
    world.delay(row, "life", 5.0, 7.0)
    world.stay(row, "LIFE", 7.0, queued=5.0)
    world.in_bed(2.0, 3.0, pathway=-1, discharged=NAN, died=3.0)
    world.in_bed(8.0)
    world.spell(at=3.0, door=AVERTED_HUDDLE)
    world.spell(at=3.0, door=DIVERTED)
    turned = world.spell(at=3.0, door=TURNED_ROUND)
    world.stay(turned, "LIFE", 3.0, 6.0)
    waiting = world.spell(at=9.0, door=WAITING)
    world.stay(waiting, "A&E", NAN, queued=9.0)
    return world


def test_a_sound_world_passes_every_check():
    assert failing(sound()) == []


def test_an_empty_world_passes_every_check():
    assert failing(World()) == []


def test_somebody_who_left_a_bed_and_went_nowhere_is_missed():
    world = sound()
    row = world.spell(at=1.0)
    world.stay(row, "Ward 2", 1.0, 2.0)
    assert failing(world) == ["people conserved"]


def test_an_averted_person_in_a_bed_is_noticed():
    world = sound()
    world.in_bed(1.0, 2.0, place="Ward 2", door=AVERTED_HUDDLE)
    assert failing(world) == ["people conserved"]


def test_one_too_many_in_a_ward_is_noticed():
    world = sound()
    for _ in range(3):
        world.in_bed(4.0, 5.0, place="Ward 2")
    assert failing(world) == ["capacity: Ward 2"]


def with_cut() -> World:
    """One ward cut from two beds to one while both are in use."""
    world = World(places=(("Ward 1", "ward", 2),))
    world.places[0] = PlaceInfo("Ward 1", "ward", "", (0.0, 3.0), (2.0, 1.0))
    world.in_bed(1.0, 5.0)
    world.in_bed(1.0, 6.0)
    return world


def test_people_may_stay_above_a_capacity_that_was_cut():
    assert failing(with_cut()) == []


def test_nobody_may_enter_above_a_capacity_that_was_cut():
    world = with_cut()
    world.in_bed(5.0, 7.0)
    assert failing(world) == ["capacity: Ward 1"]


def test_visits_beyond_capacity_are_noticed():
    world = World(places=(("Ward 1", "ward", 2), ("LIFE", "life", 3)))
    row = world.in_bed(1.0, 2.0)
    world.stay(row, "LIFE", 2.0, 4.0)
    world.units += [(row, 1, 2.0, 4.0), (row, 1, 4.0, 0.0)]
    assert failing(world) == ["capacity: LIFE"]


def test_two_beds_at_once_are_noticed():
    world = World()
    row = world.in_bed(1.0, 4.0)
    world.stay(row, "Ward 2", 3.0, 4.0)
    assert failing(world) == ["beds follow one another"]


def test_a_delay_before_ready_is_noticed():
    world = World()
    row = world.in_bed(1.0, 4.0, ready=3.0)
    world.delay(row, "life", 2.5, 3.5)
    assert failing(world) == ["delays fit between ready and left"]


def test_the_same_delay_twice_is_noticed():
    world = World()
    row = world.in_bed(1.0, 4.0, ready=3.0)
    world.delay(row, "life", 3.0, 4.0)
    world.delay(row, "package", 3.0, 4.0)
    assert failing(world) == ["delays fit between ready and left"]


def test_a_discharge_before_fit_is_noticed():
    world = World()
    world.in_bed(1.0, 4.0, fit=5.0)
    assert failing(world) == ["times in order"]


def test_a_share_above_one_is_noticed():
    assert [check.name for check in checks(World().log(), {"wait_over_4h_share": 1.2}) if not check.ok] == [
        "measures within bounds"
    ]


@given(
    stays=st.lists(st.tuples(st.floats(0.0, 9.0), st.floats(0.01, 5.0), st.integers(0, 2)), max_size=10),
)
def test_any_world_of_unlimited_beds_passes_every_check(stays):
    kinds = (("AMU", "assessment_unit", math.inf), ("Ward 1", "ward", math.inf), ("Escalation", "escalation", math.inf))
    world = World(places=kinds)
    for start, length, place in stays:
        world.in_bed(start, start + length if start + length < 10.0 else NAN, place=kinds[place][0])
    assert failing(world) == []


def pair() -> tuple[World, World]:
    """Two worlds, with a reason for each difference; the roots say who is who."""
    base, alt = World(), World()
    for world in (base, alt):
        world.in_bed(0.0, 1.0, root=100)  # the same in both
    base.in_bed(1.0, 4.0, root=1)
    base.in_bed(6.0, 7.0, root=1, depth=1, origin="readmission")
    alt.spell(at=1.0, root=1, door=AVERTED_HUDDLE)  # and no readmission
    alt.in_bed(1.0, 1.5, root=2, induced=True)
    base.in_bed(1.0, 3.0, root=3)
    alt.spell(at=1.0, root=3, door=TURNED_ROUND)
    base.in_bed(1.0, 9.0, root=4)
    alt.in_bed(1.0, 5.5, root=4, d2a=True)
    for world in (base, alt):
        world.in_bed(1.0, 2.0, root=5)
    alt.in_bed(5.0, 5.3, root=5, depth=1, origin="readmission")
    base.in_bed(2.0, 2.7, root=6)
    base.in_bed(3.0, 3.1, root=7)
    alt.in_bed(3.0, 3.4, root=7)
    return base, alt


def test_bed_days_saved_are_split_by_cause():
    base, alt = pair()
    expected = {"huddles": 3.5, "front_door": 2.0, "d2a": 3.5, "readmissions": -0.3, "demand": 0.7, "interaction": -0.3}
    expected["total"] = sum(expected.values())
    assert attribution(base.log(), alt.log()) == pytest.approx(expected, abs=1e-8)


def test_a_scenario_saves_nothing_against_itself():
    base, _ = pair()
    assert set(attribution(base.log(), base.log()).values()) == {0.0}


STAYS = st.lists(
    st.tuples(st.integers(0, 6), st.floats(0.0, 9.0), st.floats(0.0, 9.0), st.sampled_from([0, 1, 2]), st.booleans()),
    max_size=10,
)


def random_world(stays: list[tuple[int, float, float, int, bool]]) -> World:
    world = World()
    for root, start, length, door, d2a in stays:
        if door == AVERTED_HUDDLE:
            world.spell(at=start, root=root, door=door)
        else:
            world.in_bed(start, min(start + length, 10.0), root=root, door=door, d2a=d2a)
    return world


@given(base=STAYS, alt=STAYS)
def test_parts_add_up_exactly_to_the_difference_of_bed_days(base, alt):
    one, two = random_world(base).log(), random_world(alt).log()
    parts = attribution(one, two, (1.0, 8.0))
    saved = measure(one, (1.0, 8.0))["bed_days"] - measure(two, (1.0, 8.0))["bed_days"]
    assert parts["total"] == saved
    assert sum(parts[cause] for cause in CAUSES) == saved


def test_the_order_of_spells_changes_no_attribution():
    base, alt = pair()
    shuffled = World()
    order = np.argsort([-one["root"] for one in alt.spells], kind="stable").tolist()
    shuffled.spells = [alt.spells[row] for row in order]
    place = {row: number for number, row in enumerate(order)}
    shuffled.stays = [(place[spell], *rest) for spell, *rest in alt.stays]
    assert attribution(base.log(), shuffled.log()) == attribution(base.log(), alt.log())
