"""The files a reader takes home: the scenarios as YAML, the report, the workbook, all in one, and how to repeat it."""

from __future__ import annotations

import io
import re
import shlex
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import flowsim
from flowsim.app.state import State
from flowsim.config.resolved import resolved_yaml
from flowsim.experiment.comparison import Comparison

REPORT, WORKBOOK, AGAIN = "report.html", "results.xlsx", "how_to_repeat.txt"

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # of files in an archive, so that the same page gives the same bytes


def file_name(name: str, taken: Sequence[str] = ()) -> str:
    """The YAML file of a scenario: ``what_if_`` and the letters and numbers of its name; another than those taken."""
    stem = "what_if_" + (re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")[:60] or "plan")
    found, number = f"{stem}.yaml", 2
    while found in taken:
        found, number = f"{stem}_{number}.yaml", number + 1
    return found


def scenario_files(states: Sequence[State]) -> dict[str, str]:
    """The base and every plan as overlay files by name; the command line reads them and gives the page's numbers.

    No file bears the name of one it stands on, as it may lie in the same folder.
    """
    start, note = states[0].start, _NOTE.format(version=flowsim.__version__)
    taken = [Path(file).name for file in (*start.base.chain, *start.plan.chain)]
    found: dict[str, str] = {}
    for which, state in (("base", states[0]), *(("plan", state) for state in states)):
        found[file_name(state.names[which], [*taken, *found])] = state.to_yaml(which, note)
    return found


_NOTE = "Made on the what-if page of flowsim {version}. Only what differs from the file it extends stands here."


def command_words(names: Sequence[str], replications: int, seed: int) -> list[str]:
    """The command that repeats what is shown."""
    return ["flowsim", "compare", *names, "--replications", str(replications), "--seed", str(seed)]


def how_to_repeat(states: Sequence[State], replications: int, seed: int) -> str:
    """The command line, and where the files must lie for it."""
    names = list(scenario_files(states))
    lines = [
        "In the folder that holds these files, type:",
        "",
        shlex.join(command_words(names, replications, seed)),
        "",
    ]
    start = states[0].start
    if not start.shipped:
        own = ", ".join(dict.fromkeys(start.sources.values()))
        lines.append(f"The folder must also hold the files they extend: those of {own}.")
    lines.append(f"It gives the numbers of the page exactly (flowsim {flowsim.__version__}).")
    return "\n".join(lines) + "\n"


def resolved(states: Sequence[State], names: Sequence[str]) -> dict[str, str]:
    """Every scenario in full by name, base first, each value with where it was set."""
    loadeds = [states[0].loaded("base"), *(state.loaded("plan") for state in states)]
    return {name: resolved_yaml(one) for name, one in zip(names, loadeds, strict=True)}


def report_and_workbook(comparison: Comparison, states: Sequence[State]) -> dict[str, bytes]:
    """The report and the workbook of what is shown, as bytes by file name.

    Raises
    ------
    flowsim.report.ReportError
        If no replication finished.
    """
    from flowsim import report, workbook
    from flowsim.experiment.manifest import manifest_of

    record = comparison.record
    names = list(scenario_files(states))
    texts = resolved(states, record.names)
    command = command_words(names, record.asked, record.seed)
    manifest = manifest_of(record, command, dict(zip(record.names, names, strict=True)))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        report.write(folder, comparison, configs=texts, manifest=manifest)
        workbook.write(folder / WORKBOOK, comparison, configs=texts, manifest=manifest)
        return {name: (folder / name).read_bytes() for name in (REPORT, WORKBOOK)}


def archive(files: Mapping[str, bytes | str]) -> bytes:
    """Files by name in one ZIP archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as box:
        for name, what in files.items():
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            box.writestr(info, what)
    return stream.getvalue()
