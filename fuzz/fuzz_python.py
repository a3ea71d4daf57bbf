"""Run a Python target in Atheris; the remaining command line arguments go to libFuzzer."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

TARGETS = Path(__file__).parent / "targets"


def load(name: str) -> ModuleType:
    """Return the module of a target."""
    spec = importlib.util.spec_from_file_location(f"fuzz_{name}", TARGETS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Fuzz until libFuzzer ends the process."""
    import atheris

    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=["septet"]):
        module = load(name)
    atheris.Setup(sys.argv, module.target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
