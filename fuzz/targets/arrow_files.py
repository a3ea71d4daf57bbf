"""An Arrow or Parquet file through `estimate`: an estimate, or an error of one line.

Input: one octet that selects the columns and the output, and one for the kind of file; then the
file. pyarrow trusts what it does not validate, so a file that was not checked ends the process.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from septet.costing import RateCard, estimate
from septet.exceptions import SourceError

FOLDER = Path(tempfile.mkdtemp())
SOURCES = [FOLDER / f"messages.{suffix}" for suffix in ("arrow", "arrows", "parquet")]
OUTPUTS = [FOLDER / "priced.csv", FOLDER / "priced.parquet", None]
TEXTS = [
    {"text": "body"},
    {"text": "view"},
    {"text": "category"},
    {"template": "Hi {body}, {number}"},
]
CARD = RateCard.from_rows([{"prefix": "1", "price": "0.01", "currency": "USD"}])
MAX_REASON = 2_000
atexit.register(shutil.rmtree, FOLDER)


def target(octets: bytes) -> None:
    """Estimate the file, and write its messages."""
    choice, kind = octets[:2].ljust(2, b"\0")
    source = SOURCES[kind % len(SOURCES)]
    source.write_bytes(octets[2:])
    by = ("category", "number") if choice & 4 else ()
    output = OUTPUTS[(choice >> 3) % len(OUTPUTS)]
    threads = 1 + (choice >> 7)
    options = TEXTS[choice & 3]
    try:
        found = estimate(
            source, to="phone", by=by, rates=CARD, output=output, threads=threads, **options
        )
    except SourceError as error:
        reason = str(error)
        assert reason.startswith(os.fspath(source)), reason
        assert "\n" not in reason, reason
        assert len(reason) < MAX_REASON, reason
        assert [path.name for path in FOLDER.iterdir()] == [source.name]
    else:
        assert found.rows >= found.messages
        if output is not None:
            output.unlink()
    source.unlink()
