"""A request to stop (Ctrl-C, or a scheduler's SIGTERM) that cannot be lost on its way.

Python raises KeyboardInterrupt at whatever line is running. If that line was called by a library written in C, the
library may take the exception for one of its own and go on: pydantic's serializer does, while it tries the forms of a
value. So the request is noted as well, and every loop over replications looks at the note.
"""

from __future__ import annotations

import signal
from types import FrameType

_asked = False


class Stopped(KeyboardInterrupt):
    """A request to stop on its way.

    A class of its own: once KeyboardInterrupt itself has passed code that was compiled from text, as that of data
    classes is, ``python -m`` ends the process by SIGINT, whatever exit code the program gave.
    """


def listen() -> None:
    """Note requests to stop from now on; to be called by a command in its main thread.

    A SIGINT that whoever started the process wanted ignored (``command &`` in a script) stays ignored.
    """
    global _asked
    _asked = False
    signal.signal(signal.SIGTERM, _note)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _note)


def heed() -> None:
    """Do what was asked, if it was.

    Raises
    ------
    Stopped
        If a request to stop has come since :func:`listen`.
    """
    if _asked:
        raise Stopped


def _note(_signal: int, _frame: FrameType | None) -> None:
    global _asked
    _asked = True
    raise Stopped  # finished work is kept by whoever catches it
