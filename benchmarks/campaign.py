"""Compare a template campaign with reading its columns: `python benchmarks/campaign.py`.

Writes seeded recipients to Parquet. Then reads their three columns with pyarrow alone, and runs
`septet estimate` with a rate card, a template of two fields and a report. The two take turns, each
in its own process. Prints the median times, their ratio, and the median peak memory of `septet
estimate`.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import tempfile
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import septet
from septet.benchmarks.files import PREFIXES, timed

_CHUNK = 1_000_000
_RATES = Path(__file__).parents[1] / "examples/rates.csv"
_TEMPLATE = (
    "Hi {name}, your order {order} has left our warehouse and will be with you tomorrow between "
    "9 and 12. Another day: https://example.com/d"
)
_FIRST = ("Ana", "Paul", "José", "André", "Jürgen", "Christopher", "Bob", "Aisha", "Ingrid", "Li")
_SYLLABLES = ("ber", "son", "mar", "ti", "nez", "hol", "stein", "ka", "wa", "do", "ro", "ley")
_FOREIGN = ("Łukasz", "Zoë", "Chloë", "Şebnem", "Ștefan", "Nguyễn")  # one name in twenty

# A separate program, because this file's imports would take a good part of the time.
_READ = """
import sys
import pyarrow.parquet as pq
file = pq.ParquetFile(sys.argv[1], buffer_size=1 << 20, pre_buffer=False)  # as septet reads it
columns = ["phone", "name", "order"]
print(sum(batch.num_rows for batch in file.iter_batches(32_768, columns=columns)))
"""


def _write(path: Path, rows: int) -> None:
    rng = Random(1)
    names, prefixes = [], []
    for _ in range(_CHUNK):
        first = rng.choice(_FOREIGN if rng.random() < 0.05 else _FIRST)
        last = "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4)))
        names.append(f"{first} {last.capitalize()}")
        prefixes.append(f"+{rng.choice(PREFIXES)}")
    pool = pa.table({"name": names, "prefix": prefixes})
    schema = pa.schema([(name, pa.string()) for name in ("phone", "name", "order")])
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, rows, _CHUNK):
            chunk = pool.slice(0, rows - start)
            numbers = pa.array(range(start, start + len(chunk)))
            digits = pc.add(numbers, 2_000_000_000).cast(pa.string())
            phones = pc.binary_join_element_wise(chunk["prefix"], digits, "")
            orders = pc.multiply(numbers, 7).cast(pa.string())
            table = pa.table([phones, chunk["name"], orders], schema=schema)
            writer.write_table(table, row_group_size=_CHUNK)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="rounds of every pair (3)")
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows (10,000,000)")
    arguments = parser.parse_args()
    print(
        f"septet {septet.__version__}, {septet.IMPLEMENTATION} implementation, "
        f"CPython {platform.python_version()}, pyarrow {pa.__version__}; "
        f"median of {arguments.rounds} rounds"
    )
    print(f"{'recipients':<14}{'read s':>9}{'estimate s':>12}{'ratio':>8}{'bound':>7}{'MB':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for rows in (arguments.rows // 10, arguments.rows):
            path = Path(folder) / f"{rows}.parquet"
            _write(path, rows)
            read = [sys.executable, "-c", _READ, str(path)]
            estimate = [sys.executable, "-m", "septet", "estimate", str(path), "--to", "phone"]
            estimate += ["--template", _TEMPLATE, "--rates", str(_RATES), "--json"]
            estimate += ["--report", str(Path(folder) / "report.html")]
            rounds = [(timed(read), timed(estimate)) for _ in range(arguments.rounds)]
            reading = statistics.median(reads.seconds for reads, _ in rounds)
            taken = statistics.median(estimates.seconds for _, estimates in rounds)
            memory = statistics.median(estimates.megabytes for _, estimates in rounds)
            print(
                f"{rows:<14,}{reading:>9.2f}{taken:>12.2f}{taken / reading:>8.2f}{2:>7}"
                f"{memory:>7.0f}"
            )
            path.unlink()


if __name__ == "__main__":
    main()
