"""What became of the mutants: kept from run to run, listed, and written up."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.mutation.runner import Verdict
from experiments.pages import write_section

HERE = Path(__file__).resolve().parent
RESULTS, SURVIVORS = HERE / "results.json", HERE / "survivors.csv"
PAGE = HERE.parents[1] / "docs" / "validation.md"
GAP = "not tested"
COLUMNS = ("module", "line", "function", "before", "after", "reason")
TEXT = """
## Mutants

Written by `python -m experiments.mutation.run`; how it is done is on
[its page](../experiments/mutation/README.md).

The program is changed in one small way at a time (`<` to `<=`, a term left out, an argument dropped or None, a number
one higher), and the quick tests are run: a change that no test notices is a gap, or changes nothing anybody could see.
**{share} of {tried} mutants were killed; leaving out those that change nothing but wording or types, or nothing at all,
{told}**.

{table}

Where not all were tried, those tried are a random sample of each module's mutants, and the interval is Wilson's.
Tests had been written for what another sample showed of the modules there were then. When this one was drawn {at_first}
of it were killed at the first look; what it showed was mended too, so the share among the rest of the mutants lies
between the two.

The {alive} survivors are listed with a reason each in [survivors.csv](../experiments/mutation/survivors.csv):

| Kind | Survivors |
|---|--:|
{kinds}
"""


@dataclass
class Kept:
    """What became of the mutants tried, by module; taken over once all that a run was to try have been."""

    modules: dict[str, dict[str, Any]] = field(default_factory=dict)
    expected: dict[str, int] = field(default_factory=dict)
    pending: dict[str, list[Verdict]] = field(default_factory=lambda: defaultdict(list))
    alive: int = 0

    @classmethod
    def read(cls) -> Kept:
        """What is in the file, if there is one."""
        return cls(json.loads(RESULTS.read_text(encoding="utf-8"))["modules"] if RESULTS.exists() else {})

    def of(self, module: str) -> dict[str, Any]:
        """What is known of a module."""
        return self.modules.setdefault(module, {"mutants": 0, "tried": 0, "killed_by": {}, "survivors": []})

    def add(self, verdict: Verdict) -> None:
        """One more verdict."""
        module = verdict.mutant.module
        self.alive += not verdict.by
        self.pending[module].append(verdict)
        if len(self.pending[module]) == self.expected[module]:
            self._take(self.pending.pop(module), self.of(module))
            self.write()

    def _take(self, verdicts: list[Verdict], known: dict[str, Any]) -> None:
        numbers = {one.mutant.number for one in verdicts}
        killed = Counter(one.by.split("::")[0].split(":")[0] for one in verdicts if one.by)
        alive = [_row(one) for one in verdicts if not one.by]
        again = [one for one in known["survivors"] if one["number"] not in numbers]
        new = len(numbers) - (len(known["survivors"]) - len(again))
        if new:
            known["alive_at_first"] = known.get("alive_at_first", 0) + len(alive)
        known["tried"] += new
        known["survivors"] = sorted(again + alive, key=lambda row: int(row["number"]))
        known["killed_by"] = dict(sorted((killed + Counter(known["killed_by"])).items()))

    def write(self) -> None:
        """Into the file."""
        RESULTS.write_text(json.dumps({"modules": self.modules}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _row(verdict: Verdict) -> dict[str, Any]:
    one = verdict.mutant
    return {
        "number": one.number,
        "line": one.line,
        "function": one.scope,
        "before": one.before,
        "after": one.after,
        "tests": verdict.tests,
    }


def write_all(kept: Kept) -> None:
    """The list of survivors, with the reasons that were known, and the section of the page."""
    rows = survivors(kept)
    with SURVIVORS.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    write_section(PAGE, "mutation", section(kept, rows))


def survivors(kept: Kept) -> list[dict[str, Any]]:
    """Rows of the list: a reason once given stays with its mutant, wherever its line moves."""
    reasons: dict[tuple[str, ...], str] = {}
    if SURVIVORS.exists():
        with SURVIVORS.open(encoding="utf-8", newline="") as file:
            reasons = {_key(row): row["reason"] for row in csv.DictReader(file)}
    found = []
    for module, known in kept.modules.items():
        for one in known["survivors"]:
            row = {"module": module} | {name: one[name] for name in COLUMNS[1:-1]}
            found.append(row | {"reason": reasons.get(_key(row), "")})
    return found


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(row[name] for name in ("module", "function", "before", "after"))


def percent(share: float) -> str:
    """A share as the page writes it."""
    return f"{100 * share:.1f} %"


def area_of(module: str) -> str:
    """The part of the program a module belongs to."""
    return module.split("/")[1].removesuffix(".py")


def section(kept: Kept, rows: list[dict[str, Any]]) -> str:
    """What the page says."""
    lines = [
        "| Part | Mutants | Tried | Killed | Share killed | 95 % interval | Leaving those out |",
        "|---|--:|--:|--:|--:|---|--:|",
    ]
    areas = list(dict.fromkeys(area_of(module) for module in kept.modules))
    for area in [*areas, ""]:
        mine = {name: one for name, one in kept.modules.items() if area in ("", area_of(name))}
        lines.append(_line(area, list(mine.values()), [row for row in rows if row["module"] in mine]))
    tried, alive, told = _totals(list(kept.modules.values()), rows)
    some = [one for one in kept.modules.values() if one["tried"] < one["mutants"]]
    at_first = 1 - sum(one["alive_at_first"] for one in some) / max(sum(one["tried"] for one in some), 1)
    return TEXT.format(
        table="\n".join(lines),
        share=percent((tried - alive) / tried),
        tried=f"{tried:,}",
        alive=alive,
        at_first=percent(at_first),
        told=percent((tried - alive) / told),
        kinds="\n".join(f"| {kind} | {count} |" for kind, count in Counter(kind_of(row) for row in rows).most_common()),
    )


def kind_of(row: dict[str, Any]) -> str:
    """Reasons begin with their kind."""
    return str(row["reason"]).split(":")[0]


def _totals(modules: list[dict[str, Any]], rows: list[dict[str, Any]]) -> tuple[int, int, int]:
    """Tried, alive, and tried without those that no test could tell from the program."""
    tried = sum(one["tried"] for one in modules)
    return tried, len(rows), tried - sum(kind_of(row) != GAP for row in rows)


def _line(area: str, modules: list[dict[str, Any]], rows: list[dict[str, Any]]) -> str:
    mutants = sum(one["mutants"] for one in modules)
    tried, alive, told = _totals(modules, rows)
    from flowsim.experiment.chances import wilson  # not before mutants have been imported elsewhere

    low, high = wilson(tried - alive, tried)
    interval = "all were tried" if tried == mutants else f"{percent(low)} to {percent(high)}" if area else ""
    cells = [f"`{area}`" if area else "all", f"{mutants:,}", f"{tried:,}", f"{tried - alive:,}"]
    cells += [percent((tried - alive) / tried), interval, percent((tried - alive) / told)]
    return f"| {' | '.join(cells)} |"
