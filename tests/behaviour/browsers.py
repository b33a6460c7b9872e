"""A real browser without a window, where one is installed: Debian's chromium with its driver."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
LACKING = "" if CHROMIUM and DRIVER else "Debian's chromium and chromium-driver are not installed"
"""Why nothing can be tried in a browser here; empty where it can."""


@contextmanager
def looking_at(address: str, taken: Path | None = None) -> Iterator[Any]:
    """Chromium on a page, with a folder for what it downloads; what the page says on its console is kept."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(word)
    options.add_argument("--window-size=1400,1000")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if taken is not None:
        options.add_experimental_option("prefs", {"download.default_directory": str(taken)})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        driver.get(address)
        yield driver
    finally:
        driver.quit()
