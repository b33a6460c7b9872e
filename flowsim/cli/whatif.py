"""`app`: the what-if page in the browser, served to this computer only."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from flowsim.cli.common import InputError, config_problems, user_errors

HOST = "127.0.0.1"
_READY_SECONDS = 60.0
_LOOK = ("--theme.base=light", "--theme.primaryColor=#0069a8", "--client.toolbarMode=minimal")
_QUIET = (
    "--server.headless=true",
    "--browser.gatherUsageStats=false",
    "--server.fileWatcherType=none",
    "--runner.magicEnabled=false",
    "--logger.level=warning",
)


def app(
    config: Annotated[
        str, typer.Argument(metavar="CONFIG", help="The plan to begin from: a YAML file or a shipped scenario.")
    ] = "transition_year",
    base: Annotated[
        str, typer.Option("--base", metavar="CONFIG", help="What the plan is held against; it covers the same days.")
    ] = "do_nothing",
    replications: Annotated[
        int, typer.Option("--replications", "-n", metavar="N", min=2, max=500, help="Replications the page aims at.")
    ] = 30,
    seed: Annotated[int, typer.Option("--seed", metavar="S", min=0, max=2**53 - 1, help="Seed; 0 is a seed.")] = 1,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, max=1024, help="Worker processes; by default all cores.")
    ] = None,
    port: Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help="Port on this computer.")] = 8501,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
) -> None:
    """Open the what-if page.

    Move the levers of a plan in plain words and see what changes, with intervals; compare plans, follow one person,
    and take home report, workbook and scenario files that repeat every number on the command line. The page is
    served to this computer only, and nothing is sent anywhere. Ctrl-C ends it.

    \b
    Examples
      flowsim app
      flowsim app my_plan.yaml --port 8600
      flowsim app ten_year/phase1 --base ten_year/do_nothing -n 10
    """
    with user_errors():
        _check(config, base, port)
        numbers = {"--replications": replications, "--seed": seed, **({} if jobs is None else {"--jobs": jobs})}
        typed = [f"--plan={config}", f"--base={base}", *(f"{name}={number}" for name, number in numbers.items())]
        _serve(typed, port, show=not no_browser)


def _check(config: str, base: str, port: int) -> None:
    """Everything that can be wrong, before anything starts."""
    if find_spec("streamlit") is None:
        raise InputError("the page needs Streamlit, which is not installed: pip install 'croydon-flowsim[app]'")
    with config_problems():
        from flowsim.app.state import Start

        Start.of(config, base)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise InputError(f"port {port} cannot be used ({error.strerror}); give another with --port") from None


def _serve(typed: list[str], port: int, *, show: bool) -> None:
    from flowsim.app.child import environment

    page = Path(__file__).parent.parent / "app" / "page.py"
    place = (f"--server.address={HOST}", f"--server.port={port}", f"--browser.serverAddress={HOST}")
    words = [sys.executable, "-P", "-m", "flowsim.app.serve", os.fspath(page), *place, *_QUIET, *_LOOK, "--", *typed]
    server = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=environment())
    try:
        _wait(server, port)
        typer.echo(f"the what-if page is at http://{HOST}:{port} (Ctrl-C ends it)")
        if show:
            typer.launch(f"http://{HOST}:{port}")
        code = server.wait()
    except KeyboardInterrupt:
        typer.echo("the what-if page is closed", err=True)
        return
    finally:
        _end(server)
    if code:
        raise InputError(f"the page ended by itself (exit code {code})")


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    """Until the page answers."""
    until = time.monotonic() + _READY_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection((HOST, port), timeout=1.0).close()
            return
        except OSError:
            time.sleep(0.1)
    raise InputError(f"the page did not start within {_READY_SECONDS:g} seconds; see the messages above")


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(5.0)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
