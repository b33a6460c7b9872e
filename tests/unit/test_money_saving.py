"""Net savings by payer and year from small tables whose answers are known."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from flowsim.claims import read_claims
from flowsim.claims.verdict import Verdict
from flowsim.config.problems import ConfigError
from flowsim.money import Fund, Partner, Posts, Savings, Statement, Terms, UnitCost, financial_year, ledger
from flowsim.money.bills import UNIT_COSTS, priced
from flowsim.money.reader import read_terms
from flowsim.money.statements import answers
from flowsim.money.terms import ProgrammeCost

pytestmark = pytest.mark.unit

BEDS = UnitCost("core_beds", "core_bed_day", 313.0, "hospital_trust", "2016/17")
LIFE = UnitCost("life", "life_start", 1700.0, "ccg", "2016/17")
CARE = UnitCost("home_care", "home_care_hour", 16.0, "council", "2016/17")
COSTS = (BEDS, LIFE, CARE)
PARTNERS = (Partner("hospital_trust", 1.0), Partner("ccg", 1.0), Partner("council", 2.0))
FUND = Fund("The fund", ("life",), {"2017/18": 500.0}, "council")
PICS = Posts("pics", "Coordinators", "ccg", "2016/17", 365.0, {dt.date(2017, 10, 1): 2.0}, "huddles_held")


def frame(cells: dict[tuple[str, int, str], dict[str, float]]) -> pd.DataFrame:
    """Numbers by (scenario, replication, year)."""
    rows = [
        (scenario, replication, year, measure, value)
        for (scenario, replication, year), numbers in cells.items()
        for measure, value in numbers.items()
    ]
    return pd.DataFrame(rows, columns=["scenario", "replication", "year", "measure", "value"])


def numbers(beds: float, life: float, care: float, huddles: float = 0.0) -> dict[str, float]:
    """Costs of a year by item and payer; people pay a quarter of home care themselves."""
    return {
        "bed_days": beds,
        "huddles_held": huddles,
        "cost_core_beds": beds,
        "cost_life": life,
        "cost_home_care": care,
        "cost_payer_hospital_trust": beds,
        "cost_payer_ccg": life,
        "cost_payer_council": 0.75 * care,
        "cost_payer_self": 0.25 * care,
    }


def savings(terms: Terms, costs: tuple[UnitCost, ...] = COSTS, **more: object) -> Savings:
    """Two replications of two years: beds and care fall, LIFE costs more."""
    cells = {
        ("before", 0, "2017/18"): numbers(1000.0, 0.0, 400.0),
        ("before", 0, "2018/19"): numbers(1100.0, 0.0, 400.0),
        ("before", 1, "2017/18"): numbers(2000.0, 0.0, 800.0),
        ("before", 1, "2018/19"): numbers(2200.0, 0.0, 800.0),
        ("after", 0, "2017/18"): numbers(900.0, 300.0, 200.0, 10.0),
        ("after", 0, "2018/19"): numbers(1000.0, 300.0, 200.0, 10.0),
        ("after", 1, "2017/18"): numbers(1700.0, 700.0, 600.0, 10.0),
        ("after", 1, "2018/19"): numbers(1800.0, 700.0, 600.0, 10.0),
    }
    return Savings(ledger(frame(cells), "2016/17"), costs, terms, **more)  # type: ignore[arg-type]


def saved(found: Savings, payer: str) -> list[list[float]]:
    return found.saved("after", payer).tolist()


def test_saving_is_against_the_same_year_and_the_same_people():
    found = savings(Terms(PARTNERS))
    assert saved(found, "hospital_trust") == [[100.0, 100.0], [300.0, 400.0]]
    assert saved(found, "ccg") == [[-300.0, -300.0], [-700.0, -700.0]]


def test_what_people_pay_themselves_is_theirs_and_not_the_public_systems():
    found = savings(Terms(PARTNERS))
    assert saved(found, "council") == [[150.0, 150.0], [150.0, 150.0]]
    assert saved(found, "self") == [[50.0, 50.0], [50.0, 50.0]]
    assert saved(found, "public system") == [[-50.0, -50.0], [-250.0, -150.0]]


def test_lines_of_the_open_book_add_up_to_what_the_run_says_each_payer_pays():
    found = savings(Terms(PARTNERS))
    for payer in found.book.payers:
        own = found.book.of("after", f"cost_payer_{payer}")
        assert np.allclose(found.cost("after", payer, UNIT_COSTS), own, rtol=0, atol=1e-9)


def test_intervals_are_those_of_paired_differences():
    rows = savings(Terms(PARTNERS)).frame()
    one = rows[(rows.payer == "hospital_trust") & (rows.year == "2018/19") & (rows.line == "net saving")].iloc[0]
    half = 12.706204736432095 * math.sqrt(45000.0) / math.sqrt(2.0)
    assert (one["mean"], one["n"]) == (250.0, 2)
    assert one["ci_low"] == pytest.approx(250.0 - half)


def test_what_exceeds_the_fund_falls_to_the_council_in_its_year_only():
    found = savings(Terms(PARTNERS, fund=FUND))
    assert found.cost("after", "ccg").tolist() == [[0.0, 300.0], [0.0, 700.0]]
    assert found.cost("after", "package_fund").tolist() == [[300.0, 0.0], [500.0, 0.0]]
    assert found.cost("after", "council").tolist() == [[150.0, 150.0], [650.0, 450.0]]


def test_a_fund_changes_who_pays_and_not_how_much():
    bare, funded = savings(Terms(PARTNERS)), savings(Terms(PARTNERS, fund=FUND))
    assert saved(bare, "public system") == saved(funded, "public system")


def test_posts_are_paid_from_their_date_and_only_where_there_is_work():
    found = savings(Terms(PARTNERS, posts=(PICS,)))
    assert found.cost("before", "ccg", "programme costs").tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert found.cost("after", "ccg", "programme costs")[0].tolist() == [2.0 * 182.0, 730.0]


def test_time_that_a_unit_cost_holds_is_not_paid_twice():
    shared = Posts(
        **{**{name: getattr(PICS, name) for name in PICS.__slots__}, "priced_in": "life", "priced_share": 0.5}
    )
    found = savings(Terms(PARTNERS, posts=(shared,)))
    assert found.cost("after", "ccg", "programme costs").tolist() == [[214.0, 580.0], [14.0, 380.0]]


def test_more_posts_from_a_date_on_are_paid_from_that_date():
    grown = Posts("pics", "", "ccg", "2016/17", 1.0, {dt.date(2017, 10, 1): 6.0, dt.date(2018, 1, 1): 12.0}, "bed_days")
    assert grown.post_years(financial_year("2017/18")) == pytest.approx((6 * 92 + 12 * 90) / 365)
    assert grown.post_years(financial_year("2016/17")) == 0.0


def test_an_initiative_is_paid_at_its_strength_of_the_year():
    cost = ProgrammeCost("calls: staff", "ccg", "2016/17", 1000.0, {"2017/18": 0.25, "2018/19": 1.0})
    found = savings(Terms(PARTNERS), programme={"after": [cost]})
    assert found.cost("after", "ccg", "programme costs")[0].tolist() == [250.0, 1000.0]
    assert found.cost("before", "ccg", "programme costs")[0].tolist() == [0.0, 0.0]


def test_who_is_billed_by_an_initiative_only_has_a_line_without_being_a_partner():
    cost = ProgrammeCost("liaison: staff", "mental_health_trust", "2016/17", 50.0, {"2017/18": 1.0, "2018/19": 1.0})
    found = savings(Terms(PARTNERS), programme={"after": [cost]})
    assert saved(found, "mental_health_trust") == [[-50.0, -50.0], [-50.0, -50.0]]
    assert saved(found, "public system") == [[-100.0, -100.0], [-300.0, -200.0]]
    assert found.open_book().query("payer == 'mental_health_trust'")["saving"].tolist() == [-50.0, -50.0]
    assert "mental_health_trust" in set(found.frame()["payer"])


def test_shares_of_a_year_add_up_to_what_partners_save_to_the_penny():
    found = savings(Terms(PARTNERS))
    table = found.settlements()
    year = table[table["year"] == "2018/19"]
    assert round(year["after_sharing"].sum() * 100) == round(year["saving"].sum() * 100) == -10000
    assert year["after_sharing"].tolist() == [0.0, 0.0, 0.0, -100.0]


def test_how_often_all_lose_together_is_told():
    found = savings(Terms(PARTNERS[:1] + PARTNERS[2:]))
    assert found.settlements()["loss_share"].unique().tolist() == [0.0]
    assert savings(Terms(PARTNERS)).loss_share("after", 1) == 1.0


def test_all_faults_of_terms_are_told_at_once():
    terms = Terms(
        (Partner("counsil", 1.0),),
        posts=(Posts("pics", "", "cgc", "2017/18", 1.0, {}, "huddels_held"),),
        fund=Fund("", ("lif",), {}, "council"),
    )
    with pytest.raises(ValueError, match="pics: no payer is called 'cgc'; did you mean ccg") as refused:
        priced(savings(Terms(PARTNERS)).book, COSTS, terms)
    lines = str(refused.value).splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == [
        "pics: prices of 2017/18 cannot be used beside prices of 2016/17: no index table is given",
        "no unit cost of the run is called 'lif'",
        "partners: no payer is called 'counsil'",
        "pics: the run has no measure 'huddels_held'",
    ]


def test_posts_that_an_initiative_pays_as_well_are_refused():
    cost = ProgrammeCost("pics: staff", "ccg", "2016/17", 1.0, {}, initiative="pics")
    with pytest.raises(ValueError, match="pics: its costs are stated in the scenario and again"):
        priced(savings(Terms(PARTNERS)).book, COSTS, Terms(PARTNERS, posts=(PICS,)), [cost])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows.iloc[:-1], "cost_payer_self of after, replication 1, year 2018/19 is missing"),
        (
            lambda rows: pd.concat([rows, rows.iloc[:1]]),
            "bed_days of before, replication 0, year 2017/18 is there twice",
        ),
        (lambda rows: rows.drop(columns="year"), "no column year"),
        (lambda rows: rows[~rows["measure"].str.startswith("cost_")], "no prices"),
        (lambda rows: rows.replace("2018/19", "2018"), "'2018' is no financial year"),
    ],
)
def test_numbers_that_cannot_be_paired_are_refused(change, words):
    good = savings(Terms(PARTNERS)).book
    rows = [
        (scenario, replication, year.label, measure, good.of(scenario, measure)[replication, at])
        for scenario in good.scenarios
        for replication in good.replications
        for at, year in enumerate(good.years)
        for measure in good.measures
    ]
    table = pd.DataFrame(rows, columns=["scenario", "replication", "year", "measure", "value"])
    with pytest.raises(ValueError, match=words):
        ledger(change(table), "2016/17")


CLAIMS = read_claims()


def asked(*statements: Statement, **more: object) -> list[tuple[str, str, float, str]]:
    found = answers(savings(Terms(PARTNERS, statements=statements), **more), CLAIMS)  # type: ignore[arg-type]
    return [(one.claim.id, one.year, one.found.mean, one.verdict.value) for one in found]


def test_a_statement_is_held_against_the_mean_of_whole_years():
    million = Statement("D-01", "net_saving", low=1e6, high=1e6, reported="1e6")
    assert asked(million) == [("D-01", "mean of years", -125.0, "contradicted")]


def test_a_statement_of_a_year_is_held_against_that_year():
    least = Statement("X-07", "net_saving", low=-1e6, high=math.inf, reported="at least", year="2018/19", over=2.0)
    assert asked(least) == [("X-07", "2018/19", -50.0, "reproduced")]


def test_an_interval_wider_than_the_amount_gives_no_verdict():
    hundred = Statement("D-01", "net_saving", low=100.0, high=100.0, reported="100")
    assert asked(hundred) == [("D-01", "mean of years", -125.0, "not computed")]


def test_scenarios_that_flow_alike_give_no_verdict():
    alike = Statement("D-01", "net_saving", low=1.0, high=1.0, reported="1", times=0.0)
    assert asked(alike) == [("D-01", "mean of years", 0.0, "not computed")]


def test_a_year_the_run_does_not_have_is_not_computed():
    assert asked(Statement("D-01", "net_saving", year="2026/27"))[0][3] == Verdict.NOT_COMPUTED


def test_bed_days_saved_a_day_are_valued_at_the_papers_price():
    (one,) = asked(Statement("F-07a", "bed_days_value_as_printed", year="2017/18"))
    assert one[2] == pytest.approx(200.0 / 365 * 10_000 / 56)


def test_a_statement_of_a_phase_is_held_only_against_a_scenario_of_that_phase():
    phase = Statement("X-06", "net_saving", low=5.8, high=5.8, reported="5.8", beyond_previous=True, phases=("1", "2a"))
    first = frozenset({"1"})
    assert asked(phase, phases={"before": first, "after": first})[0][3] == Verdict.NOT_COMPUTED
    assert asked(phase, phases={"before": first, "after": first | {"2a"}})[0][2] == -125.0


def test_a_statement_of_no_claim_is_refused():
    with pytest.raises(ValueError, match=r"no claim is called 'D-1'; did you mean D-01\?"):
        asked(Statement("D-1", "net_saving"))


def test_terms_are_refused_with_every_fault_at_its_line(tmp_path):
    file = tmp_path / "terms.yaml"
    file.write_text(
        "partners:\n  counsil: {weight: 1}\nprice_index: {2016: 100}\n"
        "package_fund: {title: f, items: [life], pounds: {2017/18: -1}, beyond: councl}\n"
        "posts:\n  pics: {title: p, payer: ccg, price_year: 2016/17, pounds_a_year: 1, needs: x, by_date: {soon: 1}}\n"
        "statements:\n  one: {claim: D-01, what: net_savings}\n"
    )
    with pytest.raises(ConfigError) as refused:
        read_terms(file)
    assert [(one.line, one.path) for one in refused.value.problems] == [
        (2, "partners.counsil"),
        (3, "price_index.2016"),
        (4, "package_fund.pounds.2017/18"),
        (4, "package_fund.beyond"),
        (6, "posts.pics.by_date.soon"),
        (8, "statements.one.what"),
    ]
    assert "did you mean council?" in str(refused.value)
