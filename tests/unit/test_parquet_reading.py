"""Tables are read without threads, as these abort a program that ends soon after they have begun."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from flowsim.experiment.parquet import read_table

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2] / "flowsim"

COUNT = """
import sys
from pathlib import Path
from flowsim.experiment.parquet import read_table
from pyarrow import parquet

tasks = Path("/proc/self/task")  # of Linux; elsewhere none are counted
before = len(list(tasks.glob("*")))
table = read_table(Path(sys.argv[1]))
table.to_pandas(use_threads=False)
print(len(list(tasks.glob("*"))) - before)
"""


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    import pyarrow as pa
    from pyarrow import parquet

    file = tmp_path / "wide.parquet"
    parquet.write_table(pa.table({name: list(range(100)) for name in "abcdefgh"}), file)
    return file


def test_reading_a_table_starts_no_threads(wide):
    done = subprocess.run([sys.executable, "-c", COUNT, str(wide)], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "0"


def test_only_the_columns_asked_for_are_read(wide):
    assert read_table(wide, ["c", "h"]).column_names == ["c", "h"]


def test_parquet_is_read_in_one_place_only():
    found = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"read_table", "read_parquet", "ParquetFile"}
    }

    assert found == {"experiment/parquet.py"}
