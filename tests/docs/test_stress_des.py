"""The STRESS-DES page is what the configurations, the evidence and the definitions give."""

import runpy
from pathlib import Path

import pytest

pytestmark = pytest.mark.docs

ROOT = Path(__file__).parents[2]


def test_the_page_is_up_to_date():
    made = runpy.run_path(str(ROOT / "experiments" / "stress_des" / "write.py"))["page"]()

    assert (ROOT / "docs" / "stress-des.md").read_text(encoding="utf-8") == made, "run experiments/stress_des/write.py"
