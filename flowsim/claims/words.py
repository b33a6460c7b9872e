"""Judged claims in words: the tidy frame, the tree for JSON, sentences about chance, and the Markdown page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flowsim.claims.claim import BASES
from flowsim.claims.verdict import RULE, Judged, Seen, Verdict
from flowsim.experiment.statistics import Estimate
from flowsim.experiment.texts import finite
from flowsim.experiment.words import number

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.claims.conduct import Validation

COLUMNS = (
    *("id", "claim", "source", "date", "unit", "reported", "reported_low", "reported_high", "tolerance"),
    *("tolerance_reason", "basis", "scenario", "mean", "ci_low", "ci_high", "sd", "n", "run_low", "run_high"),
    *("verdict", "chance", "why"),
)
"""Columns of the frame and of claims.csv."""
ENOUGH = 19
"""Replications from which on one more falls in the range of those so far with a chance of 90 % or more."""


def row_of(one: Judged) -> dict[str, Any]:
    """One claim as a row; numbers that are unknown are NaN, bounds that are open infinite."""
    claim, found = one.claim, one.found
    return {
        **{"id": claim.id, "claim": claim.title, "source": claim.source, "date": claim.date, "unit": claim.unit},
        **{"reported": claim.reported, "reported_low": claim.low, "reported_high": claim.high},
        **{"tolerance": claim.tolerance, "tolerance_reason": claim.tolerance_reason},
        **{"basis": claim.basis if claim.reading else "", "scenario": claim.scenario},
        **{"mean": found.mean, "ci_low": found.low, "ci_high": found.high, "sd": found.sd, "n": found.n},
        **{"run_low": one.low, "run_high": one.high, "verdict": one.verdict.value},
        **{"chance": " ".join(chance_words(seen, claim.unit) for seen in one.seen), "why": claim.why},
    }


def frame_of(validation: Validation) -> pd.DataFrame:
    """One row per claim: what was reported, the scenario read, mean with its interval, single runs, verdict, why.

    ``run_low`` and ``run_high`` are where one more replication falls, over all scenarios stated for the claim;
    ``chance`` says how often the like is seen where the cause claimed is not there.
    """
    import pandas as pd

    return pd.DataFrame([row_of(one) for one in validation.judged], columns=list(COLUMNS))


def tree_of(validation: Validation) -> dict[str, Any]:
    """The same for JSON, with each chance in numbers; what is not a finite number is null."""
    rows = [{key: finite(value) for key, value in row_of(one).items()} for one in validation.judged]
    for row, one in zip(rows, validation.judged, strict=True):
        row["chance"] = [_chance_tree(seen) for seen in one.seen]
        row["also"] = {name: _numbers(found) for name, found in (one.by_scenario or {}).items()}
    return {
        "question": "validate",
        "title": validation.claims.title,
        "rule": RULE,
        "seed": validation.seed,
        "replications": len(validation.replications),
        "stopped": validation.stopped,
        "fingerprint": {one.name: one.fingerprint for one in validation.claims.scenarios},
        "failures": [
            {"scenario": one.scenario, "replication": one.replication, "reason": one.reason}
            for one in validation.failures
        ],
        "verdicts": counts(validation.judged),
        "claims": rows,
        "seconds": round(validation.seconds, 1),
    }


def counts(judged: Sequence[Judged]) -> dict[str, int]:
    """How many claims have each verdict."""
    return {verdict.value: sum(one.verdict is verdict for one in judged) for verdict in Verdict}


def summary(validation: Validation) -> str:
    """One sentence: how many claims were reproduced, and so on."""
    found = counts(validation.judged)
    listed = ", ".join(f"{count} {verdict}" for verdict, count in found.items())
    done, seed = len(validation.replications), validation.seed
    text = f"{len(validation.judged)} claims against {done} replications, seed {seed}: {listed}."
    if not 1 < done < ENOUGH:
        return text
    chance = 100.0 * (done - 1) / (done + 1)
    return f"{text} So few replications leave one more a chance of {chance:.0f} % to fall in its range."


def _numbers(found: Estimate) -> dict[str, Any]:
    return {"mean": finite(found.mean), "ci_low": finite(found.low), "ci_high": finite(found.high), "n": found.n}


def _chance_tree(seen: Seen) -> dict[str, Any]:
    return {
        "says": seen.chance.says,
        "limit": seen.chance.limit,
        "scenario": seen.chance.reading.arguments["scenario"],
        "hits": seen.hits,
        "n": seen.n,
        "ci_low": seen.low,
        "ci_high": seen.high,
        "rule_of_three": seen.rule_of_three,
        "extreme": finite(seen.extreme),
        "typical": _numbers(seen.typical),
    }


def simulated(one: Judged) -> str:
    """Mean with its interval as people read it; a dash if there is none."""
    found = one.found
    if math.isnan(found.mean):
        return "–"
    alone = math.isnan(found.low) or found.low == found.high
    return number(found.mean) if alone else f"{number(found.mean)} ({number(found.low)} to {number(found.high)})"


def single_runs(one: Judged) -> str:
    """Where one more replication falls."""
    return "–" if math.isnan(one.low) else f"{number(one.low)} to {number(one.high)}"


def reported(one: Judged) -> str:
    """What was reported with its unit."""
    return f"{one.claim.reported} {one.claim.unit}".strip()


def chance_words(seen: Seen, unit: str = "") -> str:
    """A sentence: what is seen without the cause, on average and how often as much as claimed."""
    if not seen.n:
        return f"{seen.chance.says}: nothing could be counted."
    typical = seen.typical
    spread = "" if math.isnan(typical.low) else f" ({number(typical.low)} to {number(typical.high)})"
    often = f"{seen.hits} of {seen.n} replications, {100 * seen.low:.0f} to {100 * seen.high:.0f} %"
    none = f"; rule of three: at most {100 * seen.rule_of_three:.0f} %" if seen.rule_of_three is not None else ""
    mean = f"{number(typical.mean)}{spread} {unit}".strip()
    most = f"{'highest' if seen.chance.at_least is not None else 'lowest'} {number(seen.extreme)}"
    return f"{seen.chance.says}: {mean} on average, {most}; {seen.chance.limit} in {often}{none}."


def markdown(validation: Validation, picture: str = "") -> str:
    """The page: the rule, a table of all claims, why each differs, chance, and what cannot be computed."""
    computed = [one for one in validation.judged if one.claim.reading is not None]
    words = [one for one in validation.judged if one.claim.reading is None]
    lines = ["## Claims of the sources, held against the model", "", summary(validation), "", RULE, ""]
    lines += [f"![reported and simulated]({picture})", ""] if picture else []
    for basis, meaning in BASES.items():
        rows = [one for one in computed if one.claim.basis == basis]
        lines += [f"### {basis.capitalize()}: {meaning}", "", *_table(rows), ""] if rows else []
    lines += ["### Why", "", *[_why(one) for one in computed], ""]
    chances = [f"- **{one.claim.id}** {chance_words(seen, one.claim.unit)}" for one in computed for seen in one.seen]
    lines += ["### Seen by chance, season or selection alone", "", *chances, ""] if chances else []
    if words:
        lines += ["### Not computed", "", *map(_left_out, words), ""]
    return "\n".join(lines)


def _table(judged: Sequence[Judged]) -> list[str]:
    head = ["| Id | Claim | Reported | Simulated (95 %) | One more run | Verdict |", "|---|---|---|---|---|---|"]
    return head + [
        f"| {one.claim.id} | {_bar(one.claim.title)} | {_bar(reported(one))} | {simulated(one)} "
        f"| {single_runs(one)} | **{one.verdict.value}** |"
        for one in judged
    ]


def _why(one: Judged) -> str:
    claim = one.claim
    others = "; ".join(f"{name} {number(found.mean)}" for name, found in (one.by_scenario or {}).items())
    beside = f" Read in {claim.scenario}{f'; also {others}' if others else ''}."
    slack = f" Tolerance {claim.tolerance:g}: {claim.tolerance_reason}." if claim.tolerance else ""
    return f"- **{claim.id}**, {one.verdict.value} ({_cited(one)}). {claim.why}{slack}{beside}"


def _left_out(one: Judged) -> str:
    claim = one.claim
    return f"- **{claim.id}** {claim.title} ({_cited(one)}; reported: {claim.reported}). {claim.why}"


def _cited(one: Judged) -> str:
    return f"{one.claim.source}; {one.claim.date}"


def _bar(text: str) -> str:
    return text.replace("|", "\\|")
