"""Build src/septet/web/browser/septet.wasm, or the file that is named.

usage: build_browser.py [FILE]

Needs clang and wasm-ld of LLVM 14, as Debian 12 has them: with another version, the same source
gives other bytes. The source is src/septet/_kernels/wasm and the headers in src/septet/_kernels/c;
their tables come from septet itself.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from browser_data import c_data

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/septet/_kernels/wasm"
MODULE = ROOT / "src/septet/web/browser/septet.wasm"
LLVM = "14"
COMMAND = (
    f"clang-{LLVM}",
    *("--target=wasm32", "-mbulk-memory", "-std=c11", "-Os", "-g0", "-ffreestanding", "-nostdlib"),
    "-DSEPTET_ONLY_WIDTH=2",  # UTF-16
    *("-fvisibility=hidden", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function"),
    "-Wl,--max-memory=1073741824",  # so small that no difference of two addresses overflows
    # The stack comes first, so that it cannot grow into the tables.
    *("-Wl,--no-entry", "-Wl,--strip-all", "-Wl,--stack-first", "-Wl,-z,stack-size=65536"),
)


def build(path: Path) -> None:
    """Build the module."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "data.h").write_text(c_data(), encoding="utf-8")
        includes = ("-I", SOURCE / "include", "-I", folder)
        subprocess.run([*COMMAND, *includes, SOURCE / "module.c", "-o", path], check=True)
        path.chmod(0o644)


if __name__ == "__main__":
    build(Path(*sys.argv[1:]) if sys.argv[1:] else MODULE)
