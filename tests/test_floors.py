"""The house: who may import whom (the table in docs/design.md), and how large a room may grow."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1] / "src/septet"

FLOORS: dict[str, int] = {
    "exceptions": 1,
    "encoding": 1,
    "_alphabet_data": 1,
    "transliteration_data": 1,
    "arrow_rows": 1,
    "buffers": 1,
    "whole_files": 1,
    "characters": 1,
    "records": 1,
    "alphabets": 2,
    "limits": 2,
    "udh": 2,
    "data_coding": 2,
    "graphemes": 2,
    "languages": 3,
    "providers": 3,
    "arrow": 2,
    "_kernels._rows": 2,
    "serving": 2,
    "pages": 2,
    "notebook": 2,
    "arrow_export": 3,
    "_kernels._python": 3,
    "_kernels._compiled": 3,
    "_kernels": 4,
    "columns": 5,
    "wire": 5,
    "decoding": 5,
    "truncation": 5,
    "transliteration": 5,
    "codec": 5,
    "advice": 6,
    "text_columns": 6,
    "segmentation": 7,
    "surveys": 7,
    "reassembly": 7,
    "": 8,
    "costing": 8,
    "bandwidth": 8,
    "frames": 9,
    "sandbox": 9,
    "inspector": 9,
    "reconciliation": 9,
    "cli": 10,
    "__main__": 11,
}
"""Room (with everything in it) and floor; the empty name is the face.

The modules of a twin are one room.
"""

THIRD_PARTY = {
    "regex": {"graphemes.py"},
    "pyarrow": {
        "bandwidth/exports.py",
        "costing/arrow_sources.py",
        "costing/priced_files.py",
        "costing/templates.py",
        "costing/tips_fold.py",
        "frames/spark.py",
    },
    "anyascii": {"transliteration.py"},
    "phonenumbers": {"costing/phone_numbers.py"},
    "rich": {"cli/terminal.py"},
    "polars": {"frames/polars.py"},
    "pandas": {"frames/pandas.py", "frames/spark.py"},
    "numpy": {"frames/pandas.py"},
    "duckdb": {"frames/duckdb.py"},
    "pyspark": {"frames/spark.py"},
    "msgspec": {"bandwidth/reading.py", "inspector/schema.py"},
    "uvicorn": {"serving.py"},
    "starlette": {"bandwidth/receiver.py", "inspector/application.py", "sandbox/api.py"},
    "httpx2": {"bandwidth/client.py"},
    "httptools": {"sandbox/posting.py"},
    "prometheus_client": {"bandwidth/receiver.py"},
    "sqlalchemy": {
        "bandwidth/database.py",
        "bandwidth/migrations/versions/r0001_events.py",
        "bandwidth/migrations/versions/r0002_outbox.py",
        "bandwidth/outbox_rows.py",
        "bandwidth/store.py",
        "bandwidth/stored_messages.py",
        "bandwidth/tables.py",
        "bandwidth/turns.py",
        "bandwidth/writer.py",
    },
    "alembic": {
        "bandwidth/database.py",
        "bandwidth/migrations/env.py",
        "bandwidth/migrations/versions/r0001_events.py",
        "bandwidth/migrations/versions/r0002_outbox.py",
    },
    "jinja2": {"pages.py"},
    "markupsafe": {"pages.py"},
}
"""The places that may import a package."""

FILES = sorted(HOUSE.rglob("*.py")) + sorted(HOUSE.rglob("*.pyx"))


def room_of(path: Path) -> str:
    """Return the room that a file belongs to."""
    parts = list(path.relative_to(HOUSE).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    name = _of_twin(".".join(parts))
    while name and name not in FLOORS:
        name = name.rpartition(".")[0]
    return name


def _of_twin(name: str) -> str:
    """Return the name of the twin that a module of it belongs to."""
    return re.sub(r"^_kernels\._(python|compiled)_\w+", r"_kernels._\1", name)


def imports_of(path: Path) -> set[str]:
    """Return what a file imports, relative names made absolute."""
    if path.suffix == ".pyx":
        lines = [
            line.strip().replace(" cimport ", " import ")
            for line in path.read_text().splitlines()
            if line.startswith(("from .", "import "))
        ]
        source = "\n".join(lines)
    else:
        source = path.read_text(encoding="utf-8")
    package = ["septet", *path.relative_to(HOUSE).parts[:-1]]
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            module = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def room_named(module: str) -> str | None:
    """Return the room of our own that an import reaches, or None for other packages."""
    if module != "septet" and not module.startswith("septet."):
        return None
    name = _of_twin(module.removeprefix("septet").removeprefix("."))
    while name and name not in FLOORS:
        name = name.rpartition(".")[0]
    return name


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_floors(path) -> None:
    """A room imports from lower floors only; the doors between twins stay shut."""
    room = room_of(path)
    for module in imports_of(path):
        other = room_named(module)
        if other is None or other == room:
            continue
        assert FLOORS[other] < FLOORS[room], f"{room or 'the face'} imports {module}"
        if other in ("_kernels._python", "_kernels._compiled"):
            assert room == "_kernels", f"only the door imports {module}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_third_party_packages_have_one_door(path) -> None:
    """Each optional package is imported in one named place."""
    import sys

    place = path.relative_to(HOUSE).as_posix()
    for module in imports_of(path):
        package = module.partition(".")[0]
        if package == "septet" or package in sys.stdlib_module_names or not package:
            continue
        assert place in THIRD_PARTY.get(package, set()), f"{place} imports {package}"


def test_every_room_stands_on_a_floor() -> None:
    """A new file or folder needs its place in the table."""
    rooms = {
        path.stem
        for path in HOUSE.iterdir()
        if path.suffix == ".py" or (path.is_dir() and (path / "__init__.py").exists())
    }
    assert rooms - {"__init__"} <= set(FLOORS)


@pytest.mark.parametrize("path", FILES + sorted(HOUSE.rglob("*.h")), ids=lambda path: path.name)
def test_no_file_grows_past_its_room(path) -> None:
    """About 400 lines; only the tables of the standard are longer."""
    if path.name == "_alphabet_data.py":
        return
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_every_module_has_its_test() -> None:
    """`tests/` mirrors `src/septet/`: a module without a namesake is untested."""
    tests = Path(__file__).parent
    for path in HOUSE.rglob("*.py"):
        place = path.relative_to(HOUSE)
        if place.name in ("__init__.py", "__main__.py") or place.name.endswith("_data.py"):
            continue
        if "migrations" in place.parts:
            assert (tests / "bandwidth/storing/test_database.py").exists()
            continue
        if place.parts[0] == "_kernels":
            assert (tests / "_kernels/test_kernel.py").exists()
            continue
        namesake = tests / place.with_name(f"test_{place.name}")
        assert namesake.exists(), f"{place} has no {namesake.relative_to(tests)}"
