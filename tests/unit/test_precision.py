"""How many replications are enough, and when a run stops itself."""

from __future__ import annotations

import html
import json
import re
import warnings
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from sim_tools.output_analysis import ReplicationsAlgorithm, confidence_interval_method
from typer.testing import CliRunner

from flowsim.cli.app import app
from flowsim.experiment import compare, run
from flowsim.experiment.precision import Target, half_widths, next_look, replications_needed, target_of
from flowsim.experiment.statistics import estimate
from flowsim.experiment.words import cautions
from flowsim.params import Scenario
from flowsim.rng import stream

pytestmark = pytest.mark.unit

FIVE_PER_CENT = Target(0.05, relative=True)


def draws(number: int, spread: float, count: int = 2000) -> np.ndarray:
    """Made-up results of replications around 100."""
    return 100.0 + spread * stream(7, number, "test").standard_normal(count)


@pytest.fixture(scope="module")
def ward() -> Scenario:
    """A ward for everybody who comes, over a few days; about 10 beds."""
    stay = {"shape": "exponential", "mean_days": 1.0}
    cohorts = {"all": {"arrivals": {"per_day": 10.0}, "pathways": {"P0": {"share": 1.0, "stay": stay}}}}
    clock = {"start": "2017-01-02", "warm_up_days": 1, "window_days": 10}
    tree = {"name": "ward", "clock": clock, "cohorts": cohorts, "hospital": {"wards": {"Ward": "unlimited"}}}
    return Scenario.model_validate(tree)


