"""One replication as one HTML page that plays: the moving picture, buttons, and the same in numbers."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowsim.exports import ExportError, Options, check_free, made, write_files
from flowsim.exports.again import Again, again
from flowsim.exports.animation import NEEDS, TooMuchError, played
from flowsim.exports.begins import later
from flowsim.exports.layout import INSTANTS
from flowsim.exports.snapshots import counted, moments
from flowsim.exports.vidigi import AT_MOST, DAYS, EVERY_HOURS, Drawn, drawn

if TYPE_CHECKING:
    import plotly.graph_objects as go

STAGE = "stage"
FILE = "animation.html"


def animate(run_dir: Path, out: Path | None, options: Options, every_hours: int = EVERY_HOURS) -> Path:
    """Write one replication of a run folder as a page that plays, two weeks of it unless a window is asked for.

    Parameters
    ----------
    out : Path, optional
        The file; ``animation.html`` in the run folder if not given.
    every_hours : int
        Hours between snapshots.

    Raises
    ------
    ExportError
        If vidigi or plotly is missing, the replication cannot be made again, there is too much to show, or the file
        is in the way.
    """
    _check_packages()
    path = out or run_dir / FILE
    if path.is_dir():
        raise ExportError(f"{path}: is a folder; give a file")
    check_free(path, options, "file")
    found = again(run_dir, options, days=DAYS)
    try:
        one = drawn(found.log, found.window)
        figure = played(one, found.log, every_hours, controls=False)
    except TooMuchError as error:
        raise ExportError(f"--window, --every: {error}") from error
    except ValueError as error:
        raise ExportError(str(error)) from error
    (written,) = write_files(made(path.parent), {path.name: page(figure, one, found, run_dir, options, every_hours)})
    return written


def page(figure: go.Figure, one: Drawn, found: Again, run_dir: Path, options: Options, every_hours: int) -> str:
    """The whole page as HTML; every word from outside is escaped, only the picture made here is not."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    loader = PackageLoader("flowsim.exports", package_path="")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    picture = figure.to_html(
        full_html=False, include_plotlyjs=True, div_id=STAGE, auto_play=False, config={"displayModeBar": False}
    )
    values = _values(found, one, figure, run_dir, options, every_hours)
    return environment.get_template("animation.html").render(picture=Markup(picture), **values)


def table(one: Drawn, names: Sequence[str], every_hours: int) -> list[dict[str, Any]]:
    """People by place at the first and the last moment, at fewest and at most."""
    counts = counted(one, moments(one, every_hours))
    return [
        _row(block.label, [now.get(block.event, 0) for now in counts], names)
        for block in one.layout.blocks
        if block.event not in INSTANTS
    ]


def _row(label: str, numbers: Sequence[int], names: Sequence[str]) -> dict[str, Any]:
    most = max(numbers)
    return {
        "label": label,
        "first": numbers[0],
        "fewest": min(numbers),
        "most": most,
        "most_at": names[numbers.index(most)],
        "last": numbers[-1],
    }


def _values(
    found: Again, one: Drawn, figure: go.Figure, run_dir: Path, options: Options, every_hours: int
) -> Mapping[str, Any]:
    import flowsim

    names = [frame.name for frame in figure.frames]
    rows = table(one, names, every_hours)
    first, last = found.dates
    return {
        "title": found.scenario.title,
        "name": found.scenario.name,
        "fingerprint": found.log.fingerprint,
        "dates": f"{_date(first)} to {_date(last)}",
        "every": "hour" if every_hours == 1 else f"{every_hours} hours",
        "which": found.which,
        "run": found.replications,
        "at_most": AT_MOST,
        "moments": names,
        "later": later(found.log, found.window),
        "told": f"Moving picture of people in {len(rows)} places from {names[0]} to {names[-1]}. "
        "The table below has its numbers.",
        "table": rows,
        "again": _command(found, run_dir, options, every_hours),
        "version": flowsim.__version__,
        "vidigi": metadata.version("vidigi"),
        "stage": STAGE,
        "width": int(figure.layout.width),
        "height": int(figure.layout.height),
    }


def _command(found: Again, run_dir: Path, options: Options, every_hours: int) -> str:
    first, last = found.dates
    words = ["flowsim", "animate", str(run_dir), "--scenario", found.log.scenario]
    words += ["--replication", str(options.replication), "--window", f"{first}:{last}", "--every", f"{every_hours}h"]
    return shlex.join(words)


def _date(day: Any) -> str:
    return f"{day.day} {day:%B %Y}"


def _check_packages() -> None:
    try:
        import plotly  # noqa: F401
        import vidigi.animation  # noqa: F401
    except ImportError as error:
        raise ExportError(NEEDS) from error
