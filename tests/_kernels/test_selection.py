"""`SEPTET_IMPLEMENTATION`, each value in a new interpreter."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import septet
from septet import _kernels

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
    """Run a new interpreter with the variable set, or unset for None."""
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


@pytest.mark.skipif(not HAS_COMPILED, reason="the compiled implementation was not built")
@pytest.mark.parametrize(
    ("value", "answer"),
    [(None, "compiled 2\n"), ("compiled", "compiled 2\n"), ("python", "python 2\n")],
)
def test_values(value, answer) -> None:
    """Unset selects the compiled implementation, a name selects that one."""
    assert ask(value).stdout == answer


@pytest.mark.parametrize("value", ["Python", "cython", "0", "1", ""])
def test_a_misspelt_value_is_an_error(value) -> None:
    """A typing error does not select an implementation."""
    result = ask(value)
    assert result.returncode == 1
    assert result.stderr.endswith(
        f"ImportError: SEPTET_IMPLEMENTATION must be 'compiled', 'python' or unset, not {value!r}\n"
    )


def test_without_compiled_modules(copy) -> None:
    """Unset falls back to Python; `compiled` fails."""
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
def test_the_fallback_warns_once(copy, value, code, warnings) -> None:
    """The first bulk call warns, unless the Python implementation was asked for."""
    for extension in (copy / "septet/_kernels").glob("_compiled*"):
        extension.unlink()
    result = ask(value, copy, before=f"import septet; {code}; ")
    assert result.stdout == "python 2\n"
    assert result.stderr.count("RuntimeWarning: septet counts in pure Python") == warnings


def test_the_fallback_warns_in_a_command(copy, tmp_path) -> None:
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


@pytest.mark.skipif(not HAS_COMPILED, reason="the compiled implementation was not built")
def test_without_one_compiled_module(copy) -> None:
    """If one compiled module is missing, none is used."""
    for extension in (copy / "septet/_kernels").glob("_compiled_wire.*.so"):
        extension.unlink()
    assert ask(None, copy).stdout == "python 2\n"
    assert ask("compiled", copy, REPORT).stderr == f"{MISSING} septet._kernels._compiled_wire\n"


@pytest.mark.skipif(not HAS_COMPILED, reason="the compiled implementation was not built")
def test_a_broken_compiled_module(copy) -> None:
    """A damaged extension is an error; there is no fallback to Python."""
    for extension in (copy / "septet/_kernels").glob("_compiled*.so"):
        extension.write_bytes(b"")
    assert ask(None, copy).returncode == 1
    assert ask("python", copy).stdout == "python 2\n"


@pytest.mark.skipif(not HAS_COMPILED, reason="the compiled implementation was not built")
def test_a_missing_dependency_of_a_compiled_module() -> None:
    """A module that is built but cannot be imported is an error; there is no fallback."""
    hidden = "import sys; sys.modules['threading'] = None; "
    assert ask("python", before=hidden).stdout == "python 2\n"
    result = ask(None, before=hidden + REPORT)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines()[0] == f"{MISSING} threading"


def test_a_missing_module_of_septet(copy) -> None:
    """Only a missing compiled module selects the fallback."""
    (copy / "septet/standard/alphabets.py").unlink()
    result = ask(None, copy)
    assert result.returncode == 1
    assert "alphabets" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize("implementation", ["compiled", "python"])
def test_modules_that_load_when_used(implementation) -> None:
    """Each name is in the module that is loaded for it, and no module has others."""
    if implementation == "compiled" and not HAS_COMPILED:
        pytest.skip("the compiled implementation was not built")
    names = {}
    for module in _kernels._NAMES:
        path = f"python.{module}" if implementation == "python" else f"_compiled_{module}"
        names[module] = set(importlib.import_module(f"septet._kernels.{path}").__all__)
    assert names == {module: set(each) for module, each in _kernels._NAMES.items()}
    with pytest.raises(AttributeError):
        getattr(_kernels, "nothing")  # noqa: B009
