"""`SEPTET_BUILD_EXTENSION`: what each of its values builds, on a copy of the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import septet

pytestmark = pytest.mark.slow

pytest.importorskip("Cython")
pytest.importorskip("setuptools")

ROOT = Path(__file__).parents[1]
BUILD = "from setuptools.build_meta import build_wheel; print(build_wheel('dist'))"


def build(project: Path, switch: str | None, **variables: str) -> tuple[int, str, list[str]]:
    """Build a wheel; return the exit status, what was printed, and the names in the wheel."""
    environment = {k: v for k, v in os.environ.items() if k != "SEPTET_BUILD_EXTENSION"}
    environment |= variables
    if switch is not None:
        environment["SEPTET_BUILD_EXTENSION"] = switch
    (project / "dist").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", BUILD],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = list((project / "dist").glob("*.whl"))
    names = zipfile.ZipFile(wheels[0]).namelist() if wheels else []
    return done.returncode, done.stdout + done.stderr, [*(w.name for w in wheels), *names]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what a build reads, without anything that was built before."""
    for name in (
        "pyproject.toml",
        "setup.py",
        "MANIFEST.in",
        "README.md",
        "LICENSE",
        "LICENSE-DATA",
    ):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs/septet.1", tmp_path / "docs")
    shutil.copytree(ROOT / "packaging", tmp_path / "packaging")
    built = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd", "*.egg-info", "_compiled*.c")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=built)
    return tmp_path


def extensions(names: list[str]) -> list[str]:
    return sorted(name.partition(".")[0] for name in names if Path(name).suffix in {".so", ".pyd"})


def test_never(project) -> None:
    """0 gives a wheel for every machine, without a compiler and without anything in C."""
    status, _, names = build(project, "0", CC="false")
    assert status == 0
    assert names[0].endswith("-py3-none-any.whl")
    assert extensions(names) == []
    assert "septet/_kernels/python/kernel.py" in names
    assert "septet/py.typed" in names
    assert "septet/bandwidth/error_codes.csv" in names
    assert "septet/rules/providers.toml" in names
    assert "septet/display/pages.css" in names
    assert f"septet-{septet.__version__}.dist-info/sboms/septet.cdx.json" in names
    assert {f"septet/costing/writing/report.{kind}" for kind in ("css", "html")} <= set(names)
    for kind in ("css", "html", "js"):
        assert f"septet/web/page.{kind}" in names
    assert not [name for name in names if name.endswith((".pyx", ".pxd", ".c", ".h"))]


def test_always(project) -> None:
    """1 builds all compiled modules, and other compiled code can cimport them."""
    status, printed, names = build(project, "1")
    assert status == 0, printed
    sources = (ROOT / "src/septet/_kernels").glob("_compiled*.pyx")
    assert extensions(names) == sorted(f"septet/_kernels/{path.stem}" for path in sources)
    assert "septet/_kernels/_compiled" in extensions(names)
    assert "septet/_kernels/_compiled.pyi" in names
    assert "septet/_kernels/_compiled_wire.pyi" in names
    assert not [name for name in names if name.endswith((".pyx", ".c"))]
    assert cimport(project / "dist" / names[0], "units_of(['one', '€', '’'])") == "6"


def cimport(wheel: Path, expression: str) -> str:
    """Build the example against what is in a wheel; return what it prints."""
    place = wheel.parent / "installed"
    zipfile.ZipFile(wheel).extractall(place)
    shutil.copy(ROOT / "examples/cimport_kernel.pyx", place)
    headers = place / "septet/_kernels"
    environment = os.environ | {
        "CFLAGS": f"-I{headers}",
        "PYTHONPATH": str(place),
        "SEPTET_IMPLEMENTATION": "compiled",
    }
    for code in (
        "from Cython.Build.Cythonize import main; main(['-i', 'cimport_kernel.pyx'])",
        f"from cimport_kernel import *; print({expression}, end='')",
    ):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=place,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_always_without_a_compiler(project) -> None:
    """1 is a promise: a build that cannot keep it fails."""
    status, _, names = build(project, "1", CC="false")
    assert status != 0
    assert names == []


def test_if_possible(project) -> None:
    """Unset leaves the compiled implementation out where it cannot be built, and continues."""
    status, printed, names = build(project, None, CC="false")
    assert status == 0, printed
    assert extensions(names) == []
    assert "septet/_kernels/python/kernel.py" in names


def test_a_misspelt_value(project) -> None:
    """Anything else says what is allowed."""
    status, printed, _ = build(project, "yes")
    assert status != 0
    assert "SEPTET_BUILD_EXTENSION must be 0, 1 or unset, not 'yes'" in printed
