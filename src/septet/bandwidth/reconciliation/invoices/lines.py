"""The lines of an invoice, sorted by message id in a temporary database.

SQLite keeps it in a file that it deletes itself, so memory does not grow with the invoice.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import Any, Self

from ....columns.surveys import listed
from ....costing.rates.lists.values.currencies import DOLLAR, DOLLARS
from ....costing.reading.campaigns import Campaign, find_files
from ....costing.reading.opening import read_header
from ....costing.reading.sources import Batch, Columns
from ....costing.reading.unreadable_rows import UnreadableRows
from ....exceptions import SourceError
from ...storing.columns import ascii_escaped, key_of
from .amounts import EXACT, parse_count, parse_invoice_amount
from .columns import InvoiceColumns, find_columns

__all__ = ["BilledMessage", "InvoiceLines"]

_MAX_CHARGES = 64  # more than a message can have recipients
_CACHE_KIB = 32 << 10
_NOT_DIGITS = re.compile("[^0-9]+")
_CURRENCY = re.compile("[A-Z]{3}")
_TABLE = """
CREATE TABLE lines (
    key TEXT, recipient TEXT, is_credit INTEGER, segments INTEGER, amount TEXT, currency TEXT,
    message_id TEXT, is_received INTEGER
)"""


@dataclass(slots=True)
class BilledMessage:
    """The lines of an invoice for one message.

    Attributes:
        key: The key of the message's id, as stores have it.
        message_id: The id, with escapes for characters that are not ASCII.
        line_count: All lines.
        credit_count: Lines with a negative amount.
        recipient_count: The recipients of the other lines; 0 if there is no column of them.
        segments: The segments of these lines, of the first one for each recipient; None where a
            line has none.
        total_segments: The segments of all lines that are no credits; None if one of them has none.
        amounts: The exact sum of all lines by currency.
        is_received: Whether a line says that the message was received.
    """

    key: str
    message_id: str
    line_count: int = 0
    credit_count: int = 0
    recipient_count: int = 0
    segments: list[int | None] = field(default_factory=list)
    total_segments: int | None = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    is_received: bool = False

    @property
    def charge_count(self) -> int:
        """The lines that are no credits."""
        return self.line_count - self.credit_count


class InvoiceLines:
    """The lines of an invoice; close it, or use it in a `with` statement.

    Attributes:
        columns: The columns of the file.
        line_count: The lines that could be read.
        credit_count: Those of them that are credits.
        unreadable: The lines that could not be read.
        without_id: Lines without a message id, such as fees and sums.
        amounts_without_id: The exact sums of these lines by currency.
    """

    def __init__(
        self, paths: Sequence[str], wanted: InvoiceColumns, encoding: str | None = None
    ) -> None:
        """Read an invoice.

        Args:
            paths: Its files, as `estimate` takes them, with the columns of the first one.
            wanted: The columns that the headings do not tell.
            encoding: The encoding of CSV and JSON Lines files; UTF-8 if left out.

        Raises:
            OSError: A file cannot be opened.
            SourceError: A file is damaged or of an unknown kind, a column is missing or cannot be
                chosen, or an amount has no currency.
            MissingExtraError: A package that a file needs is not installed.
            ValueError: The encoding is unknown.
        """
        files = [file for path in paths for file in find_files(path)]
        self.columns = find_columns(read_header(files[0], encoding), wanted, files[0])
        self.line_count = self.credit_count = self.without_id = 0
        self.amounts_without_id: dict[str, Decimal] = defaultdict(Decimal)
        self.unreadable = UnreadableRows()
        self._database = sqlite3.connect("")
        try:
            self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            self._database.execute(_TABLE)
            self._read(files, encoding)
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Delete the temporary database."""
        self._database.close()

    def messages(self) -> Iterator[BilledMessage]:
        """Yield the lines of each message, in the order of keys."""
        # The order of bytes, as in stores.
        rows = self._database.execute(
            "SELECT * FROM lines ORDER BY key, recipient, is_credit, rowid"
        )
        for key, group in groupby(rows, key=itemgetter(0)):
            yield self._merge(key, group)

    def _read(self, files: list[str], encoding: str | None) -> None:
        found = self.columns
        optional = (found.segments, found.amount, found.currency, found.recipient, found.direction)
        names = [name for name in optional if name is not None]
        columns = Columns(found.id, by=tuple(dict.fromkeys(names)), encoding=encoding)
        with Campaign(files, columns) as campaign:
            for batch in campaign:
                cells = dict(zip(columns.by, map(listed, batch.groups), strict=True))
                ids = listed(batch.texts)
                nothing = [None] * len(ids)
                rows = zip(ids, *(cells.get(str(name), nothing) for name in optional), strict=True)
                self._database.executemany(
                    "INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self._rows(batch, rows)
                )
            self.unreadable += campaign.unreadable

    def _rows(self, batch: Batch, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Yield the readable lines of a batch as rows of the table."""
        for index, cells in enumerate(rows):
            try:
                row = self._row(*cells)
            except ValueError as error:
                self.unreadable.add(f"{batch.source}, row {batch.row_number(index)}", str(error))
                continue
            except _NoCurrencyError as error:
                place = f"{batch.source}, row {batch.row_number(index)}"
                raise SourceError(f"{place}: {error}") from None
            if row is not None:
                yield row

    def _row(
        self,
        message_id: str | None,
        segments: str | None,
        amount: str | None,
        currency: str | None,
        recipient: str | None,
        direction: str | None,
    ) -> tuple[Any, ...] | None:
        """Return the row of a line; None if it has no message id."""
        value, in_currency = self._amount(amount, currency)
        is_credit = value is not None and value < 0
        count = None
        if segments and segments.strip() and not is_credit:  # a credit may have -1
            count = parse_count(segments)
        self.line_count += 1
        self.credit_count += is_credit
        message_id = (message_id or "").strip()
        if not message_id:
            self.without_id += 1
            if value is not None:
                before = self.amounts_without_id[in_currency]
                self.amounts_without_id[in_currency] = EXACT.add(before, value)
            return None
        key = key_of(message_id)
        return (
            key,
            _NOT_DIGITS.sub("", recipient or ""),
            is_credit,
            count,
            None if value is None else str(value),
            in_currency,
            None if key == message_id else ascii_escaped(message_id),
            (direction or "").strip().lower() in ("in", "inbound"),
        )

    def _amount(self, cell: str | None, currency: str | None) -> tuple[Decimal | None, str]:
        if cell is None or not cell.strip():
            return None, ""
        amount, in_cell = parse_invoice_amount(cell)
        is_dollar = in_cell == DOLLAR
        named = None if is_dollar else in_cell
        code = (currency or "").strip().upper() or self.columns.all_in or named
        if code is None:
            raise _NoCurrencyError(
                f"the amount {cell!r} has no currency; name it with --invoice-currency, such as USD"
            )
        if (
            not _CURRENCY.fullmatch(code)
            or named not in (None, code)
            or (is_dollar and code not in DOLLARS)
        ):
            raise ValueError(f"{cell!r} is not an amount in {code}")
        return amount, code

    def _merge(self, key: str, rows: Iterator[tuple[Any, ...]]) -> BilledMessage:
        message = BilledMessage(key, key)
        last_recipient = None
        for _, recipient, is_credit, segments, amount, currency, message_id, is_received in rows:
            message.message_id = message_id or key
            message.line_count += 1
            message.is_received |= bool(is_received)
            if amount is not None:
                before = message.amounts.get(currency, Decimal(0))
                message.amounts[currency] = EXACT.add(before, Decimal(amount))
            if is_credit:
                message.credit_count += 1
                continue
            if segments is None or message.total_segments is None:
                message.total_segments = None
            else:
                message.total_segments += segments
            if recipient and recipient == last_recipient:
                continue
            message.recipient_count += bool(recipient)
            last_recipient = recipient
            if len(message.segments) < _MAX_CHARGES:
                message.segments.append(segments)
        return message


class _NoCurrencyError(Exception):
    """An amount whose currency nothing tells."""
