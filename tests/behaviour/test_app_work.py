"""The work behind the what-if page: the command line's numbers, a real stop, and nobody left behind."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import zipfile
from collections import deque
from dataclasses import replace

import pandas as pd
import pytest
import whatifs
from waiting import until

from flowsim import compare
from flowsim.app import crew
from flowsim.app.basket import Item, free_name, side_by_side
from flowsim.app.compared import renew
from flowsim.app.files import archive, file_name, how_to_repeat, report_and_workbook, scenario_files
from flowsim.app.lives import differing
from flowsim.app.ready import AT_HAND, READY, ended
from flowsim.app.session import mark
from flowsim.app.state import Start, State
from flowsim.app.words import answer_html, cards, cards_html, life_html, plain, table_html
from flowsim.app.work import PATIENCE, Progress, Work
from flowsim.config.load import load
from flowsim.engine import simulate

pytestmark = pytest.mark.behaviour


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended but was not waited for does not."""
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    """The small world with two levers moved."""
    opened = whatifs.opened(tmp_path_factory.mktemp("study"))
    return opened.with_(huddles__fewer=5.0, winter__level=108.0)


@pytest.fixture(scope="module")
def work(state):
    """Three replications, done."""
    found = Work(state.scenarios(), 7, 3, workers=2).start()
    until(lambda: found.progress().done == 3)
    until(lambda: not found.running)
    return found


@pytest.fixture(scope="module")
def by_command_line(state, tmp_path_factory):
    """What the downloaded files give when they are read and compared."""
    folder = tmp_path_factory.mktemp("again")
    whatifs.written(folder)
    (folder / "page_base.yaml").write_text(state.to_yaml("base"), encoding="utf-8")
    (folder / "page_plan.yaml").write_text(state.to_yaml("plan"), encoding="utf-8")
    return compare(load(folder / "page_base.yaml"), load(folder / "page_plan.yaml"), replications=3, seed=7, jobs=1)


def test_the_page_shows_exactly_what_the_command_line_gives(work, by_command_line):
    shown = work.results()
    pd.testing.assert_frame_equal(shown.replications, by_command_line.replications, check_exact=True)
    pd.testing.assert_frame_equal(shown.daily, by_command_line.daily, check_exact=True)
    pd.testing.assert_frame_equal(shown.summary(), by_command_line.summary(), check_exact=True)
    assert shown.warnings == by_command_line.warnings


def test_the_first_replications_are_those_of_a_shorter_run(work, by_command_line):
    first = work.results(2).replications
    assert set(first["replication"]) == {0, 1}
    rows = by_command_line.replications
    pd.testing.assert_frame_equal(first, rows[rows["replication"] < 2].reset_index(drop=True), check_exact=True)


def test_more_replications_keep_those_that_are_there(work):
    further = work.up_to(4)
    until(lambda: further.progress().done == 4)
    assert [one.replication for one in further.finished()] == [0, 1, 2, 3]
    assert further.finished()[:3] == work.finished()
    further.stop()


def test_fewer_replications_show_the_first_of_those_that_are_there(work):
    fewer = work.up_to(2)
    assert not fewer.running
    assert fewer.finished() == work.finished()[:2]
    assert fewer.up_to(3).finished() == work.finished()


def test_time_left_is_judged_by_what_was_done_in_this_stretch():
    assert Progress(30, 100, True, 2.0, before=30).seconds_left is None
    assert Progress(32, 100, True, 4.0, before=30).seconds_left == pytest.approx(136.0)


def test_work_goes_on_until_the_last_result_is_read(state):
    begun = Work(state.scenarios(), 1, 2, workers=2).start()
    until(lambda: not begun.running)
    assert begun.progress().done == 2


def test_stop_ends_every_child_at_once_and_keeps_what_is_there(state):
    begun = Work(state.scenarios(), 1, 500, workers=2).start()
    until(lambda: begun.progress().done >= 1)
    children = begun.children
    assert len(children) == 2
    begun.stop()
    assert not any(map(alive, children))
    progress = begun.progress()
    assert not progress.running
    assert 1 <= progress.done < 500
    assert begun.results() is not None


def test_work_goes_on_where_it_was_stopped(state):
    begun = Work(state.scenarios(), 1, 3, workers=1).start()
    until(lambda: begun.progress().done >= 1)
    begun.stop()
    kept = begun.finished()
    begun.start()
    until(lambda: begun.progress().done == 3)
    assert begun.finished()[: len(kept)] == kept


def test_children_end_with_the_work_they_belong_to(state):
    begun = Work(state.scenarios(), 1, 500, workers=1).start()
    children = begun.children
    assert any(map(alive, children))
    del begun
    until(lambda: not any(map(alive, children)), 10.0)


