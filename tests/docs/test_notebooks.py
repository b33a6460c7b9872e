"""Notebooks: each runs as it stands on a short clock, and the two forms it is kept in say the same, without output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jupytext
import matplotlib
import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = pytest.mark.docs

FOLDER = Path(__file__).parents[2] / "notebooks"
SOURCES = sorted(FOLDER.glob("*.py"))
SHORT = {
    "replications": 2,
    "days": 240,
    "slots": [120, 150],
    "ratios": [0.86, 1.0],
    "chances": [0.3],
    "sets": 3,
    "assumptions": ["huddles.effect.rate_ratio", "d2a.pathways.P2_home.saved_days"],
    "repeats": 20,
    "years": 1.1,
}
"""What the cell tagged `parameters` is overruled with, as far as it names it."""


def _cells(path: Path) -> list[Any]:
    cells: list[Any] = jupytext.read(path).cells
    return cells


def _short(path: Path) -> str:
    """The code of a notebook on a short clock."""
    found = []
    for cell in _cells(path):
        if cell.cell_type == "code":
            found.append(cell.source)
            if "parameters" in cell.metadata.get("tags", []):
                found += [f"{name} = {value!r}" for name, value in SHORT.items() if f"{name} = " in cell.source]
    return "\n".join(found)


def test_there_are_notebooks() -> None:
    assert [path.stem[:2] for path in SOURCES] == [f"{number:02d}" for number in range(len(SOURCES))]
    assert len(SOURCES) >= 5


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    try:
        exec(compile(_short(path), str(path), "exec"), {"__name__": "notebook"})
        assert plt.get_fignums(), "a notebook shows at least one picture"
        assert all(figure.axes for figure in map(plt.figure, plt.get_fignums()))
    finally:
        plt.close("all")


def test_a_notebook_runs_in_a_kernel_and_shows_its_pictures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MPLBACKEND", raising=False)  # Agg would draw without showing
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(_short(FOLDER / "00_tour.py"))])
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()

    kinds = [kind for output in notebook.cells[0].outputs for kind in output.get("data", {})]
    assert "image/png" in kinds


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_both_forms_of_a_notebook_say_the_same_and_hold_no_output(path: Path) -> None:
    paired = nbformat.read(path.with_suffix(".ipynb"), as_version=4).cells

    assert [(one.cell_type, one.source) for one in paired] == [(one.cell_type, one.source) for one in _cells(path)]
    assert all(not one.outputs and one.execution_count is None for one in paired if one.cell_type == "code")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_notebook_uses_public_names_only(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert "import flowsim as fs" in source
    assert "from flowsim" not in source
    assert "fs._" not in source
