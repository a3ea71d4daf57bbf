"""septet.wasm: what its source gives, byte for byte, with no trace of where it was built."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MODULE = ROOT / "src/septet/web/browser/septet.wasm"
CUSTOM_SECTION = 0


def has_clang() -> bool:
    """Return whether there are the compiler and the linker that built the module."""
    if shutil.which("clang-14") is None:
        return False
    linker = subprocess.run(
        ["clang-14", "-print-prog-name=wasm-ld"], capture_output=True, text=True, check=True
    )
    return shutil.which(linker.stdout.strip()) is not None


def sections(module: bytes) -> Iterator[int]:
    """Yield the identifiers of the sections of a module."""
    at = 8
    while at < len(module):
        identifier, at, size, shift = module[at], at + 1, 0, 0
        while True:
            size |= (module[at] & 0x7F) << shift
            shift, at = shift + 7, at + 1
            if module[at - 1] < 0x80:
                break
        yield identifier
        at += size


def test_it_is_what_the_source_gives(request, tmp_path) -> None:
    """A build of a copy of the source, in another folder, has the same bytes."""
    if not has_clang():
        if request.config.getoption("--require-clang"):
            pytest.fail("clang 14 and its wasm-ld are not installed")
        pytest.skip("clang 14 and its wasm-ld are not installed")
    for folder in ("tools", "src/septet/_kernels/c", "src/septet/_kernels/wasm"):
        shutil.copytree(ROOT / folder, tmp_path / "deeper" / folder)
    built = tmp_path / "built.wasm"
    subprocess.run([sys.executable, tmp_path / "deeper/tools/build_browser.py", built], check=True)
    assert built.read_bytes() == MODULE.read_bytes(), "run make browser"


def test_it_has_nothing_to_spare() -> None:
    """Neither names nor other sections that a browser does not need; a page loads it quickly."""
    module = MODULE.read_bytes()
    assert CUSTOM_SECTION not in sections(module)
    assert len(module) < 45_000
