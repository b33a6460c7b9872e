"""The what-if page in a real browser: load, move a slider, see the number change, download, stop, end."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import browsers
import pytest
import whatifs
from selenium.webdriver.common.keys import Keys
from waiting import until

from flowsim import compare
from flowsim.config.load import load
from flowsim.report.numbers import answers

pytestmark = pytest.mark.behaviour

TAKEN = ("what_if_my_plan.yaml", "what_if_small_base.yaml")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(parent: int) -> list[int]:
    """Processes below one, all the way down."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            found += [int(stat.parent.name), *children_of(int(stat.parent.name))]
    return found


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A folder with plan and base of the small world."""
    folder = tmp_path_factory.mktemp("study")
    whatifs.written(folder)
    return folder


@pytest.fixture(scope="module")
def served(study):
    """The command ``flowsim app`` at work: its process and address."""
    if browsers.LACKING:
        pytest.skip(f"the what-if page was not tried in a browser: {browsers.LACKING}")
    port = free_port()
    words = ["app", "plan.yaml", "--base", "base.yaml", "--port", str(port), "--no-browser", "-n", "2"]
    with (study / "errors.txt").open("w") as errors:
        command = subprocess.Popen(
            [sys.executable, "-m", "flowsim", *words],
            cwd=study,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    assert f"http://127.0.0.1:{port}" in command.stdout.readline()
    yield command, f"http://127.0.0.1:{port}"
    if command.poll() is None:
        command.send_signal(signal.SIGINT)
        command.wait(20)
    command.stdout.close()


@pytest.fixture(scope="module")
def browser(served, study):
    """Chromium without a window on the page, with a folder for what it downloads."""
    with browsers.looking_at(served[1], study / "taken") as driver:
        yield driver


def answer(browser) -> str:
    """The sentence that answers, once all replications are done; nothing before."""
    return str(
        browser.execute_script(
            "const a = document.querySelector('.fs-answer');"
            "const done = a && document.body.innerText.includes('all done') && !a.textContent.startsWith('Simulating');"
            "return done ? a.textContent : ''"
        )
    )


def slider(browser, key: str):
    """What takes the keys of a slider, in this version of Streamlit or an older one."""
    return until(
        lambda: next(
            iter(
                browser.find_elements("css selector", f".st-key-{key} input[type=range], .st-key-{key} [role=slider]")
            ),
            None,
        )
    )


def click(browser, words: str) -> None:
    """Click what has these words on it; found and clicked at once, as the page may be drawn anew in between."""
    found = (
        "const all = [...document.querySelectorAll('button, summary')];"
        "const one = all.find(each => each.innerText.trim().endsWith(arguments[0]) && !each.disabled);"
        "if (one) one.click(); return !!one"
    )
    until(lambda: browser.execute_script(found, words))


def test_load_move_a_slider_see_the_number_change_download_and_repeat_it(browser, study):
    before = until(lambda: answer(browser))
    assert "Small plan" in before
    slider(browser, "huddles-fewer").send_keys(Keys.ARROW_LEFT * 9)  # from 14 to 5
    after = until(lambda: (found := answer(browser)) != before and "My plan" in found and found)
    assert re.findall(r"[\d,.]+", after) != re.findall(r"[\d,.]+", before)

    click(browser, "Downloads")
    click(browser, "Everything in one")
    taken = until(lambda: next((study / "taken").glob("*.zip"), None))
    with zipfile.ZipFile(taken) as box:
        box.extractall(study / "unpacked")
    names = sorted(one.name for one in (study / "unpacked").iterdir())
    expected = ["how_to_repeat.txt", "report.html", "results.xlsx", *TAKEN]
    assert names == expected

    again = _repeated(study)
    assert answers(again.summary(), 42)[0] == after


def _repeated(study: Path):
    """What the downloaded scenarios give on the command line's own path, beside the files they stand on."""
    folder = study / "beside"
    folder.mkdir()
    whatifs.written(folder)
    plan, base = (shutil.copy(study / "unpacked" / name, folder) for name in TAKEN)
    return compare(load(base), load(plan), replications=2, seed=1, jobs=1)


def test_the_page_is_served_to_this_computer_only(served):
    port = int(served[1].rpartition(":")[2])
    here = f"0100007F:{port:04X}"  # 127.0.0.1 as the kernel writes it
    rows = Path("/proc/net/tcp").read_text(encoding="utf-8").splitlines()[1:]
    listening = [row.split()[1] for row in rows if row.split()[3] == "0A" and row.split()[1].endswith(f":{port:04X}")]
    assert listening == [here]


def test_pictures_have_words_for_those_who_do_not_see_them(browser):
    click(browser, "Beds by day")
    alts = "return [...document.querySelectorAll('.fs-picture img')].map(one => one.alt)"
    said = until(lambda: browser.execute_script(alts))
    assert all(len(one) > 40 for one in said)


def test_stop_is_real_and_ctrl_c_ends_page_and_children(browser, served, study):
    command, _ = served
    server = children_of(command.pid)
    click(browser, "Back to start")
    until(lambda: "My plan" not in answer(browser) and answer(browser))
    click(browser, "How exact?")
    slider(browser, "replications").send_keys(Keys.END)  # the most there can be
    until(lambda: len(children_of(command.pid)) > len(server))
    click(browser, "Stop")
    until(lambda: "stopped" in browser.execute_script("return document.body.innerText"))
    until(lambda: len(children_of(command.pid)) <= len(server))

    everyone = children_of(command.pid)
    command.send_signal(signal.SIGINT)
    assert command.wait(20) == 0
    until(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in everyone))
    assert "Fatal" not in (study / "errors.txt").read_text()
