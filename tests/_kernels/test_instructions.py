"""The instructions of compiled kernels, which do not depend on what else the machine does.

`instructions.json` has the counts and what they hold for: another compiler makes other code.
`python tests/_kernels/test_instructions.py` measures them and writes that file.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import septet

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(septet.IMPLEMENTATION != "compiled", reason="the C kernels are not in use"),
]

MAX_GROWTH = 1.03
RECORD = Path(__file__).with_name("instructions.json")
CALLS = Path(__file__).with_name("kernel_calls.py")
RECORDED = json.loads(RECORD.read_text())


def conditions() -> dict[str, str]:
    """Return what the counts depend on. Valgrind knows no AVX-512, so AVX2 is what is measured."""
    compiler = subprocess.run(["cc", "-dumpfullversion"], capture_output=True, text=True)
    has_avx2 = "avx2" in Path("/proc/cpuinfo").read_text() if sys.platform == "linux" else False
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "libc": " ".join(platform.libc_ver()),
        "compiler": compiler.stdout.strip(),
        "vector code": "avx2" if has_avx2 else "",
    }


def measure(folder: Path, *names: str) -> int:
    """Return the instructions of a process that makes all calls once, and some of them again."""
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder / 'calls'}"]
    done = subprocess.run(
        [*command, sys.executable, str(CALLS), *names],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    collected = re.search(r"Collected\s*:\s*(\d+)", done.stderr)
    assert collected is not None, done.stderr
    return int(collected[1])


@pytest.fixture(scope="module")
def baseline(request, tmp_path_factory) -> int:
    """Return the instructions of a process that makes no call twice."""
    if shutil.which("valgrind") is None:
        if request.config.getoption("--require-valgrind"):
            pytest.fail("--require-valgrind: valgrind is not installed")
        pytest.skip("valgrind is not installed")
    found = conditions()
    if found != RECORDED["conditions"]:
        pytest.skip(f"recorded for {RECORDED['conditions']}, not {found}")
    return measure(tmp_path_factory.mktemp("baseline"))


@pytest.mark.parametrize("name", RECORDED["instructions"])
def test_instructions(baseline, tmp_path, name) -> None:
    """A kernel takes at most 3 % more instructions than were recorded."""
    taken = measure(tmp_path, name) - baseline
    assert taken <= RECORDED["instructions"][name] * MAX_GROWTH


if __name__ == "__main__":
    import tempfile

    from kernel_calls import CALLS as NAMES

    with tempfile.TemporaryDirectory() as folder:
        start = measure(Path(folder))
        taken = {name: measure(Path(folder), name) - start for name in NAMES}
    record = {"conditions": conditions(), "instructions": taken}
    RECORD.write_text(json.dumps(record, indent=2) + "\n")
