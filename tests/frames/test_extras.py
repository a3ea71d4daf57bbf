"""If a package is not installed, one sentence says how to install it."""

from __future__ import annotations

import subprocess
import sys

import pytest

IMPORT = """
import importlib, sys
adapter, *absent = sys.argv[1:]
sys.modules.update(dict.fromkeys(absent))
import septet
try:
    importlib.import_module(f"septet.frames.{adapter}")
except septet.MissingExtraError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("adapter", "needed", "absent"),
    [
        ("polars", [], "polars"),
        ("pandas", [], "pandas"),
        ("duckdb", [], "duckdb"),
        ("duckdb", ["duckdb"], "numpy"),
        ("duckdb", ["duckdb"], "pyarrow"),
        ("spark", [], "pandas"),
        ("spark", ["pandas"], "pyarrow"),
        ("spark", ["pandas", "pyarrow"], "pyspark"),
    ],
)
def test_a_missing_package(adapter, needed, absent) -> None:
    """The sentence names the package and the extra."""
    for package in needed:
        pytest.importorskip(package)
    output = subprocess.run(
        [sys.executable, "-c", IMPORT, adapter, absent], capture_output=True, text=True, check=True
    ).stdout
    name = f"septet.frames.{adapter}"
    assert output == f"{name} needs {absent}: pip install 'septet[{adapter}]'\n"
