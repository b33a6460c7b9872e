"""The STRESS-DES checklist of the model, written from its configurations, evidence and results: docs/stress-des.md.

python experiments/stress_des/write.py

The items are those of Monks, Currie, Onggo, Robinson, Kunc and Taylor (2019), Strengthening the reporting of empirical
simulation studies, Journal of Simulation 13(1). What can be counted or listed is; the rest stands in ``template.md``.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(ROOT / "experiments")]

from pages import table, wrapped  # noqa: E402

import flowsim as fs  # noqa: E402
from flowsim.config.evidence import load_evidence  # noqa: E402
from flowsim.config.explain import parameters  # noqa: E402
from flowsim.config.load import read  # noqa: E402
from flowsim.measures import MEASURES, describe  # noqa: E402
from flowsim.params import MODEL_VERSION  # noqa: E402

TEMPLATE = HERE / "template.md"
PAGE = ROOT / "docs" / "stress-des.md"
GRADES = {"A": "official statistic", "B": "study or official local record", "C": "inferred", "D": "assumed"}
SCENARIOS = (
    "do_nothing", "transition_year", "sceptical", "adverse", "winter_pressure", "huddles_fast", "life_small",
    "d2a_only", "full_effect", "full_effect_neutral",
)  # fmt: skip


def outputs() -> str:
    """Every measure with its definition."""
    found = [describe(name) for name in MEASURES]
    better = {"lower": "less", "higher": "more"}
    rows = [(f"`{one.id}`", one.unit, better.get(one.better or "", "–"), one.definition) for one in found]
    return table(("Measure", "Unit", "Better", "Definition"), rows)


def scenarios() -> str:
    """Every shipped scenario, and the parameters in which it differs from doing nothing."""
    base = dict(parameters(fs.load("do_nothing").tree()))
    rows = []
    for name in SCENARIOS:
        scenario = fs.load(name)
        tree = dict(parameters(scenario.tree()))
        differing = sorted(
            {".".join(path[:2]) for path in tree if tree[path] != base.get(path) and path[0] not in _NAMES}
        )
        rows.append((f"`{name}`", scenario.title, ", ".join(f"`{path}`" for path in differing) or "–"))
    return table(("Scenario", "In words", "Differs from doing nothing in"), rows)


_NAMES = ("name", "title")


def resources() -> str:
    """Places of the base world and of the transition year, at the end of the window."""
    worlds = [fs.load("do_nothing").tree(), fs.load("transition_year").tree()]
    rows = [(words, *[_ends(value) for value in _at(worlds, path)]) for words, path in _PLACES]
    return table(("Place", "doing nothing", "transition year, by date"), rows)


_PLACES = (
    ("beds of assessment units", "hospital.assessment.units"),
    ("beds of wards", "hospital.wards"),
    ("escalation beds, at most", "hospital.escalation.cap"),
    ("LIFE slots", "life.slots"),
    ("responders for first visits", "life.first_visit.responders"),
    ("places in reablement before LIFE", "reablement.capacity"),
    ("step-down beds", "step_down.beds"),
    ("places in care homes", "placements.capacity"),
    ("packages of home care", "home_care.capacity"),
)


def _at(worlds: list[dict[str, Any]], path: str) -> Iterator[Any]:
    for tree in worlds:
        found: Any = tree
        for key in path.split("."):
            found = found.get(key) if isinstance(found, dict) else None
        yield found


def _ends(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict) and "steps" in value:
        steps = ", ".join(f"{count} from {date}" for date, count in value["steps"].items())
        return f"{value['from']}, then {steps}"
    if isinstance(value, dict):
        return (
            f"{sum(value.values())} in {len(value)} units"
            if all(isinstance(v, int) for v in value.values())
            else str(value)
        )
    return str(value)


def inputs() -> str:
    """How many numbers the configuration has, by part and grade of evidence."""
    loaded = read("base")
    evidence = load_evidence()
    counts: dict[str, Counter[str]] = {}
    for path, value in parameters(loaded.scenario.tree()):
        if path[0] in _NAMES or value is None or isinstance(value, (str, bool)):
            continue
        row = evidence.of(path)
        if row is not None:  # else it is a choice, or nothing
            counts.setdefault(path[0], Counter())[row.grade] += 1
    grades = [*GRADES, "seed"]
    rows = [
        (f"`{part}`", sum(count.values()), *[count[grade] or "–" for grade in grades]) for part, count in counts.items()
    ]
    total = sum(counts.values(), Counter())
    rows.append(("all", sum(total.values()), *[total[grade] for grade in grades]))
    head = ("Part", "Numbers", *[f"{grade}: {words}" for grade, words in GRADES.items()], "seed: the Alliance's papers")
    return table(head, rows)


def clock() -> str:
    """Warm-up and window of the shipped scenarios."""
    found = fs.load("base").clock
    days = f"{found.warm_up_days:g} days of warm-up, {found.window_days:g} days measured"
    return f"The clock starts on {found.start:%A, %d %B %Y}: {days}."


def system() -> str:
    """Where the times come from and what they are."""
    found = json.loads((ROOT / "experiments" / "speed" / "results.json").read_text(encoding="utf-8"))
    own = found["textbook against flowsim: transition_year"]
    return (
        f"One replication of `transition_year` (18 months, {own['flowsim_spells']:,.0f} spells) takes "
        f"{own['flowsim_s']:.2f} s of one core under CPython {found['python']} on {found['machine']}, "
        "measures included ([experiments/speed](../experiments/speed/README.md))."
    )


GENERATED = {
    "outputs": outputs,
    "scenarios": scenarios,
    "resources": resources,
    "inputs": inputs,
    "clock": clock,
    "system": system,
    "version": lambda: f"flowsim {fs.__version__}, model version {MODEL_VERSION}.",
}


def page() -> str:
    """The whole page."""
    return wrapped(TEMPLATE.read_text(encoding="utf-8").format(**{name: make() for name, make in GENERATED.items()}))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
