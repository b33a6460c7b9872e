"""How a sweep survives: kills, damage, races, other versions, full disks. Writes ``results.json`` and the page.

    python experiments/reliability/measure.py [--quick | --tiny] [--only kills,damage,…] [--page]

Everything is done for real on sweeps of a second or less, in a temporary folder; see the page for how. ``--quick`` does
a tenth of the trials and ``--tiny`` a few, without workers and clusters; these print and write no page.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from bench import FILLING, RICH, SMALL, case_of  # noqa: E402
from damage import damage  # noqa: E402
from folders import equality, full_disks, races, refusals  # noqa: E402
from kills import kill_parents, kill_workers  # noqa: E402
from page import write_page  # noqa: E402

PAGE = HERE.parents[1] / "docs" / "reliability.md"
SEED = 20261122
COUNTS = {
    "full": {"parents": 200, "workers": 200, "flips": 1000, "cuts": 200, "rescued": 50, "races": 50, "disks": 10},
    "quick": {"parents": 20, "workers": 20, "flips": 100, "cuts": 20, "rescued": 5, "races": 5, "disks": 3},
    "tiny": {"parents": 2, "workers": 0, "flips": 60, "cuts": 20, "rescued": 1, "races": 2, "disks": 0},
}


def parts(root: Path, size: str) -> dict[str, Callable[[], dict[str, Any]]]:
    """What can be measured, by name."""
    counts = COUNTS[size]
    small = case_of(SMALL, root)
    luck = {name: random.Random(f"{SEED} {name}") for name in ("parents", "workers", "damage", "races", "disks")}
    found: dict[str, Callable[[], dict[str, Any]]] = {
        "parents": lambda: kill_parents(small, root, counts["parents"], luck["parents"]),
        "workers": lambda: kill_workers(small, root, counts["workers"], luck["workers"]),
        "damage": lambda: damage(small, root, counts["flips"], counts["cuts"], counts["rescued"], luck["damage"]),
        "races": lambda: races(small, root, counts["races"], luck["races"]),
        "equality": lambda: equality([small, case_of(RICH, root)], root, size == "tiny"),
        "refusals": lambda: refusals(small, root),
        "disks": lambda: full_disks(case_of(FILLING, root), root, counts["disks"], luck["disks"]),
    }
    if size == "tiny":  # what needs workers, a mount or fresh interpreters takes too long
        found = {name: found[name] for name in ("parents", "damage", "races", "equality")}
    return found


def measured(wanted: list[str], size: str) -> dict[str, Any]:
    """Do what is wanted; each part with its time and date."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="flowsim-reliability-") as folder:
        root = Path(folder)
        (root / "other").mkdir()
        todo = parts(root, size)
        for name in wanted or list(todo):
            print(f"{name} …", file=sys.stderr, flush=True)
            began = time.perf_counter()
            found[name] = todo[name]()
            found[name] = {"of": found[name], "took": round(time.perf_counter() - began, 1)}
            found[name]["day"] = dt.datetime.now(dt.UTC).date().isoformat()
            print(json.dumps(found[name], indent=1), file=sys.stderr, flush=True)
    return found


def main() -> None:
    """Measure, write the results, and the page from all results there are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--page", action="store_true", help="write the page from results.json, and measure nothing")
    chosen = parser.parse_args()
    file = HERE / "results.json"
    if chosen.page:
        write_page(json.loads(file.read_text(encoding="utf-8")), PAGE)
        return
    size = "tiny" if chosen.tiny else "quick" if chosen.quick else "full"
    found = measured([name for name in chosen.only.split(",") if name], size)
    if size != "full":
        print(json.dumps(found, indent=1))
        return
    results = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    results |= {"seed": SEED, "cores": os.cpu_count(), **found}
    file.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_page(results, PAGE)


if __name__ == "__main__":
    main()
