"""Every claim of the sources against the model: writes the section `claims` of docs/validation.md and its picture.

python -m experiments.validation.run --replications 30 --seed 1
python -m experiments.validation.run --folder runs/claims      # what `flowsim validate --out runs/claims` kept
"""

from __future__ import annotations

import argparse
from pathlib import Path

from experiments.pages import write_section
from flowsim.claims import conduct, read_claims
from flowsim.claims.keeping import kept
from flowsim.claims.words import markdown
from flowsim.plots.claims import write_picture

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def main() -> None:
    """Run, judge, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    claims = read_claims()
    if args.folder is not None:
        found = kept(claims, args.folder)
    else:
        found = conduct(claims, args.replications, args.seed, args.jobs, lambda done, of: print(f"{done} of {of}"))
    if found.failures or found.stopped:
        raise SystemExit(f"{len(found.failures)} replications failed; nothing was written")
    write_picture(found.frame(), HERE)
    page = markdown(found, "../experiments/validation/claims.png")
    command = f"flowsim validate -n {len(found.replications)} --seed {found.seed}"
    said = f"Written by `experiments/validation/run.py` from what `{command}` runs."
    title, rest = page.split("\n", 1)
    write_section(ROOT / "docs" / "validation.md", "claims", f"{title}\n\n{said}\n{rest}")


if __name__ == "__main__":
    main()
