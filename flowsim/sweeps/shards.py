"""Finished blocks of runs, each a Parquet file named by what it is of and by what it holds.

``<key>-<content>.parquet``: the key is the SHA-256 of part, scenario fingerprint, seed, replications and model version;
the content is the SHA-256 of the file's bytes (32 hexadecimal digits of each). A file is used only if its bytes have
the hash in its name and it says itself that it is of that key; Parquet's page checksums are on besides. What fails is
named, put aside in ``rejected/`` and computed again.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowsim.experiment.parquet import read_table
from flowsim.params import MODEL_VERSION
from flowsim.sweeps.files import TEMPORARY, clean, write_whole
from flowsim.sweeps.problems import StoreError, reason

NUMBERS, DAILY, EVENTS = "numbers", "daily", "events"
_NAME = re.compile(r"([0-9a-f]{32})-([0-9a-f]{32})\.parquet")
_NOTES = b"flowsim_shard"


@dataclass(frozen=True, slots=True)
class Block:
    """Replications ``first`` up to but without ``last`` of one scenario."""

    fingerprint: str
    seed: int
    first: int
    last: int

    def key(self, part: str) -> str:
        """Name of a part of it: the first half of a shard's file name."""
        text = json.dumps([part, self.fingerprint, self.seed, self.first, self.last, MODEL_VERSION])
        return hashlib.sha256(text.encode()).hexdigest()[:32]


class BadShardError(Exception):
    """A file among the shards is not what its name says."""


@dataclass(frozen=True, slots=True)
class Shard:
    """A verified shard: its table, and the notes it carries (block, versions, failures)."""

    name: str
    table: Any
    notes: dict[str, Any]


class Store:
    """The shards of a folder.

    Parameters
    ----------
    folder : Path
        The folder of the sweep; shards are in ``shards/``, what was put aside in ``rejected/``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "shards"
        self.rejected = folder / "rejected"

    def prepare(self) -> list[str]:
        """Make the folder, and clean away what dead processes left in it; gives the names removed."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{self.folder}: cannot be made: {reason(error)}") from error
        return clean(self.folder)

    def write(self, block: Block, part: str, columns: Mapping[str, Any], notes: Mapping[str, Any]) -> str:
        """Keep a table; gives the name of its file. The same table has the same name and bytes."""
        key = block.key(part)
        stated = {"key": key, "part": part, "fingerprint": block.fingerprint, "seed": block.seed}
        stated |= {"first": block.first, "last": block.last, "model_version": MODEL_VERSION, **notes}
        data = parquet_bytes(columns, {_NOTES: json.dumps(stated, sort_keys=True).encode()})
        name = f"{key}-{_content(data)}.parquet"
        write_whole(self.folder / name, data)
        return name

    def read(self, name: str) -> Shard:
        """A shard, verified.

        Raises
        ------
        BadShardError
            If it is not what its name says, or cannot be read.
        """
        import pyarrow as pa

        match = _NAME.fullmatch(name)
        if match is None:
            raise BadShardError("is no shard: its name is not of the right form")
        data = self._bytes(name)
        if _content(data) != match[2]:
            raise BadShardError(f"its {len(data):,} bytes are not those its name was made from")
        try:
            table = read_table(io.BytesIO(data), checked=True)
            notes = json.loads((table.schema.metadata or {})[_NOTES])
        except (pa.ArrowException, KeyError, ValueError, OSError) as error:
            raise BadShardError(f"cannot be read: {reason(error)}") from error
        if notes.get("key") != match[1]:
            raise BadShardError("is of another block than its name says")
        return Shard(name, table.replace_schema_metadata(None), notes)

    def _bytes(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise BadShardError(f"cannot be read: {reason(error)}") from error

    def put_aside(self, name: str) -> None:
        """Move a file that is no shard to ``rejected/``; another run may have done so already."""
        try:
            self.rejected.mkdir(exist_ok=True)
            (self.folder / name).replace(self.rejected / name)
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(f"{self.folder / name}: cannot be moved away: {reason(error)}") from error

    def remove(self, name: str) -> None:
        """Delete a shard that a better one has taken the place of."""
        (self.folder / name).unlink(missing_ok=True)

    def names(self) -> dict[str, list[str]]:
        """Names of files by key; under "" those that are no shards. Temporary files are left out."""
        found: dict[str, list[str]] = {}
        if self.folder.is_dir():
            for path in sorted(self.folder.iterdir()):
                if not path.name.startswith(TEMPORARY):
                    match = _NAME.fullmatch(path.name)
                    found.setdefault(match[1] if match else "", []).append(path.name)
        return found

    def of_key(self, key: str) -> list[str]:
        """Names of the shards of one key."""
        return sorted(path.name for path in self.folder.glob(f"{key}-*.parquet"))

    def verified(self) -> Iterator[Shard]:
        """Every shard that is what its name says."""
        for key, names in self.names().items():
            for name in names if key else []:
                try:
                    yield self.read(name)
                except BadShardError:
                    continue


def parquet_bytes(columns: Mapping[str, Any], metadata: Mapping[bytes, bytes] | None = None) -> bytes:
    """A table as Parquet with page checksums; the same table has the same bytes."""
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.table(dict(columns)).replace_schema_metadata(dict(metadata or {}))
    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd", write_page_checksum=True)
    return bytes(sink.getvalue())


def _content(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]
