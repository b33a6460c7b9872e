"""The house of docs/design.md: imports point down, randomness and SimPy have one door each, rooms are small."""

from __future__ import annotations

import ast
import re
import statistics
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2] / "flowsim"
FILES = sorted(ROOT.rglob("*.py"))

FLOORS = [
    {"cli", "app", "__main__"},
    {"exports"},
    {"report", "workbook", "plots", "story"},
    {"money"},
    {"calibration", "claims"},
    {"attribution", "uncertain"},
    {"decide"},
    {"sweeps"},
    {"experiment"},
    {"engine"},
    {"build", "gather"},
    {"journey"},
    {"world"},
    {"hospital", "services", "huddles", "rings"},
    {"pools"},
    {"kernel"},
    {"population"},
    {"policies"},
    {"offered"},
    {"config"},
    {"params"},
    {"distributions", "schedules", "rng"},
    {"clock", "frozen", "interrupts"},
]
"""From the top; a part may import its own floor and those below."""

BESIDE = {
    "measures": {"events"},
    "eventlog": {"events", "clock"},
    "events": {"eventlog", "measures"},
    "__init__": set(),
}
"""Parts beside the house, and all they may import of it: the record of a run knows nothing of what made it."""

LATE = {
    ("experiment", "plots"),
    ("sweeps", "plots"),
    ("calibration", "plots"),
    ("uncertain", "plots"),
    ("attribution", "plots"),
} | {("experiment", "workbook")}
"""Imports upwards, inside a function: a result draws itself when asked."""

FLOOR = {part: number for number, parts in enumerate(FLOORS) for part in parts}


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Dotted names a file imports when it runs, wherever in it; what only a type checker imports is left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing = [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)]
    skipped = {id(inner) for node in typing for inner in ast.walk(node)}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and id(node) not in skipped:
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and id(node) not in skipped:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def needs(path: Path) -> set[str]:
    """Other parts of flowsim that a file imports."""
    parts = {name.split(".")[1] for name in imports(path) if name.startswith("flowsim.")}
    return {part for part in parts - {part_of(path)} if part in FLOOR or part in BESIDE}


def functions(path: Path) -> list[tuple[str, int]]:
    """Each function of a file and how many lines it has."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, kinds)]
    return [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in nodes]


@pytest.mark.parametrize("part", sorted({part_of(path) for path in FILES}))
def test_imports_point_down(part):
    assert part in FLOOR or part in BESIDE, "a new part of the house needs its floor in docs/design.md and here"
    wrong = [
        f"{path.name} imports {other}"
        for path in FILES
        if part_of(path) == part
        for other in sorted(needs(path))
        if not allowed(part, other)
    ]
    assert wrong == []


def allowed(part: str, other: str) -> bool:
    """Whether one part may import another."""
    if part in BESIDE:
        return other in BESIDE[part]
    return (part, other) in LATE or other in BESIDE or FLOOR[part] <= FLOOR[other]


def test_only_the_kernel_imports_simpy():
    assert {path.name for path in FILES if any(name.split(".")[0] == "simpy" for name in imports(path))} == {
        "kernel.py"
    }


def test_only_rng_makes_random_numbers():
    """Others may be handed a generator, and say so in an annotation."""
    makes = re.compile(
        r"\bnumpy\.random\b|\bnp\.random\.(?!Generator\b(?!\())|^\s*(import random|from random)\b", re.MULTILINE
    )
    assert {path.name for path in FILES if makes.search(path.read_text(encoding="utf-8"))} == {"rng.py"}


def test_modules_have_at_most_300_lines():
    assert [path.name for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > 300] == []


def test_functions_have_at_most_40_lines():
    assert [(path.name, name) for path in FILES for name, lines in functions(path) if lines > 40] == []


def test_the_middle_function_has_at_most_12_lines():
    assert statistics.median(lines for path in FILES for _, lines in functions(path)) <= 12
