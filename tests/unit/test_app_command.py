"""``flowsim app`` as it is typed: what is wrong is said before anything starts."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import flowsim as fs
from flowsim.cli.app import app

pytestmark = pytest.mark.unit


def typed(*words: str):
    """Type it."""
    return CliRunner().invoke(app, ["app", "--no-browser", *words], prog_name="flowsim")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.yaml"], "nowhere.yaml: there is no such file"),
        (["transition_year", "--base", "neither"], "neither: there is no such file"),
        (["ten_year/phase1"], "give a base with the same days: --base"),
        (["--port", "70000"], "'--port'"),
        (["-n", "1"], "'--replications'"),
    ],
)
def test_bad_input_ends_with_2_and_says_why(words, said):
    result = typed(*words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_a_port_in_use_is_told_with_what_to_do():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = typed("--port", port)
    assert result.exit_code == 2
    assert f"port {port} cannot be used" in result.stderr
    assert "--port" in result.stderr


def test_without_streamlit_the_extra_is_named():
    code = "import sys; sys.modules['streamlit'] = None; from flowsim.cli import main; sys.argv[1:] = ['app']; main()"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 2
    assert "pip install 'croydon-flowsim[app]'" in result.stderr


def test_the_server_ends_with_the_command_that_started_it_however_that_ends():
    app_page = os.fspath(Path(fs.__file__).parent / "app" / "page.py")
    place = ["--server.address=127.0.0.1", "--server.port=0", "--server.headless=true"]
    words = [sys.executable, "-P", "-m", "flowsim.app.serve", *place, app_page]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        server.stdin.close()
        assert server.wait(20.0) == 0
