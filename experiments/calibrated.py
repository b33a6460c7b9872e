"""Picture and README of a calibration, from the folder that `flowsim calibrate` wrote.

flowsim calibrate experiments/calibrate_base_year/targets.yaml --out runs/calibrate_base_year
python experiments/calibrated.py experiments/calibrate_base_year runs/calibrate_base_year

A third word is a note on the run time.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from experiments.pages import table, wrapped
from flowsim import __version__
from flowsim.experiment.words import number

_PATH = re.compile(r"[A-Za-z_0-9]+(\.[A-Za-z_0-9]+)*\.[a-z][A-Za-z_0-9]*")
_SECONDS = re.compile(r" after ([0-9.]+) s$", re.MULTILINE)


def question(folder: Path) -> str:
    """The comment at the head of the targets file."""
    lines = (folder / "targets.yaml").read_text(encoding="utf-8").splitlines()
    head = lines[: next(place for place, line in enumerate(lines) if not line.startswith("#"))]
    return " ".join(line.removeprefix("#").strip() for line in head)


def _code(found: re.Match[str]) -> str:
    path = found.group()
    return f"`{path[:1].lower()}{path[1:]}`"


def seconds(run: Path) -> float:
    """Of the longest go at each wave, as their logs tell."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(run.glob("*/run.log"))]
    return sum(max(float(found) for found in _SECONDS.findall(text)) for text in texts)


def targets(tree: dict[str, Any]) -> str:
    """A table with a line for each target."""
    rows = []
    for one in tree["targets"]:
        unit = one["unit"]
        seen = f"{number(one['value'], unit)} ± {number(one['tolerance'], unit)}"
        spread = f"{number(one['ci_low'], unit)} to {number(one['ci_high'], unit)}"
        cells = [
            one["target"] + (" (held out)" if one["held_out"] else ""),
            seen if unit == "share" else f"{seen} {unit}",
            number(one["as_configured"], unit),
            f"{number(one['simulated'], unit)} ({spread})",
            f"{one['implausibility']:.2f}",
            one["verdict"],
        ]
        rows.append(cells)
    return table(["target", "reported", "as configured", "at the best point", "implausibility", "verdict"], rows)


def parameters(tree: dict[str, Any]) -> str:
    """A table with a line for each parameter."""
    rows = []
    for one in tree["parameters"]:
        half = (
            "nothing" if one["left_low"] is None else f"{one['left_quarter']:.3g} to {one['left_three_quarters']:.3g}"
        )
        ends = f"{one['low']:g} to {one['high']:g} (grade {one['grade'] or '–'})"
        cells = [
            f"`{one['parameter']}`",
            f"{one['configured']:g}",
            f"{one['best']:g}",
            ends,
            half,
            f"{one['narrowed']:.0%}",
        ]
        rows.append(cells)
    return table(["parameter", "configured", "best", "range", "half of what is left", "narrowed by"], rows)


def page(folder: Path, run: Path, note: str) -> str:
    """The README."""
    tree: dict[str, Any] = json.loads((run / "answer.json").read_text(encoding="utf-8"))
    runs = sum(one["points"] * one["replications"] for one in tree["waves"])
    left = ", then ".join(f"{100.0 * share:.3g} %" for share in tree["space_left"])
    beware = [f"- {_PATH.sub(_code, text[:1].upper() + text[1:])}." for text in [*tree["conflicts"], *tree["cautions"]]]
    where = f"{folder.parent.name}/{folder.name}"
    time = f"{runs} replications in {seconds(run):.0f} s (2 cores, flowsim {__version__}{'; ' + note if note else ''})"
    blocks = [
        f"# {tree['title']}, calibrated",
        f"**Question.** {question(folder)}",
        f"**Command.** `flowsim calibrate {where}/targets.yaml --out runs/{folder.name}`; {time}. "
        f"Picture and page: `python experiments/calibrated.py {where} runs/{folder.name}`.",
        f"**Answer.** {tree['answer']} (After each wave: {left}.)",
        targets(tree),
        parameters(tree),
        "Narrowed by: how much narrower the middle nine tenths of what is left are than those of the range.",
        "\n".join(beware),
        "![targets against what is simulated, and what is left of each parameter](picture.png)",
    ]
    return wrapped("\n\n".join(blocks)) + "\n"


def main() -> None:
    """Write both beside the targets."""
    folder, run = Path(sys.argv[1]), Path(sys.argv[2])
    text = page(folder, run, sys.argv[3] if len(sys.argv) > 3 else "")
    (folder / "README.md").write_text(text, encoding="utf-8")
    shutil.copyfile(run / "picture.png", folder / "picture.png")


if __name__ == "__main__":
    main()
