"""Tables and words made of replications."""

from __future__ import annotations

import math

import pytest
import recorded

import flowsim as fs
from flowsim.experiment import Comparison, Results, compare, run
from flowsim.experiment.runs import stability_of, told_apart
from flowsim.experiment.tables import beds_of
from flowsim.experiment.words import answers, cautions, number
from flowsim.measures import OCCUPANCY
from flowsim.plots import KINDS

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return Comparison(recorded.of_two())


def _cell(frame, **keys):
    for column, value in keys.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0]


def test_replications_are_tidy_and_in_order_of_scenario_replication_and_measure(comparison):
    frame = comparison.replications
    assert list(frame.columns) == ["scenario", "replication", "measure", "value", "unit"]
    assert list(frame["scenario"]) == ["before"] * 6 + ["after"] * 6
    assert list(frame["replication"][:6]) == [0, 0, 1, 1, 2, 2]
    assert list(frame[frame["measure"] == "bed_days"]["value"]) == [1000.0, 1200.0, 1100.0, 900.0, 1080.0, 960.0]
    assert set(frame[frame["measure"] == "bed_days"]["unit"]) == {"days"}


def test_days_carry_their_dates_from_the_start_of_the_clock(comparison):
    frame = comparison.daily
    assert list(frame.columns) == ["scenario", "replication", "day", "date", "series", "value"]
    row = _cell(frame, scenario="after", replication=2, day=11, series="beds_core")
    assert row["value"] == 11 + 9.6
    assert str(row["date"].date()) == "2016-10-14"


def test_a_summary_of_one_scenario_has_no_differences():
    frame = Results(recorded.of_one()).summary()
    assert list(frame.columns) == ["scenario", "measure", "unit", "mean", "sd", "n", "ci_low", "ci_high"]
    assert _cell(frame, measure="bed_days")["mean"] == 1100.0


def test_a_difference_is_alternative_less_base(comparison):
    row = _cell(comparison.summary(), scenario="after", measure="bed_days")
    assert (row["mean"], row["diff_mean"]) == (980.0, -120.0)


def test_bed_days_saved_are_base_less_alternative(comparison):
    row = _cell(comparison.differences(), measure="bed_days_saved")
    assert (row["alternative"], row["mean"], row["sd"], row["n"]) == ("after", 120.0, 20.0, 3)


def test_bed_days_saved_are_as_many_beds_as_they_fill_at_the_usual_occupancy(comparison):
    row = _cell(comparison.differences(), measure="beds_equivalent")
    assert row["mean"] == pytest.approx(120.0 / (10 * OCCUPANCY), rel=1e-14)


def test_15000_bed_days_in_a_year_are_the_44_beds_reported():
    assert beds_of(15_000.0, 365.0) == pytest.approx(44.0, abs=0.05)  # to the figures printed


def test_the_base_has_no_difference_from_itself(comparison):
    frame = comparison.summary()
    assert frame[frame["scenario"] == "before"]["diff_mean"].isna().all()


def test_a_measure_undefined_everywhere_has_no_mean(comparison):
    row = _cell(comparison.summary(), scenario="after", measure="length_of_stay_d2a_mean")
    assert row["n"] == 0
    assert math.isnan(row["mean"])


def test_causes_add_up_to_the_total(comparison):
    means = comparison.attribution().set_index("cause")["mean"]
    assert means["huddles"] + means["interaction"] == means["total"] == 120.0


def test_a_failed_replication_is_left_out_and_told():
    results = Results(recorded.with_failure())
    assert results.record.replications == (0, 2)
    assert [failure.reason for failure in results.failures] == ["RuntimeError: made up"]
    assert "1 of 3 replications failed and are left out" in cautions(results.record)


def test_an_experiment_without_a_finished_replication_has_empty_tables():
    outcome = Comparison(recorded.of_none())
    assert len(outcome.replications) == len(outcome.daily) == len(outcome.summary()) == 0
    assert outcome.answers() == ["after: no bed days were measured."]


def test_the_answer_says_what_is_saved_how_sure_that_is_and_by_what(comparison):
    assert answers(comparison.record) == [
        "after saves 120 bed days in 10 days against before (95 % interval 70 to 170), about 12.8 beds; "
        "of these Huddles 50, interaction 70."
    ]


