"""The public event log."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from logs import NAN, World

from flowsim.eventlog import NATIVE, bupar_frame, events_frame, pm4py_frame, slots, stays_frame, vidigi_frame
from flowsim.events import AVERTED_HUDDLE, IN_COMMUNITY, WAITING

pytestmark = pytest.mark.unit


def one_life() -> World:
    """A wait, two beds, then home with LIFE, of a person of the second practice."""
    world = World()
    row = world.spell(at=1.0, discharged=5.0, person=42, practice=1, pathway="P2_home")
    world.stay(row, "AMU", 1.5, 2.0, queued=1.0)
    world.stay(row, "Ward 1", 2.0, 5.0)
    world.stay(row, "LIFE", 5.0, 9.0, queued=4.0)
    return world


def story(frame: pd.DataFrame) -> list[tuple[float, str]]:
    return list(zip(frame["time"], frame["event"], strict=True))


def test_native_columns_are_those_of_the_field():
    assert tuple(events_frame(one_life().log()).columns) == NATIVE


def test_one_life_reads_in_order():
    assert story(events_frame(one_life().log())) == [
        (1.0, "arrival"),
        (1.0, "AMU_wait_begins"),
        (1.5, "AMU_begins"),
        (2.0, "AMU_ends"),
        (2.0, "Ward 1_begins"),
        (4.0, "LIFE_wait_begins"),
        (5.0, "Ward 1_ends"),
        (5.0, "LIFE_begins"),
        (9.0, "LIFE_ends"),
        (9.0, "depart"),
    ]


def test_event_types_follow_the_events():
    types = events_frame(one_life().log())["event_type"].tolist()
    expected = "arrival_departure queue resource_use resource_use_end resource_use queue resource_use_end resource_use"
    assert types == [*expected.split(), "resource_use_end", "arrival_departure"]


def test_resource_rows_and_no_others_have_a_resource():
    frame = events_frame(one_life().log())
    used = frame["event_type"].isin(["resource_use", "resource_use_end"])
    assert (frame["resource_id"].notna() == used).all()
    assert (frame["unique_resource_id"].notna() == used).all()


def test_who_where_and_when_are_named():
    first = events_frame(one_life().log()).iloc[2]
    named = (first["patient_id"], first["practice"], first["pathway"], first["ward"], first["unique_resource_id"])
    assert named == (42, "Practice 2", "P2_home", "AMU", "AMU #1")
    assert first["timestamp"] == pd.Timestamp(dt.datetime(2017, 4, 2, 12))
    assert first["run_number"] == 3


def test_someone_still_inside_has_no_end_and_no_departure():
    world = World()
    world.in_bed(8.0)
    assert story(events_frame(world.log())) == [(8.0, "arrival"), (8.0, "Ward 1_begins")]


def test_someone_still_waiting_is_in_the_queue():
    world = World()
    row = world.spell(at=9.0, door=WAITING)
    world.stay(row, "A&E", NAN, queued=9.0)
    assert story(events_frame(world.log())) == [(9.0, "arrival"), (9.0, "A&E_wait_begins")]


def test_someone_held_up_at_the_edge_in_a_world_without_beds_has_not_departed():
    world = World()
    row = world.spell(at=8.0, door=IN_COMMUNITY)
    world.delay(row, "package", 8.0, 10.0)
    assert story(events_frame(world.log())) == [(8.0, "arrival")]


def test_an_averted_presentation_has_rows():
    world = World()
    world.spell(at=3.0, door=AVERTED_HUDDLE)
    assert story(events_frame(world.log())) == [(3.0, "arrival"), (3.0, "averted_huddle"), (3.0, "depart")]


def test_a_bed_is_freed_before_it_is_taken_at_one_instant():
    world = World()
    world.in_bed(4.0, 6.0)  # the earlier row takes the bed of the later one
    world.in_bed(1.0, 4.0)
    events = [event for time, event in story(events_frame(world.log())) if time == 4.0]
    assert events == ["Ward 1_ends", "arrival", "Ward 1_begins", "depart"]


def test_a_stay_of_no_length_begins_before_it_ends():
    world = World()
    world.in_bed(4.0, 4.0)
    assert [event for _, event in story(events_frame(world.log()))] == [
        "arrival",
        "Ward 1_begins",
        "Ward 1_ends",
        "depart",
    ]


def test_beds_are_numbered_lowest_free_first():
    world = World()
    for at, left in [(1.0, 5.0), (2.0, 3.0), (3.0, 4.0), (4.5, 6.0), (5.0, 7.0)]:
        world.in_bed(at, left)
    assert slots(world.log()).tolist() == [1, 2, 2, 2, 1]


def test_who_never_got_in_has_no_number():
    world = World()
    row = world.spell(at=9.0, door=WAITING)
    world.stay(row, "A&E", NAN, queued=9.0)
    assert slots(world.log()).tolist() == [0]


@given(stays=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 4)), max_size=15))
def test_replaying_the_log_never_uses_a_bed_twice(stays):
    world = World()
    for start, length in stays:
        world.in_bed(float(start), float(start + length) if start + length < 10 else NAN)
    in_use: set[int] = set()
    most = 0
    for event, bed in events_frame(world.log())[["event_type", "resource_id"]].itertuples(index=False):
        if event == "resource_use":
            assert bed not in in_use
            in_use.add(bed)
            most = max(most, bed)
        elif event == "resource_use_end":
            in_use.remove(bed)
    assert most <= max((sum(a <= day <= a + n for a, n in stays) for day in range(10)), default=0)


def test_vidigi_has_hours():
    assert vidigi_frame(one_life().log())["time"].tolist()[2] == 36.0


def test_stays_have_names_and_every_wait():
    frame = stays_frame(one_life().log())
    assert frame[["place", "kind", "queued", "entered", "left"]].to_numpy().tolist() == [
        ["AMU", "assessment_unit", 1.0, 1.5, 2.0],
        ["Ward 1", "ward", 2.0, 2.0, 5.0],
        ["LIFE", "life", 4.0, 5.0, 9.0],
    ]


def test_pm4py_pairs_the_lifecycle_of_an_activity():
    frame = pm4py_frame(one_life().log())
    rows = frame[frame["concept:name"] == "AMU"]
    assert rows["lifecycle:transition"].tolist() == ["schedule", "start", "complete"]
    assert rows["org:resource"].tolist()[1:] == ["AMU #1", "AMU #1"]


def test_bupar_has_one_row_per_activity():
    frame = bupar_frame(one_life().log())
    assert frame["activity"].tolist() == ["admitted", "AMU", "Ward 1", "LIFE"]
    assert frame.loc[1, "complete"] == pd.Timestamp(dt.datetime(2017, 4, 3))


def test_an_activity_still_going_on_is_not_complete():
    world = World()
    world.in_bed(8.0)
    assert pd.isna(bupar_frame(world.log()).loc[1, "complete"])


def test_an_empty_log_gives_empty_frames():
    assert [len(make(World().log())) for make in (events_frame, stays_frame, pm4py_frame, bupar_frame)] == [0, 0, 0, 0]
