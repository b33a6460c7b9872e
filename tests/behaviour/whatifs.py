"""A small world for the what-if page: some weeks around the first of December, few people, quick to run."""

from __future__ import annotations

from pathlib import Path

from flowsim.app.state import Start, State

_SMALL = """\
clock: {start: 2017-11-06, warm_up_days: 7, window_days: 42}
population: {people: 4000}
cohorts: {over_65: {arrivals: {per_day: 6.0}}}
hospital:
  assessment: {units: {AMU: 6, RAMU: 2, ACE: 3}}
  wards: {Ward 1: 8, Ward 2: 6, Ward 3: 6, Ward 4: 4, Ward 5: 4, Ward 6: 4, Ward 7: 4, Ward 8: 4, Ward 9: 4, Ward 10: 3,
          Ward 11: 3, Ward 12: 3, Ward 13: 3}
initial: {home_care: 50}
"""


def written(folder: Path) -> tuple[str, str]:
    """Both configurations as files; gives the plan and the base, as ``Start.of`` takes them."""
    for name, extends in (("plan", "transition_year"), ("base", "do_nothing")):
        text = f"extends: {extends}.yaml\nname: small_{name}\n{_SMALL}"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return str(folder / "plan.yaml"), str(folder / "base.yaml")


def opened(folder: Path) -> State:
    """The page as it opens on the small world."""
    return State.of(Start.of(*written(folder)))
