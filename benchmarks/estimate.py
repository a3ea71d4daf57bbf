"""Compare `septet estimate` with others on a large Parquet file: `python benchmarks/estimate.py`.

`python -m septet.benchmarks files` does the same with smaller files of all kinds.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from septet.benchmarks import files, results, tables


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="rounds, in turns (5)")
    parser.add_argument("--rows", type=int, default=20_000_000, help="rows (20,000,000)")
    parser.add_argument("--folder", type=Path, help="where the campaign is written")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        path = Path(folder) / "campaign.parquet"
        files.write_campaign(path, arguments.rows)
        rows = files.compare(files.PARQUET, path, arguments.rows, arguments.rounds)
    print(results.describe_machine(files.PACKAGES, arguments.rounds))
    print(tables.table(results.Group("", "", "file", rows, [], [])))


if __name__ == "__main__":
    main()
