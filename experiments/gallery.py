"""Write docs/plots.md and its pictures: `python -m experiments.gallery` (about a minute).

Each picture is drawn from a small run of the shipped scenarios, or from round numbers where a run would take long.
"""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

import flowsim as fs
from experiments.pages import wrapped
from flowsim.plots import style

DOCS = Path(__file__).parents[1] / "docs"
SCENARIOS = ("do_nothing", "transition_year")
REPLICATIONS, SEED, OBSERVED_SEED, PERSON = 8, 1, 2, 3166

SHOWN: dict[str, str] = {
    "occupancy": "Beds by day as a fan, with core and escalation beds.",
    "queue": "How many people wait for what.",
    "open_beds": "On which share of days of each month escalation beds are open.",
    "rollout": "What went live when, as configured and as it happened.",
    "life": "LIFE slots, who holds them and who waits.",
    "packages": "Home-care packages in force.",
    "forest": "Every headline difference with its interval.",
    "waterfall": "Bed days saved, by cause.",
    "delays": "What people wait for who are ready to leave.",
    "journey": "One person in both worlds. `person` is a number as in `log.spell['person']`.",
    "journeys": "A sample of people, a row each.",
    "package_survival": "How long packages of home care last (Kaplan–Meier, log–log 95 % band).",
    "heat_map": "A sweep of two parameters (here round numbers, not results).",
    "tornado": "What an outcome hangs on (here a queue of the theory books).",
    "xmr": "Observed against simulated: an XmR chart as NHS England's *Making Data Count* draws it. Here one run of "
    "the model with another seed stands in for what was observed.",
}
"""Pictures of the page, in order, and what each is for."""

CALLS = {
    "journey": "fs.plot.journey(log, 3166, other_log)",
    "journeys": 'fs.plot.journeys(log, people=30, pathway="P2_home")',
    "package_survival": "fs.plot.package_survival([log, other_log])",
    "heat_map": 'fs.plot.heat_map(table, "life.slots", "huddles.per_week", what="Bed days saved", unit="days")',
    "tornado": 'fs.plot.tornado(found, "bed_days")',
    "xmr": 'fs.plot.xmr(observed, simulated, what="Core beds in use", unit="Mean of the month")',
}

HEAD = """# Pictures

`fs.plot` is the shelf of pictures; the report, the notebooks and the what-if page draw by it. Every function takes its
data first, options by name, and `ax=` for axes of your own (without it, it makes a figure), and gives the axes. Titles
say the finding, names stand beside lines, and colour is never alone: dashes, marks or hatching say it too. Nothing goes
through pyplot, so nothing outside the picture changes.

```python
import flowsim as fs

results = fs.compare(fs.load("do_nothing"), fs.load("transition_year"), replications=8, seed=1)
log, other_log = (fs.simulate(one, seed=1, replication=0) for one in results.scenarios)
results.plot("occupancy").figure.savefig("beds.png")
```

Pictures that need only results are also `results.plot("name")`: {kinds}. Empty input gives a picture that
says so, or a `ValueError` that names what is missing. On axes of your own titles are as wide as there is room, and a
figure that has no layout gets matplotlib's `constrained` one, so that names beside lines are not cut off; a picture
with a row for each measure (`forest`) needs a third of an inch of height for each. This page and its pictures are made
by running the module `experiments.gallery`.
"""

TAIL = """## The others

| Picture | What it shows |
|---|---|
{rows}
"""


