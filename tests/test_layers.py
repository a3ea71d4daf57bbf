"""The layers of the source tree: which package may import which, and how long a file may be."""

from __future__ import annotations

import ast
import sys
from itertools import chain
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src/septet"

LAYERS: dict[str, int] = {
    "exceptions": 1,
    "standard": 2,
    "arrow": 2,
    "files": 2,
    "serving": 2,
    "_kernels.python": 3,
    "_kernels.compiled": 3,
    "_kernels": 3,
    "display": 3,
    "rules": 4,
    "rewriting": 5,
    "wire": 5,
    "columns": 5,
    "segmentation": 6,
    "rcs": 6,
    "costing": 7,
    "bandwidth": 7,
    "integrations": 7,
    "": 7,
    "frames": 8,
    "checking": 8,
    "web": 8,
    "bandwidth.sandbox": 8,
    "bandwidth.reconciliation": 8,
    "benchmarks": 9,
    "cli": 9,
    "__main__": 9,
}
"""Part of the source tree and its layer; the empty name is `septet/__init__.py`.

A module belongs to the longest name that it begins with; the Cython files are `_kernels.compiled`.
"""


def layers(first: int, last: int) -> set[str]:
    """Return the parts in some layers, but the two implementations, which are for dispatch."""
    hidden = {"_kernels.python", "_kernels.compiled"}
    return {part for part, layer in LAYERS.items() if first <= layer <= last} - hidden


MAY_IMPORT: dict[str, set[str]] = {
    "exceptions": set(),
    "standard": set(),
    "arrow": set(),
    "files": set(),
    "serving": set(),
    "_kernels.python": {"standard", "arrow"},
    "_kernels.compiled": {"standard", "arrow"},
    "_kernels": {"_kernels.python", "_kernels.compiled"},
    "display": {"standard"},
    "rules": layers(2, 3),
    "rewriting": layers(2, 4),
    "wire": layers(2, 4),
    "columns": layers(2, 4) | {"rewriting"},
    "segmentation": layers(2, 5),
    "rcs": layers(2, 5),
    "costing": layers(2, 6),
    "bandwidth": layers(2, 6),
    "integrations": layers(2, 6),
    "": layers(2, 6),
    "frames": layers(2, 7),
    "checking": layers(2, 7),
    "web": layers(2, 7) | {"checking"},
    "bandwidth.sandbox": layers(2, 6) | {"", "bandwidth"},
    "bandwidth.reconciliation": layers(2, 6) | {"", "bandwidth", "costing"},
    "benchmarks": layers(2, 8),
    "cli": layers(2, 8),
    "__main__": layers(2, 8) | {"cli"},
}
"""What each part may import, beside layer 1."""

COSTING = (
    {"costing.rates"},
    {"costing.reading"},
    {"costing.insights"},
    {"costing.estimates"},
    {"costing.writing"},
    {"costing.run", "costing.budgets"},
    {"costing"},
)
BANDWIDTH = (
    {
        *("bandwidth.callbacks", "bandwidth.errors", "bandwidth.exceptions"),
        *("bandwidth.messages", "bandwidth.outcomes", "bandwidth.reading", "bandwidth.times"),
    },
    {"bandwidth.storing", "bandwidth.sending"},
    {"bandwidth.outbox", "bandwidth.receiver"},
    {"bandwidth"},
    {"bandwidth.sandbox", "bandwidth.reconciliation"},
)
"""Steps inside a package: each imports only from those before it, and never from its own step.

The modules of the first step of `bandwidth` are its vocabulary, and may import each other.
"""

CIRCLES: set[frozenset[str]] = set()
"""Modules that import each other, with the reason; to be removed."""

