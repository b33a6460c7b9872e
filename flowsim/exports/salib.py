"""A sweep or a sensitivity analysis as SALib takes it: the problem, the samples, and the outcome of each."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from flowsim.exports import ExportError, Options, place, write_files

PROBLEM, SAMPLES, OUTPUTS, README = "problem.json", "samples.csv", "outputs.csv", "README.txt"
_STATED = ("name", "method", "levels", "outcomes", "files")
_WROTE = "give a folder that `flowsim sweep` or `flowsim sensitivity` has finished"

_README = """\
{title}: for SALib 1.5 or newer.

problem.json   names and bounds; under "analyze" the method of SALib.analyze that fits, and its arguments
samples.csv    a row of numbers for each point, in the order in which the points were made
outputs.csv    the mean of each outcome over the replications of that point; empty where all of them failed

{words}
"""
_CALL = """\
To analyse them (pip install SALib):

    import json, pathlib, pandas as pd
    from SALib.analyze import {method}
    problem = json.loads(pathlib.Path("problem.json").read_text(encoding="utf-8"))
    X, Y = pd.read_csv("samples.csv").to_numpy(), pd.read_csv("outputs.csv")["{outcome}"].to_numpy()
    print({method}.analyze(problem, {takes}{arguments}).to_df())
"""
_NO_CALL = """\
A {method} is not the sample of one of SALib's methods: of those in SALib.analyze only such as take any sample (delta,
pawn) can be tried. A design with method morris, or `flowsim sensitivity`, makes points that fit one.
"""


class _Analysis(NamedTuple):
    """What SALib needs: the method that fits with its arguments, the problem, numbers and mean outcomes by point."""

    method: str
    call: dict[str, Any] | None
    problem: dict[str, Any]
    samples: list[list[float]]
    outputs: dict[str, list[float]]


def to_salib(run_dir: Path, out: Path | None, options: Options) -> list[Path]:
    """Write problem, samples and outputs of a finished sweep or sensitivity analysis for ``SALib.analyze``.

    ``samples.csv`` and ``outputs.csv`` have a header and a row for each point, in the order in which the points were
    made, as SALib's methods ask. An output is the mean over the replications of its point, empty where all failed.
    ``problem.json`` names the method that fits such points, and its arguments; ``README.txt`` has the call.
    Of a sweep a sample holds values (logarithms where ``scales`` says so, places in the list of values for words); of a
    sensitivity analysis quantiles of what the evidence says.

    Raises
    ------
    ExportError
        If it is no such folder, it is not finished or was changed, or a file is in the way and ``force`` is not given.
    """
    manifest = _manifest(run_dir)
    found = _of_sensitivity(run_dir) or _of_sweep(run_dir, manifest)
    folder = place(run_dir, out, "salib", [PROBLEM, SAMPLES, OUTPUTS, README], options)
    from flowsim.experiment.texts import csv_bytes

    problem = {**found.problem, "analyze": found.call}
    files: dict[str, str | bytes] = {
        PROBLEM: json.dumps(problem, indent=1, ensure_ascii=False, allow_nan=False) + "\n",
        SAMPLES: csv_bytes(found.problem["names"], found.samples),
        OUTPUTS: csv_bytes(list(found.outputs), zip(*found.outputs.values(), strict=True)),
        README: _readme(manifest["name"], found),
    }
    return write_files(folder, files)


def _call(method: str, levels: int | None, *, base_points: bool) -> dict[str, Any] | None:
    """The method of ``SALib.analyze`` that fits points made so, and its arguments; None of a grid or a table.

    ``base_points`` says that points are those of Sobol' indices, first order and total, not a Sobol' sequence alone.
    """
    if method == "morris":
        return {"method": "morris", "arguments": {"num_levels": levels}}
    if method == "sobol" and base_points:
        return {"method": "sobol", "arguments": {"calc_second_order": False}}
    return {"method": "delta", "arguments": {}} if method in ("sobol", "latin_hypercube", "rank") else None


def _readme(title: str, found: _Analysis) -> str:
    if found.call is None:
        return _README.format(title=title, words=_NO_CALL.format(method=found.method).rstrip())
    method = found.call["method"]
    words = _CALL.format(
        method=method,
        outcome=next(iter(found.outputs)),
        takes="Y" if method == "sobol" else "X, Y",
        arguments="".join(f", {name}={value}" for name, value in found.call["arguments"].items()),
    )
    return _README.format(title=title, words=words.rstrip())


def _manifest(run_dir: Path) -> dict[str, Any]:
    """The manifest of a finished sweep, whose tables are as they were written."""
    from flowsim.experiment.folder import MANIFEST
    from flowsim.sweeps.assemble import PROBLEM as ITS_PROBLEM
    from flowsim.sweeps.assemble import RESULTS, SAMPLE
    from flowsim.sweeps.folder import LEDGER

    if not run_dir.is_dir():
        what = "a file" if run_dir.exists() else "there is no such folder"
        raise ExportError(f"{run_dir}: is no folder of a sweep: {what}; {_WROTE}")
    if not (run_dir / LEDGER).is_file():
        raise ExportError(f"{run_dir}: is no folder of a sweep: there is no {LEDGER} in it; {_WROTE}")
    try:
        manifest: dict[str, Any] = json.loads((run_dir / MANIFEST).read_text(encoding="utf-8"))
        lacking = [key for key in _STATED if key not in manifest]
        if lacking:
            raise ValueError(f"it does not say {', '.join(lacking)}")
        for name in (RESULTS, SAMPLE, ITS_PROBLEM):
            if hashlib.sha256((run_dir / name).read_bytes()).hexdigest() != manifest["files"][name]["sha256"]:
                raise ExportError(f"{run_dir / name}: has been changed since it was written; its checksum differs")
    except FileNotFoundError as error:
        raise ExportError(f"{run_dir}: is not finished: there is no {error.filename}; run its command again") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ExportError(f"{run_dir / MANIFEST}: cannot be read as the manifest of a sweep: {error}") from None
    return manifest


def _of_sweep(run_dir: Path, manifest: dict[str, Any]) -> _Analysis:
    from flowsim.experiment.parquet import read_table
    from flowsim.sweeps.assemble import PROBLEM as ITS_PROBLEM
    from flowsim.sweeps.assemble import RESULTS, SAMPLE

    problem = json.loads((run_dir / ITS_PROBLEM).read_text(encoding="utf-8"))
    lines = (run_dir / SAMPLE).read_text(encoding="utf-8").splitlines()
    frame = read_table(run_dir / RESULTS, ["point", "measure", "value"]).to_pandas(use_threads=False)
    means = frame.groupby(["measure", "point"], observed=True)["value"].mean()
    points = range(int(problem["points"]))
    method = manifest["method"]
    return _Analysis(
        method,
        _call(method, manifest["levels"], base_points=False),
        {**problem, "dists": ["unif"] * len(problem["names"])},
        [[float(cell) for cell in line.split(",")] for line in lines],
        {name: means[name].reindex(points).tolist() for name in manifest["outcomes"] if name in means},
    )


def _of_sensitivity(run_dir: Path) -> _Analysis | None:
    """Of a sensitivity analysis, which keeps what its method worked with; None of a plain sweep."""
    from flowsim.uncertain.table import POINTS

    path = run_dir / POINTS
    if not path.is_file():
        return None
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
        outputs = {name: [float("nan") if one is None else one for one in row] for name, row in tree["means"].items()}
        call = _call(tree["method"], tree["levels"], base_points=True)
        found = _Analysis(tree["method"], call, tree["problem"], tree["quantiles"], outputs)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ExportError(f"{path}: cannot be read: {error}") from None
    if not found.samples:
        raise ExportError(f"{run_dir}: a tornado takes one assumption at a time; SALib has no method for it")
    return found
