"""Tasks in worker processes, by joblib."""

from __future__ import annotations

import warnings
from collections.abc import Generator, Iterable
from typing import Any

from flowsim.interrupts import heed


def results(tasks: Iterable[Any], *, ordered: bool = True) -> Generator[Any]:
    """Results of delayed tasks as they are finished, in their order or in none.

    Must be called inside :func:`joblib.parallel_config`. When nobody wants the rest any more (the user has stopped, or
    an error is on its way), what is under way is given up without a word.
    """
    from joblib import Parallel

    found = Parallel(return_as="generator" if ordered else "generator_unordered")(tasks)
    try:
        for one in found:
            yield one
            heed()
    finally:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*(still being processed|but not used)", category=UserWarning)
            found.close()
