"""Shards: found again only if they are what their names say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tiny_sweeps import shards, swept

from flowsim.sweeps.files import clean, write_first, write_whole
from flowsim.sweeps.problems import StoreError
from flowsim.sweeps.shards import NUMBERS, BadShardError, Block, Store
from flowsim.sweeps.work import found

pytestmark = pytest.mark.unit

BLOCK = Block("f" * 64, seed=0, first=0, last=2)
TABLE = {"replication": np.array([0, 1]), "value": np.array([1.5, float("nan")])}


@pytest.fixture
def store(tmp_path) -> Store:
    made = Store(tmp_path)
    made.prepare()
    return made


def _kept(store: Store, failures: tuple = (), block: Block = BLOCK, value: float = 1.5) -> str:
    return store.write(block, NUMBERS, {"value": np.array([value])}, {"failures": list(failures)})


def test_a_shard_is_read_back_as_it_was_written(store):
    shard = store.read(store.write(BLOCK, NUMBERS, TABLE, {"failures": []}))
    assert shard.table.column("value").to_numpy().tobytes() == TABLE["value"].tobytes()
    assert (shard.notes["first"], shard.notes["last"], shard.notes["seed"]) == (0, 2, 0)


def test_the_same_table_has_the_same_name_and_bytes(store):
    first = (store.folder / _kept(store)).read_bytes()
    (again,) = [store.folder / name for name in [_kept(store)]]
    assert again.read_bytes() == first
    assert len(store.names()) == 1


@pytest.mark.parametrize(
    "other",
    [
        Block("e" * 64, 0, 0, 2),
        Block("f" * 64, 1, 0, 2),
        Block("f" * 64, 0, 1, 2),
        Block("f" * 64, 0, 0, 3),
    ],
)
def test_anything_the_numbers_depend_on_is_in_the_key(other):
    assert other.key(NUMBERS) != BLOCK.key(NUMBERS)


def test_every_flipped_bit_of_a_shard_is_detected(store):
    path = store.folder / _kept(store)
    data = path.read_bytes()
    luck = np.random.Generator(np.random.PCG64(0))
    for bit in luck.choice(8 * len(data), size=300, replace=False):
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << (bit % 8)
        path.write_bytes(bytes(damaged))
        with pytest.raises(BadShardError, match="bytes are not those its name was made from"):
            store.read(path.name)


def test_every_truncation_of_a_shard_is_detected(store):
    path = store.folder / _kept(store)
    data = path.read_bytes()
    for size in range(0, len(data), 37):
        path.write_bytes(data[:size])
        with pytest.raises(BadShardError, match="bytes are not those"):
            store.read(path.name)


def test_a_shard_under_the_key_of_another_block_is_foreign(store):
    name = _kept(store)
    other = Block("0" * 64, 0, 0, 2).key(NUMBERS) + name[32:]
    (store.folder / name).rename(store.folder / other)
    with pytest.raises(BadShardError, match="is of another block than its name says"):
        store.read(other)


def test_a_damaged_shard_is_put_aside_and_named(store):
    name = _kept(store)
    (store.folder / name).write_bytes(b"nothing")
    there = found(store, BLOCK, (NUMBERS,))
    assert there.shards == ()
    assert there.rejected[0].startswith(f"{name}: its 7 bytes are not those")
    assert [path.name for path in store.rejected.iterdir()] == [name]


def test_of_two_shards_of_a_block_the_one_without_failures_is_used(store):
    _kept(store, failures=([1, "made up"],))
    whole = _kept(store, value=2.5)
    there = found(store, BLOCK, (NUMBERS,))
    assert (there.shards, there.lost) == ((whole,), ())


def test_a_block_of_which_a_part_is_missing_is_not_there(store):
    _kept(store)
    assert found(store, BLOCK, (NUMBERS, "daily")).shards == ()


def test_a_damaged_a_cut_and_a_foreign_shard_are_computed_again(tmp_path):
    first = swept(tmp_path)
    results = (first.folder / "results.parquet").read_bytes()
    one, two, *_ = shards(first)
    data = one.read_bytes()
    one.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    two.write_bytes(two.read_bytes()[:100])
    (one.parent / "notes.txt").write_text("mine")
    again = swept(tmp_path)
    assert (again.folder / "results.parquet").read_bytes() == results
    assert one.read_bytes() == data
    assert sorted(path.name for path in (again.folder / "rejected").iterdir()) == sorted(
        ["notes.txt", one.name, two.name]
    )
    log = (again.folder / "run.log").read_text()
    assert all(f"rejected: {name}" in log for name in ("notes.txt", one.name, two.name))


def test_a_temporary_file_of_a_dead_process_is_cleaned_and_that_of_a_living_one_is_not(tmp_path):
    code = (
        "import sys, pathlib; from flowsim.sweeps.files import _temporary\n"
        "with _temporary(pathlib.Path(sys.argv[1])): print('open', flush=True); sys.stdin.read()"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"open\n"
    assert clean(tmp_path) == []
    assert len(list(tmp_path.iterdir())) == 1
    writer.kill()
    writer.communicate()
    assert len(clean(tmp_path)) == 1
    assert list(tmp_path.iterdir()) == []


def test_of_several_that_write_a_file_first_only_one_does(tmp_path):
    assert [write_first(tmp_path / "file", text) for text in (b"one", b"two")] == [True, False]
    assert (tmp_path / "file").read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_cannot_be_written_to_is_a_clear_error(tmp_path):
    with pytest.raises(StoreError, match="cannot be written"):
        write_whole(tmp_path / "none" / "file", b"text")


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    code = (
        "import resource, sys, pathlib; from flowsim.sweeps.files import write_whole\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"  # no file may grow further, as on a full disk
        "write_whole(pathlib.Path(sys.argv[1]), bytes(5000))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "file")], capture_output=True, text=True, env=dict(os.environ)
    )
    assert "StoreError" in done.stderr
    assert "cannot be written: File too large" in done.stderr
    assert [(path.name, Path(path).read_bytes()) for path in tmp_path.iterdir()] == [("file", b"old")]
