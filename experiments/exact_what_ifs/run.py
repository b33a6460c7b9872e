"""Are what-ifs right where they can be solved? Writes ``results.json`` and a section of ``docs/validation.md``.

python -m experiments.exact_what_ifs.run [--replications 1500] [--jobs 1] [--quick]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from statistics import median

from experiments import pages
from experiments.agreement import Row, figure, largest, table
from experiments.exact_what_ifs.measure import Answer, Difference, answered
from experiments.exact_what_ifs.questions import QUESTIONS

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "validation.md"
SEED = 20171002

TEXT = """## What-ifs with exact answers

Written by `python -m experiments.exact_what_ifs.run` ({replications:,} replications of each ward, {times} times
as many of the fortnight; seed {seed}).

Wards of three or four beds with exponential durations are Markov chains, of {few:,} to {many:,} states: people in
treatment, in the old process or the shorter one of D2A, blocked for a LIFE slot or a step-down bed, in LIFE, in
step-down beds, in step-down beds blocked for home care, in A&E with their pathways. The chain
([wards.py](../experiments/exact_what_ifs/wards.py)) is written apart from the program and solved by uniformisation over
the very window that is simulated, beginning with an empty ward. `compare` then runs the same wards.

**{agree} of {rows} measures lie within 4 standard errors of the exact value; the farthest at {worst:.2f}.** The
standard error is {relative} of the value in the middle, and at most {relative_most}. Measures that must be 0 (LIFE
starts without D2A, say) were 0 in every run: {zeros} of them, not counted above.

**{covered} of {differences} paired 95 % intervals of a difference cover the exact difference** (simultaneous over the
alternatives of a question, as `compare` gives them; {expected:.1f} misses are to be expected by chance); the farthest
is {worst_difference:.2f} standard errors off.

{wards}

One ward in full, the base and Discharge to Assess:

{example}

And the differences D2A makes:

{made}

The other rows are in [results.json](../experiments/exact_what_ifs/results.json).
"""


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=1500)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="100 replications, printed only")
    asked = parser.parse_args()
    replications = 100 if asked.quick else asked.replications
    answers = [answered(question, replications, SEED, asked.jobs) for question in QUESTIONS]
    text = _text(answers, replications)
    print(text)
    if not asked.quick:
        (HERE / "results.json").write_text(json.dumps(_kept(answers, replications), indent=1) + "\n", encoding="utf-8")
        pages.write_section(PAGE, "exact_what_ifs", text)


def _kept(answers: list[Answer], replications: int) -> dict[str, object]:
    questions = {
        one.question.name: {
            "measures": [row.kept() for row in one.rows],
            "differences": [difference.kept() for difference in one.differences],
        }
        for one in answers
    }
    return {"seed": SEED, "replications": replications, "questions": questions}


def _text(answers: list[Answer], replications: int) -> str:
    everything = [row for one in answers for row in one.rows]
    rows = [row for row in everything if row.exact]
    zeros = [row for row in everything if not row.exact]
    differences = [difference for one in answers for difference in one.differences if difference.informative]
    sizes = [len(ward.chain.states) for one in answers for ward in one.question.wards]
    relative = [row.relative_error for row in rows]
    first = answers[0]
    base, d2a = (ward.name for ward in first.question.wards[:2])
    return TEXT.format(
        replications=replications,
        seed=SEED,
        times=max(one.question.times for one in answers),
        few=min(sizes),
        many=max(sizes),
        agree=sum(row.agrees for row in rows),
        rows=len(rows),
        worst=largest(rows),
        relative=_per_cent(median(relative)),
        relative_most=_per_cent(max(relative)),
        zeros=f"{sum(row.agrees for row in zeros)} of {len(zeros)}",
        covered=sum(difference.covers for difference in differences),
        differences=len(differences),
        expected=sum(difference.miss for difference in differences),
        worst_difference=max(abs(difference.z) for difference in differences),
        wards=_wards(answers),
        example=table([row for row in first.rows if row.system in (base, d2a) and row.exact]),
        made=_made([difference for difference in first.differences if difference.ward == d2a]),
    )


def _per_cent(share: float) -> str:
    return f"{100 * share:.2f} %"


def _wards(answers: list[Answer]) -> str:
    numbers = ["States", "Measures", "Farthest, in standard errors"]
    lines = []
    for one in answers:
        for number, ward in enumerate(one.question.wards):
            rows: list[Row] = [row for row in one.rows if row.system == ward.name and row.exact]
            name = "" if number else one.question.name
            lines.append([name, ward.name, f"{len(ward.chain.states):,}", len(rows), f"{largest(rows):.2f}"])
    return pages.table(["Question", "Ward", *numbers], lines, numbers)


def _made(differences: list[Difference]) -> str:
    numbers = ["Exact difference", "Estimate"]
    lines = []
    for one in differences:
        if one.informative:
            interval = f"{figure(one.low)} to {figure(one.high)}"
            covers = "yes" if one.covers else "**no**"
            lines.append([one.measure, figure(one.exact), figure(one.estimate), interval, covers])
    return pages.table(["Measure", *numbers, "95 % interval", "Covers"], lines, numbers)


if __name__ == "__main__":
    main()
