"""How far a long check is: a million points take ten minutes, and nobody should wonder for so long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from flowsim.interrupts import heed

Tell = Callable[[int, int], None]
"""Called with (done, in all)."""
One = TypeVar("One")
_OFTEN = 100  # points, a tenth of a second of them, between two looks


def told(items: Sequence[One], tell: Tell | None) -> Iterator[One]:
    """The items one by one; now and then how far one is is told, and a request to stop is heeded.

    Raises
    ------
    KeyboardInterrupt
        If the user has asked to stop.
    """
    for done, one in enumerate(items):
        if done % _OFTEN == 0:
            heed()
            if tell is not None:
                tell(done, len(items))
        yield one
    if tell is not None:
        tell(len(items), len(items))
