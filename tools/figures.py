"""Put the figures of benchmarks/figures.json into the README, docs/performance.md and pictures.

    python -m septet.benchmarks --json benchmarks/figures.json
    python tools/figures.py

Tables are replaced by those that `septet.benchmarks` prints, and so is the line about the machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from septet.benchmarks.chart import draw
from septet.benchmarks.results import Results
from septet.benchmarks.tables import table

ROOT = Path(__file__).resolve().parent.parent
_PAGES = ("README.md", "docs/performance.md")


def contents() -> Iterator[tuple[Path, str]]:
    """Yield each file that has figures, and what it must contain."""
    figures = (ROOT / "benchmarks/figures.json").read_text("utf-8")
    results = Results.from_dict(json.loads(figures))
    for name, group in results.groups.items():
        yield ROOT / f"docs/images/speed-{name}.svg", draw([group])
    for name in _PAGES:
        page = (ROOT / name).read_text("utf-8")
        for group in results.groups.values():
            page = _replace(rf"^\| {group.heading} +\|  .*\n(\|.*\n)+", f"{table(group)}\n", page)
        yield ROOT / name, _replace(r"^septet .* rounds in turns; .*", results.machine, page)


def _replace(pattern: str, replacement: str, page: str) -> str:
    return re.sub(pattern, lambda match: replacement, page, flags=re.MULTILINE)


if __name__ == "__main__":
    for path, content in contents():
        path.write_text(content, "utf-8")
