"""Does the program do what theory says? Writes ``results.json`` and a section of ``docs/validation.md``.

python -m experiments.verification.run [--jobs 2] [--quick] [--only cases|ciw|counts]
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed

from experiments.agreement import largest, row_of, table
from experiments.pages import write_section
from experiments.verification.cases import CASES, rows_of
from experiments.verification.counts import ENOUGH, Count, counts, counts_table
from experiments.verification.oracles import MATCHES, Pair, pairs_table

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "validation.md"
SEED = 20170403
OF_CIW = 120
PARTS = ["cases", "ciw", "counts"]

TEXT = """## Systems with exact answers

Written by `python -m experiments.verification.run` (seed {seed}); the formulae, with their sources, are in
[exact.py](../experiments/verification/exact.py), the scenarios beside it and in `configs/theory/`.

Every mechanism can be switched off, so the model reduces to systems whose answers are known. Each is run as any
scenario is, in {fewest} to {most:,} independent replications. **{agree} of {rows} quantities lie within 4
standard errors of the exact value, the farthest at {worst:.2f}**. Beyond 2 standard errors: {beyond}, where chance
alone would put some {by_chance:.0f}. *Equal* means the same number in every run: nothing in that case is random.

{table}

What makes a case of each: LIFE's valve is a patience of fixed length, so a line before LIFE is M/M/c+D. Erlang
A needs exponential patience, which the model has in one place: people who wait in a step-down bed for home care
may die first. Two or three stations that are never empty and have no room between them are an acute bed, a
step-down bed and one package of home care, each kept until the next is free. People in bed or with LIFE at the
start have the remaining stay of someone found in progress, not a new one. Cases whose people have the same
names share their luck: their errors are not independent.

### Against another simulator

Where no formula reaches, [Ciw](https://ciw.readthedocs.io) has simulated the same network, {of_ciw}
replications of each program; the first system also has its exact answer above. {pairs_agree} of {pairs}
quantities lie within 4 standard errors of both together.

{pairs_table}

### How many replications

[sim-tools](https://pypi.org/project/sim-tools/) finds the number of replications after which the half-width of the 95 %
interval stays below a share of the mean, with the algorithm that `flowsim precision` uses. From the same results both
give the same number in {same} of {counts} cases (up to 100 replications; beyond, sim-tools looks ahead less far).

{counts_table}
"""


def measured(part: str, quick: bool, jobs: int) -> list[dict[str, Any]]:
    """One part, as it is kept: the cases, the comparison with Ciw, or the counts of sim-tools."""
    if part == "cases":
        found = Parallel(n_jobs=jobs)(delayed(rows_of)(name, SEED, quick) for name in CASES)
        return [row.kept() for rows in found for row in rows]
    if part == "ciw":
        return [asdict(pair) for make in MATCHES for pair in make().pairs(6 if quick else OF_CIW, SEED)]
    return [asdict(one) for one in counts(SEED, 40 if quick else ENOUGH)]


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="the few replications of the tests, printed only")
    parser.add_argument("--only", choices=PARTS, help="this part; the others as they were kept")
    asked = parser.parse_args()
    parts = [asked.only] if asked.only else PARTS
    kept = {} if parts == PARTS else json.loads((HERE / "results.json").read_text(encoding="utf-8"))
    kept |= {part: measured(part, asked.quick, asked.jobs) for part in parts}
    text = _text(kept)
    print(text)
    if not asked.quick:
        (HERE / "results.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        write_section(PAGE, "verification", text)


def _text(kept: dict[str, list[dict[str, Any]]]) -> str:
    rows, pairs = [row_of(row) for row in kept["cases"]], [Pair(**pair) for pair in kept["ciw"]]
    found = [Count(**one) for one in kept["counts"]]
    by_luck = [row for row in rows if row.error]
    return TEXT.format(
        seed=SEED,
        fewest=min(row.n for row in by_luck),
        most=max(row.n for row in by_luck),
        agree=sum(row.agrees for row in rows),
        rows=len(rows),
        worst=largest(rows),
        beyond=sum(abs(row.z) > 2.0 for row in rows),
        by_chance=0.0455 * len(by_luck),
        table=table(rows, source=True),
        of_ciw=OF_CIW,
        pairs_agree=sum(pair.agrees for pair in pairs),
        pairs=len(pairs),
        pairs_table=pairs_table(pairs),
        same=sum(one.ours == one.theirs for one in found),
        counts=len(found),
        counts_table=counts_table(found),
    )


if __name__ == "__main__":
    main()
