"""The report can be read by everyone: structure, words for pictures, contrast, keyboard, paper (WCAG 2.2 AA)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import flowsim.report
from flowsim import workbook
from flowsim.config.load import load
from flowsim.experiment import compare, run
from flowsim.plots import style
from flowsim.plots.contrast import GRAPHIC, TEXT, contrast, ink_on
from flowsim.plots.open_beds import DEEPEST
from flowsim.plots.package_sizes import WEEKS
from flowsim.plots.trackers import OUTCOMES
from flowsim.report.headings import better_and_worse
from flowsim.report.numbers import Line
from flowsim.report.page import render

pytestmark = pytest.mark.unit

CSS = (Path(flowsim.report.__file__).parent / "page.css").read_text(encoding="utf-8")
SCRIPT = "<script>alert(1)</script>"
VOID = ("meta", "br", "hr", "input")


class Page(HTMLParser):
    """Tags in order with their attributes, the tag they are in, and the text of each."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None], str]] = []
        self.texts: list[str] = []
        self.open: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        above = self.tags[self.open[-1]][0] if self.open else ""
        self.tags.append((tag, dict(attrs), above))
        self.texts.append("")
        if tag not in VOID:
            self.open.append(len(self.tags) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs), self.tags[self.open[-1]][0] if self.open else ""))
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.tags[self.open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for place in self.open:
            self.texts[place] += data

    def of(self, *tags: str) -> Iterator[tuple[dict[str, str | None], str]]:
        """Attributes and text of every tag of these names."""
        for (tag, attrs, _), text in zip(self.tags, self.texts, strict=True):
            if tag in tags:
                yield attrs, " ".join(text.split())


def small(name: str, **more: Any) -> Any:
    """A shipped scenario over a few weeks, its names as bad as can be."""
    clock = {"start": "2017-11-01", "warm_up_days": 10.0, "window_days": 40.0}
    practices = {"count": 3, "list_size_cv": 0.0, "networks": {SCRIPT: "north", "B & <i>C</i>": "south"}}
    scenario = load("transition_year" if more else "do_nothing")
    population = {**scenario.tree()["population"], "practices": practices}
    return scenario.with_(name=name, title="Tea & <b>title</b>", clock=clock, population=population)


@pytest.fixture(scope="module")
def done() -> Any:
    """Two scenarios with everything in them."""
    return compare(small("do_nothing"), small(SCRIPT, life=True), replications=2, seed=3, jobs=1)


@pytest.fixture(scope="module")
def text(done: Any) -> str:
    """Their page."""
    manifest = {"seed": 3, "command": ["flowsim", SCRIPT], "flowsim": "0", "warnings": [f"{SCRIPT}: LIFE is full"]}
    return render(done, manifest, {SCRIPT: f"name: {SCRIPT}"})


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    """The same, read."""
    return Page(text)


def test_the_page_says_its_language_and_title(page: Page) -> None:
    assert next(page.of("html"))[0]["lang"] == "en-GB"
    assert next(page.of("title"))[1].endswith("flowsim report")


def test_there_is_one_heading_of_the_first_level(page: Page) -> None:
    assert len(list(page.of("h1"))) == 1


def test_headings_leave_out_no_level(page: Page) -> None:
    levels = [int(tag[1]) for tag, _, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []


def test_landmarks_are_there_and_named(page: Page) -> None:
    assert [len(list(page.of(tag))) for tag in ("header", "main", "nav")] == [1, 1, 1]
    ids = {attrs.get("id") for _, attrs, _ in page.tags}
    assert [attrs for attrs, _ in page.of("section") if attrs.get("aria-labelledby") not in ids] == []


def test_the_first_link_skips_to_the_answer(page: Page) -> None:
    assert next(page.of("a")) == ({"class": "skip", "href": "#answer"}, "Skip to the answer")


def test_the_contents_name_every_section_and_lead_there(page: Page) -> None:
    links = [str(attrs["href"])[1:] for attrs, _ in page.of("a") if "class" not in attrs]
    assert list(dict.fromkeys(links)) == [attrs["id"] for attrs, _ in page.of("h2")]


def test_every_picture_is_an_image_with_a_title_and_a_description(page: Page) -> None:
    words = {str(attrs.get("id")): text for attrs, text in page.of("title", "desc")}
    pictures = [attrs for attrs, _ in page.of("svg")]
    assert len(pictures) >= 12
    for attrs in pictures:
        assert attrs["role"] == "img"
        assert len(words[str(attrs["aria-labelledby"])]) > 15
        assert len(words[str(attrs["aria-describedby"])]) > 15


def test_titles_of_pictures_say_the_finding(page: Page) -> None:
    titles = [text for attrs, text in page.of("title") if str(attrs.get("id", "")).endswith("-title")]
    assert [title for title in titles if not re.search(r"\d", title) and "no" not in title.lower()] == []


def test_every_table_has_a_caption_and_every_heading_of_it_a_scope(page: Page) -> None:
    assert len(list(page.of("table"))) == len([one for one in page.tags if one[0] == "caption" and one[2] == "table"])
    assert {attrs.get("scope") for attrs, _ in page.of("th")} == {"col", "row"}


def test_what_scrolls_can_be_reached_by_keyboard_and_has_a_name_of_its_own(page: Page) -> None:
    regions = [attrs for attrs, _ in page.of("div") if attrs.get("class") == "scroll"]
    assert {(attrs.get("tabindex"), attrs.get("role")) for attrs in regions} == {("0", "region")}
    names = [attrs["aria-label"] for attrs in regions]
    assert sorted({str(name) for name in names if names.count(name) > 1}) == []


def test_better_and_worse_are_words_not_only_colours(page: Page) -> None:
    marked = [
        text for attrs, text in page.of("span", "td") if {"better", "worse"} & set(str(attrs.get("class")).split())
    ]
    assert [text for text in marked if not re.search("better|worse", text)] == []


def test_ids_are_given_once(page: Page) -> None:
    ids = [attrs["id"] for _, attrs, _ in page.tags if "id" in attrs]
    assert sorted({str(one) for one in ids if ids.count(one) > 1}) == []


def test_nothing_moves_or_runs_and_nothing_is_fetched(page: Page) -> None:
    assert [tag for tag, _, _ in page.tags if tag in ("script", "link", "img", "iframe", "animate", "video")] == []
    assert [attrs for _, attrs, _ in page.tags if any(key.startswith("on") for key in attrs)] == []


def test_names_with_markup_are_text_wherever_they_stand(text: str, page: Page) -> None:
    assert SCRIPT not in text
    assert "<b>title</b>" not in text
    assert "<i>C</i>" not in text
    assert text.count("&lt;script&gt;") > 20
    assert any(SCRIPT in words for _, words in page.of("desc"))


def test_scenarios_are_named_one_way(page: Page) -> None:
    shown = [text for tag in ("p", "li", "h1", "h2", "caption", "dd") for _, text in page.of(tag)]
    assert [text for text in shown if re.search(r"\bdo_nothing\b", text)] == []


def test_the_first_screen_has_answer_interval_beds_escalation_packages_money_and_a_caution(page: Page) -> None:
    tiles = [text for attrs, text in page.of("dl") if attrs.get("class") == "tiles"]
    for words in ("Beds that would do the same", "escalation beds open", "Care packages", "Cost", "95 % interval"):
        assert words in tiles[0], words
    assert any(attrs.get("class") == "caution" for attrs, _ in page.of("p"))


def test_beds_that_would_do_the_same_say_at_which_occupancy(page: Page) -> None:
    from flowsim.app.words import CARDS
    from flowsim.measures import OCCUPANCY

    told = f"at a usual occupancy of {100 * OCCUPANCY:.0f}\u00a0%"
    tiles = [text for attrs, text in page.of("dl") if attrs.get("class") == "tiles"]
    assert " ".join(told.split()) in " ".join(tiles[0].split())
    assert f"at {100 * OCCUPANCY:.0f} % occupancy" in CARDS[0][2]


def test_bed_days_count_once_among_those_better_and_worse() -> None:
    lines = [Line(name, "days", (), "better") for name in ("Bed days saved", "Beds equivalent", "Bed days")]
    assert better_and_worse([("A", lines)]) == "of 1 headline measures 1 is better"


def test_the_sections_the_reader_asks_for_are_there(page: Page) -> None:
    wanted = "asked answer cautions differences causes beds escalation life packages delays rollout assumptions again"
    assert [one for one in wanted.split() if one not in {attrs["id"] for attrs, _ in page.of("h2")}] == []


def test_what_the_alternative_changes_stands_first_among_the_assumptions(page: Page) -> None:
    captions = [text for _, text in page.of("caption")]
    place = next(at for at, text in enumerate(captions) if text.endswith("changes, and what speaks for it"))
    assert captions[place + 1] == "Every parameter of the shipped configuration"


def test_the_page_is_small(text: str) -> None:
    assert len(text.encode()) < 1_000_000


# -- colours ----------------------------------------------------------------------------------------------------------


def colours(pattern: str) -> set[str]:
    """Colours of a property in the style sheet."""
    return set(re.findall(rf"(?<![-\w]){pattern}:[^;}}]*?(#[0-9a-f]{{3,6}})\b", CSS))


GROUNDS = sorted(colours("background") | {"#fff"})


@pytest.mark.parametrize("colour", sorted(colours("color")))
def test_text_of_the_page_stands_out_from_every_background(colour: str) -> None:
    assert min(contrast(colour, ground) for ground in GROUNDS) >= TEXT


@pytest.mark.parametrize("colour", sorted(colours("outline") | colours("border") | colours("border-left")))
def test_focus_and_edges_that_mean_something_stand_out(colour: str) -> None:
    light_lines = {"#ddd"}  # between the rows of tables, where reading does not rest on them
    assert colour in light_lines or contrast(colour, "#fff") >= GRAPHIC


@pytest.mark.parametrize("colour", [style.INK, style.MUTED, style.BETTER, style.WORSE, style.UNCLEAR, *style.COLOURS])
def test_words_and_lines_of_pictures_stand_out_from_white(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= TEXT


@pytest.mark.parametrize("colour", [style.GAIN, style.LOSS])
def test_bars_stand_out_from_white(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= GRAPHIC


@pytest.mark.parametrize(("_words", "colour", "ink"), WEEKS.values())
def test_numbers_on_parts_of_bars_can_be_read(_words: str, colour: str, ink: str) -> None:
    assert contrast({"white": "#ffffff"}.get(ink, ink), colour) >= TEXT


@pytest.mark.parametrize("share", [place / 20 for place in range(21)])
def test_numbers_on_every_shade_of_the_calendar_can_be_read(share: float) -> None:
    shade = [(255 - (255 - part) * share) / 255 for part in DEEPEST]
    assert contrast(ink_on(shade), shade) >= TEXT


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [("#000", "#fff", 21.0), ("#fff", "#ffffff", 1.0), ("#767676", "#fff", 4.54), ((1.0, 0.0, 0.0), "#ffffff", 4.0)],
)
def test_contrast_is_that_of_the_guidelines(first: Any, second: Any, ratio: float) -> None:
    assert contrast(first, second) == pytest.approx(ratio, abs=0.005)


def test_outcomes_of_life_have_a_word_each() -> None:
    assert len({words for words, _ in OUTCOMES.values()}) == len(OUTCOMES)


# -- keyboard, fingers, paper -----------------------------------------------------------------------------------------


def test_focus_is_shown() -> None:
    assert re.search(r":focus-visible \{ outline: 3px solid", CSS)


@pytest.mark.parametrize("selector", ["nav a", "summary"])
def test_targets_are_24_pixels_high(selector: str) -> None:
    rule = re.search(rf"^{selector} \{{([^}}]*)\}}", CSS, flags=re.MULTILINE)
    assert rule is not None
    assert "min-height: 1.5rem" in rule.group(1)


@pytest.mark.parametrize(
    "words",
    [
        "body:has(#print-all:checked)",
        "details.folded::details-content { content-visibility: visible;",
        "details[open] > summary { display: none; }",
        "break-inside: avoid",
        "display: table-header-group",
        ".unprinted { display: inline; }",
        ".scroll { overflow: visible;",
    ],
)
def test_paper_shows_what_is_open_says_what_is_not_and_cuts_nothing(words: str) -> None:
    assert words in CSS[CSS.index("@media print") :]


def test_what_paper_leaves_out_is_said_with_the_place_it_is_in(page: Page) -> None:
    lines = [text for _, text in page.of("summary")]
    assert len(lines) > 15
    assert [
        text for text in lines if not re.search(r" – not printed; .*(results\.xlsx|run folder|flowsim \w+)", text)
    ] == []


def sheets_named(page: Page) -> set[str]:
    """The sheets of the workbook that lines of folded tables speak of."""
    found = [re.search(r"the sheets? (.+?) of results\.xlsx", text) for _, text in page.of("summary")]
    return {sheet for one in found if one for sheet in one.group(1).split(" and ")}


@pytest.mark.parametrize("alone", [False, True], ids=["of two", "of one"])
def test_the_sheets_that_paper_sends_to_are_in_the_workbook(done: Any, alone: bool, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    outcome = run(done.scenarios[1], replications=1, seed=3, jobs=1) if alone else done
    book = workbook.write(tmp_path / "results.xlsx", outcome, manifest={}, configs={})
    named = sheets_named(Page(render(outcome, {}, {})))
    assert len(named) > 8
    assert named - set(load_workbook(book, read_only=True).sheetnames) == set()


def test_all_tables_are_printed_at_the_tick_of_a_box(page: Page) -> None:
    (box,) = [attrs for attrs, _ in page.of("input")]
    assert (box["type"], box["id"]) == ("checkbox", "print-all")
    assert any(text.startswith("Print the folded tables, too") for _, text in page.of("label"))
