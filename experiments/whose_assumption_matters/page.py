"""Page, pictures and the register of assumptions, from the two folders that `flowsim sensitivity` wrote.

flowsim sensitivity experiments/whose_assumption_matters/design.yaml
flowsim sensitivity experiments/whose_assumption_matters/knowing.yaml
python experiments/whose_assumption_matters/page.py runs/sensitivity-whose_assumption_matters \
    runs/sensitivity-what_is_worth_knowing "on two cores"

The first two run; the third reads what they found. Without folders it writes the page and the register anew from
`results.json`, after a change of `configs/evidence.yaml` for one.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
import textwrap
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from experiments.pages import WIDTH, write_section  # noqa: E402
from flowsim.config.evidence import Evidence, load_evidence  # noqa: E402

SAVED, BEDS, COST = "bed_days_saved", "escalation_beds_mean", "diff:cost_total"
GRADES = {"A": "grade A", "B": "grade B", "C": "grade C", "D": "a grade D guess", "seed": "a claim of the sources"}
OWNERS = {
    "clock": "modelling team",
    "population": "Public Health Croydon",
    "cohorts": "Croydon Health Services, information team",
    "hospital": "Croydon Health Services, operations",
    "leaving": "Croydon Health Services, discharge team",
    "d2a": "Alliance, D2A lead",
    "front_door": "Croydon Health Services, emergency department",
    "life": "LIFE team",
    "reablement": "Croydon Council, adult social care",
    "step_down": "Croydon CCG, intermediate care",
    "placements": "Croydon Council, commissioning",
    "home_care": "Croydon Council, commissioning",
    "initial": "Croydon Council, commissioning",
    "huddles": "GP networks and Croydon CCG",
    "costs": "finance leads of the partners",
    "initiatives": "Alliance programme office",
}
"""Who could confirm or correct a number; proposed by us, by the part of the configuration it stands in."""
SOURCE = 110  # letters of a source in the register


def collected(tornado: Path, knowing: Path, note: str) -> dict[str, Any]:
    """What is kept of both folders, enough for the page and the register."""
    effects = [
        {key: _number(row[key]) for key in ("outcome", "unit", "parameter", "grade", "low", "high", "size", "ci_low",
                                            "ci_high", "clear", "at_low", "at_high")}
        for row in _rows(tornado / "sensitivity.csv")
    ]  # fmt: skip
    keys = ("outcome", "parameter", "grade", "size", "ci_low", "ci_high", "clear")
    ranks = [{key: _number(row[key]) for key in keys} for row in _rows(knowing / "sensitivity.csv")]
    known = [{key: _number(value) for key, value in row.items()} for row in _rows(knowing / "value_of_knowing.csv")]
    shutil.copy(tornado / f"sensitivity-{SAVED}.png", HERE / "picture.png")
    shutil.copy(tornado / f"sensitivity-{BEDS}.png", HERE / "escalation.png")
    shutil.copy(knowing / "value-of-knowing.png", HERE / "knowing.png")
    sets = len({row["point"] for row in _rows(knowing / "summary.csv")}) // 2
    head = {"note": note, "sets": sets, "drawn": len(known), "answers": _answers(tornado)}
    return {**head, "effects": effects, "ranks": ranks, "known": known[:20]}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> Any:
    if text in ("yes", "no"):
        return text == "yes"
    try:
        return float(f"{float(text):.5g}")
    except ValueError:
        return text


def _answers(folder: Path) -> dict[str, Any]:
    """Bed days of both worlds as configured: points 0 of the scenario and of the baseline."""
    rows = _rows(folder / "summary.csv")
    points = len({row["point"] for row in rows})
    found = {(int(row["point"]), row["measure"]): float(row["mean"]) for row in rows}
    saved = found[points // 2, "bed_days"] - found[0, "bed_days"]
    return {SAVED: round(saved, 1), BEDS: round(found[0, BEDS], 2)}


def page(found: dict[str, Any]) -> str:
    """README.md."""
    tops = {outcome: [one for one in found["effects"] if one["outcome"] == outcome] for outcome in (SAVED, BEDS, COST)}
    clear = [one for one in tops[SAVED] if one["clear"]]
    first, second = clear[:2]
    worth = next((one for one in found["known"] if one["clear"]), None)
    known = (
        f"What would be most worth knowing before money is spent is `{worth['parameter']}` ({GRADES[worth['grade']]}): "
        f"£{worth['value']:,.0f} a year, standard error £{worth['se']:,.0f}."
        if worth
        else "No single assumption would be worth knowing more than chance explains, if the programme shall save money."
    )
    text = f"""# Whose assumption matters?

