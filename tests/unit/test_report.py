"""The report: one page, in plain words, that stands alone."""

from __future__ import annotations

import functools
import hashlib
import json
import math
import re
import tempfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import recorded

from flowsim import report
from flowsim.experiment.folder import FolderError
from flowsim.experiment.remake import remake
from flowsim.params import Scenario
from flowsim.report import numbers
from flowsim.report.glance import headline
from flowsim.report.page import asked, command, content, render
from flowsim.report.programme import dated, programme

pytestmark = pytest.mark.unit

CLOCK = {"start": "2017-01-01", "warm_up_days": 2, "window_days": 4}
HUDDLES = {
    "rollout": {"form": "points", "points": {"2017-10-02": 0, "2018-03-31": 57}},
    "effect": {"model": "practice_rate", "rate_ratio": 0.86, "ramp_days": 0},
}
MANIFEST = {"seed": 0, "command": ["flowsim", "compare", "a b.yaml"], "flowsim": "0.1.0", "self_checks": []}
SERIES = ("beds_core", "beds_escalation", "core_capacity", "life", "life_capacity", "life_waiting", "home_care")


def scenario(name: str) -> Scenario:
    """The smallest scenario."""
    return Scenario.model_validate({"name": name, "clock": CLOCK})


@dataclass
class Single:
    """Results of scenarios, by hand."""

    scenarios: list[Scenario]
    n: int = 30
    warnings: list[str] = field(default_factory=list)

    @property
    def daily(self) -> pd.DataFrame:
        rows = [
            (
                one.name,
                replication,
                day,
                pd.Timestamp("2017-01-01") + pd.Timedelta(days=day),
                series,
                10.0 + replication,
            )
            for one in self.scenarios
            for replication in range(2)
            for day in range(6)
            for series in SERIES
        ]
        return pd.DataFrame(rows, columns=["scenario", "replication", "day", "date", "series", "value"])

    def summary(self) -> pd.DataFrame:
        nothing = (math.nan,) * 3
        rows: list[tuple[Any, ...]] = []
        for place, one in enumerate(self.scenarios):
            diff = (-100.0, -120.0, -80.0) if place else nothing
            rows.append((one.name, "bed_days", "days", 1000.0 - 100 * place, 3.0, self.n, 990.0, 1010.0, *diff))
            share = (-0.01, -0.02, 0.001) if place else nothing
            rows.append((one.name, "readmissions_30d_share", "share", 0.15, 0.01, self.n, 0.149, 0.151, *share))
            rows.append((one.name, "beds_occupied_mean", "beds", 239.13, 1.0, self.n, 238.8, 239.5, *nothing))
            if place:
                saved = (100.0, 80.0, 120.0)
                rows.append((one.name, "bed_days_saved", "days", *nothing[:2], self.n, *nothing[:2], *saved))
                rows.append((one.name, "beds_equivalent", "beds", *nothing[:2], self.n, *nothing[:2], 26.9, 21.5, 32.3))
        columns = ["scenario", "measure", "unit", "mean", "sd", "n", "ci_low", "ci_high"]
        return pd.DataFrame(rows, columns=[*columns, "diff_mean", "diff_low", "diff_high"])


class Compared(Single):
    """A comparison, by hand."""

    def attribution(self) -> pd.DataFrame:
        parts = [("d2a", 105.0), ("interaction", -5.0), ("total", 100.0)]
        rows = [(one.name, cause, mean, mean - 9, mean + 9) for one in self.scenarios[1:] for cause, mean in parts]
        return pd.DataFrame(rows, columns=["alternative", "cause", "mean", "ci_low", "ci_high"])


def compared(*names: str, **more: Any) -> Compared:
    """A comparison of scenarios with these names."""
    return Compared([scenario(name) for name in names], **more)


def page(outcome: Single, tmp_path: Path) -> str:
    """The page of an outcome."""
    return report.write(tmp_path, outcome, configs={"x": "a: <b>"}, manifest=MANIFEST).read_text(encoding="utf-8")


@functools.cache
def text_of(*names: str) -> str:
    """The page of a comparison of scenarios with these names, made once."""
    with tempfile.TemporaryDirectory() as folder:
        return page(compared(*names), Path(folder))


@functools.cache
def found(n: int = 30, warnings: tuple[str, ...] = (), broken: bool = False) -> dict[str, Any]:
    """What the page of a against b shows, made once."""
    check = {"scenario": "a", "check": "people conserved", "failed": 1, "numbers": "5 of 6"}
    manifest = {**MANIFEST, "self_checks": [check] if broken else []}
    return content(compared("a", "b", n=n, warnings=list(warnings)), manifest, {})


