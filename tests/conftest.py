"""For all tests: processes that do not outlive their test; what was not tested is said loudly at the end of a run."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress

import pytest


@pytest.fixture
def begin():
    """Start a command as a process group of its own, which ends with the test at the latest."""
    processes = []

    def start(words, **how):
        processes.append(subprocess.Popen(words, start_new_session=True, **how))
        return processes[-1]

    yield start
    for one in processes:
        with suppress(ProcessLookupError):
            os.killpg(one.pid, signal.SIGKILL)
        for pipe in (one.stdin, one.stdout, one.stderr):
            if pipe is not None:
                pipe.close()
        one.wait()


def pytest_terminal_summary(terminalreporter):
    """Name every test that needs something this machine lacks."""
    left_out = [report for report in terminalreporter.stats.get("skipped", []) if isinstance(report.longrepr, tuple)]
    if not left_out:
        return
    terminalreporter.section("NOT TESTED ON THIS MACHINE", sep="!", red=True, bold=True)
    for report in left_out:
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        terminalreporter.write_line(f"{report.nodeid}: {reason}", red=True, bold=True)
