"""The page of this experiment: tables, answer and pictures.

python -m experiments.ten_years.page runs/ten_years     # keeps the numbers of a run, then writes the page and pictures
python -m experiments.ten_years.page                    # writes the page from the numbers kept
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from experiments.pages import table, write_section
from experiments.ten_years.numbers import Numbers, kept, outcome_of
from flowsim.money.saving import SYSTEM
from flowsim.plots.words import number

HERE = Path(__file__).parent
NAMES = {
    "ten_year_do_nothing": "do nothing",
    "ten_year_phase1": "phase 1",
    "ten_year_phase1_2a": "phases 1 and 2a",
    "ten_year_all_phases": "all phases",
    "ten_year_sceptical_phase1": "phase 1, sceptical",
    "ten_year_sceptical_phase1_2a": "phases 1 and 2a, sceptical",
    "ten_year_sceptical_all_phases": "all phases, sceptical",
}
SHOWN = ("ten_year_phase1", "ten_year_all_phases", "ten_year_sceptical_phase1", "ten_year_sceptical_all_phases")
"""Alternatives with flows of their own: what phase 2a adds is stated as money only."""
PAYERS = {"hospital_trust": "hospital trust", "ccg": "CCG", "council": "council", "package_fund": "package fund",
          SYSTEM: "public system"}  # fmt: skip
Cell = Callable[[list[float]], str]


def plain(decimals: int) -> Cell:
    """Mean and interval in words."""

    def words(one: list[float]) -> str:
        """Of three numbers."""
        mean, low, high = (number(end, decimals) for end in one)
        return f"{mean} ({low} to {high})"

    return words


def by_year(found: dict[str, dict[str, list[float]]], years: list[str], names: tuple[str, ...], cell: Cell) -> str:
    """A row a year, a column a scenario."""
    rows = [[year, *(cell(found[name][year]) for name in names)] for year in years]
    return table(["year", *(NAMES[name] for name in names)], rows)


def saved(found: Numbers) -> str:
    """Bed days saved; a last row adds up."""
    rows = by_year(found["saved"], found["years"], SHOWN, plain(0))
    sums = [f"**{sum(one[0] for one in found['saved'][name].values()):,.0f}**" for name in SHOWN]
    return f"{rows}\n| **ten years** | {' | '.join(sums)} |"


def escalation(found: Numbers) -> str:
    """Escalation beds in use on average."""
    return by_year(found["beds"]["escalation_beds_mean"], found["years"], ("ten_year_do_nothing", *SHOWN), plain(1))


def waits(found: Numbers) -> str:
    """Share of admitted people who wait over four hours for a bed, where beds have run out."""
    share = found["beds"]["wait_over_4h_share"]
    return by_year(share, found["years"], ("ten_year_do_nothing", *SHOWN), lambda one: f"{one[0]:.1%}")


def money(found: Numbers) -> str:
    """Net saving of partners in the first, second and last year and in all."""
    rows = []
    years = found["years"]
    for name in SHOWN:
        own = found["money"][name]
        for payer, words in PAYERS.items():
            some = [own["by_year"][payer][year] for year in (years[0], years[1], years[len(years) // 2], years[-1])]
            cells = [plain(1)(one) if payer == SYSTEM else number(one[0], 1) for one in some]
            rows.append([NAMES[name], words, *cells, plain(1)(own["in_all"][payer])])
    head = ["£ million", "who", years[0], years[1], years[len(years) // 2], years[-1], "ten years (95 %)"]
    return table(head, rows)


def council(found: Numbers) -> str:
    """What the council saves beside what its printed plan takes off."""
    rows = []
    for year, asked in found["council"].items():
        if year in found["years"]:
            cells = [number(found["money"][name]["by_year"]["council"][year][0], 1) for name in SHOWN]
            rows.append([year, f"{asked:.1f}", *cells])
    return table(["£ million", "printed plan", *(NAMES[name] for name in SHOWN)], rows)


def statements(found: Numbers) -> str:
    """What the papers say of money beside what the model gives; scenarios with the same numbers share a row."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for one in found["statements"]:
        if one["mean"] is None or one["alternative"] not in NAMES or _twin(one["alternative"], one["title"]):
            continue
        numbers = plain(0 if abs(one["mean"]) >= 100 else 1)([one["mean"], one["ci_low"], one["ci_high"]])
        verdict = one["note"] if one["verdict"] == "not computed" else one["verdict"]
        row = (one["title"], _reported(one), one["year"], numbers, verdict)
        rows.setdefault(row, []).append(NAMES[one["alternative"]])
    head = ["what the papers say", "reported", "held against", "year", "model (95 %)", "verdict"]
    return table(head, [[title, said, "; ".join(names), *rest] for (title, said, *rest), names in rows.items()])


