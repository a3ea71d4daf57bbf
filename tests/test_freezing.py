"""The command, frozen by PyInstaller with the hook of the package."""

from __future__ import annotations

import importlib
import os
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import septet
from septet._pyinstaller import hook_dirs

ROOT = Path(__file__).parents[1]
PROGRAM = "import sys\n\nfrom septet.cli import main\n\nsys.exit(main())\n"
# The tests have these too; without them, freezing takes a tenth of the time.
OTHERS = ("duckdb", "django", "hypothesis", "numpy", "pandas", "phonenumbers", "polars", "pyarrow")


def test_the_entry_point() -> None:
    """PyInstaller finds the hook by it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    module, _, name = project["entry-points"]["pyinstaller40"]["hook-dirs"].partition(":")
    assert getattr(importlib.import_module(module), name)() == hook_dirs()
    assert [path.name for path in Path(hook_dirs()[0]).glob("hook-*")] == ["hook-septet.py"]


def test_hidden_imports() -> None:
    """Modules that are loaded by name, without those that would draw in other packages."""
    pytest.importorskip("PyInstaller")
    (folder,) = hook_dirs()
    names = runpy.run_path(str(Path(folder) / "hook-septet.py"))["hiddenimports"]
    assert "septet.cli.commands.estimate" in names
    assert not [n for n in names if n.startswith(("septet.benchmarks", "septet.frames"))]


@pytest.mark.slow
def test_the_frozen_command(tmp_path) -> None:
    """It works without Python: kernels, rules, prices and the files of `septet browser`."""
    pytest.importorskip("PyInstaller")
    (tmp_path / "program.py").write_text(PROGRAM, "utf-8")
    options = (
        "--onedir",
        "--noconfirm",
        "--log-level=ERROR",
        "--additional-hooks-dir",
        *hook_dirs(),
    )
    excluded = [f"--exclude-module={name}" for name in OTHERS]
    paths = ("--paths", str(Path(septet.__file__).parents[1]))
    subprocess.run(
        [sys.executable, "-m", "PyInstaller", *options, *paths, *excluded, "program.py"],
        cwd=tmp_path,
        env=os.environ | {"PYINSTALLER_CONFIG_DIR": str(tmp_path / "cache")},
        check=True,
    )

    def frozen(*arguments: str) -> str:
        return subprocess.run(
            [tmp_path / "dist/program/program", *arguments],
            cwd=ROOT,
            env={"SEPTET_IMPLEMENTATION": septet.IMPLEMENTATION},
            stdout=subprocess.PIPE,
            check=True,
            encoding="utf-8",
        ).stdout

    assert septet.IMPLEMENTATION in frozen("--version")
    assert "2 segments" in frozen("inspect", "--provider", "twilio", "’" * 71)
    columns = ("--text", "body", "--to", "phone", "--rates", "examples/rates.csv")
    assert "359 segments, 11.39 EUR" in frozen("estimate", "examples/campaign.csv", *columns)
    frozen("browser", "--output", str(tmp_path / "browser"))
    assert (tmp_path / "browser/septet.js").stat().st_size > 50_000
