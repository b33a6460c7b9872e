"""The page of claims speaks of the claims that are shipped, as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flowsim.claims import read_claims
from flowsim.claims.scene import COMPUTATIONS

pytestmark = pytest.mark.docs

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
SECTION = PAGE.split("<!-- begin claims -->")[1].split("<!-- end claims -->")[0]
CLAIMS = read_claims().claims


def test_every_claim_stands_on_the_page_with_its_verdict_or_reason():
    table = re.findall(r"^\| ([A-Z]-\d+[a-z]?) \|.*\*\*(?:reproduced|within reach|contradicted)\*\* \|$", SECTION, re.M)
    left_out = re.findall(r"^- \*\*([A-Z]-\d+[a-z]?)\*\* ", SECTION.split("### Not computed")[1], re.M)
    assert sorted(table) == sorted(one.id for one in CLAIMS if one.reading is not None)
    assert left_out == [one.id for one in CLAIMS if one.reading is None]


def test_the_page_reports_and_explains_as_the_file_does():
    flat = " ".join(SECTION.split())
    assert [one.id for one in CLAIMS if " ".join(one.why.split()) not in flat] == []
    assert [one.id for one in CLAIMS if one.reading and f"| {one.reported} {one.unit} |" not in flat] == []


def test_every_computation_is_used_by_a_claim_or_by_another_computation():
    used = {reading.what for claim in CLAIMS for reading in claim.readings().values()}
    assert set(COMPUTATIONS) - used <= {"saved_between", "share_supported"}


def test_the_page_of_the_experiment_says_question_command_and_answer():
    page = (ROOT / "experiments" / "validation" / "README.md").read_text(encoding="utf-8")
    assert all(heading in page for heading in ("**Question.**", "**Command.**", "**Answer.**"))
    assert (ROOT / "experiments" / "validation" / "claims.png").read_bytes().startswith(b"\x89PNG")
