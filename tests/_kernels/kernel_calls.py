"""Call compiled kernels on seeded rows: `python kernel_calls.py NAME`, for test_instructions.

Without a name, everything is made ready and nothing is called. Each run makes the same rows.
"""

from __future__ import annotations

import sys
from array import array
from itertools import accumulate
from random import Random

import septet
from septet._kernels import PrefixIndex
from septet.arrow.export import Exported, export_array
from septet.columns.surveys import find_prefixes

_ROWS = 5_000
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


_NUMBERS = [f"+{(1, 44, 1876, 999)[row % 4]}{2_000_000_000 + row}" for row in range(_ROWS)]

TEXTS = _texts()
COLUMN = _Column(TEXTS)
NUMBERS = _Column(_NUMBERS)
PREFIXES = PrefixIndex(("1", "44", "1876", "33"))
CLUSTERS = septet.Segmenter(keep_graphemes=True)

CALLS = {
    "count_many": lambda: septet.count_many(COLUMN),
    "count_many, keep_graphemes": lambda: CLUSTERS.count_many(COLUMN),
    "count": lambda: [septet.count(text) for text in TEXTS],
    "split": lambda: [septet.split(text) for text in TEXTS],
    "match_many": lambda: find_prefixes(PREFIXES, NUMBERS),
}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        CALLS[name]()
