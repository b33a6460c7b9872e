"""Commands of `flowsim`. They read what the user typed, call plain functions, and are the only part that prints."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command that was typed; the process ends with its exit code (0, 2, 3 or 130)."""
    from flowsim.cli.app import app
    from flowsim.interrupts import listen

    if sys.stdout is None:  # closed by the shell (>&-): nobody listens
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for as long as the process lives
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a sign shows ? instead of a traceback
    listen()
    app(prog_name="flowsim")
