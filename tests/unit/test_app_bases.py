"""Base worlds kept for the what-if page: within a limit, the first replications and the base used last stay longest."""

from __future__ import annotations

import pytest

from flowsim.app.bases import Bases, key_of
from flowsim.config.load import load
from flowsim.experiment.replicate import Alone, Failure, alone, joined, replication_of

pytestmark = pytest.mark.unit

SHORT = ["clock.warm_up_days=1", "clock.window_days=3"]


@pytest.fixture(scope="module")
def scenario():
    """A queue, for some days."""
    return load("theory/mmc", SHORT)


@pytest.fixture(scope="module")
def one(scenario):
    """One replication of it."""
    return alone(scenario, 1, 0)


@pytest.fixture(scope="module")
def size(one):
    """Bytes that it takes."""
    store = Bases()
    store.keep("a", 0, one)
    assert store.bytes > 0
    return store.bytes


def test_what_is_kept_is_found_by_base_and_replication(one):
    store = Bases()
    store.keep("a", 3, one)
    assert store.of("a") == {3: one}
    assert store.of("b") == {}


def test_the_limit_holds_and_the_first_replications_of_a_base_stay(one, size):
    store = Bases(2 * size)
    for number in range(5):
        store.keep("a", number, one)
    assert list(store.of("a")) == [0, 1]
    assert store.bytes == 2 * size


def test_the_base_used_longest_ago_makes_room_last_replication_first(one, size):
    store = Bases(4 * size)
    for key in ("a", "b"):
        store.keep(key, 0, one)
        store.keep(key, 1, one)
    store.of("a")
    store.keep("c", 0, one)
    assert [list(store.of(key)) for key in ("a", "b", "c")] == [[0, 1], [0], [0]]
    assert store.bytes == 4 * size


def test_keeping_twice_counts_once(one, size):
    store = Bases()
    store.keep("a", 0, one)
    store.keep("a", 0, one)
    assert store.bytes == size


def test_what_failed_or_is_larger_than_the_limit_is_not_kept(one, size):
    store = Bases(size - 1)
    store.keep("a", 0, one)
    store.keep("a", 1, Alone(None, None, (Failure("a", 1, "it went wrong"),)))
    assert store.of("a") == {}
    assert store.bytes == 0


def test_what_is_larger_than_the_limit_drives_no_other_base_out(one, size):
    larger = alone(load("theory/mmc", ["clock.warm_up_days=1", "clock.window_days=9"]), 1, 0)
    store = Bases(size)
    store.keep("a", 0, one)
    store.keep("b", 0, larger)
    assert [list(store.of(key)) for key in ("a", "b")] == [[0], []]


def test_seed_name_and_every_value_tell_bases_apart(scenario):
    other = scenario.with_(clock={"window_days": 4})
    named = scenario.model_copy(update={"name": "other"})
    assert len({key_of(scenario, 1), key_of(scenario, 2), key_of(other, 1), key_of(named, 1)}) == 4


def test_runs_made_apart_join_to_the_replication_that_one_process_makes(scenario):
    worlds = [scenario, scenario.with_(hospital={"wards": {"Ward": 6}})]
    apart = joined(worlds, 2, [alone(world, 1, 2) for world in worlds])
    whole = replication_of(worlds, 1, 2)
    assert [run.values for run in apart.runs] == [run.values for run in whole.runs]
    assert [run.parts for run in apart.runs] == [run.parts for run in whole.runs]
    assert apart.runs[1].parts["total"] != 0.0


def test_after_a_base_that_failed_no_plan_counts(scenario, one):
    failed = alone(scenario, -1, 0)
    assert joined([scenario, scenario], 0, [failed, one]).runs == ()
    assert len(joined([scenario, scenario], 0, [one, failed]).runs) == 1