class Reader(HTMLParser):
    """Every start tag with its attributes, and how the tags nest."""

    VOID = ("meta", "br", "link", "img", "hr", "input")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def test_the_page_is_written_and_its_path_given(tmp_path: Path) -> None:
    assert report.write(tmp_path, compared("a", "b"), configs={}, manifest=MANIFEST) == tmp_path / "report.html"


def test_nothing_but_the_page_is_left_in_the_folder(tmp_path: Path) -> None:
    page(compared("a", "b"), tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_the_same_outcome_gives_the_same_bytes(tmp_path: Path) -> None:
    assert page(compared("a", "b"), tmp_path) == text_of("a", "b")


def test_sections_come_in_the_order_a_planner_asks() -> None:
    text = text_of("a", "b")
    assert [one for one in re.findall(r'<h2 id="([a-z]+)"', text) if one != "assumptions"] == [
        "asked", "answer", "cautions", "differences", "causes", "beds", "escalation", "life", "packages", "rollout",
        "measures", "definitions", "again",
    ]  # fmt: skip


def test_the_answer_is_one_sentence_with_its_interval() -> None:
    said = "B saves 100 bed days against A in 4 days (95\u00a0% interval 80 to 120), "
    said += "equal to 26.9 beds at 93\u00a0% occupancy."
    assert f'<p class="answer">{said}</p>' in text_of("a", "b")


def test_a_window_of_one_day_is_one_day() -> None:
    short = scenario("a").with_(clock={"warm_up_days": 0, "window_days": 1})
    told = dict(asked([short], compared("a", "b").summary(), MANIFEST))
    assert (told["Measured"][-7:], told["Warm-up, not counted"][:7]) == ("(1 day)", "0 days ")


def test_a_run_of_one_scenario_has_no_comparison(tmp_path: Path) -> None:
    text = page(Single([scenario("a")]), tmp_path)
    assert ("A: on an average day 239 beds" in text, 'id="differences"' in text, 'id="causes"' in text) == (
        True,
        False,
        False,
    )


def test_every_alternative_gets_its_answer() -> None:
    assert text_of("a", "b", "c").count('<p class="answer several">') == 2


def test_tags_nest() -> None:
    assert Reader(text_of("a", "b", "c")).open == []


def test_ids_are_unique() -> None:
    ids = [attrs["id"] for _, attrs in Reader(text_of("a", "b", "c")).tags if "id" in attrs]
    assert sorted(ids, key=str) == sorted(set(ids), key=str)


def test_every_heading_of_a_table_has_a_scope() -> None:
    heads = Reader(text_of("a", "b")).of("th")
    assert {attrs.get("scope") for attrs in heads} == {"col", "row"}


def test_nothing_is_fetched_from_anywhere() -> None:
    reader = Reader(text_of("a", "b"))
    links = [value for _, attrs in reader.tags for key, value in attrs.items() if key in ("src", "href", "xlink:href")]
    assert [one for one in links if not str(one).startswith("#")] == []


def test_the_page_has_no_scripts_and_no_other_elements_that_load() -> None:
    reader = Reader(text_of("a", "b"))
    assert [tag for tag, _ in reader.tags if tag in ("script", "link", "iframe", "img", "object", "embed")] == []


def test_markup_in_a_name_is_only_words(tmp_path: Path) -> None:
    name = "<script>alert(1)</script>"
    text = page(compared(name, 'x" onload="y'), tmp_path)
    reader = Reader(text)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert [attrs for tag, attrs in reader.tags if tag == "script" or "onload" in attrs] == []


def test_a_configuration_is_shown_as_text() -> None:
    assert "<pre>a: &lt;b&gt;</pre>" in text_of("a", "b")


def test_definitions_are_repeated_word_for_word() -> None:
    from flowsim.measures import MEASURES

    found = {one.id: one.definition for one in numbers.definitions(compared("a", "b").summary())}
    assert found["bed_days"] == MEASURES["bed_days"].definition


def test_seed_0_is_shown() -> None:
    assert "<dt>Seed</dt><dd>0</dd>" in text_of("a", "b")


def test_measured_days_are_dates() -> None:
    asked = dict(content(compared("a", "b"), MANIFEST, {})["asked"])
    assert asked["Measured"] == "3 January 2017 to 6 January 2017 (4 days)"


def said(name: str, **more: Any) -> list[tuple[str, str]]:
    """Kind and text of what stands under a name of the page's content."""
    return [(one.kind, one.text) for one in found(**more)[name]]


def test_few_replications_are_a_caution() -> None:
    few = ("Few replications", "Only 3 replications: intervals are wide or missing.")
    assert said("cautions", n=3)[0] == few


def test_what_is_unstable_comes_before_the_standing_caution_and_what_is_nearly_full_after() -> None:
    warnings = ("b: LIFE is nearly full", "a: LIFE is offered 104 %; it has no valve: the queue grows")
    kinds = [kind for kind, _ in said("cautions", warnings=warnings)]
    assert kinds == ["Unstable", "Claims", "Nearly full"]


def test_a_queue_that_still_grows_is_called_trending() -> None:
    trend = (
        "b: the queue for LIFE still grows at the end, by 9 to about 30 over its last 90 days: more come than served"
    )
    assert said("cautions", warnings=(trend,))[0] == ("Still trending", trend.replace("b: ", "B: "))


def test_a_failed_self_check_is_the_first_caution() -> None:
    assert said("cautions", broken=True)[0] == (
        "Self-check failed", "Self-check failed in A: people conserved (5 of 6)",
    )  # fmt: skip


def test_the_command_is_quoted_as_a_shell_reads_it() -> None:
    assert command(MANIFEST) == "flowsim compare 'a b.yaml'"


def test_differences_and_means_of_a_line_have_the_same_decimals() -> None:
    summary = compared("a", "b").summary()
    summary.loc[summary["measure"] == "beds_occupied_mean", ["diff_mean", "diff_low", "diff_high"]] = [
        -0.51,
        -0.6,
        -0.4,
    ]
    groups = dict(numbers.all_measures(summary))
    assert [one.value for one in groups["Flow"][1].cells] == ["239.13", "239.13", "−0.51"]


def test_an_unclear_difference_is_called_so() -> None:
    summary = compared("a", "b").summary()
    summary.loc[summary["measure"] == "bed_days_saved", ["diff_low", "diff_high"]] = [-20.0, 220.0]
    assert numbers.answers(summary, 365.0) == [
        "B makes no clear difference to bed days: 100 saved against A in 365 days (95\u00a0% interval −20 to 220)."
    ]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("ab", "B makes no clear difference to bed days against A"),
        ("abc", "Neither B nor C makes a clear difference to bed days against A"),
        ("abcd", "None of the alternatives makes a clear difference to bed days against A"),
    ],
)
def test_the_title_of_an_unclear_comparison_says_so(names: str, words: str) -> None:
    summary = compared(*names).summary()
    summary.loc[summary["measure"] == "bed_days_saved", ["diff_low", "diff_high"]] = [-20.0, 220.0]
    assert headline(summary) == words