THIRD_PARTY = {
    "PyInstaller": {"_pyinstaller/hook-septet.py"},
    "pyarrow": {
        "benchmarks/columns.py",
        "benchmarks/files.py",
        "bandwidth/storing/exports.py",
        "costing/estimates/tables.py",
        "costing/reading/arrow/checks.py",
        "costing/reading/arrow/rows.py",
        "costing/reading/arrow/sources.py",
        "costing/reading/arrow/parquet_files.py",
        "costing/reading/arrow/page_contents.py",
        "costing/writing/arrow_columns.py",
        "costing/writing/parquet_output.py",
        "costing/writing/priced_files.py",
        "costing/writing/text_cells.py",
        "frames/arrow_prices.py",
        "frames/duckdb.py",
        "frames/pandas.py",
        "frames/spark.py",
    },
    "backports": {"files/decompression.py"},
    "anyascii": {"rewriting/replacements.py"},
    "phonenumbers": {"costing/rates/phone_numbers.py"},
    "python_calamine": {"files/workbooks.py"},
    "yaml": {"checking/readers/yaml_files.py"},
    "rich": {"cli/terminal.py"},
    "shtab": {"cli/commands/completion.py"},
    "polars": {"benchmarks/columns.py", "costing/estimates/tables.py", "frames/polars.py"},
    "pandas": {"frames/pandas.py", "frames/spark.py"},
    "numpy": {"arrow/export.py", "benchmarks/columns.py", "frames/duckdb.py", "frames/pandas.py"},
    "duckdb": {"benchmarks/columns.py", "frames/duckdb.py"},
    "pyspark": {"frames/spark.py"},
    "msgspec": {"bandwidth/reading.py", "web/api/problems.py", "web/api/schema.py"},
    "uvicorn": {"serving/protocol.py", "serving/server.py"},
    "starlette": {
        "bandwidth/outbox/metrics.py",
        "bandwidth/receiver/receiver.py",
        "bandwidth/sandbox/api/application.py",
        "web/asgi.py",
    },
    "httpx2": {"bandwidth/sending/transport.py"},
    "httptools": {"bandwidth/sandbox/delivery/posting.py", "serving/protocol.py"},
    "prometheus_client": {"bandwidth/outbox/metrics.py", "bandwidth/receiver/metrics.py"},
    "sqlalchemy": {
        "bandwidth/storing/columns.py",
        "bandwidth/storing/database.py",
        "bandwidth/storing/engines.py",
        "bandwidth/storing/migrations/versions/r0001_events.py",
        "bandwidth/storing/migrations/versions/r0002_outbox.py",
        "bandwidth/storing/migrations/versions/r0003_health.py",
        "bandwidth/storing/migrations/versions/r0004_outbox_columns.py",
        "bandwidth/storing/migrations/versions/r0005_handling.py",
        "bandwidth/storing/handling.py",
        "bandwidth/storing/outbox_adding.py",
        "bandwidth/storing/outbox_rows.py",
        "bandwidth/storing/outbox_table.py",
        "bandwidth/storing/pruning.py",
        "bandwidth/storing/schema.py",
        "bandwidth/storing/store.py",
        "bandwidth/storing/stored_messages.py",
        "bandwidth/storing/tables.py",
        "bandwidth/storing/turns.py",
        "bandwidth/storing/writer.py",
    },
    "alembic": {
        "bandwidth/storing/migrations/env.py",
        "bandwidth/storing/migrations/versions/r0001_events.py",
        "bandwidth/storing/migrations/versions/r0002_outbox.py",
        "bandwidth/storing/migrations/versions/r0003_health.py",
        "bandwidth/storing/migrations/versions/r0004_outbox_columns.py",
        "bandwidth/storing/migrations/versions/r0005_handling.py",
        "bandwidth/storing/migrations/versions/r0006_ids.py",
        "bandwidth/storing/migrations/versions/r0007_event_times.py",
        "bandwidth/storing/schema.py",
    },
    "django": {
        "integrations/django/__init__.py",
        "integrations/django/apps.py",
        "integrations/django/forms.py",
        "integrations/django/models.py",
        "integrations/django/templatetags/septet.py",
        "integrations/django/validators.py",
    },
    "pydantic_core": {"integrations/limits.py"},
    "wtforms": {"integrations/wtforms.py"},
    "jinja2": {"display/pages.py"},
    "markupsafe": {"display/pages.py"},
}
"""The places that may import a package."""

