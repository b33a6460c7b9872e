"""Flipping bits of stored shards and cutting them short: is it noticed, and would Parquet alone have noticed?"""

from __future__ import annotations

import random
import resource
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bench import COMPLETE, FORK, Case, emptied, end_of, expected_shards, shards, start, sweep_in, tables

Hurt = tuple[str, bytes]
"""Name of a shard, and the bytes it has after it was damaged."""
_MEMORY = 6 * 2**30  # bytes a reader of damaged files may take
_WAYS = ("with the hash", "page checksums only", "neither")


def damage(case: Case, root: Path, flips: int, cuts: int, rescued: int, luck: random.Random) -> dict[str, Any]:
    """Damage shards one at a time and read each back in three ways; for some, run the sweep again as well."""
    folder = emptied(root / "damaged")
    end_of(start(sweep_in, case.study, folder))
    names = sorted(shards(folder))
    whole = {name: (folder / "shards" / name).read_bytes() for name in names}
    flipped = [_flipped(name, whole[name], luck) for name in luck.choices(names, k=flips)]
    cut = [(name, whole[name][: luck.randrange(len(whole[name]))]) for name in luck.choices(names, k=cuts)]
    found: dict[str, Any] = {"shard_bytes": sum(map(len, whole.values())) / len(whole)}
    for what, hurt in (("flips", flipped), ("cuts", cut)):
        read = _read_all(hurt, whole, root)
        found[what] = {way: dict(Counter(one[place] for one in read)) for place, way in enumerate(_WAYS)}
        chosen = luck.sample(hurt, min(rescued, len(hurt)))
        found[what]["rescued"] = len(chosen)
        found[what]["faults"] = [text for one in chosen for text in _rescue(case, folder, one)]
    return found


def _flipped(name: str, data: bytes, luck: random.Random) -> Hurt:
    at = luck.randrange(8 * len(data))
    changed = bytearray(data)
    changed[at // 8] ^= 1 << at % 8
    return name, bytes(changed)


def _read_all(hurt: list[Hurt], whole: dict[str, bytes], root: Path) -> list[tuple[str, str, str]]:
    """How each damaged shard reads; in a process of its own, as damaged files may crash a reader."""
    read: list[tuple[str, str, str]] = []
    while len(read) < len(hurt):
        here, there = FORK.Pipe()
        process = start(_reader, there, hurt[len(read) :], whole, root)
        there.close()
        try:
            while len(read) < len(hurt):
                first = "the reader crashed"
                first = here.recv()
                read.append((first, *here.recv()))
        except EOFError:  # damaged bytes took the reader with them
            read.append((first, "crash", "crash"))
        end_of(process)
    return read


def _reader(there: Connection, hurt: list[Hurt], whole: dict[str, bytes], root: Path) -> int:
    from flowsim.sweeps.shards import BadShardError, Store

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    store = Store(emptied(root / "hurt"))
    store.prepare()
    for name, data in hurt:
        (store.folder / name).write_bytes(data)
        try:
            store.read(name)
            first = "not noticed"
        except BadShardError:
            first = "noticed"
        there.send(first)
        there.send((_plainly(data, whole[name], True), _plainly(data, whole[name], False)))
        (store.folder / name).unlink()
    return 0


def _plainly(data: bytes, whole: bytes, checksums: bool) -> str:
    """How pyarrow alone reads damaged bytes: an error, the same numbers and notes as before, or wrong ones."""
    import pyarrow as pa
    from pyarrow import parquet

    right = parquet.read_table(pa.BufferReader(whole))
    try:
        table = parquet.read_table(pa.BufferReader(data), page_checksum_verification=checksums)
        table.validate(full=True)
    except Exception:  # noqa: BLE001 - whatever a damaged file may cause
        return "error"
    if repr(table.to_pydict()) != repr(right.to_pydict()):  # tables with NaN are not equal to themselves
        return "wrong numbers"
    return "same" if table.schema.metadata == right.schema.metadata else "wrong notes"


def _rescue(case: Case, folder: Path, hurt: Hurt) -> list[str]:
    """Run a finished sweep again that has a damaged shard: it is named, put aside and computed again."""
    name, data = hurt
    (folder / "shards" / name).write_bytes(data)
    log = folder / "run.log"
    log.unlink(missing_ok=True)
    ending = end_of(start(sweep_in, case.study, folder))
    found = [] if ending == COMPLETE and tables(folder) == case.tables else ["the tables have other bytes"]
    if f"rejected: {name}" not in log.read_text(encoding="utf-8"):
        found.append("the shard is not named in the log")
    aside = folder / "rejected" / name
    if not aside.exists() or aside.read_bytes() != data or len(shards(folder)) != expected_shards(case.study, folder):
        found.append("the shard was not put aside")
    return found
