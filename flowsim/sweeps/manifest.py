"""What the tables of a sweep came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flowsim.experiment.folder import MANIFEST
from flowsim.experiment.manifest import git_commit, machine, packages
from flowsim.sweeps.assemble import DESIGN, PROBLEM, RESULTS, SAMPLE, SUMMARY
from flowsim.sweeps.execute import Execution, Failed
from flowsim.sweeps.files import write_whole
from flowsim.sweeps.folder import POINTS, identity, recorded
from flowsim.sweeps.study import BASELINE
from flowsim.sweeps.work import today


def write_manifest(
    path: Path, execution: Execution, failures: Sequence[Failed], pictures: Sequence[str], command: Sequence[str]
) -> None:
    """Versions, design, shards (their names hold their hashes), failures, and the checksum of every table."""
    study, ledger = execution.study, execution.ledger
    files = [RESULTS, SUMMARY, DESIGN, PROBLEM, SAMPLE, POINTS, *pictures]
    files += [f"{part}.parquet" for part in study.design.parts[1:]]
    manifest: dict[str, Any] = {
        **identity(study),
        "git_commit": git_commit(),
        "command": list(command),
        "written": today(),
        "name": study.design.name,
        "question": study.design.question,
        "method": study.design.method,
        "levels": study.design.levels if study.design.method == "morris" else None,
        "scenario_name": study.scenario.name,
        "baseline_name": study.baseline.name if study.baseline else None,
        "parameters": list(study.points.names),
        "number_of_points": len(study.points),
        "replications_of_points": [ledger.spans[point][-1][1] for point in range(len(study.points))],
        "replications_of_baseline": ledger.spans[BASELINE][-1][1] if study.baseline else None,
        "block": execution.folder.block,
        "shards": sorted(name for names in ledger.shards.values() for name in names),
        "failures": [{"point": one.point, "replication": one.replication, "reason": one.reason} for one in failures],
        "precision_not_met": sorted(ledger.short),
        "taken_over": list(execution.folder.taken_over),
        "before": (recorded(path) or {}).get("before", []),
        "machine": machine(),
        "packages": packages(),
        "files": {name: _sum(path / name) for name in sorted(files)},
    }
    write_whole(path / MANIFEST, (json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode())


def _sum(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
