"""The run-time switch, each value in a fresh interpreter."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import septet

PACKAGE = Path(septet.__file__).parent
ASK = "import septet; print(septet.IMPLEMENTATION, len(septet.encode('€' * 81)))"
MISSING = "ModuleNotFoundError"
REPORT = """import sys
def report(kind, error, _):
    print(kind.__name__, error.name, file=sys.stderr)
sys.excepthook = report
"""
HAS_COMPILED = importlib.util.find_spec("septet._kernels._compiled") is not None


def ask(
    value: str | None, path: Path | None = None, before: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a fresh interpreter with the switch set, or unset for None."""
    environment = {k: v for k, v in os.environ.items() if k != "SEPTET_IMPLEMENTATION"}
    if value is not None:
        environment["SEPTET_IMPLEMENTATION"] = value
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    return subprocess.run(
        [sys.executable, "-c", before + ASK],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, to damage."""
    shutil.copytree(PACKAGE, tmp_path / "septet", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.skipif(not HAS_COMPILED, reason="the compiled twin was not built")
@pytest.mark.parametrize(
    ("value", "answer"),
    [(None, "compiled 2\n"), ("compiled", "compiled 2\n"), ("python", "python 2\n")],
)
def test_values(value, answer) -> None:
    """Unset takes the compiled twin, a name takes that twin."""
    assert ask(value).stdout == answer


@pytest.mark.parametrize("value", ["Python", "cython", "0", "1", ""])
def test_a_misspelt_value_is_an_error(value) -> None:
    """Nobody runs the other twin because of a typing error."""
    result = ask(value)
    assert result.returncode == 1
    assert result.stderr.endswith(
        f"ImportError: SEPTET_IMPLEMENTATION must be 'compiled', 'python' or unset, not {value!r}\n"
    )


def test_without_the_compiled_twin(copy) -> None:
    """Unset falls back to Python; asking for the compiled twin fails."""
    for extension in (copy / "septet/_kernels").glob("_compiled*"):
        extension.unlink()
    assert ask(None, copy).stdout == "python 2\n"
    assert ask("compiled", copy, REPORT).stderr == f"{MISSING} septet._kernels._compiled\n"


@pytest.mark.parametrize(
    ("value", "code", "warnings"),
    [
        (None, "septet.count_many(['a']); septet.analyze_many(['b'])", 1),
        (None, "import septet.costing as c; c.Estimate().add(c.Batch(['a']))", 1),
        (None, "septet.count('a')", 0),
        ("python", "septet.count_many(['a'])", 0),
    ],
)
def test_nobody_counts_slowly_unknowingly(copy, value, code, warnings) -> None:
    """The first bulk call warns, unless the Python implementation was asked for."""
    for extension in (copy / "septet/_kernels").glob("_compiled*"):
        extension.unlink()
    result = ask(value, copy, before=f"import septet; {code}; ")
    assert result.stdout == "python 2\n"
    assert result.stderr.count("RuntimeWarning: septet counts in pure Python") == warnings


def test_a_command_that_counts_slowly_says_so(copy, tmp_path) -> None:
    """The warning is a line on standard error, like other hints."""
    for extension in (copy / "septet/_kernels").glob("_compiled*"):
        extension.unlink()
    (tmp_path / "texts.csv").write_text("body\nhello\n")
    environment = {k: v for k, v in os.environ.items() if k != "SEPTET_IMPLEMENTATION"}
    result = subprocess.run(
        [sys.executable, "-m", "septet", "estimate", "texts.csv", "--text", "body", "--json"],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=True,
    )
    [line] = result.stderr.splitlines()
    assert line.startswith("septet: septet counts in pure Python, ")


@pytest.mark.skipif(not HAS_COMPILED, reason="the compiled twin was not built")
def test_half_a_twin_is_none(copy) -> None:
    """Where one module of the compiled twin is missing, all of it is Python."""
    for extension in (copy / "septet/_kernels").glob("_compiled_wire.*.so"):
        extension.unlink()
    assert ask(None, copy).stdout == "python 2\n"
    assert ask("compiled", copy, REPORT).stderr == f"{MISSING} septet._kernels._compiled_wire\n"


@pytest.mark.skipif(not HAS_COMPILED, reason="the compiled twin was not built")
def test_a_broken_compiled_twin_is_loud(copy) -> None:
    """A damaged extension is an error, not a reason to run the slow twin silently."""
    for extension in (copy / "septet/_kernels").glob("_compiled*.so"):
        extension.write_bytes(b"")
    assert ask(None, copy).returncode == 1
    assert ask("python", copy).stdout == "python 2\n"


@pytest.mark.skipif(not HAS_COMPILED, reason="the compiled twin was not built")
def test_what_only_the_compiled_twin_needs_is_loud() -> None:
    """It is there and does not work: the other twin would, and nobody would know why."""
    hidden = "import sys; sys.modules['threading'] = None; "
    assert ask("python", before=hidden).stdout == "python 2\n"
    result = ask(None, before=hidden + REPORT)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines()[0] == f"{MISSING} threading"


def test_a_missing_module_inside_is_loud(copy) -> None:
    """Only the absence of the twin itself chooses the other one."""
    (copy / "septet/standard/alphabets.py").unlink()
    result = ask(None, copy)
    assert result.returncode == 1
    assert "alphabets" in result.stderr.splitlines()[-1]
