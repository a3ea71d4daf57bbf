"""The compiled functions have the docstrings of the Python implementation, or their first lines."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import septet

pytest.importorskip("septet._kernels._compiled")

KERNELS = Path(septet.__file__).parent / "_kernels"
MODULES = {
    "kernel" if name == "_compiled" else name.removeprefix("_compiled_"): name
    for name in sorted(path.name.partition(".")[0] for path in KERNELS.glob("_compiled*.pyi"))
}


def public_objects(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Yield the public functions, classes and methods of a module, by name."""
    for name in module.__all__:
        item = getattr(module, name)
        if not callable(item):
            continue
        yield name, item
        if isinstance(item, type):
            for method in vars(item):
                if not method.startswith("_") and inspect.isroutine(getattr(item, method)):
                    yield f"{name}.{method}", getattr(item, method)


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name) -> None:
    """`help()` of both describes the same function; the Python module has the details."""
    python = dict(public_objects(importlib.import_module(f"septet._kernels.python.{name}")))
    compiled = dict(public_objects(importlib.import_module(f"septet._kernels.{MODULES[name]}")))
    assert python.keys() == compiled.keys()
    for key, item in compiled.items():
        documented = inspect.getdoc(python[key])
        assert documented
        assert inspect.getdoc(item) in (documented, documented.partition("\n")[0]), key
