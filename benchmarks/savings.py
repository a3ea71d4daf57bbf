"""Measure the savings of `advise`: `python benchmarks/savings.py messages.csv --text body`.

Reads the texts of any file that `septet estimate` reads. Prints their segments before and after
`advise`, at each installed level, and the time of `transliterate_many` compared with a loop over
`transliterate`.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable

import pyarrow as pa

import septet
from septet.benchmarks import timing
from septet.costing import open_source

_LEVELS = ("punctuation", "letters", "all")


def _texts(path: str, column: str) -> list[str]:
    with open_source(path, column) as source:
        return [text for batch in source for text in pa.array(batch.texts).to_pylist() if text]


def _print_savings(texts: list[str], levels: tuple[str, ...]) -> None:
    before = septet.count_many(texts).sum()
    several = sum(count > 1 for count in septet.count_many(texts))
    print(f"{len(texts):,} messages, {before:,} segments; {several:,} messages take several")
    print(f"  {'advise up to':<16}{'segments':>10}{'saved':>9}{'share':>8}{'messages':>10}")
    for level in levels:
        advice = [septet.advise(text, level) for text in texts]
        after = sum(each.segments_after for each in advice)
        changed = sum(bool(each.changes) for each in advice)
        saved = before - after
        print(f"  {level:<16}{after:>10,}{saved:>9,}{saved / before:>8.2%}{changed:>10,}")
    ends = sum(bool(each.line_ends) for each in advice)
    print(f"  messages in which line ends alone would save: {ends:,}")


def _print_speed(texts: list[str], levels: tuple[str, ...], rounds: int) -> None:
    column = pa.array(texts)
    print(f"  {'level':<16}{'loop, ms':>10}{'list, ms':>10}{'utf8, ms':>10}{'loop to utf8':>14}")
    for level in levels:
        calls: dict[str, Callable[[], object]] = {
            "loop": lambda level=level: [septet.transliterate(text, level).text for text in texts],
            "list": lambda level=level: septet.transliterate_many(texts, level),
            "utf8": lambda level=level: septet.transliterate_many(column, level),
        }
        took = timing.medians(calls, rounds)
        times = "".join(f"{took[name]:>10.0f}" for name in calls)
        print(f"  {level:<16}{times}{took['loop'] / took['utf8']:>14.2f}")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("path", help="any file that `septet estimate` reads")
    parser.add_argument("--text", default="text", help="the column of texts (text)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of every timed call (5)")
    arguments = parser.parse_args()
    try:
        septet.transliterate("", "all")
        levels = _LEVELS
    except septet.MissingExtraError:
        levels = _LEVELS[:1]
    print(
        f"septet {septet.__version__}, {septet.IMPLEMENTATION} implementation, "
        f"CPython {platform.python_version()}, {platform.machine()}"
    )
    texts = _texts(arguments.path, arguments.text)
    _print_savings(texts, levels)
    _print_speed(texts, levels, arguments.rounds)


if __name__ == "__main__":
    main()
