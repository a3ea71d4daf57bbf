"""Hashes texts with a secret key, to find messages that were sent before.

`_compiled_hashing` has other hashes, by which the same messages are found.
"""

from __future__ import annotations

from array import array
from hashlib import blake2b

from .bounds import (
    check_length,
    check_min_length,
    check_row_numbers,
    check_rows,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...arrow.rows import Addresses

__all__ = ["HashSet", "Hasher", "find_sent_rows"]

_KEY_BYTES, _HASH_BYTES = 16, 8


class Hasher:
    """Hashes texts with a secret key.

    Nobody who does not know the key can write two texts with the same hash.

    Args:
        key: 16 random bytes.

    Raises:
        ValueError: The key has another length.
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        check_length("key", len(key), _KEY_BYTES)
        self._key = key

    def hash_rows(
        self,
        column: Addresses,
        first: int,
        stop: int,
        hashes: memoryview,
        skips_mark: bool = False,
    ) -> tuple[int, int]:
        """Hash rows of an Arrow column of texts, each with the hash that is in its place.

        Args:
            column: The texts.
            first: Row to begin with.
            stop: Row to end before.
            hashes: 64 bits for each row: 0, or the hash of a text that belongs to the row. Receives
                the hash of both; a null has that of an empty text.
            skips_mark: Whether the texts are numbers that begin with their country code, of which
                "+" or "00" before it does not count.

        Returns:
            An `Outcome`, and the row that caused it, or `stop`.

        Raises:
            ValueError: `first` and `stop` are not a range, or `hashes` is too short.
        """
        from ...arrow.rows import Outcome, OutOfRangeError, read_rows

        check_min_length("hashes", len(hashes), check_rows(first, stop))
        row = first
        try:
            for value in read_rows(column, first, stop):
                octets = value or b""
                if skips_mark:
                    octets = octets.removeprefix(b"00" if octets[:1] == b"0" else b"+")
                hashes[row - first] = self._hash(hashes[row - first], octets)
                row += 1
        except OutOfRangeError as error:
            return error.outcome, row
        return Outcome.FINE, stop

    def _hash(self, other: int, octets: bytes) -> int:
        salt = other.to_bytes(_HASH_BYTES, "little")
        digest = blake2b(octets, digest_size=_HASH_BYTES, key=self._key, salt=salt).digest()
        return int.from_bytes(digest, "little")


class HashSet:
    """A set of 64-bit hashes that reports which ones were present before."""

    __slots__ = ("_hashes",)

    def __init__(self) -> None:
        self._hashes: set[int] = set()

    def __len__(self) -> int:
        return len(self._hashes)

    def insert(self, hashes: memoryview, rows: memoryview) -> memoryview:
        """Insert the hashes of some rows, and return those rows whose hash was present before.

        Args:
            hashes: Unsigned integers of 64 bits.
            rows: Row numbers of `hashes`, as int32; they are inserted in this order.

        Returns:
            Row numbers, as int32.

        Raises:
            ValueError: A row is not one of `hashes`.
        """
        check_row_numbers(rows, len(hashes))
        repeated = array("i")
        for row in rows:
            if hashes[row] in self._hashes:
                repeated.append(row)
            self._hashes.add(hashes[row])
        return memoryview(repeated)


def find_sent_rows(
    units: memoryview, matches: memoryview, no_rate: int, not_e164: int
) -> tuple[memoryview, memoryview]:
    """Find the messages with a text and a number.

    Args:
        units: Units of each row, as int32; a row with 0 units has no text.
        matches: What `PrefixIndex` returned for the number of each row.
        no_rate: The lowest match of a number.
        not_e164: The match of a recipient that may be a number all the same.

    Returns:
        The rows with a text and a number, and those with a text and such a recipient, as int32.

    Raises:
        ValueError: The buffers differ in length.
    """
    check_length("matches", len(matches), len(units))
    rows = [(row, match) for row, match in enumerate(matches) if units[row]]
    sent = array("i", [row for row, match in rows if match >= no_rate])
    doubtful = array("i", [row for row, match in rows if match == not_e164])
    return memoryview(sent), memoryview(doubtful)
