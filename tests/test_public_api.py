"""What `import septet` gives and what it leaves alone."""

from __future__ import annotations

import inspect
import os
import pydoc
import subprocess
import sys
from pathlib import Path

import pytest

import septet

STANDARD_ONLY = """
import sys
before = set(sys.modules)
import septet
septet.split("é" * 200)
septet.Segmenter(languages=["urdu"]).analyze("😀").non_gsm_characters
loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
loaded = {name for name in loaded if "cython_" not in name}  # what Cython makes, not imports
print(*sorted(loaded - sys.stdlib_module_names - {"septet"}))
print(*sorted(
    name for name in ("typing", "dataclasses", "asyncio", "csv", "sqlite3", "septet.costing",
                      "septet.cli", "septet.bandwidth", "septet.frames", "septet.columns",
                      "septet.arrow", "ctypes", "septet._kernels._compiled_tally",
                      "septet._kernels.python.tally", "septet.rewriting",
                      "septet.rules.providers", "septet.wire.decoding",
                      "septet.wire.reassembly", "septet.wire.codec",
                      "septet.standard.user_data_header", "septet.standard.unicode_data",
                      "tomllib", "unicodedata", "random", "logging")
    if name in sys.modules and name not in before
))
"""


def test_all_is_importable_and_complete() -> None:
    """`__all__` names what there is, sorted, and no public name is missing."""
    assert sorted(septet.__all__) == sorted(set(septet.__all__))
    assert set(septet.__all__) <= set(dir(septet))
    for name in septet.__all__:
        assert hasattr(septet, name)
    modules = {path.stem for path in Path(septet.__file__).parent.iterdir()}
    public = {name for name in vars(septet) if not name.startswith("_")} - modules
    assert public - {"TYPE_CHECKING", "annotations"} <= set(septet.__all__)
    with pytest.raises(AttributeError, match=r"^module 'septet' has no attribute 'encoder'$"):
        _ = septet.encoder


def test_import_loads_only_the_standard_library() -> None:
    """No third-party module, no package of a higher layer, nothing slow to import."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    output = subprocess.run(
        [sys.executable, "-I", "-c", STANDARD_ONLY],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert output == "\n\n"


def test_every_public_name_is_documented() -> None:
    """`help(septet.X)` says something of our own."""
    for name in set(septet.__all__) - {"IMPLEMENTATION", "__version__"}:
        documentation = getattr(septet, name).__doc__
        assert documentation
        assert documentation.strip()


FUNCTIONS = (
    *("advise", "analyze", "analyze_many", "count", "count_many", "encode", "split"),
    *("transliterate", "transliterate_many", "truncate"),
)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_help_of_functions_is_complete(name) -> None:
    """Arguments, result, errors and an example, for the function and the method alike."""
    documentation = inspect.getdoc(getattr(septet, name))
    assert all(f"\n{part}:" in documentation for part in ("Args", "Returns", "Raises", "Example"))
    assert inspect.getdoc(getattr(septet.Segmenter, name)) == documentation
    parameters = inspect.signature(getattr(septet, name)).parameters
    assert [each for each in parameters if f"\n    {each}:" not in documentation] == []


def test_help_of_slots() -> None:
    """`help(Segmenter)` documents the attributes that are slots."""
    documentation = pydoc.plain(pydoc.render_doc(septet.Segmenter))
    assert "Return how many segments a text is billed as." in documentation
    assert "The options, as `Rules`." in documentation
