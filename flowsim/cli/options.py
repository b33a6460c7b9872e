"""Options and arguments that more than one command has, each in one wording.

An option of one command only stands beside that command. Only the standard library and typer are imported here, so
that ``flowsim --help`` answers at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

# What is run

Config = Annotated[
    str, typer.Argument(metavar="CONFIG", help="A YAML file, or a shipped scenario: do_nothing, ten_year/all_phases.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Lay a value over the configuration: life.slots=140. Repeatable."),
]
Replications = Annotated[
    int, typer.Option("--replications", "-n", metavar="N", min=1, max=100_000, help="Replications of each scenario.")
]
Replication = Annotated[
    int,
    typer.Option("--replication", "-r", metavar="R", min=0, max=100_000, help="Which replication, counted from 0."),
]
Precision = Annotated[
    str | None,
    typer.Option(
        "--precision",
        metavar="P",
        help="Replicate until the 95 % interval is within P of the mean: 5%, or 50 in the measure's unit.",
    ),
]
PrecisionMeasure = Annotated[
    str | None,
    typer.Option("--precision-measure", metavar="MEASURE", help="Whose interval; by default bed days (saved)."),
]
AtMost = Annotated[
    int | None,
    typer.Option(
        "--at-most",
        metavar="N",
        min=1,
        max=100_000,
        help="Replications at which --precision gives up (1,000 if not given).",
    ),
]
Uncertain = Annotated[
    int | None,
    typer.Option(
        "--uncertain",
        metavar="N",
        min=2,
        max=50_000,
        help="Draw N parameter sets from the evidence, with --replications of each (2 if not given).",
    ),
]
Vary = Annotated[
    list[str] | None,
    typer.Option("--vary", metavar="PATH", help="With --uncertain: draw this what-if, or what --set states, too."),
]
Seed = Annotated[int, typer.Option("--seed", metavar="S", min=0, max=2**63 - 1, help="Seed; 0 is a seed.")]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", metavar="N", min=1, max=1024, help="Worker processes; by default all cores, if that pays."),
]

# What is kept and printed

Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Run folder, new or empty; by default one under runs/.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace an older run folder at --out.")]
Overwrite = Annotated[bool, typer.Option("--force", help="Replace files that are there already.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the table as JSON on standard output, and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no table; only where the results are.")]

# Runs of a sweep: many points, on one machine or several, gone on with where they were stopped


def resumed_at(usual: str) -> Any:
    """The option ``--out`` of a command that goes on in its folder; ``usual`` is what it is called by default."""
    return typer.Option("--out", metavar="DIR", help=f"Folder; by default runs/{usual}. Resumes there.")


Backend = Annotated[str, typer.Option("--backend", metavar="loky|dask|ray", help="Where the work is done.")]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Dask scheduler; or set DASK_SCHEDULER_ADDRESS.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say points, runs, time and size; keep nothing.")]
Shard = Annotated[
    str | None, typer.Option("--shard", metavar="I/N", help="Only every N-th block, from the I-th: for job arrays.")
]
Resume = Annotated[bool, typer.Option("--resume/--no-resume", help="Use what is finished in the folder.")]
Pictures = Annotated[bool, typer.Option("--pictures/--no-pictures", help="Draw the outcomes.")]
AcceptOther = Annotated[
    bool, typer.Option("--accept-other-version", help="Go on in a folder begun by other code or another design.")
]

# What is taken from a run folder

RunDir = Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A folder that run or compare wrote.")]
OneScenario = Annotated[
    str | None, typer.Option("--scenario", metavar="NAME", help="Which scenario of the run; by default its last.")
]
Dates = Annotated[
    str | None,
    typer.Option("--window", metavar="FROM:TO", help="Two dates, 2018-01-08:2018-01-22; the second is not in it."),
]
TermsFile = Annotated[
    str | None,
    typer.Option(
        "--terms", metavar="FILE", help="A YAML file of partners, posts and statements; by default the shipped one."
    ),
]