def test_work_that_nobody_asks_about_ends_and_keeps_what_is_there(state):
    begun = Work(state.scenarios(), 1, 500, workers=1).start()
    until(lambda: begun.progress().done >= 1)
    children = begun.children
    begun._box.asked -= PATIENCE
    until(lambda: not any(map(alive, children)), 10.0)
    assert not begun.running
    assert begun.finished()


PARENT = """
import sys, time
sys.path[:0] = {path!r}
import pathlib, whatifs
from flowsim.app.work import Work
from flowsim.app.ready import READY
work = Work(whatifs.opened(pathlib.Path({folder!r})).scenarios(), 1, 500, workers=2).start()
READY.stock()
print(*work.children, *READY.standing, flush=True)
time.sleep(60)
"""


def test_children_end_when_the_page_is_killed(tmp_path):
    code = PARENT.format(path=[path for path in sys.path if path], folder=str(tmp_path))
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    children = [int(word) for word in parent.stdout.readline().split()]
    assert len(children) == 4  # two at work, two that stand ready
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    until(lambda: not any(map(alive, children)), 20.0)


def test_a_child_that_dies_is_told_as_a_failure(state):
    begun = Work(state.scenarios(), 1, 4, workers=2).start()
    os.kill(begun.children[0], signal.SIGKILL)
    until(lambda: begun.progress().done == 4)
    reasons = {failure.reason for failure in begun.results().failures}
    assert len(reasons) == 1
    assert "a worker process died" in reasons.pop()


def test_if_all_children_die_every_replication_left_has_failed(state):
    begun = Work(state.scenarios(), 1, 400, workers=1).start()
    os.kill(begun.children[0], signal.SIGKILL)
    until(lambda: not begun.running)
    assert begun.progress().done == 400
    assert len(begun.results().failures) == 400 - len(begun.results().record.replications)


def child_of(code):
    """A process that is handed runs as a child is."""
    return subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)


@pytest.mark.parametrize("sent", [b"not what was asked for", b"cno_such_module\nname\n."])
def test_what_cannot_be_read_is_told_as_a_failure_and_its_child_ends(state, sent):
    child = child_of(f"import os, sys; os.write(1, {sent!r}); sys.stdin.buffer.read()")
    box = crew.Box(state.scenarios(), 1, {}, deque([(0, 0)]), children=[child])
    crew._listen(child, box)
    (failure,) = box.found[0].failures
    assert "a worker process ended early, or sent what cannot be read (" in failure.reason
    assert (child.returncode, box.running) == (0, False)


def test_of_children_that_die_at_once_none_counts_on_another_to_go_on(state):
    dead = [child_of("") for _ in "ab"]
    box = crew.Box(state.scenarios(), 1, {}, deque([(2, 0), (2, 1)]), children=dead)
    for number, child in enumerate(dead):
        crew._note_lost(child, (number, 0), box, EOFError())  # before either's streams are closed
    assert sorted(box.found) == [0, 1, 2]
    for child in dead:
        ended(child)


def test_a_moved_lever_leaves_the_base_as_it_was_simulated(state, work):
    moved = Work(state.with_(life__cap_days=21.0).scenarios(), 7, 9, workers=1).start()
    again = [number for number, which in moved._box.todo if which == 0]
    moved.stop()
    assert len(work.finished()) == 3
    assert not {0, 1, 2} & set(again)
    assert 8 in again


def test_the_first_numbers_bring_children_that_stand_ready_for_the_next_change(state):
    begun = Work(state.scenarios(), 1, 500, workers=2).start()
    until(lambda: len(READY.standing) == AT_HAND)
    standing = READY.standing
    begun.stop()
    other = Work(state.with_(life__cap_days=21.0).scenarios(), 1, 500, workers=2).start()
    assert other.children == standing
    other.stop()


def test_ending_twice_does_no_harm(work):
    crew.end(work._box)
    work.stop()
    assert work.progress().done == 3


def test_scenarios_that_cannot_be_compared_are_refused(state):
    with pytest.raises(ValueError, match="at least one alternative"):
        Work(state.scenarios()[:1], 1, 3)
    with pytest.raises(ValueError, match="seed must be"):
        Work(state.scenarios(), -1, 3)


def test_the_answer_is_drawn_anew_ever_more_rarely():
    assert [mark(done, True) for done in (0, 1, 5, 11, 29, 30)] == [0, 1, 4, 10, 25, 30]
    assert mark(29, False) == 29


def _item(state, work, name: str) -> Item:
    base, plan = work.scenarios
    return Item(state, base, plan, work.seed, tuple(work.finished())).named(name)