def _reported(one: Numbers) -> str:
    said, unit = str(one["reported"]), str(one["unit"])
    if unit.startswith("£"):
        return f"£{said}{unit.removeprefix('£')}"
    return f"{said} {unit}"


def _twin(name: str, title: str) -> bool:
    """Whether a row would only repeat that of phase 1: phase 2a flows alike."""
    return "2a" in name and "2a" not in title


def answer(found: Numbers) -> str:
    """What most readers stop at."""
    years = found["years"]
    first, last = years[1], years[-1]
    days, beds = found["saved"], {name: one[last][0] for name, one in found["beds"]["escalation_beds_mean"].items()}
    cash = {name: one["in_all"][SYSTEM] for name, one in found["money"].items()}
    gap = {name: _of_gap(one["by_year"][SYSTEM][first]) for name, one in found["money"].items()}
    phase_1, everything, sceptical, least = SHOWN
    start = found["beds"]["escalation_beds_mean"]["ten_year_do_nothing"][years[0]][0]
    whole, tenth = plain(0), plain(1)
    said = [
        f"**Doing nothing** takes {start:.0f} escalation beds on average in {years[0]} and "
        f"{beds['ten_year_do_nothing']:.0f} in {last}, as demand grows and beds do not.",
        f"**As reported**, phase 1 saves {whole(days[phase_1][first])} bed days in {first}, its first full year, and "
        f"{whole(days[phase_1][last])} in {last}; all phases {whole(days[everything][last])}. They need "
        f"{beds[phase_1]:.1f} and {beds[everything]:.1f} escalation beds in {last}.",
        f"**Sceptical**, phase 1 saves {whole(days[sceptical][first])} in {first} and {whole(days[sceptical][last])} "
        f"in {last}, all phases {whole(days[least][last])}; escalation beds still grow to {beds[sceptical]:.0f} and "
        f"{beds[least]:.0f}.",
        f"**Money**, £ million: over ten years the public system saves {whole(cash[phase_1])} net by phase 1 as "
        f"reported and {whole(cash[everything])} by all phases; "
        f"sceptical {tenth(cash[sceptical])} and {tenth(cash[least])}. "
        "Hospital trust and council gain; the CCG, which buys LIFE and Huddles, pays more in every year.",
        f"**The £26.6m gap** of {first}: {gap[phase_1]} is closed as reported, {gap[sceptical]} sceptical. The aim was "
        "half.",
    ]
    return "\n".join(f"- {one}" for one in said)


def _of_gap(one: list[float]) -> str:
    share = [100 * end / 26.6 for end in one]
    return f"{plain(0)(share)} %"


def sections(found: Numbers) -> dict[str, str]:
    """What stands between the marker lines of README.md."""
    made = (answer, saved, escalation, waits, money, council, statements)
    return {one.__name__: one(found) for one in made}


def draw(folder: Path) -> None:
    """Pictures of the alternatives that flow differently."""
    from flowsim.money import read_terms, savings_of
    from flowsim.plots import beds_by_year, money, saved_by_year, style

    outcome = outcome_of(folder)
    differences, yearly = outcome.yearly_differences(), outcome.yearly
    differences, yearly = (_named(one, key) for one, key in ((differences, "alternative"), (yearly, "scenario")))
    drawn: dict[str, Any] = {
        "saved": saved_by_year(differences).get_figure(),
        "escalation": beds_by_year(yearly, measure="escalation_beds_mean").get_figure(),
        "money": money.picture(_named(savings_of(outcome, read_terms()).frame(), "alternative")),
    }
    for name, figure in drawn.items():
        (HERE / f"{name}.png").write_bytes(style.png(figure, dpi=100))


def _named(frame: Any, key: str) -> Any:
    """The rows shown, under names that read well."""
    kept_rows = frame[frame[key].isin(("ten_year_do_nothing", *SHOWN))].copy()
    kept_rows[key] = kept_rows[key].astype(object).map(NAMES)
    return kept_rows


def main(arguments: list[str]) -> None:
    """Keep, write, draw."""
    if arguments:
        text = json.dumps(kept(Path(arguments[0])), indent=1, ensure_ascii=False)
        (HERE / "results.json").write_text(text + "\n", encoding="utf-8")
        draw(Path(arguments[0]))
    found = json.loads((HERE / "results.json").read_text(encoding="utf-8"))
    for name, text in sections(found).items():
        write_section(HERE / "README.md", name, text)


if __name__ == "__main__":
    main(sys.argv[1:])
