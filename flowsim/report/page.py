"""The page put together: what each section shows, as plain values that the template lays out."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flowsim.plots.outcome import Outcome
from flowsim.plots.words import date, label, number
from flowsim.report import dashboards, numbers, pictures, unknown, yearly
from flowsim.report.programme import programme

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.config.evidence import Evidence
    from flowsim.params import Scenario

FEW_REPLICATIONS = 10

CLAIMS = (
    "The effects of Huddles, Discharge to Assess and LIFE are set in the configuration. Where they come from reports "
    "of the programmes themselves they are claims, not findings of this model: it shows what would follow if they hold."
)
PAIRED = (
    "Every scenario meets the same people with the same luck, so a difference is due to what was changed. "
    "An interval covers chance in the model; it does not cover doubt about the assumptions."
)


def render(outcome: Outcome, manifest: Mapping[str, Any], configs: Mapping[str, Any]) -> str:
    """The whole page as HTML. Every word from outside is escaped; only the pictures made here are not."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("flowsim.report", package_path="")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["label"] = label
    return environment.get_template("page.html").render(**content(outcome, manifest, configs))


def content(outcome: Outcome, manifest: Mapping[str, Any], configs: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the template shows, by section."""
    summary, daily, scenarios = outcome.summary(), outcome.daily, list(outcome.scenarios)
    window = scenarios[0].clock.window
    names = [scenario.name for scenario in scenarios]
    return {
        "title": " against ".join(label(name) for name in [*names[1:], names[0]]) if len(names) < 4 else "Comparison",
        "asked": asked(scenarios, summary, manifest),
        "scenarios": scenarios,
        "names": names,
        "answers": numbers.answers(summary, scenarios[0].clock.window_days),
        "differences": numbers.headline_differences(summary),
        "unknown": unknown.tables(summary),
        "unknown_words": unknown.WORDS,
        "forest": pictures.differences(summary),
        "causes": _causes(outcome, names[1:]),
        "yearly": yearly.section(outcome),
        "beds": pictures.beds(daily, window),
        "life": pictures.life(daily, window),
        "packages": pictures.packages(daily, window),
        "dashboards": dashboards.section(outcome),
        "groups": numbers.all_measures(summary),
        "definitions": numbers.definitions(summary),
        "programme": _programme(scenarios),
        "cautions": cautions(outcome, summary, manifest),
        "assumptions": assumptions(),
        "paired": PAIRED if len(names) > 1 and not unknown.was_drawn(summary) else "",
        "command": command(manifest),
        "facts": list(facts(manifest)),
        "configs": {name: str(text) for name, text in configs.items() if isinstance(text, str)},
    }


def asked(scenarios: Sequence[Scenario], summary: pd.DataFrame, manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Dates, replications and seed, as pairs of a heading and words."""
    clock = scenarios[0].clock
    first = clock.start + dt.timedelta(days=clock.warm_up_days)
    last = clock.start + dt.timedelta(days=clock.horizon) - dt.timedelta(days=1)
    found = [
        ("Measured", f"{date(first)} to {date(last)} ({number(clock.window_days)} days)"),
        ("Warm-up, not counted", f"{number(clock.warm_up_days)} days from {date(clock.start)}"),
        *(unknown.asked(manifest) or [("Replications", number(replications(summary)))]),
    ]
    if "seed" in manifest:
        found.append(("Seed", str(manifest["seed"])))
    return found


def replications(summary: pd.DataFrame) -> int:
    """How many replications the numbers rest on."""
    return int(summary["n"].max()) if len(summary) else 0


def cautions(outcome: Outcome, summary: pd.DataFrame, manifest: Mapping[str, Any]) -> list[str]:
    """What to keep in mind: the outcome's warnings, few replications, failures, and that effects are claims."""
    found = list(dict.fromkeys([*map(str, manifest.get("warnings", [])), *outcome.warnings]))
    count = replications(summary)
    if count < FEW_REPLICATIONS and not any("replication" in text for text in found):
        found.append(f"Only {count} replication{'' if count == 1 else 's'}: intervals are wide or missing.")
    failed = [check for check in manifest.get("self_checks", []) if isinstance(check, Mapping) and check.get("failed")]
    found += [f"Self-check failed in {one['scenario']}: {one['check']} ({one.get('numbers', '')})" for one in failed]
    return [*found, CLAIMS]


def assumptions() -> dict[str, list[Evidence]]:
    """The evidence for the shipped parameters by grade, the surest first; empty if none is shipped."""
    from flowsim.config.evidence import load_evidence

    rows = load_evidence().rows
    return {grade: [row for row in rows if row.grade == grade] for grade in sorted({row.grade for row in rows})}


def command(manifest: Mapping[str, Any]) -> str:
    """The command that was typed, as a shell reads it; empty if it is not known (a run from Python)."""
    words = manifest.get("command") or []
    return words if isinstance(words, str) else shlex.join(map(str, words))


_SHOWN = ("flowsim", "model_version", "engine", "git_commit", "written", "seed", "replications", "seconds")


def facts(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Versions, fingerprints and machine from the manifest, as pairs of a heading and words."""
    for key in _SHOWN:
        value = manifest.get(key)
        if isinstance(value, Mapping):
            value = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in value.items() if _plain(count))
        if value not in (None, ""):
            yield key.replace("_", " "), str(value)
    for name, one in dict(manifest.get("scenarios", {})).items():
        if isinstance(one, Mapping) and one.get("fingerprint"):
            yield f"fingerprint of {name}", str(one["fingerprint"])
    for key in ("packages", "machine"):
        values = manifest.get(key)
        if isinstance(values, Mapping):
            yield key, ", ".join(f"{name} {value}" for name, value in values.items() if value)


def _plain(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and value is not False


def _programme(scenarios: Sequence[Scenario]) -> list[tuple[str, list[str]]]:
    columns = [programme(scenario.tree()) for scenario in scenarios]
    return [(rows[0][0], [words for _, words in rows]) for rows in zip(*columns, strict=True)]


def _causes(outcome: Outcome, alternatives: Sequence[str]) -> list[tuple[str, Any, list[numbers.Line]]]:
    attribution = getattr(outcome, "attribution", None)
    if attribution is None:
        return []
    frame = attribution()
    found = [name for name in alternatives if (frame["alternative"] == name).any()]
    return [(name, pictures.saved(frame, name, at), numbers.causes(frame, name)) for at, name in enumerate(found)]
