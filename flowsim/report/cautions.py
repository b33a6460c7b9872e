"""What to keep in mind, the gravest first: each caution with the kind it is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowsim.experiment.words import FEW_REPLICATIONS
from flowsim.plots.words import label, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.plots.outcome import Outcome

CLAIMS = (
    "The effects of Huddles, Discharge to Assess and LIFE are set in the configuration. Where they come from reports "
    "of the programmes themselves they are claims, not findings of this model: it shows what would follow if they hold."
)

_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Self-check failed", ("Self-check failed",)),
    ("Replications failed", ("replications failed",)),
    ("Stopped early", ("stopped by the user",)),
    ("Unstable", ("no valve", "together are offered", "but is asked for")),
    ("Still trending", (" still grows at the end", " still falls at the end")),
    ("Few replications", ("intervals are wide", "parameter sets: 5 and 95", "half-width of the interval")),
    ("Claims", (CLAIMS,)),
    ("At its limit", ("is offered",)),
    ("Nearly full", ("is nearly full",)),
)
"""Kinds from the gravest down, each with words of the cautions it is of."""

_OTHER = "To know"


@dataclass(frozen=True, slots=True)
class Caution:
    """A caution and its kind."""

    kind: str
    text: str


def cautions(outcome: Outcome, summary: pd.DataFrame, manifest: Mapping[str, Any]) -> list[Caution]:
    """The outcome's warnings, few replications, failures, and that effects are claims; the gravest first."""
    found = list(dict.fromkeys([*map(str, manifest.get("warnings", [])), *outcome.warnings]))
    count = int(summary["n"].max()) if len(summary) else 0
    if count < FEW_REPLICATIONS and not any("replication" in text for text in found):
        found.append(f"Only {count} replication{'' if count == 1 else 's'}: intervals are wide or missing.")
    failed = [check for check in manifest.get("self_checks", []) if isinstance(check, Mapping) and check.get("failed")]
    found += [f"Self-check failed in {one['scenario']}: {one['check']} ({one.get('numbers', '')})" for one in failed]
    names = [str(scenario.name) for scenario in outcome.scenarios]
    every = [Caution(kind_of(text), named(text, names)) for text in [*found, CLAIMS]]
    order = [kind for kind, _ in _KINDS]
    return sorted(every, key=lambda one: order.index(one.kind) if one.kind in order else len(order))


def kind_of(text: str) -> str:
    """Which kind a caution is of, by its words."""
    return next((kind for kind, words in _KINDS if any(word in text for word in words)), _OTHER)


def named(text: str, names: Sequence[str]) -> str:
    """The text as a sentence, with scenarios named as everywhere on the page: "Do nothing", not ``do_nothing``."""
    for name in sorted(names, key=len, reverse=True):
        if text.startswith(f"{name}: "):
            return f"{label(name)}: {text.removeprefix(f'{name}: ')}"
        text = text.replace(f"failed in {name}:", f"failed in {label(name)}:")
    return sentence_case(text)
