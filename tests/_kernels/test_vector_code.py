"""Vector code compared with portable code in C, for this processor and for NEON under emulation."""

from __future__ import annotations

import subprocess
from array import array
from pathlib import Path

import pytest

import septet
from programs import find_program
from septet.standard import alphabets

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(septet.IMPLEMENTATION != "compiled", reason="the C kernels are not in use"),
]

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("vector_code.c")
OPTIONS = ["-O3", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'src/septet/_kernels/c'}"]
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
SINGLE_BIT = 16


def tables() -> bytes:
    """Return the words of `septet_tables` (scan_tables.h), as _compiled.pyx fills them."""
    words = array("I", bytes(4 * 0x10000))
    for identifier in alphabets.LOCKING_IDS:
        for char in alphabets.locking_table(identifier):
            words[ord(char)] |= 1 << identifier
    for identifier in alphabets.SINGLE_IDS:
        for char in alphabets.single_table(identifier):
            words[ord(char)] |= 1 << SINGLE_BIT + identifier
    return words.tobytes()


def compare(command: list[str], program: Path, *emulator: str) -> str:
    """Compile and run the comparison; return the name of the vector code."""
    subprocess.run([*command, *OPTIONS, str(PROGRAM), "-o", str(program)], check=True)
    done = subprocess.run(
        [*emulator, str(program)], input=tables(), capture_output=True, check=False
    )
    printed = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, printed
    return printed.partition(":")[0]


@pytest.mark.parametrize("options", [[], SANITIZERS], ids=["plain", "sanitized"])
def test_vector_code_of_this_processor(request, tmp_path, options) -> None:
    """The results are those of portable code, and nothing outside a text is read."""
    compiler = find_program(request, "--require-compiled", "cc", "gcc", "clang")
    compiled = pytest.importorskip("septet._kernels._compiled")
    chosen = compare([compiler, *options], tmp_path / "vector_code")
    assert chosen == compiled.use_vector_code()


def test_neon_under_emulation(request, tmp_path) -> None:
    """The same for AArch64, on any machine."""
    compiler = find_program(request, "--require-emulation", "aarch64-linux-gnu-gcc")
    emulator = find_program(request, "--require-emulation", "qemu-aarch64", "qemu-aarch64-static")
    assert compare([compiler, "-static"], tmp_path / "vector_code", emulator) == "neon"
