"""Columns against what reads the same memory: `python benchmarks/columns.py`.

One million seeded messages; each pair is timed in turns within one run, and the medians are printed
with their ratio. Figures only: nothing here passes or fails.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from collections.abc import Callable
from random import Random

import numpy as np
import polars as pl
import pyarrow as pa

import corpora
import septet

_ROWS = 1_000_000
_DISTINCT = 100_000


def _ascii() -> list[str]:
    rng = Random(1)
    texts = corpora.short_ascii(2 * _DISTINCT)
    return [f"{texts[i]} {texts[-i]}"[: 60 + int(rng.random() * 120)] for i in range(_DISTINCT)]


def _medians(calls: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median milliseconds of each call, all taking turns."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            taken[name].append((time.perf_counter() - start) * 1e3)
    return {name: statistics.median(times) for name, times in taken.items()}


def _polars_way(texts: pl.Series) -> object:
    """What a Polars user would write without septet (boundaries and emoji not minded)."""
    frame = pl.DataFrame({"t": texts})
    text = pl.col("t")
    is_gsm7 = text.str.contains(
        r"^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !-?A-ZÄÖÑÜ§¿a-zäöñüà\f^{}\\\[~\]|€¤¡]*$"
    )
    septets = text.str.len_chars() + text.str.count_matches(r"[\f^{}\\\[~\]|€]")
    gsm7 = pl.when(septets <= 160).then(1).otherwise((septets + 152) // 153)
    ucs2 = pl.when(text.str.len_chars() <= 70).then(1).otherwise((text.str.len_chars() + 66) // 67)
    return frame.select(pl.when(is_gsm7).then(gsm7).otherwise(ucs2))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="rounds of every pair (15)")
    rounds: int = parser.parse_args().rounds
    print(
        f"septet {septet.__version__}, {septet.IMPLEMENTATION} twin, "
        f"CPython {platform.python_version()}, {platform.machine()}; median of {rounds} rounds, ms"
    )
    for name, texts in (("ASCII", _ascii()), ("mixed", corpora.mixed(_DISTINCT))):
        rows = texts * (_ROWS // len(texts))
        column = pa.array(rows)
        octets = np.frombuffer(column.buffers()[2], dtype=np.uint8)
        words = octets[: len(octets) // 8 * 8].view(np.uint64)
        frame = pl.Series(rows)
        took = _medians(
            {
                "numpy sum of the same octets": words.sum,
                "count_many, Arrow utf8": lambda column=column: septet.count_many(column),
                "count_many, two threads": lambda column=column: septet.count_many(
                    column, threads=2
                ),
                "analyze_many, Arrow utf8": lambda column=column: septet.analyze_many(column),
                "count_many, Polars": lambda frame=frame: septet.count_many(frame),
                "sum(map(len, texts))": lambda rows=rows: sum(map(len, rows)),
                "count_many, list of str": lambda rows=rows: septet.count_many(rows),
            },
            rounds,
        )
        took |= _medians({"Polars expressions": lambda frame=frame: _polars_way(frame)}, 3)
        print(f"{name}: {len(octets) / len(rows):.0f} octets a message")
        for call, milliseconds in took.items():
            print(f"  {call:<30}{milliseconds:>9.1f}{len(rows) / milliseconds / 1e3:>9.1f} M/s")
        one, two = took["count_many, Arrow utf8"], took["count_many, two threads"]
        print(
            f"  ratios: to numpy {took['numpy sum of the same octets'] / one:.2f}, "
            f"two threads {one / two:.2f}, "
            f"list to len {took['count_many, list of str'] / took['sum(map(len, texts))']:.2f}, "
            f"to Polars expressions {took['Polars expressions'] / took['count_many, Polars']:.1f}"
        )


if __name__ == "__main__":
    main()
