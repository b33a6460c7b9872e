"""`calibrate`: parameters fitted to targets, and what could not be fitted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowsim.cli.common import NOT_KEPT, SOME_FAILED, STOPPED, InputError, config_problems, leave, progress, user_errors
from flowsim.cli.options import AcceptOther, AsJson, Backend, Jobs, Quiet, Scheduler, resumed_at
from flowsim.cli.sweeping import GOES_ON

if TYPE_CHECKING:
    from flowsim.calibration import Calibration, Question

Targets = Annotated[str, typer.Argument(metavar="TARGETS", help="A YAML file: scenario, parameters, targets.")]
Folder = Annotated[Path | None, resumed_at("calibrate-<name>")]


def calibrate(
    targets: Targets,
    jobs: Jobs = None,
    backend: Backend = "loky",
    scheduler: Scheduler = None,
    out: Folder = None,
    accept_other: AcceptOther = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Fit parameters, inside their evidence ranges, to targets.

    History matching: waves of runs rule out what cannot be, until what is left agrees with the targets. Says which
    targets are met, which cannot be, alone or together, and writes calibrated.yaml, an overlay with its provenance.
    The same command goes on where it was stopped.

    \b
    Examples
      flowsim calibrate experiments/calibrate_base_year/targets.yaml
      flowsim calibrate my_targets.yaml --jobs 4 --out runs/fit
      flowsim compare runs/fit/calibrated.yaml my_plan.yaml
    """
    with user_errors():
        question = _question(targets)
        found = _conducted(question, jobs, backend, scheduler, out, accept_other, not (quiet or as_json))
        if as_json:
            typer.echo(json.dumps({**found.tree(), "run_dir": str(found.folder)}, indent=2, ensure_ascii=False))
        else:
            from flowsim.cli.show_calibration import show

            show(found, quiet)
        if found.findings.failed:
            leave(SOME_FAILED)


def _question(targets: str) -> Question:
    from flowsim.calibration import read_targets

    with config_problems():
        return read_targets(targets)


def _conducted(
    question: Question,
    jobs: int | None,
    backend: str,
    scheduler: str | None,
    out: Path | None,
    accept_other: bool,
    shown: bool,
) -> Calibration:
    from flowsim.calibration import CalibrationError, calibrate
    from flowsim.sweeps import SweepError
    from flowsim.sweeps.problems import StoreError

    with progress(shown=shown) as tick:
        try:
            return calibrate(question, out, jobs, backend, scheduler, tick, accept_other)
        except KeyboardInterrupt:
            typer.echo(f"stopped by the user; {GOES_ON}", err=True)
            leave(STOPPED)
        except StoreError as error:
            typer.echo(f"stopped: {error}; {GOES_ON}", err=True)
            leave(NOT_KEPT)
        except (CalibrationError, SweepError) as error:
            raise InputError(str(error)) from None
