"""What was not tested is said loudly at the end of a run."""

from __future__ import annotations


def pytest_terminal_summary(terminalreporter):
    """Name every test that needs something this machine lacks."""
    left_out = [report for report in terminalreporter.stats.get("skipped", []) if isinstance(report.longrepr, tuple)]
    if not left_out:
        return
    terminalreporter.section("NOT TESTED ON THIS MACHINE", sep="!", red=True, bold=True)
    for report in left_out:
        reason = str(report.longrepr[2]).removeprefix("Skipped: ")
        terminalreporter.write_line(f"{report.nodeid}: {reason}", red=True, bold=True)
