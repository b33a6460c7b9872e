"""A file or a folder put in its place at once: whole, or as it was before."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows
    fcntl: Any = None  # type: ignore[no-redef]

_LONGEST = 80  # letters of a name in that of its part, as names have an end
_PART = ".part"


def put(path: Path, data: bytes) -> Path:
    """Write a file so that whoever reads meanwhile finds the old one or the new one, and give its path.

    Two commands may do so at once: each writes beside the place under a name of its own, the last one stays.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left behind then.
    """
    part = path.with_name(f".{path.name[:_LONGEST]}.{os.getpid()}-{secrets.token_hex(4)}{_PART}")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


@contextlib.contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A hidden folder beside a place, gone afterwards unless it was moved there.

    It is locked as long as the process lives, however that ends; so what a killed one has left can be told from what
    another is at work on, and is cleared away by the next that writes to this place.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{path.name[:_LONGEST]}."
    _clear(path.parent, prefix)
    part = Path(tempfile.mkdtemp(prefix=prefix, suffix=_PART, dir=path.parent))
    lock = _locked(part)
    try:
        part.chmod(0o777 & ~_umask())
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _clear(parent: Path, prefix: str) -> None:
    """Remove the parts of one place whose writers are dead."""
    for part in sorted(parent.iterdir()):
        if part.name.startswith(prefix) and part.name.endswith(_PART) and part.is_dir() and not part.is_symlink():
            lock = _locked(part)
            if lock is not None:
                shutil.rmtree(part, ignore_errors=True)
                os.close(lock)


def _locked(folder: Path) -> int | None:
    """A lock on a folder, until it is closed or the process ends; None if another has it, or there are no locks."""
    if fcntl is None:
        return None
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
        else:
            return handle
    return None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
