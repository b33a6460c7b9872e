"""`flowsim money` as a user types it, on a short comparison."""

from __future__ import annotations

import csv
import json
import shutil

import pytest
from typer.testing import CliRunner

from flowsim.cli.app import app

pytestmark = pytest.mark.unit

SHORT = ("clock.warm_up_days=3", "clock.window_days=7", "population.people=5000", "initial.home_care=10")
FILES = (
    "money",
    "money_shares",
    "money_open_book",
    "money_statements",
    "money_stated",
    "money_cost_factors",
    "money_council",
)


def flowsim(*words: object):
    return CliRunner().invoke(app, [str(one) for one in words], prog_name="flowsim")


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """A short comparison, its folder, and what `money --json` said of it."""
    folder = tmp_path_factory.mktemp("money") / "run"
    settings = [word for one in SHORT for word in ("--set", one)]
    ran = flowsim("compare", "do_nothing", "full_effect", "-n", 2, "--quiet", "--out", folder, *settings)
    assert ran.exit_code == 0, ran.output
    said = flowsim("money", folder, "--json")
    assert said.exit_code == 0, said.output
    return folder, json.loads(said.stdout)


def test_it_writes_every_table_and_a_picture_into_the_run_folder(compared):
    folder, _ = compared
    names = [*(f"{name}.csv" for name in FILES), "money.png", "money.svg"]
    assert [name for name in names if not (folder / name).is_file()] == []
    sealed = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert set(names) <= set(sealed)