def test_the_title_does_not_call_more_bed_days_the_fewest_where_another_is_unclear() -> None:
    summary = compared("a", "b", "c").summary()
    saved = summary["measure"] == "bed_days_saved"
    ends = ["diff_mean", "diff_low", "diff_high"]
    summary.loc[saved & (summary["scenario"] == "b"), ends] = [-9.0, -11.0, -7.0]
    summary.loc[saved & (summary["scenario"] == "c"), ends] = [5.0, -1.0, 11.0]
    assert headline(summary) == "None of the alternatives clearly saves bed days against A"


def test_the_title_of_one_replication_says_so() -> None:
    summary = compared("a", "b").summary().assign(diff_low=math.nan, diff_high=math.nan)
    assert headline(summary) == "B saves 100 bed days against A, in one replication"


def test_more_bed_days_are_not_called_saved() -> None:
    summary = compared("a", "b").summary()
    summary.loc[summary["measure"] == "bed_days_saved", ["diff_mean", "diff_low", "diff_high"]] = [-9.0, -11.0, -7.0]
    assert numbers.answers(summary, 365.0)[0].startswith(
        "B needs 9.0 more bed days against A in 365 days (95\u00a0% interval 7.0 to 11.0)"
    )


def test_a_scenario_equal_to_its_base_is_called_equal() -> None:
    summary = compared("a", "b").summary()
    summary.loc[summary["measure"] == "bed_days_saved", ["diff_mean", "diff_low", "diff_high"]] = 0.0
    assert numbers.answers(summary, 365.0) == ["B has exactly as many bed days as A in 365 days."]


def test_one_replication_has_no_interval_and_says_so() -> None:
    summary = Single([scenario("a")], n=1).summary().assign(ci_low=math.nan, ci_high=math.nan)
    assert numbers.answers(summary, 4.0) == [
        "A: on an average day 239 beds (one replication, so no interval) are in use."
    ]