class _Drawn:
    """A model that hands out numbers drawn before, as sim-tools asks for one."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values

    def single_run(self, replication_no: int) -> dict[str, float]:
        return {"measure": float(self.values[replication_no])}


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("spread", [5.0, 12.0, 18.0, 24.0])
def test_the_number_is_that_of_the_replications_algorithm_of_sim_tools(number, spread):
    # Up to about 100 replications: beyond, sim-tools 1.3 corrects its answer with a look-ahead that does not grow.
    values = draws(number, spread)
    algorithm = ReplicationsAlgorithm(alpha=0.05, half_width_precision=0.05, initial_replications=3, look_ahead=5)
    found, _ = algorithm.select(_Drawn(values), ["measure"])
    assert replications_needed(values[:1100], FIVE_PER_CENT) == found["measure"]


@pytest.mark.parametrize("spread", [5.0, 20.0])
def test_half_widths_are_those_of_the_confidence_interval_method_of_sim_tools(spread):
    values = draws(1, spread, 200)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, table = confidence_interval_method(values.tolist(), alpha=0.05, desired_precision=0.05, decimal_places=12)
    mean, half = half_widths(values)
    np.testing.assert_allclose((half / mean)[3:], table["% deviation"].to_numpy()[3:], rtol=0, atol=1e-9)


def test_half_widths_end_with_that_of_the_interval_of_all():
    values = draws(2, 20.0, 40)
    whole = estimate(values)
    mean, half = half_widths(values)
    assert (mean[-1], half[-1]) == pytest.approx((whole.mean, (whole.high - whole.low) / 2), rel=1e-12)


def test_undefined_replications_do_not_count():
    values = draws(3, 20.0, 400)
    holed = np.insert(values, [0, 5, 5, 60], np.nan)
    assert replications_needed(holed, FIVE_PER_CENT) == replications_needed(values, FIVE_PER_CENT)


def test_too_few_values_give_no_number():
    assert replications_needed(draws(4, 80.0, 50), FIVE_PER_CENT) is None


@pytest.mark.parametrize(
    ("stated", "target"),
    [
        (0.05, Target(0.05, relative=True)),
        ("5%", Target(0.05, relative=True)),
        (" 2.5 % ", Target(0.025, relative=True)),
        ("50", Target(50.0, relative=False)),
        ("0.5", Target(0.5, relative=False)),
    ],
)
def test_a_target_is_a_share_of_the_mean_or_an_amount(stated, target):
    assert target_of(stated) == target


@pytest.mark.parametrize("stated", [0.0, 1.0, 5, -0.05, True, float("nan"), "", "%", "-5%", "100%", "5 days", "0"])
def test_what_is_no_target_is_refused(stated):
    with pytest.raises(ValueError, match="precision must be a share of the mean"):
        target_of(stated)


def test_the_first_look_is_the_last_if_the_target_held_over_its_last_replications():
    assert next_look(draws(5, 2.0, 30)[:, None], FIVE_PER_CENT, 1000) == (look := next_look(
        draws(5, 2.0, 30)[:, None], Target(3.0, relative=False), 1000
    ))  # fmt: skip
    assert (look.count, look.met) == (30, True)


def test_a_look_asks_for_as_many_as_the_spread_needs_but_at_most_doubles():
    assert next_look(draws(5, 16.0, 30)[:, None], FIVE_PER_CENT, 1000).count in range(36, 60)
    assert next_look(draws(5, 90.0, 30)[:, None], FIVE_PER_CENT, 1000).count == 60
    assert next_look(draws(5, 90.0, 30)[:, None], FIVE_PER_CENT, 40).count == 40


def test_a_target_just_met_must_hold_a_few_replications_more():
    values = draws(8, 16.0, 200)
    first = replications_needed(values, FIVE_PER_CENT, first=30, ahead=False)
    look = next_look(values[:first, None], FIVE_PER_CENT, 1000)
    assert first > 30
    assert (look.count, look.met) == (first + 5, False)


def test_at_the_cap_it_is_given_up():
    look = next_look(draws(5, 90.0, 40)[:, None], FIVE_PER_CENT, 40)
    assert (look.count, look.met) == (40, False)


def test_every_measure_must_meet_the_target():
    easy, hard = draws(5, 2.0, 30), draws(6, 90.0, 30)
    assert next_look(np.column_stack([easy, hard]), FIVE_PER_CENT, 1000).count == 60


def test_a_measure_that_is_never_defined_ends_the_search():
    look = next_look(np.full((30, 1), np.nan), FIVE_PER_CENT, 1000)
    assert (look.count, look.met) == (30, False)


def test_a_run_goes_on_until_its_precision_is_met_and_so_in_any_number_of_workers(ward):
    one = run(ward, precision=0.03, jobs=1)
    two = run(ward, precision="3%", jobs=2)
    row = one.summary().set_index("measure").loc["bed_days"]
    assert 30 < row["n"] < 1000
    assert (row["ci_high"] - row["ci_low"]) / 2 <= 0.03 * row["mean"]
    assert one.record.values.tobytes() == two.record.values.tobytes()


def test_a_precision_given_up_is_a_caution(ward):
    record = run(ward, precision="0.01%", at_most=33, jobs=1).record
    assert record.asked == len(record.replications) == 33
    assert any(text.startswith("the precision asked for was not reached: after 33") for text in cautions(record))


def _page_text(path: Path) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8"))).split())


def _workbook_text(path: Path) -> str:
    sheets = openpyxl.load_workbook(path, read_only=True).worksheets
    return " ".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row if cell)


def test_a_precision_given_up_ends_well_and_is_told_wherever_the_results_are_read(tmp_path):
    """The command has done what it was asked to, within its limit: so the caution goes with the numbers."""
    words = ["run", "theory/mmc", "--precision", "1%", "--at-most", "30", "--seed", "0", "--jobs", "1"]
    words += ["--set", "clock.warm_up_days=1", "--set", "clock.window_days=5"]
    folder = tmp_path / "run"
    typed, answered = (
        CliRunner().invoke(app, [*words, *more])
        for more in (["--out", str(folder)], ["--out", str(tmp_path / "other"), "--json"])
    )
    caution = (  # without its first letter, which is a capital where it begins a sentence
        "he precision asked for was not reached: after 30 replications (at most 30) the half-width of the interval of "
        "bed_days is still above 1 % of its mean"
    )
    told = {
        "screen": " ".join(typed.stdout.split()),
        "json": " ".join(json.loads(answered.stdout)["warnings"]),
        "manifest": " ".join(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["warnings"]),
        "log": (folder / "run.log").read_text(encoding="utf-8"),
        "report": _page_text(folder / "report.html"),
        "workbook": _workbook_text(folder / "results.xlsx"),
    }
    assert (typed.exit_code, answered.exit_code) == (0, 0)
    assert [where for where, text in told.items() if caution not in text] == []


def test_a_comparison_is_as_precise_as_asked_in_its_paired_difference(ward):
    fewer = ward.with_(name="fewer", cohorts={"all": {"arrivals": {"per_day": 7.0}}})
    outcome = compare(ward, fewer, precision="8%", jobs=1)
    row = outcome.differences().set_index("measure").loc["bed_days_saved"]
    assert 30 < row["n"] < 1000
    assert (row["ci_high"] - row["ci_low"]) / 2 <= 0.08 * row["mean"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"precision": "5%", "replications": 10}, "first looked at after 30 replications or more, not 10"),
        ({"precision": "5%", "at_most": 20}, "at most 20 replications are fewer than the 30"),
        ({"precision": "5%", "precision_measure": "bed_dayz"}, "did you mean bed_days"),
        ({"precision": "5%", "precision_measure": "bed_days_saved"}, "no measure is called 'bed_days_saved'"),
        ({"precision": "0.05"}, "for a share of the mean write 5%"),
        ({"precision_measure": "bed_days"}, "needs a precision"),
    ],
)
def test_a_precision_that_cannot_be_had_is_refused_before_anything_runs(ward, asked, words):
    with pytest.raises(ValueError, match=words):
        run(ward, **asked)