def test_a_notebook_shows_names_without_reading_them_as_html():
    page = Comparison(recorded.of_two("<script>"))._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (12345.6, "days", "12,346"),
        (-4.567, "days", "−4.57"),
        (0.1234, "share", "12.3 %"),
        (-0.0012, "share", "−0.1 %"),
        (math.nan, "days", "–"),
        (-0.0001, "days", "0"),
        (math.inf, "beds", "unlimited"),
        (12.0, "beds", "12"),
    ],
)
def test_numbers_are_written_as_people_read_them(value, unit, text):
    assert number(value, unit) == text


def test_scenarios_of_one_name_are_told_apart():
    same = recorded.scenario("before")
    assert [one.name for one in told_apart([same, same, same])] == ["before", "before_2", "before_3"]


def test_scenarios_with_different_clocks_are_not_compared():
    base = recorded.scenario()
    later = base.with_(name="later", clock={"window_days": 11.0})
    with pytest.raises(ValueError, match="the clock of 'later' differs"):
        compare(base, later)


def test_another_demand_is_told():
    base = recorded.scenario()
    name, cohort = next(iter(base.cohorts.items()))
    busier = base.with_(name="busier", cohorts={name: {"arrivals": {"per_day": 1.5}}})
    assert cohort.arrivals.per_day != 1.5
    warnings = compare(base, busier, replications=2, jobs=1).warnings
    assert any(warning.startswith("busier: people present at another rate") for warning in warnings)


def test_other_prices_and_prices_of_another_year_are_told():
    base = recorded.scenario()
    dearer = base.with_(name="dearer", costs={"items": {"life": {"pounds": 1800.0}}})
    later = base.with_(name="later", costs={"price_year": "2018/19"})
    free = base.with_(name="free", costs=None)
    assert stability_of([base, dearer]) == [
        "dearer: other unit costs or payers than in before (life); part of the difference in cost is that"
    ]
    (said,) = stability_of([base, later])
    assert "unit costs are at prices of 2018/19, those of before at prices of 2016/17" in said
    assert stability_of([base, free]) == stability_of([free]) == []


def test_a_price_that_only_the_base_has_is_told():
    base = recorded.scenario()
    items = {name: one for name, one in base.costs.items.items() if name != "life"}
    unpriced = base.model_copy(update={"name": "unpriced", "costs": base.costs.model_copy(update={"items": items})})
    (said,) = stability_of([base, unpriced])
    assert said.startswith("unpriced: other unit costs or payers than in before (life);")
    assert stability_of([unpriced, base]) == []  # what is new has a price of its own


@pytest.mark.parametrize(
    "numbers",
    [{"replications": 0}, {"replications": 2.0}, {"seed": -1}, {"seed": True}, {"seed": 2**63}, {"jobs": 0}],
)
def test_numbers_out_of_range_are_refused_before_anything_runs(numbers):
    with pytest.raises(ValueError, match="must be a whole number from"):
        run(recorded.scenario(), **numbers)


def test_stopping_keeps_the_replications_that_were_finished():
    def stop_after_two(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    record = run(recorded.scenario(), replications=9, jobs=1, progress=stop_after_two).record
    assert (record.stopped, record.replications) == (True, (0, 1))
    assert "stopped by the user after 2 of 9 replications" in cautions(record)


@pytest.mark.parametrize("kind", list(KINDS[:-2]))
def test_every_picture_of_a_comparison_is_drawn_on_the_axes_given(comparison, kind):
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    assert comparison.plot(kind, ax=ax) is ax


def test_every_public_name_is_there():
    assert [name for name in fs.__all__ if getattr(fs, name, None) is None] == []


def test_the_name_of_a_file_is_no_scenario_and_the_remedy_is_said():
    with pytest.raises(TypeError, match=r"'do_nothing' is no scenario; read it first: fs.load\('do_nothing'\)"):
        fs.run("do_nothing", replications=1)
    with pytest.raises(TypeError, match="compare: 'after' is no scenario"):
        fs.compare(fs.load("theory/mmc"), "after")
