"""Small designs on small worlds: a run takes some milliseconds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flowsim.sweeps import Outcome, Study, conduct, read_study
from flowsim.sweeps.api import Options

WARD, RATE = "hospital.wards.Ward", "cohorts.everyone.arrivals.per_day"
TINY: dict[str, Any] = {
    "name": "tiny",
    "scenario": "theory/mmc",
    "settings": ["clock.warm_up_days=2", "clock.window_days=10"],
    "method": "grid",
    "parameters": {WARD: {"values": [4, 5]}, RATE: {"values": [3.0, 4.0]}},
    "replications": 4,
    "outcomes": ["bed_days", "presentations"],
}


def written(folder: Path, **changes: Any) -> Path:
    """The file of a small design with some keys changed; None leaves a key out."""
    folder.mkdir(parents=True, exist_ok=True)
    tree = {key: value for key, value in {**TINY, **changes}.items() if value is not None}
    path = folder / "design.yaml"
    path.write_text(json.dumps(tree, indent=1), encoding="utf-8")  # every JSON file is a YAML file
    return path


def study(folder: Path, **changes: Any) -> Study:
    """The same, read and checked."""
    return read_study(written(folder, **changes))


def swept(folder: Path, out: str = "out", options: dict[str, Any] | None = None, **changes: Any) -> Outcome:
    """The same, run in this process, without pictures."""
    chosen = {"jobs": 1, "pictures": False, **(options or {})}
    return conduct(study(folder, **changes), Options(folder / out, **chosen))


def shards(outcome: Outcome) -> list[Path]:
    """Files of an outcome's finished blocks."""
    return sorted((outcome.folder / "shards").iterdir())
