"""The page put together: what each section shows, as plain values that the template lays out."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flowsim.plots.outcome import Outcome
from flowsim.plots.words import date, days, label, measure_label, number
from flowsim.report import dashboards, glance, money, numbers, pictures, unknown, yearly
from flowsim.report.cautions import cautions
from flowsim.report.changed import GRADES, assumptions, changes
from flowsim.report.headings import headings, in_sentence
from flowsim.report.programme import programme
from flowsim.report.sections import sections

if TYPE_CHECKING:
    import pandas as pd

    from flowsim.params import Scenario

PAIRED = (
    "Every scenario meets the same people with the same luck, so a difference is due to what was changed. "
    "An interval covers chance in the model; it does not cover doubt about the assumptions."
)


LARGEST = 1_900_000
"""Bytes of a page from which parts of it are left to the run folder, so that it can be sent by mail."""

_LEFT_OUT = (
    ("configs", "the configurations as they ran, which are files of the run folder"),
    ("assumptions", "the list of every parameter with its evidence, which `flowsim explain` prints"),
    ("dashboards", "the dashboards, which `flowsim dashboard` prints"),
    ("changed", "the values that the scenarios change, which `flowsim explain` prints"),
    ("yearly", "the tables and pictures by year, which are in the workbook"),
    ("money", "who saves what, which `flowsim money` prints"),
)
"""What a page that would be too large does without, in this order, and where it is instead."""


def render(
    outcome: Outcome,
    manifest: Mapping[str, Any],
    configs: Mapping[str, Any],
    *,
    terms: str | None = None,
    largest: int = LARGEST,
) -> str:
    """The whole page as HTML. Every word from outside is escaped; only the pictures made here are not.

    Parameters
    ----------
    terms : str, optional
        The file of terms that money is told by; the shipped ones unless named.
    largest : int
        Bytes; a larger page leaves out what can be found elsewhere, and says so.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("flowsim.report", package_path="")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"label": label, "in_sentence": in_sentence}
    environment.filters |= {"measure": measure_label, "unit": numbers.unit_words}
    template = environment.get_template("page.html")
    shown = content(outcome, manifest, configs, terms)
    page = template.render(**shown)
    for part, where in _LEFT_OUT:
        if len(page.encode("utf-8", errors="backslashreplace")) > largest and shown[part]:
            shown = _without(shown, part, where)
            page = template.render(**shown)
    return page


def _without(shown: dict[str, Any], part: str, where: str) -> dict[str, Any]:
    heads = {name: one for name, one in shown["headings"].items() if name != part or part == "assumptions"}
    return {**shown, part: type(shown[part])(), "headings": heads, "left_out": [*shown["left_out"], where]}


def content(
    outcome: Outcome, manifest: Mapping[str, Any], configs: Mapping[str, Any], terms: str | None = None
) -> dict[str, Any]:
    """Everything the template shows, by section."""
    summary, scenarios = outcome.summary(), list(outcome.scenarios)
    names = [scenario.name for scenario in scenarios]
    found = {
        "title": glance.headline(summary),
        "question": question(scenarios),
        "asked": asked(scenarios, summary, manifest),
        "scenarios": scenarios,
        "names": names,
        "answers": numbers.answers(summary, scenarios[0].clock.window_days),
        "tiles": dict(glance.tiles(summary)),
        "differences": numbers.headline_differences(summary),
        "unknown": unknown.tables(summary),
        "unknown_words": unknown.WORDS,
        "forest": pictures.differences(summary),
        "causes": _causes(outcome, names[1:]),
        "yearly": yearly.section(outcome),
        "money": money.section(outcome, terms),
        "sections": {one.id: one for one in sections(outcome)},
        "dashboards": dashboards.section(outcome),
        "groups": numbers.all_measures(summary),
        "definitions": numbers.definitions(summary),
        "programme": _programme(scenarios),
        "cautions": cautions(outcome, summary, manifest),
        "changed": changes(scenarios, configs),
        "assumptions": assumptions(),
        "grades": GRADES,
        "paired": PAIRED if len(names) > 1 and not unknown.was_drawn(summary) else "",
        "command": command(manifest),
        "facts": list(facts(manifest)),
        "left_out": [],
        "configs": {name: str(text) for name, text in configs.items() if isinstance(text, str)},
    }
    return {**found, "headings": headings(found, summary)}


def question(scenarios: Sequence[Scenario]) -> str:
    """What was asked, as a question."""
    names = [label(scenario.name) for scenario in scenarios]
    if len(names) < 2:
        return f"What happens under {names[0]}?"
    others = names[1] if len(names) == 2 else f"{', '.join(names[1:-1])} or {names[-1]}"
    return f"What changes if {others} takes the place of {names[0]}?"


def asked(scenarios: Sequence[Scenario], summary: pd.DataFrame, manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Dates, replications and seed, as pairs of a heading and words."""
    clock = scenarios[0].clock
    first = clock.start + dt.timedelta(days=clock.warm_up_days)
    last = clock.start + dt.timedelta(days=clock.horizon) - dt.timedelta(days=1)
    found = [
        ("Measured", f"{date(first)} to {date(last)} ({days(clock.window_days)})"),
        ("Warm-up, not counted", f"{days(clock.warm_up_days)} from {date(clock.start)}"),
        *(unknown.asked(manifest) or [("Replications", number(replications(summary)))]),
    ]
    if "seed" in manifest:
        found.append(("Seed", str(manifest["seed"])))
    return found


def replications(summary: pd.DataFrame) -> int:
    """How many replications the numbers rest on."""
    return int(summary["n"].max()) if len(summary) else 0


def command(manifest: Mapping[str, Any]) -> str:
    """The command that was typed, as a shell reads it; empty if it is not known (a run from Python)."""
    words = manifest.get("command") or []
    return words if isinstance(words, str) else shlex.join(map(str, words))


_NAMED = {"flowsim": "flowsim version", "model_version": "model version (raised when numbers change)"}
_SHOWN = ("flowsim", "model_version", "engine", "git_commit", "written", "seed", "replications", "seconds")


def facts(manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Versions, fingerprints and machine from the manifest, as pairs of a heading and words."""
    for key in _SHOWN:
        value = manifest.get(key)
        if isinstance(value, Mapping):
            value = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in value.items() if _plain(count))
        if value not in (None, ""):
            yield _NAMED.get(key, key.replace("_", " ")), str(value)
    for name, one in dict(manifest.get("scenarios", {})).items():
        if isinstance(one, Mapping) and one.get("fingerprint"):
            yield f"fingerprint of {label(name)}", str(one["fingerprint"])
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
