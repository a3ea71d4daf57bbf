"""A rate file: gives a card, or an error that names the file.

Input: one octet, odd for TOML and even for CSV; then the file.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from septet.costing import RateCard
from septet.exceptions import RateCardError

FOLDER = Path(tempfile.mkdtemp())
PATHS = [FOLDER / "rates.csv", FOLDER / "rates.toml"]
atexit.register(shutil.rmtree, FOLDER)


def read(path: Path) -> RateCard | str:
    """Return the card, or the error as text."""
    try:
        return RateCard.read(path)
    except RateCardError as error:
        return str(error)


def target(octets: bytes) -> None:
    """Read the card, run its checks, and look up its own prefixes."""
    path = PATHS[octets[0] & 1] if octets else PATHS[0]
    path.write_bytes(octets[1:])
    card = read(path)
    if isinstance(card, str):
        assert os.fspath(path) in card, card
        return
    card.check()
    assert len(card.fingerprint) == 32
    for rate in card.rates:
        if len(rate.prefix) > 1:
            assert card.match(f"+{rate.prefix}") == rate
        assert rate.cost(3) >= 0
