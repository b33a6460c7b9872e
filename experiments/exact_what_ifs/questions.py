"""What-ifs on wards that can be solved: a base and its alternatives, and what is compared."""

from __future__ import annotations

from dataclasses import dataclass, replace

from experiments.exact_what_ifs.wards import Ward

MEASURES = (
    "presentations",
    "admissions",
    "admissions_averted_huddle",
    "admissions_averted_front_door",
    "bed_days",
    "beds_occupied_mean",
    "escalation_beds_mean",
    "delayed_beds_mean",
    "delayed_bed_days_life",
    "delayed_bed_days_step_down",
    "waiting_for_bed_mean",
    "life_starts",
    "life_occupied_mean",
    "life_fallbacks",
    "d2a_people",
    "step_down_occupied_mean",
    "packages_started",
)
"""Every measure that the chain gives exactly; those that are 0 in a ward must be 0 in every run of it."""


@dataclass(frozen=True)
class Question:
    """A base and its alternatives, all on the same people."""

    name: str
    base: Ward
    alternatives: tuple[Ward, ...]
    times: int = 1
    """Times as many replications, as the runs are short."""

    @property
    def wards(self) -> list[Ward]:
        """Base first."""
        return [self.base, *self.alternatives]


def _home_first() -> Question:
    base = Ward("old process")
    d2a = replace(base, name="D2A", accepted=0.8)
    return Question(
        "Home First: a year of D2A, LIFE and a Huddle",
        base,
        (
            d2a,
            replace(d2a, name="D2A and a Huddle", rate_ratio=0.8),
            replace(d2a, name="D2A, a third slot", slots=3),
            replace(d2a, name="D2A, an escalation bed", escalation=1),
            replace(d2a, name="D2A and a front door", turned_round=0.5),
            replace(d2a, name="D2A with a valve", saved=1.2, valve=True),
        ),
    )


def _step_down() -> Question:
    base = Ward("two step-down beds", shares=(0.3, 0.2, 0.5), stays=(1.0, 1.5, 1.2), package=0.6, accepted=1.0, slots=1)
    return Question(
        "Step-down beds and home care: a year of blocking behind blocking",
        base,
        (replace(base, name="three step-down beds", step_down=3), replace(base, name="two packages", home_care=2)),
    )


def _first_fortnight() -> Question:
    base = Ward("old process, first days", warm_up_days=0.0, window_days=14.0)
    d2a = replace(base, name="D2A, first days", accepted=0.8)
    return Question(
        "The first fortnight of an empty ward: no steady state",
        base,
        (d2a, replace(d2a, name="D2A and a fourth bed", beds=4)),
        times=8,
    )


QUESTIONS = (_home_first(), _step_down(), _first_fortnight())