**Question.** On which assumptions do the bed days saved by the transition year, and its escalation beds, hang; how good
is the evidence for these; and which would be worth knowing before one decides?

**Command.** `flowsim sensitivity experiments/whose_assumption_matters/design.yaml` ({len(tops[SAVED])} assumptions,
each alone at its low and its high end, in both worlds, three replications on the same people), then
`flowsim sensitivity experiments/whose_assumption_matters/knowing.yaml` ({found["sets"]} sets of {found["drawn"]}
assumptions drawn together, prices among them), then `python experiments/whose_assumption_matters/page.py` with both
folders. **Run time.** {found["note"]}.

**Answer.** As configured the year saves {found["answers"][SAVED]:,.0f} bed days. That hangs most on
`{first["parameter"]}` ({GRADES[first["grade"]]}): between its ends the answer moves by {first["size"]:,.0f} bed days
({_spread(first)}). Next is `{second["parameter"]}` ({GRADES[second["grade"]]}): {second["size"]:,.0f}
({_spread(second)}). {len(clear)} of the {len(tops[SAVED])} move it by more than chance, each judged by itself, so that
some of these do so by luck. {known}{_overfull(tops[SAVED], found["answers"][SAVED])}

![Bed days saved: change at the low and high end of each assumption](picture.png)

{_table(tops[SAVED], "bed days saved")}

**Escalation beds** hang on other assumptions, on how full the hospital is rather than on the programme:

![Escalation beds: change at the low and high end of each assumption](escalation.png)

{_table(tops[BEDS], "escalation beds, mean")}

**Drawn all together** (Latin hypercube, correlated as the evidence says), these go with the answer (partial rank
correlation; clear for all assumptions at once):

{_ranks(found["ranks"])}

**Worth knowing**, if the programme goes on only where it saves money (value of knowing one assumption, a year):

![Value of knowing single assumptions](knowing.png)

What this says of every assumption stands in the register of [docs/assumptions.md](../../docs/assumptions.md).
"""
    blocks = [textwrap.fill(block, WIDTH) if block.startswith("**") else block for block in text.strip().split("\n\n")]
    return "\n\n".join(blocks) + "\n"


def _overfull(rows: list[dict[str, Any]], answer: float) -> str:
    """Ends at which nothing is saved: a service is so short that every bed is taken in both worlds."""
    names = [
        one["parameter"]
        for one in rows
        if min(one["at_low"], one["at_high"]) < -0.99 * answer and one["grade"] != "seed"
    ]
    if not names:
        return ""
    return (
        f" At one end of `{names[0]}` nothing at all is saved: step-down beds are so short there that people waiting "
        "for them fill every bed, with the programme and without (`flowsim check` warns of it)."
    )


def _spread(one: dict[str, Any]) -> str:
    return f"95 % interval {one['ci_low']:,.0f} to {one['ci_high']:,.0f}"


def _table(rows: list[dict[str, Any]], what: str) -> str:
    lines = [
        f"| Assumption | Grade | Low | High | {what}: at low | at high | swing (95 % interval) |",
        "|---|---|---|---|---|---|---|",
    ]
    form = "{:,.0f}" if "days" in what else "{:,.1f}"
    for one in [one for one in rows if one["clear"]][:12]:
        numbers = [
            form.format(round(one[key], 1) + 0.0).replace("-", "−")
            for key in ("at_low", "at_high", "size", "ci_low", "ci_high")
        ]
        spread = f"{numbers[2]} ({numbers[3]} to {numbers[4]})"
        ends = f"{one['low']:g} | {one['high']:g}"
        lines.append(f"| `{one['parameter']}` | {one['grade']} | {ends} | {numbers[0]} | {numbers[1]} | {spread} |")
    return "\n".join(lines)


def _ranks(rows: list[dict[str, Any]]) -> str:
    lines = ["| Outcome | Assumption | Grade | Correlation (95 % interval) |", "|---|---|---|---|"]
    for one in [one for one in rows if one["clear"]]:
        spread = f"{one['size']:.2f} ({one['ci_low']:.2f} to {one['ci_high']:.2f})".replace("-", "−")
        lines.append(f"| {one['outcome'].replace('_', ' ')} | `{one['parameter']}` | {one['grade']} | {spread} |")
    return "\n".join(lines)


def register(found: dict[str, Any]) -> str:
    """Every row of the evidence as a table: owner, source, grade, range, effect on the answer."""
    rows = load_evidence().rows
    words = f"""## The register: every assumption

