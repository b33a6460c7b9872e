"""The shipped tables of money: every number has its evidence, in the words that evidence.yaml uses."""

from __future__ import annotations

from typing import Any

import pytest

from flowsim.claims import read_claims
from flowsim.config.files import Source, packaged, read_file
from flowsim.config.spread import Spread, faults_of, read_spread
from flowsim.money.prices import PAYERS
from flowsim.money.reader import read_terms

pytestmark = pytest.mark.docs


def tree(name: str) -> dict[str, Any]:
    found = read_file(Source(packaged() / "money" / f"{name}.yaml", name)).tree
    assert found is not None
    return found


def entries() -> list[tuple[str, dict[str, Any], float]]:
    """Each entry with numbers, and the number its range is of."""
    shipped = tree("programme")
    found = [(name, one, one["weight"]) for name, one in shipped["partners"].items()]
    found += [(name, one, one["pounds_a_year"]) for name, one in shipped["posts"].items()]
    fund = shipped["package_fund"]
    return [*found, ("package_fund", fund, fund["pounds"]["2017/18"])]


@pytest.mark.parametrize(("name", "entry", "value"), entries(), ids=[one[0] for one in entries()])
def test_every_entry_says_who_says_so_and_lies_in_its_range(name, entry, value):
    assert entry["source"]
    assert entry["grade"] in ("A", "B", "C", "D", "seed")
    assert entry["low"] <= value <= entry["high"]
    spread = read_spread(entry["distribution"])
    assert isinstance(spread, Spread)
    assert faults_of(spread, entry["low"], entry["high"]) == []


def test_the_councils_table_has_its_source():
    table = tree("council_budget")
    assert "11.2" in table["source"]
    assert table["grade"] == "seed"
    assert isinstance(read_spread(table["distribution"]), Spread)


def test_the_shipped_terms_can_be_read_and_name_payers_and_claims_that_exist():
    terms, known = read_terms(), {one.id for one in read_claims().claims}
    assert [one.name for one in terms.partners] == list(PAYERS[:3])
    assert {one.claim for one in terms.statements} <= known


def test_coordinators_are_six_and_then_twelve():
    (pics,) = [one for one in read_terms().posts if one.name == "pics"]
    assert list(pics.by_date.values()) == [6.0, 12.0]