@pytest.mark.parametrize(
    ("measure", "group"),
    [
        ("bed_days", "Flow"),
        ("escalation_beds_peak", "Escalation"),
        ("package_hours_weekly_end", "LIFE and packages"),
        ("at_home_91d_share", "Outcomes"),
        ("huddled_people_admitted", "Huddles"),
        ("cost_payer_ccg", "Money"),
    ],
)
def test_measures_are_grouped_by_subject(measure: str, group: str) -> None:
    assert numbers.group_of(measure) == group


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (60, "60"),
        ("unlimited", "unlimited"),
        (None, "none"),
        ({"from": 0, "steps": {"2017-09-25": 60}}, "0, then 60 from 25 September 2017"),
        (
            {"from": 0, "to": 57, "start": "2017-10-02", "end": "2018-03-31"},
            "0 until 2 October 2017, straight to 57 on 31 March 2018",
        ),
    ],
)
def test_a_dated_value_is_a_sentence(value: object, words: str) -> None:
    assert dated(value) == words


def test_a_rollout_says_when_and_what_is_assumed() -> None:
    said = dict(programme({"huddles": HUDDLES}))
    assert said["Huddles: practices live"] == "0 on 2 October 2017; 57 on 31 March 2018"
    assert said["Huddles: effect assumed"] == "rate ratio 0.86: 14\u00a0% fewer presentations while live"


def again(folder: Path, *, force: bool = False) -> Path:
    """The report of a run folder made anew."""
    return remake(folder, {report.NAME: report.make}, force=force)[0]


def test_a_folder_without_a_run_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=re.escape(str(tmp_path))):
        again(tmp_path)


def test_a_half_written_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"files": {', encoding="utf-8")
    with pytest.raises(FolderError, match=r"manifest\.json"):
        again(tmp_path)


def test_an_outcome_without_a_finished_replication_is_refused(tmp_path: Path) -> None:
    class Nothing(Compared):
        def summary(self) -> pd.DataFrame:
            return super().summary().head(0)

    with pytest.raises(report.ReportError, match="no replication finished"):
        report.write(tmp_path, Nothing([scenario("a")]), configs={}, manifest=MANIFEST)


def test_a_world_without_a_hospital_or_home_care_has_no_pictures_of_them(tmp_path: Path) -> None:
    class Community(Single):
        @property
        def daily(self) -> pd.DataFrame:
            return super().daily.query("series == 'life'")

    text = page(Community([scenario("a")]), tmp_path)
    assert ('id="beds"' in text, 'id="packages"' in text) == (False, False)


def test_a_report_made_anew_from_its_folder_is_the_same_report(tmp_path: Path) -> None:
    folder = recorded.run_folder(tmp_path / "run")
    first = (folder / "report.html").read_text(encoding="utf-8")
    (folder / "report.html").unlink()
    assert again(folder).read_text(encoding="utf-8") == first


def test_the_manifest_knows_the_report_made_anew(tmp_path: Path) -> None:
    folder = recorded.run_folder(tmp_path / "run")
    (folder / "report.html").write_text("old", encoding="utf-8")
    new = again(folder, force=True).read_bytes()
    listed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]["report.html"]
    assert listed == {"bytes": len(new), "sha256": hashlib.sha256(new).hexdigest()}


@pytest.mark.parametrize("name", ["daily.parquet", "replications.parquet", "config.after.resolved.yaml"])
def test_a_missing_file_of_a_run_is_named(tmp_path: Path, name: str) -> None:
    folder = recorded.run_folder(tmp_path / "run")
    (folder / name).unlink()
    with pytest.raises(FolderError, match=f"{re.escape(name)}: is missing"):
        again(folder)


def test_a_half_written_table_is_named(tmp_path: Path) -> None:
    file = recorded.run_folder(tmp_path / "run") / "daily.parquet"
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(FolderError, match=r"daily\.parquet"):
        again(file.parent)


def test_a_page_that_would_be_too_large_leaves_out_what_is_elsewhere_and_says_so() -> None:
    limit = len(text_of("a", "b").encode()) + 10_000
    shown = render(compared("a", "b"), MANIFEST, {"b": "x: 1\n" * 9000}, largest=limit)
    assert len(shown.encode()) < limit
    assert "mail: the configurations as they ran, which are files of the run folder.</p>" in shown


def test_a_page_that_is_small_enough_leaves_nothing_out() -> None:
    assert "Left out, so that" not in text_of("a", "b")


def test_pounds_of_a_world_without_costs_are_a_dash():
    from flowsim.report.glance import pounds

    assert pounds(math.nan) == "–"
    assert pounds(-212_345.0) == "−£212,000"
