"""Files that are whole or not there: written beside their place, forced to disk, then renamed.

A temporary file is locked by the process that writes it. The lock ends with the process, however it ends; so what can
be locked by another is nobody's, and is cleaned away, while a living run's is left alone.
"""

from __future__ import annotations

import contextlib
import os
import platform
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from flowsim.sweeps.problems import StoreError, reason

if TYPE_CHECKING:
    from matplotlib.figure import Figure

try:
    import fcntl
except ImportError:  # Windows, which does not let an open file be deleted
    fcntl: Any = None  # type: ignore[no-redef]

TEMPORARY = ".tmp-"
_FORGOTTEN = 86_400.0  # seconds after which a temporary file is nobody's where locks do not work
_TRIES = 5


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole, with these bytes, or as it was before, even if the power fails.

    Raises
    ------
    StoreError
        If the disk is full or cannot be written to.
    """
    for attempt in range(_TRIES):
        try:
            with _temporary(path.parent) as (file, temporary):
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                if fcntl is None:
                    file.close()  # Windows does not rename open files
                temporary.replace(path)
            _sync_folder(path.parent)
        except FileNotFoundError as error:  # cleaned away between its making and its locking
            if attempt == _TRIES - 1 or not path.parent.is_dir():
                raise StoreError(f"{path.parent}: cannot be written: {reason(error)}") from error
        except OSError as error:
            raise StoreError(f"{path}: cannot be written: {reason(error)}") from error
        else:
            return


def write_figure(folder: Path, stem: str, drawn: Figure) -> list[str]:
    """Write a figure as ``<stem>.png`` and ``<stem>.svg``, and give these names.

    Raises
    ------
    StoreError
        As :func:`write_whole`.
    """
    from flowsim.plots.style import png, svg

    files = {f"{stem}.png": png(drawn), f"{stem}.svg": svg(drawn, stem).encode()}
    for name, data in files.items():
        write_whole(folder / name, data)
    return list(files)


def write_first(path: Path, data: bytes) -> bool:
    """Write a file unless there is one; of several that try at once exactly one does. Says whether it was this one."""
    try:
        with _temporary(path.parent) as (file, temporary):
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            try:
                os.link(temporary, path)
            except FileExistsError:
                return False
            except OSError:  # a file system without links
                return _created(path, data)
        _sync_folder(path.parent)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {reason(error)}") from error
    return True


def _created(path: Path, data: bytes) -> bool:
    try:
        with path.open("xb") as file:
            file.write(data)
            os.fsync(file.fileno())
    except FileExistsError:
        return False
    return True


def clean(folder: Path) -> list[str]:
    """Remove temporary files whose writers are dead; gives their names."""
    removed = []
    for path in sorted(folder.glob(f"{TEMPORARY}*")):
        with contextlib.suppress(OSError):
            if _is_nobodys(path):
                path.unlink()
                removed.append(path.name)
    return removed


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until no other process is inside a block with this lock file; where locks do not work, go on."""
    with path.open("a+b") as file:
        if fcntl is not None:
            with contextlib.suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _temporary(folder: Path) -> Iterator[tuple[IO[bytes], Path]]:
    host = "".join(letter for letter in platform.node() if letter.isalnum())[:20]
    path = folder / f"{TEMPORARY}{host}-{os.getpid()}-{time.time_ns():x}-{secrets.token_hex(4)}"
    with path.open("xb") as file:
        if fcntl is not None:
            with contextlib.suppress(OSError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            yield file, path
        finally:
            with contextlib.suppress(OSError):
                path.unlink()


def _is_nobodys(path: Path) -> bool:
    if fcntl is None:
        return True  # of a living process it cannot be deleted
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return time.time() - path.stat().st_mtime > _FORGOTTEN
    return True


def _sync_folder(folder: Path) -> None:
    """Force a rename to disk, where folders can be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
