"""Children that stand ready: they have imported what they need, so that a moved lever does not wait for it.

A child serves one stretch of work and ends with it; those that stand ready are always new, and nobody's yet.
"""

from __future__ import annotations

import atexit
import subprocess
import sys
import threading
import time

from flowsim.app.child import environment

AT_HAND = 2
"""As many as the first numbers need: the world without the plan, and with it."""

IDLE = 900.0
"""Seconds after which children end that nobody needs."""

_CHILD = [sys.executable, "-P", "-m", "flowsim.app.child"]


class Ready:
    """Children that stand ready, for all who look at the page.

    Parameters
    ----------
    idle : float
        Seconds after which they end if none was taken or asked for.
    """

    def __init__(self, idle: float = IDLE) -> None:
        self._idle, self._asked = idle, time.monotonic()
        self._standing: list[subprocess.Popen[bytes]] = []
        self._lock = threading.RLock()
        self._watched = False

    @property
    def standing(self) -> list[int]:
        """Their process numbers."""
        with self._lock:
            return [child.pid for child in self._living()]

    def take(self) -> subprocess.Popen[bytes]:
        """A child that stood ready, or else a new one; it is the caller's to end."""
        with self._lock:
            self._asked = time.monotonic()
            living = self._living()
            return living.pop(0) if living else _started()

    def stock(self, count: int = AT_HAND) -> None:
        """See that so many stand ready, at most as many as are of use."""
        with self._lock:
            self._asked = time.monotonic()
            living = self._living()
            living += [_started() for _ in range(min(count, AT_HAND) - len(living))]
            if not self._watched:
                self._watched = True
                threading.Thread(target=self._watch, daemon=True).start()

    def end(self) -> None:
        """End them all."""
        with self._lock:
            standing, self._standing = self._standing, []
        for child in standing:
            ended(child)

    def _living(self) -> list[subprocess.Popen[bytes]]:
        """Those that stand; any that has died is let go of."""
        for child in [one for one in self._standing if one.poll() is not None]:
            self._standing.remove(child)
            ended(child)
        return self._standing

    def _watch(self) -> None:
        while True:
            time.sleep(min(1.0, self._idle))
            with self._lock:
                if time.monotonic() - self._asked > self._idle:
                    self.end()
                if not self._living():
                    self._watched = False
                    return


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(_CHILD, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment())


def ended(child: subprocess.Popen[bytes]) -> None:
    """Kill a child, wait until it is gone, and close what led to it."""
    child.kill()
    child.wait()
    for stream in (child.stdin, child.stdout):
        close(stream)


def close(stream: object) -> None:
    """Close a stream that may lead to nobody any more."""
    try:
        stream.close()  # type: ignore[attr-defined]
    except OSError:
        return  # it is gone with the child


READY = Ready()
"""Those of this process."""
atexit.register(READY.end)