def test_the_table_and_the_json_say_the_same(compared):
    folder, tree = compared
    with (folder / "money.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["mean"]) for row in rows] == [row["mean"] for row in tree["money"]]
    assert {row["year"] for row in rows} == {"2016/17"}


def test_the_lines_of_the_open_book_add_up_to_the_net_saving(compared):
    _, tree = compared
    net = {row["payer"]: row["mean"] for row in tree["money"] if row["line"] == "net saving"}
    book = tree["money_open_book"]
    sums = {payer: sum(row["saving"] for row in book if row["payer"] == payer) for payer in net}
    assert {payer: amount for payer, amount in sums.items() if payer != "public system"} == pytest.approx(
        {payer: amount for payer, amount in net.items() if payer != "public system"}, abs=1e-6
    )
    assert net["public system"] == pytest.approx(sum(sums.values()) - sums["self"], abs=1e-6)


def test_doing_it_again_writes_the_same_and_the_report_can_still_be_made(compared):
    folder, _ = compared
    before = {name: (folder / f"{name}.csv").read_bytes() for name in FILES}
    again = flowsim("money", folder)
    assert again.exit_code == 0, again.output
    assert {name: (folder / f"{name}.csv").read_bytes() for name in FILES} == before
    assert "net saving against do_nothing of the same year" in again.stdout
    assert flowsim("report", folder).exit_code == 0


def test_tables_can_be_written_elsewhere(compared, tmp_path):
    folder, _ = compared
    said = flowsim("money", folder, "--quiet", "--out", tmp_path / "elsewhere")
    assert said.exit_code == 0
    assert (tmp_path / "elsewhere" / "money.csv").is_file()
    assert said.stdout.strip() == f"money: {tmp_path / 'elsewhere' / 'money.csv'}"


def test_what_is_no_comparison_is_refused(tmp_path):
    said = flowsim("money", tmp_path)
    assert (said.exit_code, "is no run folder" in said.output) == (2, True)


def test_terms_that_do_not_fit_the_run_are_refused_and_nothing_is_written(compared, tmp_path):
    folder, _ = compared
    terms = tmp_path / "terms.yaml"
    terms.write_text(
        "partners:\n  council: {weight: 1}\n"
        "posts:\n  pics: {title: p, payer: ccg, price_year: 2018/19, pounds_a_year: 1, needs: huddles_held, "
        "by_date: {2017-10-01: 1}}\n",
        encoding="utf-8",
    )
    said = flowsim("money", folder, "--terms", terms, "--out", tmp_path / "out")
    assert said.exit_code == 2
    fault = "prices of 2018/19 cannot be used beside prices of 2016/17: no index table is given"
    assert f"{terms}:4:32: posts.pics.price_year: {fault}" in said.output
    assert not (tmp_path / "out").exists()


BAD = {
    "nobody_s_measure": (
        "posts:\n  p: {title: p, payer: ccg, price_year: 2016/17, pounds_a_year: 1, needs: huddels, by_date: {}}\n",
        "posts.p.needs: the run has no measure 'huddels'; did you mean huddles_held?",
    ),
    "no_such_claim": (
        "statements: {one: {claim: D-1, what: net_saving}}\n",
        "statements.one.claim: no claim is called 'D-1'",
    ),
    "fund_of_a_thing_twice": (
        "package_fund: {title: f, items: [life, life], pounds: {2017/18: 1}, beyond: council}\n",
        "package_fund.items: lists life more than once; keep one",
    ),
    "fund_of_nothing": (
        "package_fund: {title: f, items: [], pounds: {2017/18: 1}, beyond: council}\n",
        "package_fund.items: must list at least one",
    ),
    "fund_without_money": (
        "package_fund: {title: f, items: [life], pounds: {}, beyond: council}\n",
        "package_fund.pounds: needs the pounds of a financial year",
    ),
    "neither_yes_nor_no": (
        "statements: {one: {claim: D-01, what: net_saving, phases: [2a], beyond_previous: 'yes'}}\n",
        "statements.one.beyond_previous: must be true or false, not 'yes'",
    ),
    "times_nothing": (
        "statements: {one: {claim: D-01, what: net_saving, times: 0}}\n",
        "statements.one.times: must not be 0",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_fault_of_the_terms_is_told_at_its_line_and_nothing_is_written(compared, tmp_path, name):
    folder, _ = compared
    words, fault = BAD[name]
    terms = tmp_path / "terms.yaml"
    terms.write_text(f"partners: {{council: {{weight: 1}}}}\n{words}", encoding="utf-8")
    said = flowsim("money", folder, "--terms", terms, "--out", tmp_path / "out")
    assert said.exit_code == 2
    assert said.output.startswith(f"{terms}:")
    assert fault in said.output
    assert not (tmp_path / "out").exists()


def test_people_who_pay_themselves_are_no_partner(compared, tmp_path):
    folder, _ = compared
    (tmp_path / "terms.yaml").write_text("partners: {self: {weight: 1}}\n", encoding="utf-8")
    said = flowsim("money", folder, "--terms", tmp_path / "terms.yaml", "--out", tmp_path / "out")
    assert (said.exit_code, "partners.self: people who pay themselves are no partner" in said.output) == (2, True)


def test_a_fund_of_a_year_outside_the_run_is_told(compared):
    _, tree = compared
    assert tree["notes"][0].endswith("the run has no year 2017/18, so its £1,200,000 pay for nothing here.")


def test_a_table_changed_by_hand_is_replaced_only_by_force(compared, tmp_path):
    folder = shutil.copytree(compared[0], tmp_path / "run")
    (folder / "money.csv").write_text("mine", encoding="utf-8")
    said = flowsim("money", folder, "--quiet")
    assert (said.exit_code, "money.csv: has been changed since flowsim wrote it" in said.output) == (2, True)
    assert (folder / "money.csv").read_text(encoding="utf-8") == "mine"
    assert flowsim("money", folder, "--quiet", "--force").exit_code == 0


def test_a_folder_where_a_table_should_be_is_named(compared, tmp_path):
    folder = shutil.copytree(compared[0], tmp_path / "run")
    (folder / "money.csv").unlink()
    (folder / "money.csv").mkdir()
    said = flowsim("money", folder, "--quiet")
    assert (said.exit_code, "money.csv: is no file, so it cannot be replaced" in said.output) == (2, True)


def test_the_folder_of_a_sweep_is_called_one_although_it_has_a_manifest(tmp_path):
    for name in ("manifest.json", "sweep.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    said = flowsim("money", tmp_path)
    assert (said.exit_code, "is no run folder, but the folder of a sweep" in said.output) == (2, True)


def reported(compared, place, *words):
    """The pages that `report` makes in a copy of the folder, and the command's answer."""
    folder = shutil.copytree(compared[0], place / "run", dirs_exist_ok=True)
    said = flowsim("report", folder, *words)
    return (folder / "report.html").read_text(encoding="utf-8"), folder / "results.xlsx", said


def test_a_report_by_other_terms_says_so_on_page_and_in_workbook_and_shares_by_them(compared, tmp_path):
    from openpyxl import load_workbook

    from flowsim.config.files import packaged

    shipped = (packaged() / "money" / "programme.yaml").read_text(encoding="utf-8")
    own = tmp_path / "ours.yaml"
    own.write_text(shipped.replace("weight: 69", "weight: 70"), encoding="utf-8")
    usual, _, _ = reported(compared, tmp_path)
    page, book, said = reported(compared, tmp_path, "--terms", own)
    assert said.exit_code == 0, said.output
    assert (f"<code>{own}</code>" in page, f"<code>{own}</code>" in usual) == (True, False)
    assert ("<td>70</td>" in page, "<td>70</td>" in usual) == (True, False)
    cells = [str(cell.value) for row in load_workbook(book)["Money"].iter_rows(max_row=6) for cell in row]
    assert any(f"the terms of {own}" in text for text in cells)


def test_terms_that_do_not_fit_leave_the_report_as_it_was(compared, tmp_path):
    before, _, _ = reported(compared, tmp_path)
    folder = tmp_path / "run"
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("partners:\n  nobody: {weight: 1}\n", encoding="utf-8")
    said = flowsim("report", folder, "--terms", wrong)
    assert (said.exit_code, f"{wrong}:2" in said.stderr) == (2, True)
    assert (folder / "report.html").read_text(encoding="utf-8") == before
