"""Plain tables on a terminal: names of columns, lines of text, no cell cut."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def text_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], left: Collection[str] = (), title: str | None = None
) -> Table:
    """A table of text, taken as it is (no markup); numbers stand right, the columns named in ``left`` left.

    If none is named, the first column stands left.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    words = Text(title) if title is not None else None
    table = Table(title=words, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in head:
        table.add_column(Text(name), justify="left" if name in (left or head[:1]) else "right", overflow="fold")
    for row in rows:
        table.add_row(*[Text(cell) for cell in row])
    return table