TESTED_BY = {
    "frames/arrow_prices.py": "frames/test_prices.py",
    "_kernels/python/delimited.py": "_kernels/test_delimited.py",
    "_kernels/python/bounds.py": "_kernels/test_bounds.py",
    "_kernels/python/callbacks.py": "arrow/test_export.py",
    "_pyinstaller/hook-septet.py": "test_freezing.py",
    "arrow/callbacks.py": "arrow/test_export.py",
    "_kernels/python/choice.py": "_kernels/test_choice.py",
    "_kernels/python/clusters.py": "_kernels/test_clusters.py",
    "_kernels/python/json_lines.py": "_kernels/test_json_lines.py",
    "_kernels/python/examples.py": "_kernels/test_examples.py",
    "_kernels/python/kernel.py": "_kernels/test_kernel.py",
    "_kernels/python/dictionaries.py": "_kernels/test_tally.py",
    "_kernels/python/wrong_decoding.py": "_kernels/test_wrong_decoding.py",
    "_kernels/python/filling.py": "_kernels/test_filling.py",
    "_kernels/python/hashing.py": "_kernels/test_hashing.py",
    "_kernels/python/savings.py": "_kernels/test_savings.py",
    "_kernels/python/snappy.py": "_kernels/test_snappy.py",
    "_kernels/python/sums.py": "_kernels/test_sums.py",
    "_kernels/python/pages.py": "_kernels/test_pages.py",
    "_kernels/python/parquet.py": "_kernels/test_parquet.py",
    "_kernels/python/rcs.py": "test_rcs.py",
    "_kernels/python/rewriting.py": "_kernels/test_rewriting.py",
    "_kernels/python/tally.py": "_kernels/test_tally.py",
    "_kernels/python/texts.py": "rewriting/test_truncation.py",
    "_kernels/python/values.py": "_kernels/test_values.py",
    "_kernels/python/decoding.py": "wire/test_decoding.py",
    "_kernels/python/wire.py": "wire/test_encoding.py",
    "_kernels/python/writing.py": "_kernels/test_writing.py",
    "costing/estimates/estimate_html.py": "display/test_notebook.py",
    "costing/estimates/fields.py": "costing/estimates/test_estimate_json.py",
    "integrations/django/apps.py": "integrations/django/templatetags/test_septet.py",
    "bandwidth/outbox/tuning.py": "bandwidth/outbox/test_pace.py",
    "bandwidth/reconciliation/invoices/findings.py": (
        "bandwidth/reconciliation/invoices/test_audit.py"
    ),
    "bandwidth/reconciliation/invoices/rows.py": "bandwidth/reconciliation/invoices/test_audit.py",
    "cli/bandwidth/invoice_tables.py": "cli/bandwidth/test_reconcile.py",
    "bandwidth/storing/tables.py": "bandwidth/storing/test_store.py",
    "costing/rates/lists/cells.py": "costing/rates/lists/test_price_list.py",
    "costing/rates/lists/columns.py": "costing/rates/lists/test_price_list.py",
    "costing/rates/lists/merging.py": "costing/rates/lists/test_price_list.py",
    "costing/rates/lists/row_currencies.py": "costing/rates/lists/test_price_list.py",
    "costing/estimates/job.py": "costing/test_run.py",
    "costing/writing/report_texts.py": "costing/writing/test_report.py",
    "costing/insights/counted_batches.py": "costing/estimates/test_accumulator.py",
    "bandwidth/storing/migrations/env.py": "bandwidth/storing/test_database.py",
    "bandwidth/storing/migrations/versions/r0001_events.py": "bandwidth/storing/test_database.py",
    "bandwidth/storing/migrations/versions/r0002_outbox.py": "bandwidth/storing/test_database.py",
    "bandwidth/storing/migrations/versions/r0003_health.py": "bandwidth/storing/test_database.py",
    "bandwidth/storing/migrations/versions/r0004_outbox_columns.py": (
        "bandwidth/storing/test_database.py"
    ),
    "bandwidth/storing/migrations/versions/r0005_handling.py": "bandwidth/storing/test_database.py",
    "bandwidth/storing/migrations/versions/r0006_ids.py": "bandwidth/storing/test_database.py",
    "bandwidth/storing/migrations/versions/r0007_event_times.py": (
        "bandwidth/storing/test_database.py"
    ),
    "cli/bandwidth/accounts.py": "cli/bandwidth/test_send.py",
    "cli/bandwidth/outbox_files.py": "cli/bandwidth/test_outbox.py",
    "cli/bandwidth/shown_events.py": "cli/bandwidth/test_receive.py",
    "bandwidth/storing/outbox_table.py": "bandwidth/storing/test_outbox_rows.py",
    "web/api/problems.py": "web/api/test_schema.py",
}
"""Modules whose tests have another name: those of the kernels run on both implementations."""

FILES = sorted(SOURCE.rglob("*.py")) + sorted(SOURCE.rglob("*.pyx"))


def name_of(path: Path) -> str:
    """Return the dotted name of a module, without `septet`."""
    parts = list(path.relative_to(SOURCE).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts)


MODULES = {name_of(path) for path in [*FILES, *SOURCE.rglob("*.pxd")]}


def longest(module: str, names: set[str]) -> str:
    """Return the longest of some names that a module begins with; else an empty name."""
    while module and module not in names:
        module = module.rpartition(".")[0]
    return module


def part_of(module: str) -> str:
    """Return the part of the source tree that a module belongs to."""
    is_cython = module.startswith("_kernels._")
    return "_kernels.compiled" if is_cython else longest(module, set(LAYERS))


