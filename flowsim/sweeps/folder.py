"""The folder of a sweep: whose it is, how its work is cut, and its log."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from flowsim.experiment.folder import plain
from flowsim.sweeps.files import TEMPORARY, clean, write_first, write_whole
from flowsim.sweeps.points import as_text
from flowsim.sweeps.problems import StoreError, SweepError, reason
from flowsim.sweeps.shards import Store
from flowsim.sweeps.study import Study
from flowsim.sweeps.version import versions
from flowsim.sweeps.work import today

LEDGER, POINTS, LOG, LOCK = "sweep.json", "points.json", "run.log", "sweep.lock"
_OURS = (LEDGER, POINTS, LOG, LOCK, "shards", "rejected")
_STATED = ("identity", "block", "seconds_per_run", "stated", "baseline")
_WORDS = {
    "flowsim": "the version of flowsim",
    "model_version": "the version of the model",
    "code": "the source of flowsim",
    "scenario": "the scenario",
    "baseline": "the baseline",
    "points": "the points",
    "replications": "the replications",
    "precision": "the precision",
    "seed": "the seed",
    "outcomes": "the outcomes",
    "keep": "what is kept",
}


@dataclass(frozen=True)
class Folder:
    """An opened folder; ``block`` is how many replications a task has, the same for everybody who works in it."""

    path: Path
    block: int
    taken_over: tuple[str, ...] = ()
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "store", Store(self.path))

    def log(self, text: str) -> None:
        """Add a line to the log; a full disk does not stop the sweep for it."""
        with contextlib.suppress(OSError), (self.path / LOG).open("a", encoding="utf-8") as file:
            file.write(f"{today()} [{os.getpid()}] {text}\n")

    def clean(self) -> list[str]:
        """Remove temporary files of dead processes; gives their names."""
        return [*clean(self.path), *self.store.prepare()]


def default_path(study: Study) -> Path:
    """``runs/sweep-<name>``: always the same, so that the same command resumes."""
    return Path("runs") / f"sweep-{plain(study.design.name)}"


def identity(study: Study) -> dict[str, Any]:
    """What makes two sweeps the same: versions, scenarios, points, seed, replications, outcomes."""
    design = study.design
    return {
        **versions(),
        "scenario": study.scenario.fingerprint,
        "baseline": study.baseline.fingerprint if study.baseline else None,
        "points": study.points_fingerprint,
        "replications": design.replications,
        "precision": design.precision.model_dump() if design.precision else None,
        "seed": design.seed,
        "outcomes": list(design.outcomes),
        "keep": list(design.keep),
    }


def recorded(path: Path) -> dict[str, Any] | None:
    """What a folder says of itself; None if no sweep has begun there.

    Raises
    ------
    SweepError
        If it cannot be read.
    """
    try:
        found: dict[str, Any] = json.loads((path / LEDGER).read_text(encoding="utf-8"))
        lacking = [key for key in _STATED if key not in found] if isinstance(found, dict) else list(_STATED)
        if lacking:
            raise ValueError(f"it does not say {', '.join(lacking)}")
        if not isinstance(found["identity"], dict) or "seed" not in found["identity"]:
            raise ValueError("its identity is none")
        if int(found["block"]) < 1 or not float(found["seconds_per_run"]) >= 0.0:
            raise ValueError("its block or seconds_per_run is none")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise SweepError(f"{path / LEDGER}: cannot be read: {reason(error)}") from error
    return found


def check(path: Path, study: Study, *, accept_other: bool = False) -> tuple[str, ...]:
    """What differs between a folder's sweep and this one, in words; nothing if it is new or the same.

    Raises
    ------
    SweepError
        If it cannot be used: a file, holds other things, or another sweep (unless that is accepted).
    """
    if path.exists() and not path.is_dir():
        raise SweepError(f"{path}: is a file; give a folder that is new, or of this sweep")
    there = recorded(path)
    if there is None:
        strange = _strange(path)
        if strange:
            raise SweepError(f"{path}: holds {strange[0]} and no {LEDGER}; give a folder that is new, or of this sweep")
        return ()
    mine = identity(study)
    others = tuple(words for key, words in _WORDS.items() if there["identity"].get(key) != mine[key])
    if others and not accept_other:
        verb = "differs" if len(others) == 1 else "differ"
        raise SweepError(
            f"{path}: was begun by another sweep: {', '.join(others)} {verb}; give another --out, or "
            "--accept-other-version to go on here with this one (runs that are the same in both are kept)"
        )
    return others


def other_version(identity: Mapping[str, Any]) -> tuple[str, ...]:
    """What of the program differs from that of a recorded sweep, in words."""
    return tuple(_WORDS[key] for key, now in versions().items() if identity.get(key) != now)


def _strange(path: Path) -> list[str]:
    if not path.is_dir():
        return []
    names = sorted(one.name for one in path.iterdir())
    return [name for name in names if name not in _OURS and not name.startswith(TEMPORARY)]


def open_folder(path: Path, study: Study, block: int, seconds: float, *, accept_other: bool = False) -> Folder:
    """Begin or resume a sweep in a folder.

    Parameters
    ----------
    block, seconds : number
        Replications of a task, and seconds of a run, if the sweep begins here; else those it began with.

    Raises
    ------
    SweepError
        As :func:`check`, or if it cannot be written to.
    """
    others = check(path, study, accept_other=accept_other)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path}: cannot be made: {reason(error)}") from error
    points = _json([_plain(study.points.values(point)) for point in range(len(study.points))])
    fresh = _ledger(study, block, seconds) | {"points_sha256": sha256(points).hexdigest()}
    if recorded(path) is None and not write_first(path / LEDGER, _json(fresh)):
        others = check(path, study, accept_other=accept_other)
    there = recorded(path) or fresh
    if others:
        kept = {**fresh, "block": there["block"], "seconds_per_run": there["seconds_per_run"]}
        write_whole(path / LEDGER, _json({**kept, "before": [*there.get("before", []), there["identity"]]}))
    if not (path / POINTS).is_file() or (path / POINTS).read_bytes() != points:
        write_whole(path / POINTS, points)
    folder = Folder(path, int(there["block"]), others)
    folder.clean()
    return folder


def _ledger(study: Study, block: int, seconds: float) -> dict[str, Any]:
    return {
        "identity": identity(study),
        "begun": today(),
        "block": block,
        "seconds_per_run": round(seconds, 4),
        "design": study.design.model_dump(mode="json"),
        "scenario": study.scenario.tree(),
        "baseline": study.baseline.tree() if study.baseline else None,
        "stated": _plain(study.tree),
        **({"switches": _plain(study.switches)} if study.switches else {}),
    }


def _plain(value: Any) -> Any:
    """A tree of a configuration as JSON can hold it; dates as text, which reads back as dates."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return as_text(value) if isinstance(value, dt.date) else value


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()
