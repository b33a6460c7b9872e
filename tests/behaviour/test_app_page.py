"""The what-if page headless, by Streamlit's own AppTest: load, move a lever, see the number change, stop, keep."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import whatifs
from streamlit.testing.v1 import AppTest
from waiting import until

from flowsim.app import flow

pytestmark = pytest.mark.behaviour


def script(plan: str, base: str, replications: int) -> None:
    """What Streamlit runs; it stands by itself, as AppTest takes its source."""
    from flowsim.app.page import main

    main(plan, base, replications, 1, jobs=1)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Plan and base of the small world."""
    return whatifs.written(tmp_path_factory.mktemp("study"))


@pytest.fixture
def page(study):
    """The page with all of its first replications done."""
    return done(opened(*study))


@pytest.fixture(scope="module")
def still(study):
    """The same, for tests that move no lever."""
    return done(opened(*study))


def opened(plan: str, base: str, replications: int = 2) -> AppTest:
    """The page as it opens."""
    return AppTest.from_function(script, args=(plan, base, replications), default_timeout=60).run()


def done(page: AppTest, seconds: float = 60.0) -> AppTest:
    """The page when its work has ended."""
    until(lambda: not page.session_state["work"].running, seconds)
    page.run()
    assert not page.exception
    return page


def html(page: AppTest) -> str:
    """Everything the page shows as HTML."""
    return "\n".join(one.proto.body for one in page.get("html"))


def answer(page: AppTest) -> str:
    """The sentence that answers."""
    return re.search(r'class="fs-answer"[^>]*>(.*?)</p>', html(page)).group(1)


def text(page: AppTest) -> str:
    """All other words."""
    return "\n".join(one.value for one in (*page.markdown, *page.caption, *page.info, *page.error))


def blocks(block):
    """All blocks within one."""
    return [block, *(found for one in getattr(block, "children", {}).values() for found in blocks(one))]


def look_at(page: AppTest, section: str) -> AppTest:
    """Choose what is shown under the answer."""
    page.session_state["section"] = section
    page.run()
    assert not page.exception
    return page


def test_the_page_opens_with_an_answer_and_its_interval(still):
    assert "Small plan" in answer(still)
    assert "95\u00a0% interval" in answer(still)
    assert html(still).count('fs-card"') == 6


def test_a_lever_changes_the_number_and_putting_it_back_brings_the_same_number(page):
    before = answer(page)
    done(page.slider(key="huddles.fewer").set_value(0).run())
    assert answer(page) != before
    assert "My plan" in answer(page)
    done(page.button(key="reset").click().run())
    assert answer(page) == before


def test_one_click_makes_it_sceptical(page):
    done(page.button(key="sceptical").click().run())
    assert page.slider(key="huddles.fewer").value == 0
    assert page.slider(key="life.ended").value == 60


def test_a_choice_brings_its_levers_and_remembers_them(page):
    assert "life.winter" not in page.session_state
    page.selectbox(key="life.rollout").set_value("chosen").run()
    page.slider(key="life.winter").set_value(20).run()
    page.selectbox(key="life.rollout").set_value("as_is").run()
    page.selectbox(key="life.rollout").set_value("chosen").run()
    assert page.slider(key="life.winter").value == 20
    assert page.session_state["work"].scenarios[1].life.slots.steps


def test_stop_ends_the_work_and_go_on_goes_on(study):
    page = opened(*study, replications=200)
    page.button(key="stop").click().run()
    work = page.session_state["work"]
    assert not work.running
    assert work.children == []
    page.button(key="go_on").click().run()
    assert work.running
    page.button(key="stop").click().run()
    assert not work.running


def test_a_change_ends_the_work_that_is_no_longer_wanted(study):
    page = opened(*study, replications=200)
    old = page.session_state["work"]
    page.slider(key="winter.level").set_value(110).run()
    assert old is not page.session_state["work"]
    assert old.children == []
    page.session_state["work"].stop()