Every row of `configs/evidence.yaml`, as the program reads it. The owner is who could confirm or correct the number, as
we propose. The effect is on the bed days that `transition_year` saves against `do_nothing`
({found["answers"][SAVED]:,.0f} as configured), from
[experiments/whose_assumption_matters](../experiments/whose_assumption_matters/): two numbers are the change when this
assumption alone is at its low and at its high end; *r* is the partial rank correlation over {found["sets"]} sets of
{found["drawn"]} assumptions drawn together; *chance* means that neither tells it from nothing (two numbers: each
assumption by itself, so that a few without effect have some; *r*: all together with 95 %); *not asked* that these
analyses leave it as configured. `flowsim sensitivity` asks the same of any assumption, outcome and scenario.
"""
    head = "| Assumption | What it is | Owner | Source | Grade | Range | How it varies | Effect on bed days saved |"
    lines = [head, "|" + "---|" * 8, *(_line(row, found) for row in rows)]
    return f"{words}\n" + "\n".join(lines)


def _line(row: Evidence, found: dict[str, Any]) -> str:
    plain = row.path.rpartition(":")[2]
    source = textwrap.shorten(row.source, SOURCE, placeholder=" …")
    span = f"{row.low:g} to {row.high:g}" if row.low is not None and row.high is not None else "–"
    says = row.distribution.partition(";")[0]
    cells = [
        f"`{row.path}`",
        row.meaning,
        OWNERS[plain.split(".")[0]],
        source,
        row.grade,
        span,
        says,
        effect(row, found),
    ]
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def effect(row: Evidence, found: dict[str, Any]) -> str:
    """What an assumption does to the answer; of several numbers under a row the one that does most."""
    pattern = row.path.split(".")
    alone, together = (
        [one for one in found[key] if one["outcome"] == SAVED and _fits(pattern, str(one["parameter"]).split("."))]
        for key in ("effects", "ranks")
    )
    if alone and (most := max(alone, key=lambda one: float(one["size"])))["clear"]:
        return " and ".join(f"{most[end]:+,.0f}".replace("-", "−").replace("+0", "0") for end in ("at_low", "at_high"))
    if together and (most := max(together, key=lambda one: abs(float(one["size"]))))["clear"]:
        return f"r {most['size']:+.2f}".replace("-", "−")
    if alone or together:
        return "chance"
    return "not varied" if not row.spread.varied else "not asked"


def _fits(pattern: list[str], path: list[str]) -> bool:
    return len(path) >= len(pattern) and all(key in ("*", own) for key, own in zip(pattern, path, strict=False))


def main(words: list[str]) -> None:
    """Collect if folders are named, then write page and register."""
    results = HERE / "results.json"
    if words:
        found = collected(Path(words[0]), Path(words[1]), words[2])
        lines = ",\n".join(f"{json.dumps(key)}: {_lines(value)}" for key, value in found.items())
        results.write_text(f"{{{lines}}}\n", encoding="utf-8")
    found = json.loads(results.read_text(encoding="utf-8"))
    (HERE / "README.md").write_text(page(found), encoding="utf-8")
    write_section(ROOT / "docs" / "assumptions.md", "register", register(found))


def _lines(value: Any) -> str:
    """A list one entry a line, so that changes can be read."""
    if isinstance(value, list):
        return "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in value) + "\n]"
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main(sys.argv[1:])