def imports_of(path: Path) -> set[str]:
    """Return what a file imports, relative names made absolute."""
    if path.suffix == ".pyx":
        lines = [
            line.strip().replace(" cimport ", " import ")
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.startswith(("from .", "import "))
        ]
        source = "\n".join(lines)
    else:
        source = path.read_text(encoding="utf-8")
    package = ["septet", *path.relative_to(SOURCE).parts[:-1]]
    imported = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            module = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            imported |= {f"{module}.{alias.name}" for alias in node.names}
    return imported


def modules_of(path: Path) -> set[str]:
    """Return which modules of septet a file imports, without `septet`."""
    imported = {name for name in imports_of(path) if f"{name}.".startswith("septet.")}
    return {longest(name.removeprefix("septet").removeprefix("."), MODULES) for name in imported}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_layers(path) -> None:
    """A module imports only what the table allows."""
    part = part_of(name_of(path))
    for module in modules_of(path):
        other = part_of(module)
        if other != part and LAYERS[other] > 1:
            assert other in MAY_IMPORT[part], f"{part or 'septet'} imports {module or 'septet'}"


def test_the_table_has_no_arrow_upward() -> None:
    """No part may import one above it, and nothing is named that is not there."""
    assert set(MAY_IMPORT) == set(LAYERS)
    for part, others in MAY_IMPORT.items():
        assert all(LAYERS[other] <= LAYERS[part] for other in others), part
    for part in LAYERS:
        assert any(part_of(module) == part for module in MODULES), part


@pytest.mark.parametrize("steps", [COSTING, BANDWIDTH], ids=["costing", "bandwidth"])
def test_steps_inside_a_package(steps) -> None:
    """Inside a package too, imports go in one direction."""
    order = {name: number for number, names in enumerate(steps) for name in names}
    package = min(order, key=len)
    for path in FILES:
        module = name_of(path)
        if longest(module, {package}) != package:
            continue
        part = longest(module, set(order))
        for imported in modules_of(path):
            if longest(imported, {package}) != package:
                continue
            other = longest(imported, set(order))
            is_allowed = other == part or order[other] < order[part]
            is_vocabulary = steps is BANDWIDTH and order[other] == order[part] == 0
            assert is_allowed or is_vocabulary, f"{module} imports {imported}"


def test_no_circles() -> None:
    """No module is imported by what it imports, not even for annotations or inside functions."""
    imports: dict[str, set[str]] = {module: set() for module in MODULES}
    imports |= {name_of(path): modules_of(path) - {name_of(path)} for path in FILES}
    reached: dict[str, set[str]] = {}
    for module in imports:
        reached[module], waiting = set(), [module]
        while waiting:
            for other in imports[waiting.pop()] - reached[module]:
                reached[module].add(other)
                waiting.append(other)
    circles = {
        frozenset(other for other in reached[module] if module in reached[other])
        for module in imports
        if module in reached[module]
    }
    assert circles == CIRCLES


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_third_party_packages_are_imported_in_named_places(path) -> None:
    """Each optional package is imported only where the table says."""
    place = path.relative_to(SOURCE).as_posix()
    for package in packages_of(path):
        assert place in THIRD_PARTY.get(package, set()), f"{place} imports {package}"


def test_every_permission_is_used() -> None:
    """An unused permission is removed from the table."""
    used = {
        (name, path.relative_to(SOURCE).as_posix()) for path in FILES for name in packages_of(path)
    }
    allowed = {(package, place) for package, places in THIRD_PARTY.items() for place in places}
    assert allowed - used == set()


def packages_of(path: Path) -> set[str]:
    """Return which third-party packages a file imports."""
    names = {module.partition(".")[0] for module in imports_of(path)}
    return names - {"septet", ""} - set(sys.stdlib_module_names)


@pytest.mark.parametrize("path", FILES + sorted(SOURCE.rglob("*.h")), ids=lambda path: path.name)
def test_no_file_is_too_long(path) -> None:
    """About 400 lines; only the tables of the standards are longer."""
    if path.name in ("alphabet_data.py", "unicode_data.py"):  # the second is generated
        return
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_every_module_has_its_test() -> None:
    """`tests/` mirrors `src/septet/`: each module has a test module of its name."""
    tests = Path(__file__).parent
    for path in SOURCE.rglob("*.py"):
        place = path.relative_to(SOURCE)
        if place.name in ("__init__.py", "__main__.py") or place.name.endswith("_data.py"):
            continue
        expected = TESTED_BY.get(place.as_posix(), place.with_name(f"test_{place.name}"))
        assert (tests / expected).exists(), f"{place} has no tests/{expected}"
    for module in chain(TESTED_BY, chain.from_iterable(THIRD_PARTY.values())):
        assert (SOURCE / module).exists(), module
