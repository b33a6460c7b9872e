"""Small words and cards of the page. Whatever comes from outside is shown as text: escaped here, and nowhere else."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowsim.measures import OCCUPANCY
from flowsim.plots import style
from flowsim.plots.differences import Difference, differences_of, direction
from flowsim.plots.words import label, quantity

if TYPE_CHECKING:
    import pandas as pd

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$:&@^=])")

CARDS: tuple[tuple[str, str, str], ...] = (
    (
        "beds_equivalent",
        "Beds that would do the same",
        f"bed days saved over the days measured, at {100 * OCCUPANCY:.0f} % occupancy",
    ),
    ("escalation_beds_mean", "Escalation beds", "extra beds in use on an average day"),
    ("delayed_bed_days", "Delayed days", "bed days of people who are ready to leave but still there"),
    ("wait_over_4h_share", "Waited over 4 hours", "of those admitted, waited over four hours for a bed"),
    ("readmissions_30d_share", "Readmitted in 30 days", "came back to hospital within 30 days of leaving"),
    ("packages_started", "New care packages", "long-term care packages that began"),
)
"""Measure, what a card calls it, and what it is."""

STYLE = f"""<style>
.stMainBlockContainer {{ padding-top: 2.6rem; padding-bottom: 3rem; max-width: 78rem; }}
@media (max-width: 640px) {{ .stMainBlockContainer {{ padding-top: 4.2rem; }} }}
.stSidebar [data-testid="stSidebarHeader"] {{ height: 2rem; min-height: 0; margin-bottom: 0; }}
.fs-heading {{ font-size: 1.3rem; font-weight: 600; padding: 0; margin: 0; }}
.fs-answer {{ font-size: 1.4rem; line-height: 1.35; font-weight: 600; margin: 0 0 .5rem; color: {style.INK}; }}
.fs-cards {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(15.5rem, 1fr)); gap: .6rem; }}
.fs-card {{ border: 1px solid #d5d5d5; border-radius: .5rem; padding: .5rem .8rem; color: {style.INK}; }}
.fs-card b {{ font-size: .95rem; }}
.fs-card .what, .fs-card .change, .fs-note {{ font-size: .86rem; line-height: 1.3; color: {style.MUTED}; }}
.fs-card .big {{ font-size: 1.45rem; font-weight: 600; line-height: 1.5; }}
.fs-card .verdict {{ font-size: .92rem; font-weight: 600; color: {style.MUTED}; }}
.fs-card .better {{ color: {style.BETTER}; }}
.fs-card .worse {{ color: {style.WORSE}; }}
.fs-life td {{ padding: .12rem .8rem .12rem 0; vertical-align: top; border: 0; }}
.fs-life td:first-child {{ color: {style.MUTED}; white-space: nowrap; }}
.fs-table {{ overflow-x: auto; margin-bottom: 1rem; }}
.fs-table table {{ border-collapse: collapse; font-size: .9rem; line-height: 1.35; }}
.fs-table th, .fs-table td {{ text-align: left; vertical-align: top; padding: .25rem .7rem .25rem 0; border: 0;
  border-bottom: 1px solid #e3e3e3; color: {style.INK}; }}
.fs-table th {{ font-weight: 600; }}
.fs-picture, .st-key-flow_picture {{ overflow-x: auto; }}
.st-key-flow_picture > * {{ min-width: 52rem; }}
.fs-picture img {{ width: 100%; min-width: 38rem; max-width: 62rem; height: auto; }}
.fs-cautions {{ font-size: .9rem; line-height: 1.4; color: {style.INK}; background: #fff7e6;
  border-left: 4px solid #b34700; border-radius: .2rem; padding: .45rem .6rem .45rem 1.7rem; margin: 0; }}
.fs-cautions li {{ margin: 0; padding: 0; font-size: .9rem; }}
.fs-note {{ margin: .2rem 0 1rem; }}
</style>"""


def plain(text: str) -> str:
    """Text that Markdown shows letter by letter, whatever it holds."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


@dataclass(frozen=True, slots=True)
class Card:
    """One number of the answer: what it is, its value with the plan, and how that differs, in words."""

    name: str
    what: str
    value: str
    change: str
    verdict: str


def cards(summary: pd.DataFrame, plan: str) -> list[Card]:
    """The numbers under the answer, for one plan."""
    found = {one.measure: one for one in differences_of(summary) if one.alternative == plan}
    rows = summary[summary["scenario"] == plan]
    means = {str(name): float(mean) for name, mean in zip(rows["measure"], rows["mean"], strict=True)}
    return [_card(found[measure], name, what, means[measure]) for measure, name, what in CARDS if measure in found]


def _card(one: Difference, name: str, what: str, mean: float) -> Card:
    verdict = one.verdict(direction(one.measure))
    if one.measure == "beds_equivalent":
        ends = f"95 % interval {_ends(one)}" if one.low == one.low else "no interval yet"
        return Card(name, what, quantity(one.mean, one.unit, one.low, one.high), ends, verdict)
    value = quantity(mean, one.unit, one.mean)
    return Card(name, what, value, f"{one.words()} against {quantity(one.base, one.unit, one.mean)} without", verdict)


def _ends(one: Difference) -> str:
    return f"{quantity(one.low, one.unit, one.mean)} to {quantity(one.high, one.unit, one.mean)}"


def cards_html(found: Sequence[Card]) -> str:
    """The cards side by side, under one another on a small screen."""
    return f'<div class="fs-cards">{"".join(_card_html(one) for one in found)}</div>'


def _card_html(one: Card) -> str:
    tone = one.verdict if one.verdict in ("better", "worse") else ""
    return (
        f'<div class="fs-card"><b>{html.escape(one.name)}</b><div class="what">{html.escape(one.what)}</div>'
        f'<div class="big">{html.escape(one.value)} <span class="verdict {tone}">'
        f"{html.escape(one.verdict)}</span></div>"
        f'<div class="change">{html.escape(one.change)}</div></div>'
    )


def heading_html(text: str) -> str:
    """What the page is about."""
    return f'<h1 class="fs-heading">{html.escape(text)}</h1>'


def answer_html(text: str) -> str:
    """The answer in one sentence."""
    return f'<p class="fs-answer" role="status">{html.escape(text)}</p>'


def cautions_html(found: Sequence[str]) -> str:
    """What to keep in mind, as a list."""
    lines = "".join(f"<li>{html.escape(text)}</li>" for text in found)
    return f'<ul class="fs-cautions" aria-label="Keep in mind">{lines}</ul>' if found else ""


def life_html(told: Sequence[tuple[str, str]]) -> str:
    """A life as dated sentences."""
    rows = "".join(f"<tr><td>{html.escape(day)}</td><td>{html.escape(text)}</td></tr>" for day, text in told)
    return f'<table class="fs-life">{rows}</table>'


def table_html(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column names each row."""
    head = "".join(f'<th scope="col">{html.escape(one)}</th>' for one in headings)
    body = "".join(
        f'<tr><th scope="row">{html.escape(row[0])}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return f'<div class="fs-table"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def picture_html(svg: str, note: str = "") -> str:
    """A picture of the report as an image, with its own title and description in words, and the note under it."""
    title, said = (
        html.unescape("".join(re.findall(f"<{tag} id=[^>]*>(.*?)</{tag}>", svg, re.S)[:1])) for tag in ("title", "desc")
    )
    code = base64.b64encode(svg.encode()).decode()
    words = html.escape(f"{title}. {said}")
    under = f'<p class="fs-note">{html.escape(note)}</p>' if note else ""
    return f'<div class="fs-picture"><img alt="{words}" src="data:image/svg+xml;base64,{code}">{under}</div>'


def title_of(name: str) -> str:
    """A scenario's name as people read it, for Markdown."""
    return plain(label(name, 60))
