"""Waiting for other processes, whatever the machine is busy with."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import psutil

Found = TypeVar("Found")


def until(happened: Callable[[], Found], seconds: float = 120.0, pause: float = 0.02) -> Found:
    """Wait until something holds, and give it; fail if it does not in time."""
    deadline = time.monotonic() + seconds
    while not (found := happened()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(pause)
    return found


def until_busy(process: int, seconds: float) -> None:
    """Wait until a process and its workers have used so many seconds of processor time, and fail if it ends before."""

    def used() -> float:
        own = psutil.Process(process)
        assert own.status() != psutil.STATUS_ZOMBIE, "it was over before it was stopped"
        found = own.cpu_times().user
        for worker in own.children(recursive=True):
            try:
                found += worker.cpu_times().user
            except psutil.NoSuchProcess:
                continue
        return found

    until(lambda: used() >= seconds)
