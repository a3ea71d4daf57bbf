"""Measure how fast a rate card finds rates for numbers: `python benchmarks/rates.py`.

Ten million seeded numbers in an Arrow array, at least half of them covered by the card, and a tenth
of them in a list. For comparison, pyarrow compares the same array with one prefix. All calls take
turns. Prints the medians.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import septet
from septet.benchmarks import timing
from septet.costing import RateCard

_EXAMPLE = Path(__file__).parents[1] / "examples/rates.csv"


def _card(size: int) -> RateCard:
    """Return a card with many prefixes of 1 to 7 digits, some of which begin with others."""
    rng = np.random.default_rng(size)
    prefixes: set[str] = set()
    while len(prefixes) < size:
        prefixes |= {
            str(n)[: 1 + n % 7] for n in rng.integers(1_000_000, 10_000_000, size).tolist()
        }
    rates = sorted(prefixes)[:: max(1, len(prefixes) // size)][:size]
    return RateCard.from_rows(
        {"prefix": prefix, "price": "0.01", "currency": "EUR"} for prefix in rates
    )


def _numbers(card: RateCard, count: int) -> pa.Array:
    """Return numbers of 9 to 15 digits; half of them are made from a prefix of the card."""
    rng = np.random.default_rng(1)
    prefixes = np.array([int(rate.prefix) for rate in card.rates])
    numbers = rng.choice(prefixes, count) * 10**8 + rng.integers(0, 10**8, count)
    other = rng.random(count) < 0.5
    numbers[other] = rng.integers(10**9, 10**12, other.sum())
    return pc.binary_join_element_wise("+", pa.array(numbers).cast(pa.string()), "")


def _row(name: str, card: RateCard, numbers: pa.Array, rounds: int) -> Sequence[object]:
    listed = numbers[: len(numbers) // 10].to_pylist()
    taken = timing.medians(
        {
            "array": lambda: card.match_many(numbers),
            "list": lambda: card.match_many(listed),
            "starts_with": lambda: pc.starts_with(numbers, "49"),
        },
        rounds,
    )
    indexes = np.frombuffer(card.match_many(numbers), dtype=np.int32)
    seconds = {call: f"{milliseconds / 1e3:.2f}" for call, milliseconds in taken.items()}
    share = f"{(indexes >= 0).mean():.0%}"
    return name, len(card), share, seconds["array"], seconds["list"], seconds["starts_with"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="rounds of every call (5)")
    parser.add_argument("--numbers", type=int, default=10_000_000, help="numbers (10,000,000)")
    arguments = parser.parse_args()
    print(
        f"septet {septet.__version__}, {septet.IMPLEMENTATION} implementation, "
        f"CPython {platform.python_version()}, pyarrow {pa.__version__}; "
        f"{arguments.numbers:,} numbers, median of {arguments.rounds} rounds"
    )
    line = "{:<12}{:>10}{:>8}{:>10}{:>16}{:>16}"
    print(line.format("card", "prefixes", "found", "array s", "list s (1/10)", "starts_with s"))
    cards = {"example": RateCard.read(_EXAMPLE), "medium": _card(1_000), "large": _card(50_000)}
    for name, card in cards.items():
        print(line.format(*_row(name, card, _numbers(card, arguments.numbers), arguments.rounds)))


if __name__ == "__main__":
    main()
