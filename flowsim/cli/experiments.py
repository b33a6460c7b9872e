"""`run`, `compare` and `report`: experiments, and the folder they are kept in."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowsim.cli.common import (
    NOT_KEPT,
    SOME_FAILED,
    STOPPED,
    InputError,
    Options,
    leave,
    new_folder,
    progress,
    read_all,
    say_failures,
    user_errors,
)
from flowsim.cli.options import (
    AsJson,
    AtMost,
    Config,
    Force,
    Jobs,
    Out,
    Precision,
    PrecisionMeasure,
    Quiet,
    RunDir,
    Seed,
    Settings,
    TermsFile,
    Uncertain,
    Vary,
)

if TYPE_CHECKING:
    from flowsim.config.load import Loaded
    from flowsim.experiment import Results
    from flowsim.experiment.manifest import Manifest

Count = Annotated[
    int | None,
    typer.Option(
        "--replications",
        "-n",
        metavar="N",
        min=1,
        max=100_000,
        help="Replications of each scenario; 30 if not given, with --uncertain 2 of each parameter set.",
    ),
]


def run(
    config: Config,
    replications: Count = None,
    seed: Seed = 1,
    jobs: Jobs = None,
    out: Out = None,
    settings: Settings = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    force: Force = False,
    precision: Precision = None,
    precision_measure: PrecisionMeasure = None,
    at_most: AtMost = None,
    uncertain: Uncertain = None,
    vary: Vary = None,
) -> None:
    """Run one scenario.

    Replications give each measure with its 95 % interval; a run folder with a report is kept.

    \b
    Examples
      flowsim run do_nothing
      flowsim run configs/transition_year.yaml -n 100 --seed 7 --out runs/mine
      flowsim run do_nothing --set hospital.escalation.cap=40 --json
      flowsim run transition_year --uncertain 200
      flowsim run do_nothing --precision 1% --precision-measure escalation_bed_days --at-most 500
    """
    with user_errors():
        until = (precision, precision_measure, at_most, uncertain, tuple(vary or ()))
        asked = Options(
            _each(replications, uncertain), seed, jobs, out, tuple(settings or ()), as_json, quiet, force, *until
        )
        conduct([config], asked)


def compare(
    base: Annotated[str, typer.Argument(metavar="BASE", help="What the alternatives are held against.")],
    alternatives: Annotated[list[str], typer.Argument(metavar="ALT...", help="One or more other scenarios.")],
    replications: Count = None,
    seed: Seed = 1,
    jobs: Jobs = None,
    out: Out = None,
    settings: Settings = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
    force: Force = False,
    precision: Precision = None,
    precision_measure: PrecisionMeasure = None,
    at_most: AtMost = None,
    uncertain: Uncertain = None,
    vary: Vary = None,
) -> None:
    """Compare scenarios on the same people.

    Gives paired differences, the bed days saved, and what saved them. Every replication uses the same people and luck
    in all scenarios, so differences are due to the scenarios alone. The intervals of several alternatives hold
    together with 95 %. A --set is laid over every scenario.

    \b
    Examples
      flowsim compare do_nothing transition_year
      flowsim compare configs/do_nothing.yaml configs/transition_year.yaml configs/sceptical.yaml -n 60
      flowsim compare do_nothing transition_year --seed 0 --json
      flowsim compare do_nothing transition_year --precision 5%
      flowsim compare ten_year/do_nothing ten_year/phase1 ten_year/all_phases -n 20
      flowsim compare do_nothing transition_year --uncertain 200 --vary huddles.effect.rate_ratio
    """
    with user_errors():
        until = (precision, precision_measure, at_most, uncertain, tuple(vary or ()))
        asked = Options(
            _each(replications, uncertain), seed, jobs, out, tuple(settings or ()), as_json, quiet, force, *until
        )
        conduct([base, *alternatives], asked)


def _each(replications: int | None, uncertain: int | None) -> int:
    """Replications asked for, of each parameter set if such are drawn."""
    from flowsim.uncertain.experiments import PER_SET, REPLICATIONS

    usual = REPLICATIONS if uncertain is None else PER_SET
    return usual if replications is None else replications


def report(
    run_dir: RunDir,
    terms: TermsFile = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also replace what was changed since flowsim wrote it.")
    ] = False,
) -> None:
    """Make the report and the workbook of a run folder anew.

    The report is one HTML file that needs nothing else, the workbook a spreadsheet. Nothing is run: they are made from
    the files of the folder, which must be as they were written. Those there are replaced; one that somebody has changed
    only with --force.

    \b
    Examples
      flowsim report runs/20261122-101500-do_nothing-transition_year
      flowsim report runs/mine --force
      flowsim report runs/mine --terms my_terms.yaml
    """
    with user_errors():
        from flowsim import report as pages
        from flowsim import workbook
        from flowsim.experiment.folder import FolderError
        from flowsim.experiment.remake import remake

        if terms is not None:  # asked for, so what does not fit is a fault; without, the page says why it shows none
            from flowsim.cli.money import book_in

            book_in(run_dir, terms)
        makers = {one.NAME: partial(one.make, terms=terms) for one in (pages, workbook)}
        try:
            page, book = remake(run_dir, makers, force=force)
        except (FolderError, pages.ReportError, workbook.WorkbookError) as error:
            raise InputError(str(error)) from None
        typer.echo(f"workbook: {book}")
        typer.echo(f"report: {page}")


def conduct(sources: Sequence[str], asked: Options) -> None:
    """Read the scenarios, run them, keep the results, and say what came out."""
    from flowsim.experiment.folder import FolderError

    loadeds = read_all(sources, asked.settings)
    folder = new_folder(asked.out, *(one.scenario.name for one in loadeds), force=asked.force)
    results = _results(loadeds, asked)
    record = results.record
    if record.stopped and not record.replications:
        typer.echo("stopped before the first replication was finished; nothing was written", err=True)
        leave(STOPPED)
    try:
        folder = _keep(results, loadeds, folder, asked)
    except (FolderError, OSError) as error:
        _say_lost(results, error, asked)
        leave(NOT_KEPT)
    _say(results, folder, asked)
    if record.stopped or record.failures:
        leave(STOPPED if record.stopped else SOME_FAILED)


def _results(loadeds: Sequence[Loaded], asked: Options) -> Results:
    from flowsim.uncertain.experiments import compare as compare_all
    from flowsim.uncertain.experiments import run as run_one

    if asked.at_most is not None and asked.precision is None:
        raise InputError("--at-most: limits a precision; give --precision, too, such as --precision 5%")
    scenarios = [one.scenario for one in loadeds]
    with progress(shown=not (asked.quiet or asked.as_json)) as tick:
        numbers: dict[str, Any] = {"replications": asked.replications, "seed": asked.seed, "jobs": asked.jobs}
        numbers |= {"precision": asked.precision, "precision_measure": asked.precision_measure}
        numbers |= {"uncertain": asked.uncertain, "vary": asked.vary}
        numbers |= {} if asked.at_most is None else {"at_most": asked.at_most}
        try:
            if len(scenarios) == 1:
                return run_one(scenarios[0], progress=tick, **numbers)
            return compare_all(*scenarios, progress=tick, **numbers)
        except ValueError as error:
            raise InputError(str(error)) from None


def _keep(results: Results, loadeds: Sequence[Loaded], folder: Path, asked: Options) -> Path:
    from flowsim import report as pages
    from flowsim import workbook
    from flowsim.config.resolved import resolved_yaml
    from flowsim.experiment.folder import FolderTakenError, free, write

    texts = {one.name: resolved_yaml(loaded) for one, loaded in zip(results.scenarios, loadeds, strict=True)}

    def complete(part: Path, manifest: Manifest) -> None:
        if results.record.replications:
            pages.write(part, results, configs=texts, manifest=manifest)
            workbook.write(part / workbook.NAME, results, configs=texts, manifest=manifest)

    command = ["flowsim", *sys.argv[1:]]
    while True:
        try:
            write(results, folder, configs=texts, command=command, force=asked.force, complete=complete)
            return folder
        except FolderTakenError:
            if asked.out is not None:
                raise
            folder = free(folder)  # another run of this second ended first


def _say_lost(results: Results, error: Exception, asked: Options) -> None:
    if not (asked.quiet or asked.as_json):
        from flowsim.cli.show import show

        show(results.record)
    typer.echo(f"the run folder could not be written, these results are not kept: {error}", err=True)


def _say(results: Results, folder: Path, asked: Options) -> None:
    if asked.as_json:
        from flowsim.cli.as_json import as_json

        typer.echo(as_json(results.record, str(folder)))
        return
    if not asked.quiet:
        from flowsim.cli.show import show

        show(results.record)
    say_failures(results.failures, folder / "run.log")
    if results.record.replications:
        from flowsim import report as pages
        from flowsim import workbook

        if not asked.quiet:
            typer.echo(f"workbook: {folder / workbook.NAME}")
        typer.echo(f"report: {folder / pages.NAME}")
    else:
        typer.echo(f"no report, since no replication finished; see {folder / 'run.log'}")
