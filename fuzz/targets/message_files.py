"""A file of messages, CSV or JSON Lines: an estimate that adds up, or an error that names the file.

Input: one octet, whose last bit chooses the kind of file (even for CSV), the next whether it is
compressed again with gzip, and the next whether every row is written too; then the file.
"""

from __future__ import annotations

import atexit
import gzip
import os
import shutil
import tempfile
from pathlib import Path

from septet.costing import Estimate, estimate
from septet.exceptions import SourceError

FOLDER = Path(tempfile.mkdtemp())
PATHS = [FOLDER / "messages.csv", FOLDER / "messages.jsonl"]
OUTPUT = FOLDER / "priced.csv"
atexit.register(shutil.rmtree, FOLDER)


def read(path: Path, output: Path | None) -> Estimate | str:
    """Return the estimate, or the error as text."""
    try:
        return estimate(path, text="body", to="to", output=output)
    except SourceError as error:
        return str(error)


def target(octets: bytes) -> None:
    """Estimate the file."""
    flags = octets[0] if octets else 0
    path = PATHS[flags & 1]
    path.write_bytes(gzip.compress(octets[1:], 1) if flags & 2 else octets[1:])
    output = OUTPUT if flags & 4 else None
    found = read(path, output)
    if isinstance(found, str):
        assert os.fspath(path) in found, found
        return
    assert len(found.unreadable.examples) == min(found.unreadable.count, 5)
    assert found.segments >= found.messages
    rows = found.to_dict()["rows"]
    assert rows == found.messages + found.without_text + found.unreadable.count
    if output is None or flags & 1:
        return
    again = estimate(output, text="body", to="to")
    assert (again.messages, again.segments) == (found.messages, found.segments)
