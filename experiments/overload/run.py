"""Is overload ever silent? Writes ``results.json`` and a section of ``docs/validation.md``.

python -m experiments.overload.run [--replications 20] [--quick]
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from experiments.overload.measure import Finding, watched
from experiments.overload.systems import OVERLOADED, STABLE
from experiments.pages import write_section

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "validation.md"
SEED = 20180105

TEXT = """## Overload is never silent

Written by `python -m experiments.overload.run` ({replications} runs of two years of each system, seed {seed}).

`check` and `run` work out, from mean flows and stays, what each service is asked for and has, month by month. **{told}
of {overloaded} overloaded systems are told of, {silent} of {stable} stable ones are not.** The loads are worked out by
hand; the numbers waiting (for anything, averaged over 60 days) show that the queues of the first grow and those of the
others do not, but for chance and season.

{overloaded_table}

One is short **only through blocking**: ten beds of three days let 3.33 people a day pass, fourteen LIFE slots of 4.1
days 3.41, but whoever waits for a slot keeps a bed, and together they let 3.00 pass. With 3.10 a day beds are 93 % full
and LIFE 91 %, by themselves, and the line in A&E grows without end. What can pass is a Markov chain: the beds that are
held by people who wait while no bed is ever empty (`flowsim/config/blocking.py`; the same chain solved apart from it is
[saturated_tandem](../experiments/verification/exact.py)). At 2.80 a day, 93 % of what can pass, nothing is said.

| Stable system | Load | Waiting, middle | Waiting, end | Told |
|---|--:|--:|--:|---|
{stable_rows}

What is not counted: lines before services in which people stay for more than 90 days, as they take years to reach their
mean, and LIFE slots or step-down beds lost to people who wait in them for what comes next (home care is told of by
itself once it is asked for 95 % of what it has).
"""


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=20)
    parser.add_argument("--quick", action="store_true", help="2 runs of each system, printed only")
    asked = parser.parse_args()
    replications = 2 if asked.quick else asked.replications
    over, stable = ([watched(one, replications, SEED) for one in systems] for systems in (OVERLOADED, STABLE))
    text = _text(over, stable, replications)
    print(text)
    if not asked.quick:
        kept = {"seed": SEED, "replications": replications, "systems": [asdict(one) for one in [*over, *stable]]}
        (HERE / "results.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        write_section(PAGE, "overload", text)


def _text(over: list[Finding], stable: list[Finding], replications: int) -> str:
    lines = ["| Overloaded system | Load | Waiting, middle | Waiting, end | Told |", "|---|--:|--:|--:|---|"]
    lines += [_row(one, "; ".join(one.before)) for one in over]
    return TEXT.format(
        replications=replications,
        seed=SEED,
        told=sum(one.right for one in over),
        overloaded=len(over),
        silent=sum(one.right for one in stable),
        stable=len(stable),
        overloaded_table="\n".join(lines),
        stable_rows="\n".join(_row(one, "; ".join(one.before) or "nothing") for one in stable),
    )


def _row(one: Finding, told: str) -> str:
    return f"| {one.system} | {one.load:.0%} | {one.middle:.1f} | {one.end:.1f} | {told} |"


if __name__ == "__main__":
    main()
