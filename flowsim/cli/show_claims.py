"""Judged claims on the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flowsim.claims.verdict import RULE, Verdict
from flowsim.claims.words import chance_words, reported, simulated, single_runs, summary

if TYPE_CHECKING:
    from flowsim.claims import Judged, Validation

_STYLES = {Verdict.REPRODUCED: "green", Verdict.WITHIN_REACH: "yellow", Verdict.CONTRADICTED: "bold red"}


def show(found: Validation) -> None:
    """Print the table, the reasons, what chance shows, and the rule."""
    console = Console(width=None if sys.stdout.isatty() else 150, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("id", "claim", "reported", "simulated (95 %)", "one more run", "basis", "verdict"):
        table.add_column(Text(name), overflow="fold")
    for one in found.judged:
        table.add_row(*_cells(one))
    console.print(table)
    for one in found.judged:
        console.print(Text(f"{one.claim.id}: {one.verdict}. {one.claim.why}"))
        for seen in one.seen:
            console.print(Text(f"    by chance: {chance_words(seen, one.claim.unit)}"))
    console.print()
    console.print(Text(RULE))
    console.print(Text(summary(found), style="bold"))


def _cells(one: Judged) -> list[Text]:
    claim = one.claim
    basis = claim.basis if claim.reading is not None else ""
    words = [claim.id, claim.title, reported(one), simulated(one), single_runs(one), basis]
    return [*map(Text, words), Text(one.verdict.value, style=_STYLES.get(one.verdict, ""))]
