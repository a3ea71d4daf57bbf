"""Every C header compiles by itself, and its constants are those of the Python modules."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from septet.arrow.rows import Outcome
from septet.standard import limits

ROOT = Path(__file__).parents[2]
HEADERS = ROOT / "src/septet/_kernels/c"
NAMES = sorted(path.relative_to(HEADERS).as_posix() for path in HEADERS.rglob("*.h"))
COMPILERS = {
    "x86_64": ("cc", "gcc", "clang"),
    "aarch64": ("aarch64-linux-gnu-gcc",),
    "s390x": ("s390x-linux-gnu-gcc",),
}
VECTOR_CODE = {
    "simd/avx2.h": "x86_64",
    "simd/avx2_rows.h": "x86_64",
    "simd/avx512.h": "x86_64",
    "simd/neon.h": "aarch64",
    "simd/utf8_avx2.h": "x86_64",
}
"""Headers for one processor family; each other compiles everywhere."""

OPTIONS = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function"]


def compiler_for(request: pytest.FixtureRequest, family: str) -> str:
    """Return a compiler whose code is for a processor family; skip or fail without one."""
    for name in filter(shutil.which, COMPILERS[family]):
        done = subprocess.run([name, "-dumpmachine"], capture_output=True, text=True, check=True)
        if done.stdout.startswith(family):
            return name
    switch = "--require-compiled" if family == "x86_64" else "--require-emulation"
    if request.config.getoption(switch):
        pytest.fail(f"{switch}: no compiler for {family} is installed")
    pytest.skip(f"no compiler for {family} is installed")


def check(compiler: str, source: str) -> subprocess.CompletedProcess[str]:
    """Check C code; the headers of Python are those of this machine, and only read."""
    folders = [f"-I{HEADERS}", f"-isystem{sysconfig.get_path('include')}"]
    return subprocess.run(
        [compiler, *OPTIONS, *folders, "-fsyntax-only", "-x", "c", "-"],
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("family", COMPILERS)
def test_each_header_compiles_by_itself(request, family) -> None:
    """Vector code of another family is refused by its own `#error`."""
    compiler = compiler_for(request, family)
    assert set(VECTOR_CODE) < set(NAMES)
    for name in NAMES:
        done = check(compiler, f'#include "{name}"\n')
        if VECTOR_CODE.get(name, family) == family:
            assert done.returncode == 0, f"{name}: {done.stderr}"
        else:
            assert f'"{Path(name).name} needs ' in done.stderr


@pytest.mark.parametrize("family", COMPILERS)
def test_all_headers_together(request, family) -> None:
    """They define no name twice, in whatever order they are included."""
    compiler = compiler_for(request, family)
    names = [name for name in NAMES if VECTOR_CODE.get(name, family) == family]
    if family not in VECTOR_CODE.values():
        names.remove("simd/nibbles.h")  # for vector code; dispatch.h has macros in its place
    for order in (names, names[::-1]):
        done = check(compiler, "".join(f'#include "{name}"\n' for name in order))
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_only_dispatch_includes_vector_code(name) -> None:
    """So there is one place that chooses."""
    included = (HEADERS / name).read_text()
    families = [Path(vector_code).name for vector_code in VECTOR_CODE]
    if name not in {"simd/dispatch.h", *VECTOR_CODE}:
        assert not [family for family in families if f'{family}"' in included]


def test_constants_of_the_standards() -> None:
    """C and Python have one source each, and these agree."""
    text = (HEADERS / "standard_limits.h").read_text()
    constants = {
        name: int(value) for name, value in re.findall(r"^#define (\w+) (\d+)", text, re.MULTILINE)
    }
    assert constants.pop("SEPTET_MAX_SEGMENTS") == limits.MAX_SEGMENTS
    assert constants.pop("SEPTET_SEGMENT_OCTETS") == limits.OCTETS
    shortest, longest = constants.pop("SEPTET_MIN_DIGITS"), constants.pop("SEPTET_MAX_DIGITS")
    shortest_unmarked = constants.pop("SEPTET_MIN_UNMARKED_DIGITS")
    assert not constants
    for count in range(20):
        is_number = re.fullmatch(limits.E164_PATTERN, "+" + "1" * count) is not None
        assert is_number == (shortest <= count <= longest)
        for mark in ("", "00"):
            is_number = re.fullmatch(limits.UNMARKED_PATTERN, mark + "1" * count) is not None
            assert is_number == (shortest_unmarked <= count <= longest)


def test_outcomes() -> None:
    """`septet_outcome` in C and `Outcome` have the same names in the same order."""
    text = (HEADERS / "scan_rows.h").read_text()
    (names,) = re.findall(r"typedef enum \{([^}]*)\} septet_outcome;", text)
    names = [name.strip().removeprefix("SEPTET_") for name in names.split(",")]
    assert dict(zip(names, range(len(names)), strict=True)) == {o.name: o.value for o in Outcome}
