"""Call compiled kernels on seeded rows: `python kernel_calls.py NAME`, for test_instructions.

Each run makes the same rows, and calls each kernel once before those that are named,
which are called ten times.
"""

from __future__ import annotations

import csv
import gc
import json
import sys
import tempfile
from array import array
from itertools import accumulate
from pathlib import Path
from random import Random

import septet
from septet.arrow.export import Exported, export_array
from septet.costing import open_source

_ROWS = 3_000
_TIMES = 10  # so that what differs between two starts of Python is small
_WORDS = (
    *("your order has left our store and will arrive on Monday see you at 7pm " * 8).split(),
    *("[1/2] {name} yes|no 15€ café Grüße señor Δt " * 2).split(),
    *("👍🏽", "ждём", "您的", "订单", "🎉🎉", "’til"),
)


def _texts() -> list[str]:
    rng = Random(19)
    return [
        " ".join(
            _WORDS[int(rng.random() * len(_WORDS))]
            for _ in range(4 + int(rng.random() * (20 if row % 20 else 150)))
        )
        for row in range(_ROWS)
    ]


class _Column:
    """Texts in Arrow memory; made without pyarrow, whose start would be counted too."""

    def __init__(self, texts: list[str]) -> None:
        rows = [text.encode() for text in texts]
        offsets = array("i", accumulate(map(len, rows), initial=0))
        self._array = Exported("u", len(rows), 0, [None, offsets, b"".join(rows)], {}, None)

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        return export_array(self._array)


def _write_files(folder: Path) -> None:
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("phone", "body"), *zip(_NUMBERS, TEXTS, strict=True)])
    with (folder / "rows.jsonl").open("w", encoding="utf-8") as file:
        for number, text in zip(_NUMBERS, TEXTS, strict=True):
            file.write(json.dumps({"phone": number, "body": text}, ensure_ascii=False) + "\n")


def _read(path: Path) -> int:
    with open_source(path, "body", "phone") as source:
        return sum(len(batch.texts) for batch in source)


_NUMBERS = [f"+{(1, 44, 1876, 999)[row % 4]}{2_000_000_000 + row}" for row in range(_ROWS)]

TEXTS = _texts()
COLUMN = _Column(TEXTS)
CLUSTERS = septet.Segmenter(keep_graphemes=True)

CALLS = {
    "count": lambda _: [septet.count(text) for text in TEXTS],
    "split": lambda _: [septet.split(text) for text in TEXTS],
    "encode": lambda _: [septet.encode(text) for text in TEXTS],
    "count_many": lambda _: septet.count_many(COLUMN),
    "count_many, keep_graphemes": lambda _: CLUSTERS.count_many(COLUMN),
    "transliterate_many": lambda _: septet.transliterate_many(COLUMN),
    "CSV": lambda folder: _read(folder / "rows.csv"),
    "JSON Lines": lambda folder: _read(folder / "rows.jsonl"),
}

if __name__ == "__main__":
    gc.disable()  # it runs when some number of objects is reached
    with tempfile.TemporaryDirectory() as name:
        _write_files(Path(name))
        # All of them once, so that what is loaded on first use is in no difference.
        for call in (*CALLS, *sys.argv[1:] * _TIMES):
            CALLS[call](Path(name))
