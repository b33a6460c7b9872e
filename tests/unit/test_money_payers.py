"""Two worlds in which not the same partner pays for the same thing."""

from __future__ import annotations

import pandas as pd
import pytest

from flowsim.money import Fund, Partner, Savings, Terms, UnitCost, ledger
from flowsim.money.bills import FUNDED, UNIT_COSTS

pytestmark = pytest.mark.unit

YEARS = ("2017/18", "2018/19")
PAYS = {"before": ("ccg", 100.0), "after": ("council", 80.0)}
"""Who pays for LIFE, and how much a year."""


def moved(fund: Fund | None = None) -> Savings:
    """The CCG pays for LIFE before, the council after."""
    rows = [
        (scenario, 0, year, measure, pounds if measure in ("cost_life", f"cost_payer_{payer}") else 0.0)
        for scenario, (payer, pounds) in PAYS.items()
        for year in YEARS
        for measure in ("cost_life", "cost_payer_ccg", "cost_payer_council")
    ]
    book = ledger(pd.DataFrame(rows, columns=["scenario", "replication", "year", "measure", "value"]), "2016/17")
    own = {name: (UnitCost("life", "life_start", 1.0, payer, "2016/17"),) for name, (payer, _) in PAYS.items()}
    terms = Terms((Partner("ccg", 1.0), Partner("council", 1.0)), fund=fund)
    return Savings(book, [one for each in own.values() for one in each], terms, own_costs=own)


def test_each_world_is_billed_to_who_pays_in_it():
    found = moved()
    lines = {name: [(one.name, one.payer, one.pounds.tolist()) for one in found.lines[name]] for name in PAYS}
    assert lines["before"] == [("life", "ccg", [[100.0, 100.0]])]
    assert lines["after"] == [("life", "council", [[80.0, 80.0]])]
    assert found.saved("after", "ccg", UNIT_COSTS).tolist() == [[100.0, 100.0]]
    assert found.saved("after", "council", UNIT_COSTS).tolist() == [[-80.0, -80.0]]


def test_the_fund_takes_an_item_from_who_pays_for_it_in_that_world():
    found = moved(Fund("The fund", ("life",), {"2017/18": 70.0}, "council"))
    assert found.cost("before", "ccg").tolist() == [[0.0, 100.0]]
    assert found.cost("before", "council", FUNDED).tolist() == [[30.0, 0.0]]
    assert found.cost("after", "council").tolist() == [[10.0, 80.0]]
    assert found.cost("after", "ccg").tolist() == [[0.0, 0.0]]


def test_the_fund_may_hold_an_item_that_one_world_does_not_have():
    found = moved(Fund("The fund", ("life",), {"2017/18": 70.0}, "council"))
    bare = Savings(found.book, found.costs, found.terms, own_costs=dict(found.own_costs) | {"before": ()})
    assert bare.cost("before", "package_fund").tolist() == [[0.0, 0.0]]
    assert bare.cost("after", "package_fund").tolist() == [[70.0, 0.0]]
