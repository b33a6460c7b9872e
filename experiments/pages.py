"""Pages that scripts write: tables, paragraphs of even width, sections that each script keeps in a page of several."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

WIDTH = 120
_PLAIN = re.compile(r"^(?![|#<>`\-*]|\d+\.|\s)")


def table(head: Sequence[str], rows: Iterable[Sequence[object]], right: Collection[str] = ()) -> str:
    """A Markdown table; the columns named in ``right`` stand right, and a bar in a cell ends no cell."""
    lines = ["|" + "".join("--:|" if name in right else "---|" for name in head)]
    lines += [_line(row) for row in rows]
    return "\n".join([_line(head), *lines])


def _line(cells: Sequence[object]) -> str:
    return f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def wrapped(text: str, width: int = WIDTH) -> str:
    """The same Markdown with its paragraphs filled; tables, lists, headings and code stay as they are."""
    blocks = re.split(r"(```.*?```)", text, flags=re.DOTALL)
    return "".join(block if block.startswith("```") else _filled(block, width) for block in blocks)


def _filled(text: str, width: int) -> str:
    found = []
    for block in text.split("\n\n"):
        lines = [line for line in block.split("\n") if line]
        plain = bool(lines) and all(_PLAIN.match(line) for line in lines)
        found.append(
            textwrap.fill(" ".join(lines), width, break_long_words=False, break_on_hyphens=False) if plain else block
        )
    return "\n\n".join(found)


def write_section(page: Path, name: str, text: str) -> None:
    """Put a section between its two marker lines, `<!-- begin NAME -->` and `<!-- end NAME -->`, or at the end."""
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    section = f"{begin}\n\n{wrapped(text).strip()}\n\n{end}"
    whole = page.read_text(encoding="utf-8")
    if begin in whole:
        head, rest = whole.split(begin, 1)
        whole = head + section + rest.split(end, 1)[1]
    else:
        whole = f"{whole.rstrip()}\n\n{section}\n"
    page.write_text(whole, encoding="utf-8")
