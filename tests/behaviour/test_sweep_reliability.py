"""A few of the trials of ``experiments/reliability``, so that they and what they show stay true."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.behaviour

SCRIPT = Path(__file__).parents[2] / "experiments" / "reliability" / "measure.py"


@functools.cache
def trials() -> dict[str, Any]:
    """What the script finds in a few trials of each kind."""
    done = subprocess.run([sys.executable, str(SCRIPT), "--tiny"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {name: part["of"] for name, part in json.loads(done.stdout).items()}


def test_a_killed_sweep_loses_and_repeats_nothing() -> None:
    found = trials()["parents"]
    assert (found["kills"], found["faults"]) == (2, [])


def test_every_flipped_bit_and_every_cut_is_noticed() -> None:
    found = trials()["damage"]
    assert [found[what]["with the hash"] for what in ("flips", "cuts")] == [{"noticed": 60}, {"noticed": 20}]


def test_a_damaged_shard_is_named_put_aside_and_computed_again() -> None:
    found = trials()["damage"]
    assert [(found[what]["rescued"], found[what]["faults"]) for what in ("flips", "cuts")] == [(1, []), (1, [])]


def test_two_runs_in_one_folder_give_what_one_gives() -> None:
    found = trials()["races"]
    assert (found["endings"], found["faults"]) == ({"both ended well": 2}, [])


def test_parts_of_a_sweep_give_the_bytes_of_the_whole_also_with_a_precision() -> None:
    assert trials()["equality"] == {"parts 1/3, 2/3, 3/3": [True, True]}
