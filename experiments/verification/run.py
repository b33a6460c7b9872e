"""Does the program do what theory says? Writes ``results.json`` and a section of ``docs/validation.md``.

python -m experiments.verification.run [--jobs 2] [--quick | --page]
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from joblib import Parallel, delayed

from experiments.agreement import Row, largest, table
from experiments.pages import write_section
from experiments.verification.cases import CASES, rows_of
from experiments.verification.oracles import MATCHES, Pair, pairs_table

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "validation.md"
SEED = 20170403
OF_CIW = 120

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

{pairs_table}"""


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="the few replications of the tests, printed only")
    parser.add_argument("--page", action="store_true", help="the page from results.json, without any run")
    asked = parser.parse_args()
    if asked.page:
        write_section(PAGE, "verification", _text(*_kept()))
        return
    found = Parallel(n_jobs=asked.jobs)(delayed(rows_of)(name, SEED, asked.quick) for name in CASES)
    pairs = [pair for make in MATCHES for pair in make().pairs(6 if asked.quick else OF_CIW, SEED)]
    rows = [row for part in found for row in part]
    text = _text(rows, pairs)
    print(text)
    if not asked.quick:
        kept = {"seed": SEED, "rows": [row.kept() for row in rows], "ciw": [asdict(pair) for pair in pairs]}
        (HERE / "results.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        write_section(PAGE, "verification", text)


def _kept() -> tuple[list[Row], list[Pair]]:
    kept = json.loads((HERE / "results.json").read_text(encoding="utf-8"))
    for row in kept["rows"]:
        del row["z"], row["agrees"]
    return [Row(**row) for row in kept["rows"]], [Pair(**pair) for pair in kept["ciw"]]


def _text(rows: list[Row], pairs: list[Pair]) -> str:
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
    )


if __name__ == "__main__":
    main()
