"""Draw the pictures of docs/architecture.md: docs/images/way-of-*.svg.

    python tools/diagrams.py

Each picture is a chain of steps: a module of `src/septet/`, and what it does. A test checks that
the modules exist and that the pictures are what this program draws.
"""

from __future__ import annotations

import html
import textwrap
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs/images"

_WIDTH = 760
_BOX = 250  # width of the boxes with the names of modules
_LINE = 18
_GAP = 26
_CHARACTERS = 62  # in a line of what a step does


class Step(NamedTuple):
    """A step of a way.

    Attributes:
        module: A file or folder below `src/septet/`.
        does: What happens there.
        gives: What goes to the next step; shown beside the arrow.
    """

    module: str
    does: str
    gives: str = ""


WAYS: dict[str, tuple[str, list[Step]]] = {
    "way-of-a-text": (
        "septet.split(text)",
        [
            Step("segmentation/segmenter.py", "Segmenter has Rules and a kernel", "str"),
            Step(
                "rules/rules.py",
                "Rules: options, checked and frozen; make_kernel computes pairs of tables and "
                "capacities once, when the Segmenter is made",
                "integers",
            ),
            Step("_kernels/__init__.py", "the implementation that was chosen at import", "str"),
            Step(
                "_kernels/c/scan_choice.h",
                "classifies and counts in one pass, chooses the encoding (in Python: "
                "python/choice.py)",
                "encoding, units",
            ),
            Step("_kernels/c/scan.h", "finds where segments end", "ends of segments"),
            Step("segmentation/segmenter.py", "makes a Segment of each"),
        ],
    ),
    "way-of-a-column": (
        "septet.count_many(column)",
        [
            Step("segmentation/segmenter.py", "Segmenter.count_many", "any column"),
            Step(
                "columns/counting.py",
                "takes lists, Arrow, NumPy and pandas columns apart into lists and Arrow chunks",
                "lists, chunks",
            ),
            Step(
                "arrow/structures.py",
                "reads and checks the structures of the Arrow C data interface",
                "addresses of buffers",
            ),
            Step(
                "columns/counting.py", "divides the rows into slices for the threads", "first, stop"
            ),
            Step(
                "_kernels/c/scan_column.h",
                "counts the rows of a slice without the GIL (in Python: python/kernel.py)",
                "segments, units, encodings",
            ),
            Step("columns/column_types.py", "Column, AnalysisColumns: the results", "Column"),
            Step("arrow/export.py", "offers them to Arrow and NumPy without a copy"),
        ],
    ),
    "way-of-a-campaign": (
        "septet estimate campaign.parquet --text body --to phone --rates rates.csv",
        [
            Step(
                "cli/commands/estimate/command.py",
                "reads the options, prints the tables",
                "options",
            ),
            Step("costing/rates/lists", "reads the rate card or price list (card.py)", "RateCard"),
            Step(
                "costing/reading/campaigns.py",
                "finds the files, and reads each with the module for its format",
                "batches",
            ),
            Step("costing/run.py", "gives batches to the threads, each with an Estimate", "Batch"),
            Step(
                "costing/estimates/accumulator.py",
                "counts the texts (columns/), finds the rates (rates/card.py), adds both up",
                "sums",
            ),
            Step("costing/insights", "savings, and effects of the template's fields", "sums"),
            Step(
                "costing/estimates/estimate.py",
                "Estimate: adds the threads' estimates, computes the figures",
                "figures",
            ),
            Step("costing/writing", "the priced file, the report"),
        ],
    ),
    "way-of-a-callback": (
        "POST / to septet bandwidth receive --store sqlite:///events.db",
        [
            Step("serving", "runs the ASGI application, with limits", "HTTP request"),
            Step(
                "bandwidth/receiver/receiver.py",
                "checks the credentials, reads the body up to a limit",
                "bytes",
            ),
            Step("bandwidth/callbacks.py", "parses any bytes, never raises", "events"),
            Step(
                "bandwidth/storing/writer.py",
                "queues the insert; one transaction for everything that is queued",
                "transaction",
            ),
            Step("bandwidth/storing/store.py", "keeps each event once", "commit"),
            Step("bandwidth/receiver/receiver.py", "answers 204, after the commit", "later"),
            Step("bandwidth/outcomes.py", "derives one outcome for each recipient from the events"),
        ],
    ),
}


def draw(title: str, steps: list[Step]) -> str:
    """Return a way as SVG."""
    y = 44
    parts = []
    for number, step in enumerate(steps):
        lines = textwrap.wrap(step.does, _CHARACTERS)
        height = max(34, _LINE * len(lines) + 14)
        middle = y + height / 2 + 5
        first = middle - _LINE * (len(lines) - 1) / 2
        parts += [
            f'<rect class="box" x="12" y="{y}" width="{_BOX}" height="{height}" rx="6"/>',
            _text(24, middle, step.module, "module"),
            *(
                _text(_BOX + 30, first + _LINE * index, line, "does")
                for index, line in enumerate(lines)
            ),
        ]
        y += height
        if number < len(steps) - 1:
            middle = 12 + _BOX / 2
            parts += [
                f'<path class="arrow" d="M{middle:g} {y} v{_GAP - 7}"/>',
                f'<path class="head" d="M{middle - 5:g} {y + _GAP - 9} l5 9 l5 -9 z"/>',
                _text(middle + 14, y + 18, step.gives, "gives"),
            ]
            y += _GAP
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y + 14}" role="img">
<title>{_escaped(title)}</title>
<style>
text {{ font: 13.5px system-ui, sans-serif; fill: #24292f; }}
.title {{ font-weight: 600; font-size: 15px; }}
.module {{ font-family: ui-monospace, monospace; font-size: 12.5px; font-weight: 600; }}
.gives {{ font-style: italic; fill: #57606a; font-size: 12.5px; }}
.page {{ fill: #ffffff; }}
.box {{ fill: #eaf2fb; stroke: #6a9bd1; }}
.arrow {{ stroke: #57606a; stroke-width: 1.5; fill: none; }}
.head {{ fill: #57606a; }}
</style>
<rect class="page" width="{_WIDTH}" height="{y + 14}" rx="8"/>
{_text(12, 28, title, "title")}
{chr(10).join(parts)}
</svg>
"""


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{_escaped(text)}</text>'


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


if __name__ == "__main__":
    for name, (title, steps) in WAYS.items():
        (IMAGES / f"{name}.svg").write_text(draw(title, steps), encoding="utf-8")
