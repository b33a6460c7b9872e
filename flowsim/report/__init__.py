"""One HTML page that says what was asked, what was found, how sure that is, and how to do it again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowsim.experiment.putting import put

if TYPE_CHECKING:
    from flowsim.plots.outcome import Outcome

NAME = "report.html"


class ReportError(Exception):
    """The report cannot be made; the message names the folder or file and what is wrong with it."""


def write(
    directory: Path,
    outcome: Outcome,
    *,
    configs: Mapping[str, Any],
    manifest: Mapping[str, Any],
    terms: str | None = None,
) -> Path:
    """Write ``report.html`` into a folder and give its path.

    The page stands alone: pictures inside it, nothing fetched. The same outcome and manifest give the same bytes.

    Parameters
    ----------
    directory : Path
        An existing folder; an older report in it is replaced, at once and whole.
    outcome : Results or Comparison
        What to report.
    configs : mapping of scenario name to text
        The resolved configuration of each scenario, shown under "How to do it again".
    manifest : mapping
        What the run came from: command, seed, versions, fingerprints, warnings, self-checks.
    terms : str, optional
        The file of terms that money is told by; the shipped ones unless named.

    Raises
    ------
    ReportError
        If no replication finished, so that there is nothing to report.
    """
    from flowsim.report.page import render

    if not len(outcome.summary()):
        raise ReportError(f"{directory}: no replication finished, so there is nothing to report")
    page = render(outcome, manifest, configs, terms=terms)
    return put(directory / NAME, page.encode(errors="backslashreplace"))  # file names in it need not be text


def make(
    path: Path,
    outcome: Outcome,
    manifest: Mapping[str, Any],
    configs: Mapping[str, str],
    terms: str | None = None,
) -> None:
    """Write the report as :func:`flowsim.experiment.remake.remake` asks for it; what cannot be made is as in write."""
    write(path.parent, outcome, configs=configs, manifest=manifest, terms=terms)