def test_the_basket_gives_what_one_comparison_of_all_gives(state, work, by_command_line):
    other = state.with_(life__cap_days=21.0)
    second = Work(other.scenarios(), 7, 2, workers=1).start()
    until(lambda: second.progress().done == 2)
    both = side_by_side([_item(state, work, "one"), _item(other, second, "two")])
    base, one = by_command_line.scenarios
    names = [one.model_copy(update={"name": "one"}), other.scenarios()[1].model_copy(update={"name": "two"})]
    together = compare(base, *names, replications=2, seed=7, jobs=1)
    pd.testing.assert_frame_equal(both.replications, together.replications, check_exact=True)
    pd.testing.assert_frame_equal(both.summary(), together.summary(), check_exact=True)
    pd.testing.assert_frame_equal(both.attribution(), together.attribution(), check_exact=True)


def test_plans_against_another_winter_do_not_fit(state, work):
    item = _item(state, work, "one")
    assert item.fits(work.scenarios[0], 7)
    assert not item.fits(state.with_(winter__level=100.0).scenarios()[0], 7)
    assert not item.fits(work.scenarios[0], 8)


def test_a_plan_put_into_the_basket_early_has_there_what_is_finished_by_now(state, work):
    whole = _item(state, work, "whole")
    early = replace(whole.named("early"), finished=whole.finished[:-1])
    basket = [early, whole]
    renew(basket, whole)
    assert [one.name for one in basket] == ["early", "whole"]
    assert all(one.finished == whole.finished for one in basket)
    renew(basket, early)  # what was stopped sooner takes nothing away
    assert all(one.finished == whole.finished for one in basket)


def test_names_in_the_basket_differ():
    assert free_name("plan", ["base"]) == "plan"
    assert free_name("plan", ["plan", "plan_2"]) == "plan_3"


def test_names_of_files_are_plain_and_differ():
    assert file_name("../<b>My plan</b>") == "what_if_b_My_plan_b.yaml"
    assert file_name("a", ["what_if_a.yaml"]) == "what_if_a_2.yaml"
    assert file_name("…") == "what_if_plan.yaml"


def test_what_is_taken_home_says_how_to_repeat_it(state):
    files = scenario_files([state])
    assert list(files) == ["what_if_small_base.yaml", "what_if_my_plan.yaml"]
    told = how_to_repeat([state], 3, 7)
    assert "flowsim compare what_if_small_base.yaml what_if_my_plan.yaml --replications 3 --seed 7" in told
    assert "must also hold the files they extend" in told


def test_files_stand_on_a_page_begun_from_such_files_in_their_folder(tmp_path):
    whatifs.written(tmp_path)
    state = whatifs.opened(tmp_path)
    for _ in range(2):
        files = scenario_files([state])
        for name, text in files.items():
            assert not (tmp_path / name).exists()
            (tmp_path / name).write_text(text, encoding="utf-8")
        base, plan = (str(tmp_path / name) for name in files)
        assert [load(base).fingerprint, load(plan).fingerprint] == [one.fingerprint for one in state.scenarios()]
        state = State.of(Start.of(plan, base)).with_(life__cap_days=35.0)


def test_files_of_shipped_scenarios_do_not_stand_on_themselves(tmp_path):
    for name, text in scenario_files([State.of(Start.of())]).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert (
            load(tmp_path / name).fingerprint == load(name.removeprefix("what_if_").removesuffix(".yaml")).fingerprint
        )


def test_report_and_workbook_are_made_of_what_is_shown(state, work):
    made = report_and_workbook(work.results(), [state])
    assert b"<h1" in made["report.html"]
    assert b"what_if_my_plan.yaml --replications 3 --seed 7" in made["report.html"]
    assert zipfile.ZipFile(io.BytesIO(made["results.xlsx"])).testzip() is None


def test_the_same_page_gives_the_same_archive(state):
    files = scenario_files([state])
    assert archive(files) == archive(files)


def test_people_whose_lives_differ_are_found_with_the_reason(state):
    logs = [simulate(one, 7, 0) for one in state.with_(huddles__fewer=18.0).scenarios()]
    found = differing(*logs)
    assert found
    assert all(abs(one.base_days - one.plan_days) > 0.05 for one in found)
    assert len({one.person for one in found}) == len(found)
    assert differing(logs[0], logs[0]) == []


def test_cards_say_better_or_worse_in_words(work):
    shown = cards(work.results().summary(), work.scenarios[1].name)
    assert shown[0].name == "Beds that would do the same"
    assert {one.verdict for one in shown} <= {"better", "worse", "no clear difference"}


EVIL = '<script>alert("1")</script>'


def test_words_from_outside_are_shown_as_text(work):
    one = replace(cards(work.results().summary(), work.scenarios[1].name)[0], name=EVIL, value=EVIL, change=EVIL)
    for text in (answer_html(EVIL), cards_html([one]), life_html([(EVIL, EVIL)]), table_html([EVIL], [[EVIL, EVIL]])):
        assert "<script" not in text
    assert plain("[x](javascript:1) :red[*a*] <b> $x$") == (r"\[x\]\(javascript\:1\) \:red\[\*a\*\] \<b\> \$x\$")
