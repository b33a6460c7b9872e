"""A file of a folder put in its place at once: whole, or as it was before."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_LONGEST = 80  # letters of a name in that of its part, as names have an end


def put(path: Path, data: bytes) -> Path:
    """Write a file so that whoever reads meanwhile finds the old one or the new one, and give its path.

    Two commands may do so at once: each writes beside the place under a name of its own, the last one stays.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left behind then.
    """
    part = path.with_name(f".{path.name[:_LONGEST]}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
