"""The page of pictures names every one of them, and shows what it says it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import flowsim as fs

pytestmark = pytest.mark.docs

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "plots.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", fs.plot.PICTURES)
def test_the_page_names_every_picture(name):
    assert f"## {name}\n" in PAGE or f"| `{name}` |" in PAGE


def test_the_page_names_every_kind_of_results():
    assert [kind for kind in fs.plot.KINDS if f"`{kind}`" not in PAGE] == []


def test_every_picture_shown_is_there_and_small():
    shown = re.findall(r"\]\((pictures/plots/\w+\.png)\)", PAGE)
    assert [name for name in shown if not 0 < (DOCS / name).stat().st_size < 60_000] == []


def test_every_picture_kept_is_shown():
    assert [one.name for one in (DOCS / "pictures" / "plots").iterdir() if f"plots/{one.name})" not in PAGE] == []
