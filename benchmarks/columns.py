"""Compare columns with other ways to read the same memory: `python benchmarks/columns.py`.

One million seeded messages of about 120 bytes of UTF-8, plain ASCII and mixed. All calls take turns
within one run. Prints best and median times, the ratios of the medians, and the project's targets
("bound").
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable
from threading import Thread

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

import septet
from septet.benchmarks import corpora, timing
from septet.benchmarks.columns import count_with_polars

_ROWS = 1_000_000
_FASTEST_CORRECT = 266_000
"""Messages a second of warthog618/sms v0.3.0 (Go) on one core, with a corpus like the mixed one. It
is the fastest known library that counts all of them correctly. The value is not measured here.
"""


def _calls(texts: list[str]) -> dict[str, Callable[[], object]]:
    """Return all calls that are timed, by name."""
    count = septet.count_many
    national = septet.Segmenter(languages=list(septet.Language))
    graphemes = septet.Segmenter(keep_graphemes=True)
    counts = count(texts)
    utf8, view = pa.array(texts), pa.array(texts, pa.string_view())
    series, pandas = pl.Series(texts), pd.Series(texts)
    data = np.frombuffer(utf8.buffers()[2], dtype=np.uint8)
    words = data[: len(data) // 8 * 8].view(np.uint64)
    first, second = np.array_split(words, 2)

    def sum_halves() -> None:
        other = Thread(target=second.sum)
        other.start()
        first.sum()
        other.join()

    return {
        "numpy.sum": words.sum,
        "numpy.sum, 2 threads": sum_halves,
        "utf8": lambda: count(utf8),
        "utf8, 2 threads": lambda: count(utf8, threads=2),
        "utf8, all languages": lambda: national.count_many(utf8),
        "utf8_view": lambda: count(view),
        "Polars": lambda: count(series),
        "pandas": lambda: count(pandas),
        "list": lambda: count(texts),
        "sum(map(len))": lambda: sum(map(len, texts)),
        "keep_graphemes": lambda: graphemes.count_many(utf8),
        "transliterate_many, punctuation": lambda: septet.transliterate_many(utf8),
        "transliterate_many, all": lambda: septet.transliterate_many(utf8, "all"),
        "Column.sum": counts.sum,
        "Polars expressions": lambda: count_with_polars(series),
    }


def _ratios(took: dict[str, float], *, is_mixed: bool) -> list[tuple[str, float, str]]:
    """Return (name, ratio, bound)."""
    ratios = [
        ("speed / numpy", took["numpy.sum"] / took["utf8"], f">= {0.35 if is_mixed else 0.7}"),
        ("speed, 2 threads / 1", took["utf8"] / took["utf8, 2 threads"], ">= 1.85"),
        ("  numpy, 2 threads / 1", took["numpy.sum"] / took["numpy.sum, 2 threads"], ""),
        (
            "  speed / numpy, 2 threads each",
            took["numpy.sum, 2 threads"] / took["utf8, 2 threads"],
            "" if is_mixed else ">= 0.9",
        ),
        ("time, keep_graphemes / none", took["keep_graphemes"] / took["utf8"], "<= 3"),
        ("time, all languages / none", took["utf8, all languages"] / took["utf8"], "<= 5"),
        ("time, list / len", took["list"] / took["sum(map(len))"], "<= 1.5"),
        ("ns a row, Column.sum", took["Column.sum"] * 1e6 / _ROWS, "<= 1"),
        ("speed / Polars expressions", took["Polars expressions"] / took["Polars"], ">= 5"),
    ]
    if is_mixed:
        rate = _ROWS / took["utf8"] * 1e3
        ratios.append(("speed / fastest correct (266 k/s)", rate / _FASTEST_CORRECT, ">= 150"))
        for level, bound in (("punctuation", 4), ("all", 10)):
            time = took[f"transliterate_many, {level}"]
            ratios.append((f"time, {level} / count_many", time / took["utf8"], f"<= {bound}"))
    return ratios


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="rounds of every call (15)")
    rounds: int = parser.parse_args().rounds
    print(
        f"septet {septet.__version__}, {septet.IMPLEMENTATION} implementation, "
        f"CPython {platform.python_version()}, {platform.machine()}; median of {rounds} rounds"
    )
    print("count_many unless another call is named; numpy.sum adds the same bytes, 8 at a time")
    for name, make in (
        ("plain ASCII", corpora.bulk_ascii),
        ("mixed: 70 % ASCII, 10 % extension, 10 % accented, 10 % UCS-2", corpora.bulk_mixed),
    ):
        texts = make(_ROWS)
        size = sum(len(text.encode()) for text in texts) / _ROWS
        print(f"\n{_ROWS:,} messages of {size:.0f} bytes on average, {name}")
        times = timing.times(_calls(texts), rounds)
        print(f"  {'call':<34}{'best ms':>9}{'median':>9}{'M/s':>9}")
        for call, (best, median) in times.items():
            print(f"  {call:<34}{best:>9.1f}{median:>9.1f}{_ROWS / median / 1e3:>9.1f}")
        print(f"  {'ratio':<34}{'':>9}{'':>9}{'bound':>9}")
        medians = {call: median for call, (_, median) in times.items()}
        for what, ratio, bound in _ratios(medians, is_mixed=make is corpora.bulk_mixed):
            print(f"  {what:<34}{'':>9}{ratio:>9.2f}{bound:>9}")


if __name__ == "__main__":
    main()
