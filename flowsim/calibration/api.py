"""A calibration from its targets file to its folder."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from flowsim.calibration import words
from flowsim.calibration.findings import Findings, findings
from flowsim.calibration.question import Question, read_targets, title_or_stem
from flowsim.calibration.search import FINALISTS, Search
from flowsim.calibration.waves import OVERLAY, CalibrationError, Runner, Wave
from flowsim.config.load import load
from flowsim.config.problems import did_you_mean
from flowsim.experiment.folder import plain
from flowsim.params import Scenario
from flowsim.sweeps.api import Options
from flowsim.sweeps.files import locked, write_whole
from flowsim.sweeps.problems import reason

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from flowsim.sweeps.execute import Progress

LEDGER, LOCK = "calibration.json", "calibration.lock"


@dataclass(frozen=True, repr=False)
class Calibration:
    """What came of a calibration, and the folder it is kept in.

    Attributes
    ----------
    begun : str
        Day on which the folder was begun; a run that is resumed keeps it.
    """

    question: Question
    folder: Path
    findings: Findings
    begun: str
    search: Search = field(repr=False)
    final: Wave = field(repr=False)

    def __repr__(self) -> str:
        return f"<Calibration of {self.question.title}: {self.sentence()}>"

    @property
    def scenario(self) -> Scenario:
        """The scenario at the best point, as ``calibrated.yaml`` states it."""
        return load(self.folder / OVERLAY)

    def sentence(self) -> str:
        """The answer in words."""
        return words.sentence(self.findings)

    def conflicts(self) -> list[str]:
        """What cannot be met, alone or together, and what pulls against what."""
        return words.conflicts(self.findings)

    def cautions(self) -> list[str]:
        """What to beware of."""
        return words.cautions(self.question, self.findings)

    def possible(self, values: Mapping[str, float]) -> bool:
        """Whether a parameter set is still possible: inside all ranges, and not ruled out by any wave.

        Parameters
        ----------
        values : mapping
            Of every parameter, by its dotted path.

        Raises
        ------
        KeyError
            If one is missing or unknown.
        """
        known = [one.path for one in self.question.parameters]
        strange = [name for name in [*values, *known] if name not in known or name not in values]
        if strange:
            raise KeyError(f"{strange[0]}: give each parameter once; {did_you_mean(strange[0], known)}")
        point = self.search.shares([tuple(float(values[name]) for name in known)])
        inside = bool(((point >= 0.0) & (point <= 1.0)).all())
        return inside and bool(self.search.judge.left(self.search.layers, point)[0])

    def targets(self) -> pd.DataFrame:
        """One row per target: reported, as configured, simulated at the best point with interval, verdict."""
        from flowsim.calibration.tables import frame, target_rows

        return frame(target_rows(self.findings))

    def parameters(self) -> pd.DataFrame:
        """One row per parameter: configured, best, range, what is left of it, how much it was narrowed."""
        from flowsim.calibration.tables import frame, parameter_rows

        return frame(parameter_rows(self.findings))

    def points(self) -> pd.DataFrame:
        """One row per point run: wave, point, parameters, and for each target mean and implausibility."""
        from flowsim.calibration.tables import frame, point_rows

        return frame(point_rows(self.search, self.final))

    def tree(self) -> dict[str, Any]:
        """The answer as JSON holds it."""
        from flowsim.calibration.tables import answer

        return answer(self)

    def plot(self) -> Figure:
        """What is left of each parameter, and targets against what is simulated."""
        from flowsim.calibration.picture import draw

        return draw(self.findings)


def calibrate(
    targets: str | os.PathLike[str] | Question,
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    backend: str = "loky",
    scheduler: str | None = None,
    progress: Progress | None = None,
    accept_other: bool = False,
) -> Calibration:
    """Fit parameters to targets.

    Parameters
    ----------
    targets : path or Question
        A targets file; see :func:`flowsim.calibration.read_targets`.
    out : path, optional
        Folder; ``runs/calibrate-<name>`` by default. What is finished there is not run again.
    jobs, backend, scheduler
        As of :func:`flowsim.sweep`; results do not depend on them.
    accept_other : bool
        Go on in a folder begun with other targets or another version of flowsim; runs that are the same are kept.

    Raises
    ------
    flowsim.config.problems.ConfigError
        With every fault of the targets file; nothing was run.
    CalibrationError, flowsim.sweeps.SweepError
        If the folder cannot be used, or runs cannot go on.
    KeyboardInterrupt
        If the user stopped it. What was finished is kept.
    """
    asked = targets if isinstance(targets, Question) else read_targets(targets)
    folder = Path(out) if out is not None else default_path(asked)
    begun = _opened(asked, folder, accept_other=accept_other)
    options = Options(None, jobs, backend, scheduler, accept_other=accept_other, pictures=False, progress=progress)
    found = _searched(asked, folder, options, begun)
    _write(found)
    return found


def _searched(asked: Question, folder: Path, options: Options, begun: str) -> Calibration:
    worlds = 2 if asked.baseline is not None else 1
    total = worlds * (asked.waves * asked.points * asked.replications + FINALISTS * asked.final_replications)
    search = Search(asked)
    runner = Runner(asked, folder, options, total)
    runner.prepare()
    final = search.run(runner)
    if np.isnan(final.column("mean")[:, list(asked.fitted)]).any(axis=1).all():
        raise CalibrationError(f"{folder}: no final set has a number for every target; see the logs of the waves")
    return Calibration(asked, folder, findings(search, final), begun, search, final)


def default_path(asked: Question) -> Path:
    """``runs/calibrate-<name>``: always the same, so that the same command resumes."""
    return Path("runs") / f"calibrate-{plain(title_or_stem(asked))}"


def _opened(asked: Question, folder: Path, *, accept_other: bool) -> str:
    """Begin or resume in a folder; gives the day it was begun."""
    try:
        there = json.loads((folder / LEDGER).read_text(encoding="utf-8"))
        known, begun = str(there["targets"]), str(there["begun"])
    except (FileNotFoundError, NotADirectoryError):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CalibrationError(
                f"{folder}: holds other things; give a folder that is new, or of these targets"
            ) from None
        known, begun = asked.fingerprint, dt.date.today().isoformat()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CalibrationError(f"{folder / LEDGER}: cannot be read: {reason(error)}") from error
    if known != asked.fingerprint and not accept_other:
        raise CalibrationError(
            f"{folder}: was begun with other targets; give another --out, or --accept-other-version to go on here with "
            "these (runs that are the same in both are kept)"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CalibrationError(f"{folder}: cannot be made: {reason(error)}") from error
    text = json.dumps({"targets": asked.fingerprint, "file": asked.file, "begun": begun}, indent=1, ensure_ascii=False)
    write_whole(folder / LEDGER, f"{text}\n".encode())
    return begun


def _write(found: Calibration) -> None:
    """Write overlay, tables, picture and answer; one process at a time."""
    from flowsim.calibration import tables
    from flowsim.calibration.overlay import overlay
    from flowsim.plots.style import png

    folder = found.folder
    with locked(folder / LOCK):
        write_whole(folder / OVERLAY, overlay(found).encode())
        write_whole(folder / "targets.csv", tables.table(tables.target_rows(found.findings)))
        write_whole(folder / "parameters.csv", tables.table(tables.parameter_rows(found.findings)))
        write_whole(folder / "points.csv", tables.table(tables.point_rows(found.search, found.final)))
        write_whole(folder / "picture.png", png(found.plot(), dpi=130))
        text = json.dumps(found.tree(), indent=2, ensure_ascii=False, allow_nan=False)
        write_whole(folder / "answer.json", f"{text}\n".encode())