def main() -> None:
    """Draw all pictures and write the page."""
    folder = DOCS / "pictures" / "plots"
    folder.mkdir(parents=True, exist_ok=True)
    drawn = pictures()
    parts = [HEAD.format(kinds=", ".join(f"`{kind}`" for kind in fs.plot.KINDS))]
    for name, words in SHOWN.items():
        figure: Any = drawn[name].get_figure(root=True)
        (folder / f"{name}.png").write_bytes(small(style.png(figure, dpi=90)))
        finding = style.finding(figure).replace("\n", " ")
        call = CALLS.get(name, f"fs.plot.{name}(results)")
        parts.append(
            f"## {name}\n\n{words}\n\n```python\n{call}\n```\n\n![{finding or words}](pictures/plots/{name}.png)"
        )
    others = [name for name in fs.plot.PICTURES if name not in SHOWN]
    rows = "\n".join(f"| `{name}` | {_first_line(getattr(fs.plot, name))} |" for name in others)
    parts.append(TAIL.format(rows=rows))
    (DOCS / "plots.md").write_text(wrapped("\n\n".join(part.strip() for part in parts)) + "\n", encoding="utf-8")


def pictures() -> dict[str, Any]:
    """The axes of each picture of the page."""
    results = fs.compare(*(fs.load(name) for name in SCENARIOS), replications=REPLICATIONS, seed=SEED)
    logs = [fs.simulate(one, SEED, 0) for one in results.scenarios]
    drawn = {name: results.plot(name) for name in SHOWN if name in fs.plot.KINDS}
    drawn["journey"] = fs.plot.journey(logs[0], PERSON, logs[1])
    drawn["journeys"] = fs.plot.journeys(logs[1], pathway="P2_home")
    drawn["package_survival"] = fs.plot.package_survival(logs)
    drawn["heat_map"] = fs.plot.heat_map(
        round_numbers(), "life.slots", "huddles.per_week", what="Bed days saved", unit="days"
    )
    drawn["tornado"] = fs.plot.tornado(theory())
    simulated = by_month(results.daily)
    observed = by_month(fs.run(fs.load(SCENARIOS[0]), replications=1, seed=OBSERVED_SEED).daily)
    drawn["xmr"] = fs.plot.xmr(
        observed.set_index("month")["value"], simulated, what="Core beds in use", unit="Mean of the month"
    )
    return drawn


def by_month(daily: pd.DataFrame) -> pd.DataFrame:
    """Core beds in use in the base, mean of each month from April 2017: month, replication, value."""
    rows = daily[(daily["series"] == "beds_core") & (daily["scenario"] == SCENARIOS[0])]
    rows = rows.assign(month=pd.to_datetime(rows["date"]).dt.strftime("%Y-%m"))
    return rows[rows["month"] >= "2017-04"].groupby(["month", "replication"], as_index=False)["value"].mean()


def round_numbers() -> pd.DataFrame:
    """A made-up sweep."""
    rows = [(slots, pace, 3.0 * (slots - 100) + 40.0 * pace) for slots in (60, 80, 100, 130, 160) for pace in (0, 1, 2)]
    table = pd.DataFrame(rows, columns=["life.slots", "huddles.per_week", "mean"])
    return table.assign(ci_low=table["mean"] - 25.0, ci_high=table["mean"] + 25.0)


def theory() -> Any:
    """A sensitivity analysis of a small queue."""
    design = """\
name: a small ward
scenario: theory/mmc
settings: [clock.warm_up_days=20, clock.window_days=100]
method: tornado
parameters:
  cohorts.everyone.arrivals.per_day: {low: 3.5, high: 4.5}
  cohorts.everyone.pathways.P0.stay.mean_days: {low: 0.95, high: 1.05}
replications: 10
outcomes: [bed_days]
"""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "design.yaml"
        path.write_text(design, encoding="utf-8")
        return fs.sensitivity(path, out=Path(folder) / "out")


def small(png: bytes) -> bytes:
    """The same picture with at most 128 colours: less than half of the bytes."""
    import io

    from PIL import Image

    stream = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").quantize(128).save(stream, format="png", optimize=True)
    return stream.getvalue()


def _first_line(function: Callable[..., Any]) -> str:
    return (inspect.getdoc(function) or "").splitlines()[0]


if __name__ == "__main__":
    main()
