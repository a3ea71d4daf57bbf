"""Report the lines of the Cython modules that no test runs: the second half of `make coverage`.

The modules are built with line tracing below build/trace, next to a copy of their sources, where
Cython's plugin for coverage.py looks for them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

ROOT = Path(__file__).parents[1]
COPY = ROOT / "build/trace"
MODULES = sorted(path.stem for path in (ROOT / "src/septet/_kernels").glob("_compiled*.pyx"))
TESTS = (
    "test_parity.py",
    "segmentation/test_segmenter.py",
    "columns/test_counting.py",
    "_kernels/test_kernel.py",
    "columns/test_surveys.py",
    "_kernels/test_choice.py",
    "_kernels/test_pages.py",
    "_kernels/test_filling.py",
    "_kernels/test_examples.py",
    "test_rcs.py",
    "_kernels/test_snappy.py",
    "_kernels/test_tally.py",
    "_kernels/test_hashing.py",
    "_kernels/test_savings.py",
    "_kernels/test_joining.py",
    "_kernels/test_values.py",
    "wire/test_encoding.py",
    "wire/test_decoding.py",
    "arrow/test_structures.py",
    "_kernels/test_memory.py",
)
SETTINGS = """
[run]
plugins = Cython.Coverage
source = src/septet/_kernels
omit = *.py, *.pxd
parallel = true
patch = subprocess

[report]
fail_under = 100
show_missing = true
"""


def build() -> None:
    """Build the modules with line tracing in the copy."""
    built = shutil.ignore_patterns("*.so", "*.c", "*.egg-info", "__pycache__")
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(ROOT / "src", COPY / "src", ignore=built)
    os.chdir(COPY)
    extensions = [
        Extension(
            f"septet._kernels.{name}",
            [f"src/septet/_kernels/{name}.pyx"],
            define_macros=[("CYTHON_TRACE", "1"), ("CYTHON_TRACE_NOGIL", "1")],
        )
        for name in MODULES
    ]
    setup(
        name="septet",
        packages=[],
        package_dir={"": "src"},
        ext_modules=cythonize(extensions, compiler_directives={"linetrace": True}, quiet=True),
        script_args=["-q", "build_ext", "--inplace"],
    )


def coverage(*arguments: str | Path) -> None:
    """Run coverage.py in the copy; exit with its status if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "coverage", *arguments],
        cwd=COPY,
        env=os.environ | {"PYTHONPATH": str(COPY / "src"), "COVERAGE_RCFILE": "settings.ini"},
        check=False,
    )
    if done.returncode:
        sys.exit(done.returncode)


def main() -> None:
    """Build the modules, run the tests and print the report."""
    build()
    (COPY / "settings.ini").write_text(SETTINGS)
    tests = [ROOT / "tests" / name for name in TESTS]
    options = ["-q", "-p", "no:cacheprovider", "--hypothesis-profile=quick", "--require-compiled"]
    # With tracing, the interrupt tests exceed their limit of one second.
    coverage("run", "-m", "pytest", *options, "-k", "not interrupt", *tests)
    coverage("combine", "--quiet")
    coverage("report")


if __name__ == "__main__":
    main()
