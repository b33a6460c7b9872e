"""A targets file: which parameters, within which ranges, shall meet which targets; checked before anything is run.

Keys: ``scenario``; ``parameters``, a list of dotted paths, or of ``{path, low, high, whole, outside_evidence, reason,
taken_from}`` (ranges come from the evidence if not given); ``targets``, a list of ``{name, measure, value, tolerance or
sd, unit, source, discrepancy, hold_out}``; optional ``title``, ``baseline`` and ``set`` (laid over both), ``method``,
``waves``, ``points`` and ``replications`` of a wave, ``final_replications``, ``seed``, ``cut_off``.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flowsim.calibration.aims import Target, read_aims
from flowsim.calibration.ranges import Parameter, check_first, laid, read_parameters
from flowsim.config.files import find, read_file
from flowsim.config.load import Loaded
from flowsim.config.problems import ConfigError, Problem
from flowsim.decide.fields import Fields
from flowsim.decide.variants import Variants
from flowsim.experiment.runs import LARGEST_SEED

METHODS = ("history_matching", "optuna")
WAVES, REPLICATIONS, CUT_OFF = 3, 5, 3.0
"""What is taken if the file does not say. The cut-off is Pukelsheim's three-sigma rule (1994), Am. Statistician 48."""
FEWEST_REPLICATIONS = 4
_ADVISED = 10  # points a wave for each parameter: Loeppky, Sacks & Welch (2009), Technometrics 51(4)


@dataclass(frozen=True)
class Question:
    """A checked calibration: nothing of it can be refused any more.

    Attributes
    ----------
    loaded, baseline : Loaded
        The scenario, and the one differences are taken from; parameter sets are laid over both.
    points, replications : int
        Parameter sets of a wave, and replications of each.
    final_replications : int
        Of the few sets that are left at the end, from which the answer is taken.
    cut_off : float
        Implausibility above which a parameter set is ruled out.
    """

    title: str
    file: str
    sha256: str
    settings: tuple[str, ...]
    loaded: Loaded
    baseline: Loaded | None
    parameters: tuple[Parameter, ...]
    targets: tuple[Target, ...]
    method: str
    waves: int
    points: int
    replications: int
    final_replications: int
    seed: int
    cut_off: float

    @property
    def fitted(self) -> tuple[int, ...]:
        """Places of the targets that are fitted; the others are held out."""
        return tuple(place for place, one in enumerate(self.targets) if not one.hold_out)

    def values(self, row: Sequence[float]) -> dict[str, float | int]:
        """Everything that a parameter set lays over the scenario, by dotted path."""
        return laid(self.parameters, row, self.loaded.scenario)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that a result depends on, but for the number of waves: more waves go on from fewer."""
        tree = {
            "scenario": self.loaded.scenario.fingerprint,
            "baseline": self.baseline.scenario.fingerprint if self.baseline else None,
            "parameters": [asdict(one) for one in self.parameters],
            "targets": [asdict(one) for one in self.targets],
            "numbers": [self.method, self.points, self.replications, self.final_replications, self.seed, self.cut_off],
        }
        return hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest()


def fewest_points(parameters: int) -> int:
    """Points below which a linear emulator cannot be told from chance: twice its terms."""
    return 2 * (parameters + 1)


def read_targets(path: str | os.PathLike[str]) -> Question:
    """Read and check a targets file.

    Its keys are listed at the top of this module.

    Raises
    ------
    ConfigError
        With every problem, each with file, line, column and path.
    """
    source = find(os.fspath(path))
    document = read_file(source)
    problems: list[Problem] = list(document.problems)
    if document.tree is None:
        raise ConfigError(problems)
    top = Fields(document, (), document.tree, problems)
    title = top.text("title", source.path.absolute().parent.name) or ""
    variants = Variants(top, source.path.parent)
    loaded, baseline = _scenario(top, variants, "scenario"), _scenario(top, variants, "baseline")
    parameters = read_parameters(top, loaded, baseline)
    targets = read_aims(top, loaded.scenario if loaded else None, "baseline" in top.tree)
    stated = top.tree.get("parameters")
    numbers = _numbers(top, len(stated) if isinstance(stated, (list, dict)) else 0)
    top.no_others()
    if loaded is not None and not problems:
        check_first(top, parameters, loaded, baseline)
    if problems or loaded is None:
        raise ConfigError(sorted(dict.fromkeys(problems), key=lambda one: (one.line, one.column)))
    return Question(
        title=title,
        file=os.fspath(path),
        sha256=hashlib.sha256(source.path.read_bytes()).hexdigest(),
        settings=variants.over,
        loaded=loaded,
        baseline=baseline,
        parameters=tuple(parameters),
        targets=tuple(targets),
        **numbers,
    )


def _scenario(top: Fields, variants: Variants, key: str) -> Loaded | None:
    """The scenario or baseline, read; its faults noted."""
    default = {} if key == "scenario" else {"default": None}
    name = top.text(key, rule="must be the name of a scenario", **default)
    place = Fields(top.document, (), {key: name}, top.problems)  # so that faults are noted at this key
    return variants.loaded(name, (), key, place) if name is not None else None


def _numbers(top: Fields, parameters: int) -> dict[str, Any]:
    """How it is done: method, waves, points, replications, seed, cut-off."""
    method = top.choice("method", METHODS, METHODS[0])
    if method == "optuna" and find_spec("optuna") is None:
        top.note("method", "optuna is not installed", "pip install 'croydon-flowsim[search]', or history_matching")
    replications = top.whole("replications", 1, 10_000, REPLICATIONS) or REPLICATIONS
    if replications < FEWEST_REPLICATIONS:
        top.note("replications", f"{replications} cannot show chance", f"at least {FEWEST_REPLICATIONS} of each point")
    points = top.whole("points", 1, 100_000, max(_ADVISED * parameters, 1)) or 1
    least = fewest_points(parameters)
    if parameters and points < least:
        hint = f"at least {least}, twice the terms of a straight line; {_ADVISED * parameters} are advised"
        top.note("points", f"{points} points are too few for {parameters} parameters", hint)
    final = max(20, 4 * replications)
    return {
        "method": method or METHODS[0],
        "waves": top.whole("waves", 1, 50, WAVES) or WAVES,
        "points": points,
        "replications": replications,
        "final_replications": top.whole("final_replications", FEWEST_REPLICATIONS, 100_000, final) or final,
        "seed": top.whole("seed", 0, LARGEST_SEED, 1) or 0,
        "cut_off": top.number("cut_off", 0.5, 20.0, CUT_OFF) or CUT_OFF,
    }


def title_or_stem(question: Question) -> str:
    """A short name for the folder: that of the file, or of its folder if the file is just called targets."""
    path = Path(question.file).absolute()
    return path.parent.name if path.stem == "targets" else path.stem
