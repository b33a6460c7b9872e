"""The pictures of docs/guide.md, taken from the what-if page itself.

    .venv/bin/python docs/screenshots.py

It starts ``flowsim app``, has Debian's chromium look at it (packages chromium and chromium-driver; the extra ``dev``),
and writes docs/pictures/*.png. Two minutes on two cores.
"""

from __future__ import annotations

import io
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PICTURES = Path(__file__).parent / "pictures"
WIDTH, REPLICATIONS, COLOURS = 1300, 10, 128

CLICK = """
const all = [...document.querySelectorAll('button, summary')];
const one = all.find(each => each.innerText.trim().endsWith(arguments[0]) && !each.disabled);
if (one) one.click(); return !!one"""
DONE = """
const told = document.querySelector('.fs-answer');
const busy = document.querySelector('[data-testid=stSpinner], [data-testid=stStatusWidget]');
return !!told && !busy && document.body.innerText.includes('all done') && told.textContent.includes(arguments[0])"""
HEIGHT = "return document.querySelector('.stMainBlockContainer').scrollHeight + 20"


def until(true: Callable[[], Any], seconds: float = 180.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise SystemExit("the page did not get there in time")
        time.sleep(0.2)


@contextmanager
def page() -> Iterator[str]:
    """The page at work; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    words = [sys.executable, "-m", "flowsim", "app", "--no-browser", "--port", port, "-n", str(REPLICATIONS)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as command:
        assert command.stdout is not None
        command.stdout.readline()
        yield f"http://127.0.0.1:{port}"
        command.send_signal(signal.SIGTERM)


@contextmanager
def browser(address: str) -> Iterator[Any]:
    """Chromium without a window, looking at an address."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(word)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_window_size(WIDTH, 1000)
    driver.get(address)
    yield driver
    driver.quit()


def take(driver: Any, name: str, most: int) -> None:
    """A picture of the page down to its end, at most so many pixels."""
    from PIL import Image

    time.sleep(2.0)  # until nothing fades in any more
    driver.set_window_size(WIDTH, min(driver.execute_script(HEIGHT), most) + 145)  # what chromium takes for itself
    time.sleep(1.0)
    image = Image.open(io.BytesIO(driver.get_screenshot_as_png())).convert("RGB")
    image = image.quantize(COLOURS, dither=Image.Dither.NONE)
    image.save(PICTURES / f"{name}.png", optimize=True)
    print(f"{name}.png: {(PICTURES / f'{name}.png').stat().st_size / 1000:.0f} kB")


def click(driver: Any, words: str, then: str = "") -> None:
    """Click what has these words, and wait until the page is done and its answer holds some others."""
    until(lambda: driver.execute_script(CLICK, words))
    time.sleep(1.0)
    until(lambda: driver.execute_script(DONE, then))


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with page() as address, browser(address) as driver:
        until(lambda: driver.execute_script(DONE, "Transition year"))
        take(driver, "answer", 900)
        click(driver, "Beds by day")
        take(driver, "beds", 1250)
        click(driver, "One person")
        take(driver, "person", 1150)
        click(driver, "Compare")
        click(driver, "Put this plan into the basket")
        click(driver, "A sceptic’s view", "My plan")
        take(driver, "compare", 1350)


if __name__ == "__main__":
    main()