def test_settings_that_do_not_go_together_are_told_in_words(page):
    page.slider(key="door.hours").set_value((9, 9)).run()
    assert "do not go together" in text(page)
    assert "from\\_hour must be before to\\_hour" in text(page)
    assert "work" not in page.session_state


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("Why", "Bed days saved by cause"),
        ("Beds by day", "Beds in use by day"),
        ("Assumptions", "plan, count or claim of the Alliance"),
    ],
)
def test_each_section_shows_what_it_promises(still, section, words):
    assert words in html(look_at(still, section))


def test_one_person_is_told_in_both_worlds(still):
    look_at(still, "One person")
    assert html(still).count('class="fs-life"') == 2
    command = still.code[0].value
    assert command.startswith("flowsim trace what_if_small_base.yaml what_if_small_plan.yaml --replication 0 --person ")


def test_plans_in_the_basket_stand_side_by_side(page):
    look_at(page, "Compare")
    assert "The basket is empty" in text(page)
    page.button(key="keep").click().run()
    done(page.slider(key="huddles.fewer").set_value(0).run())
    words = text(page).replace("\\", "")
    assert "My plan" in words
    assert "2 simulations of each plan" in words
    look_at(page, "Downloads")
    page.toggle(key="with_basket").set_value(True).run()
    names = [one.proto.label for one in page.get("download_button")]
    assert names[:3] == ["what_if_small_base.yaml", "what_if_my_plan.yaml", "what_if_small_plan.yaml"]
    look_at(page, "Compare")
    page.button(key="set_0").click().run()
    assert page.slider(key="huddles.fewer").value == 14
    page.button(key="remove_0").click().run()
    assert "The basket is empty" in text(page)


def test_downloads_offer_every_file_and_the_command(still):
    look_at(still, "Downloads")
    names = [one.proto.label for one in still.get("download_button")]
    assert names == [
        "what_if_small_base.yaml",
        "what_if_small_plan.yaml",
        "report.html",
        "results.xlsx",
        "Everything in one",
    ]
    assert (
        "flowsim compare what_if_small_base.yaml what_if_small_plan.yaml --replications 2 --seed 1"
        in still.code[0].value
    )


def test_a_name_with_html_is_shown_as_text(page):
    done(page.text_input(key="name").set_value("<img src=x onerror=alert(1)> [a](b)").run())
    assert "&lt;img src=x" in answer(page)
    assert "<img src=x" not in html(page)
    assert all("<img src=x" not in one.value for one in page.markdown)


def test_watch_the_flow_draws_an_animation(still):
    look_at(still, "Watch the flow")
    still.slider(key="flow_days").set_value(1).run()
    still.button(key="flow_draw").click().run()
    assert not still.exception
    assert len(still.get("plotly_chart")) == 1


def test_a_window_of_one_day_has_no_days_to_choose_from(study, tmp_path):
    for name, file in zip(("plan", "base"), study, strict=True):
        text = Path(file).read_text(encoding="utf-8").replace("window_days: 42", "window_days: 1")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    short = done(opened(str(tmp_path / "plan.yaml"), str(tmp_path / "base.yaml")))
    assert [one.key for one in look_at(short, "Watch the flow").main.slider] == []


def test_the_animation_is_as_wide_as_its_words_need_where_the_page_is_narrow(still):
    look_at(still, "Watch the flow")
    still.slider(key="flow_days").set_value(1).run()
    still.button(key="flow_draw").click().run()
    (box,) = (one for one in blocks(still.main) if getattr(one.proto, "id", "").endswith(flow.PICTURE))
    assert [one.type for one in box.children.values()] == ["plotly_chart"]
    assert f".st-key-{flow.PICTURE} > * {{ min-width: " in html(still)


def test_ranges_below_nothing_have_a_true_minus(still):
    shown = html(look_at(still, "Assumptions"))
    assert re.search(r"<td>[\s(]*-\d", shown) is None
    assert "<td>−10 to 18" in shown
