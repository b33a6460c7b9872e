"""The page of this experiment, from the numbers that run.py kept: answer, tables, picture.

python -m experiments.winter_mix.page
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import flowsim as fs
from experiments.pages import table, write_section
from experiments.winter_mix.choice import Choice, cheapest, choose
from experiments.winter_mix.costs import terms
from experiments.winter_mix.kept import HERE, MILLION, Mix, Numbers, constraint, numbers
from flowsim.config.evidence import load_evidence
from flowsim.plots.words import number


def chosen(world: str, view: str, at_most: float | None = None) -> tuple[Numbers, Choice]:
    """The answer of a world and a view, from the fresh replications; of another target, if one is given."""
    agreed, again = terms(), numbers("again.csv", world)
    costs = again.cost(agreed["views"][view])
    return again, choose(costs, again.values, constraint(at_most), agreed["target"]["error"], f"{world}, {view}")


def words(mix: Mix) -> str:
    """A mix in words."""
    slots, pace, hours = mix
    huddles = f"Huddles in {pace} more {'practice' if pace == 1 else 'practices'} a week" if pace else "no Huddles"
    door = f"{hours} hours a day at the front door" if hours else "nobody at the front door"
    return f"{slots} LIFE slots, {huddles}, {door}"


def answer() -> str:
    """A paragraph for each world and view."""
    found = [_sentence(world, view) for world in terms()["worlds"] for view in terms()["views"]]
    return "\n".join(f"- {one}" for one in found)


def _sentence(world: str, view: str) -> str:
    again, found = chosen(world, view)
    if found.best is None:
        return f"{_head(world, view)} {_beyond_reach(world, view)}"
    seen, cost = found.verdicts[found.best], _cost(again, view, found.best)
    beds = f"{seen.estimate:.1f} escalation beds on average, {seen.high:.1f} at most"
    return (
        f"{_head(world, view)} {words(again.mixes[found.best])}, for £{cost:.2f}m. "
        f"On 95 % of the time no more than {beds} (upper limit; all mixes together 95 %). "
        f"{_runner_up(again, found)} Of resampled replications {found.again:.0%} choose the same."
    )


def _head(world: str, view: str) -> str:
    return f"**{world.capitalize()}, {view}**:"


def _cost(again: Numbers, view: str, at: int) -> float:
    """£ million."""
    return float(again.cost(terms()["views"][view])[at].mean()) / MILLION


def _beyond_reach(world: str, view: str) -> str:
    """What is said where no mix meets the target: the fewest beds, and the lowest target that is surely met."""
    first, limit = numbers("screening.csv", world), constraint().limit
    least = int(np.argmin(first.values.mean(axis=1)))
    fewest = f"the fewest are {float(first.values[least].mean()):.0f} beds, with {words(first.mixes[least])}."
    for other in sorted(one for one in terms()["targets"] if one > limit):
        again, found = chosen(world, view, other)
        if found.best is not None:
            met = f"{words(again.mixes[found.best])}: £{_cost(again, view, found.best):.2f}m"
            return f"no mix surely keeps to {limit:g}; {fewest} Surely met is {other:g}, cheapest by {met}."
    return f"no mix surely keeps to {limit:g}; {fewest}"


def _runner_up(again: Numbers, found: Choice) -> str:
    rivals = [at for at, one in enumerate(found.verdicts) if one.meets and at != found.best]
    if not rivals:
        return "No other mix surely meets the target."
    nearest = min(rivals, key=lambda at: found.dearer[at].mean)
    gap = found.dearer[nearest]
    return (
        f"The next of those that meet it ({words(again.mixes[nearest])}) costs £{number(gap.mean)} more "
        f"({number(gap.low)} to {number(gap.high)}, same people)."
    )


def in_question(world: str, view: str) -> str:
    """The table of the mixes run again."""
    again, found = chosen(world, view)
    costs = again.cost(terms()["views"][view])
    verdicts = {True: "yes", False: "no", None: "undecided"}
    rows = []
    for at in sorted(range(len(costs)), key=lambda at: float(costs[at].mean())):
        seen = found.verdicts[at]
        more = "chosen" if at == found.best else _between(found, at)
        spread = f"{seen.estimate:.1f} ({seen.low:.1f} to {seen.high:.1f})"
        rows.append([*again.mixes[at], f"{costs[at].mean() / MILLION:.2f}", more, spread, verdicts[seen.meets]])
    head = ["LIFE slots", "practices a week", "hours at the front door", "cost, £m", "less the chosen, £1,000 (95 %)"]
    return table([*head, "escalation beds (95 %)", "meets it"], rows, head[:4])


def _between(found: Choice, at: int) -> str:
    if found.best is None:
        return ""
    gap = found.dearer[at]
    mean, low, high = (number(one / 1000) for one in (gap.mean, gap.low, gap.high))
    return f"{mean} ({low} to {high})"


def by_target() -> str:
    """The cheapest mix for each target, world and view, by the means of the screening."""
    agreed = terms()
    asked = [(world, view) for world in agreed["worlds"] for view in agreed["views"]]
    rows = []
    for limit in agreed["targets"]:
        cells = []
        for world, view in asked:
            first = numbers("screening.csv", world)
            costs = first.cost(agreed["views"][view]).mean(axis=1)
            best = cheapest(costs, first.values.mean(axis=1), constraint(limit))
            cells.append("none" if best is None else f"{_short(first.mixes[best])}: {costs[best] / MILLION:.2f}")
        rows.append([limit, *cells])
    return table(["beds at most", *(f"{world}, {view}" for world, view in asked)], rows)


def _short(mix: Mix) -> str:
    return " / ".join(map(str, mix))


def by_price() -> str:
    """The cheapest mix at both ends of each price, one at a time, by the means of the screening."""
    worlds = terms()["worlds"]
    rows = [["all as stated", "", *(_cheapest_at(world, {}) for world in worlds)]]
    for one in priced_lines():
        for said, times in one.ends:
            rows.append([one.said, said, *(_cheapest_at(world, {one.line: times}) for world in worlds)])
    return table(["price", "set to", *worlds], rows, ["set to"])


def _cheapest_at(world: str, times: dict[str, float]) -> str:
    first = numbers("screening.csv", world)
    costs = first.cost(terms()["views"]["this winter"], times).mean(axis=1)
    best = cheapest(costs, first.values.mean(axis=1), constraint())
    return "none" if best is None else f"{_short(first.mixes[best])}: {costs[best] / MILLION:.2f}"


@dataclass(frozen=True, slots=True)
class Priced:
    """A line of the bill, what it pays for, and the ends of its price: in words, and as a factor of the price used."""

    line: str
    said: str
    ends: tuple[tuple[str, float], ...]


def priced_lines() -> list[Priced]:
    """Lines whose price might turn the answer, each with the range that its source gives."""
    own, evidence, base = terms()["prices"], load_evidence(), fs.load("base").costs
    assert base is not None
    found = []
    for line, name in (("life_slots", "life_slot_day"), ("front_door_hours", "front_door_hour")):
        one = own[name]
        found.append(Priced(line, one["unit"], _ends(one["low"], one["high"], one["pounds"])))
    for line in ("huddles", "escalation_beds"):
        row = evidence.of(("costs", "items", line, "pounds"))
        assert row is not None
        assert row.low is not None
        assert row.high is not None
        found.append(Priced(line, row.meaning, _ends(row.low, row.high, base.items[line].pounds)))
    return [*found, Priced("huddle_posts", "posts of the Huddles, if they are there anyway", (("nothing", 0.0),))]


def _ends(low: float, high: float, used: float) -> tuple[tuple[str, float], ...]:
    return (f"£{low:g}", low / used), (f"£{high:g}", high / used)


def main() -> None:
    """Write the sections of README.md and the picture."""
    from experiments.winter_mix.picture import draw

    page = HERE / "README.md"
    for name, text in sections().items():
        write_section(page, name, text)
    draw(HERE / "picture.png")


def sections() -> dict[str, str]:
    """What stands between the marker lines of README.md."""
    return {"answer": answer(), "question": "\n\n".join(_asked()), "targets": by_target(), "prices": by_price()}


def _asked() -> list[str]:
    return [
        f"{world.capitalize()}, {view}:\n\n{in_question(world, view)}"
        for world in terms()["worlds"]
        for view in terms()["views"]
    ]


if __name__ == "__main__":
    main()
