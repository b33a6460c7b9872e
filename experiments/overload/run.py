"""Is overload ever silent? Writes ``results.json`` and a section of ``docs/validation.md``.

python -m experiments.overload.run [--replications 20] [--quick | --page]
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from experiments.overload.measure import Finding, watched
from experiments.overload.systems import OVERLOADED, STABLE
from experiments.pages import table, write_section

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "validation.md"
SEED = 20180105

TEXT = """## Overload is never silent

Written by `python -m experiments.overload.run` ({replications} runs of two years of each system, seed {seed}).

`check` and `run` work out, from mean flows and stays, what each service is asked for and has, day by day. **{told}
of {overloaded} overloaded systems are told of, {silent} of {stable} stable ones are not.** The loads are worked out by
hand. The mean numbers waiting for anything (over the last 60 days of the first year, those of the second, and on the
worst day) show that the queues of the first grow, or come each winter, and those of the others do not but for chance.

{overloaded_table}

One is short **only through blocking**: ten beds of three days let 3.33 people a day pass, fourteen LIFE slots of 4.1
days 3.41, but whoever waits for a slot keeps a bed, and together they let 3.00 pass. With 3.10 a day beds are 93 % full
and LIFE 91 %, by themselves, and the line in A&E grows without end. What can pass is a Markov chain: the beds that are
held by people who wait while no bed is ever empty (`flowsim/offered/blocking.py`; the same chain solved apart from it:
[saturated_tandem](../experiments/verification/exact.py)). At 2.80 a day, 93 % of what can pass, nothing is said.

{stable_table}

What is not counted: lines before services in which people stay for more than 90 days, as they take years to reach their
mean, and LIFE slots or step-down beds lost to people who wait in them for what comes next (home care is told of by
itself once it is asked for 95 % of what it has).
"""


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=20)
    parser.add_argument("--quick", action="store_true", help="2 runs of each system, printed only")
    parser.add_argument("--page", action="store_true", help="the page from what is kept, without any run")
    asked = parser.parse_args()
    replications = 2 if asked.quick else asked.replications
    if asked.page:
        kept = json.loads((HERE / "results.json").read_text(encoding="utf-8"))
    else:
        systems = [asdict(watched(one, replications, SEED)) for one in (*OVERLOADED, *STABLE)]
        kept = {"seed": SEED, "replications": replications, "systems": systems}
    findings = [Finding(**one) for one in kept["systems"]]
    over, stable = ([one for one in findings if bool(one.short) == short] for short in (True, False))
    text = _text(over, stable, kept["replications"])
    print(text)
    if not asked.quick:
        (HERE / "results.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        write_section(PAGE, "overload", text)


def _text(over: list[Finding], stable: list[Finding], replications: int) -> str:
    return TEXT.format(
        replications=replications,
        seed=SEED,
        told=sum(one.right for one in over),
        overloaded=len(over),
        silent=sum(one.right for one in stable),
        stable=len(stable),
        overloaded_table=_table("Overloaded system", over),
        stable_table=_table("Stable system", stable),
    )


def _table(name: str, findings: list[Finding]) -> str:
    numbers = ["Load", "Waiting, middle", "End", "Most"]
    return table([name, *numbers, "Told"], map(_cells, findings), numbers)


def _cells(one: Finding) -> list[str]:
    counts = [f"{count:.1f}" for count in (one.middle, one.end, one.most)]
    return [one.system, f"{one.load:.0%}", *counts, "; ".join(one.before) or "nothing"]


if __name__ == "__main__":
    main()
