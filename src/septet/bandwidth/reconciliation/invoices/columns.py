"""The columns of an invoice: known by their headings, or named by the caller."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ....costing.reading.sources import find_column, list_columns
from ....exceptions import SourceError

__all__ = ["FoundColumns", "InvoiceColumns", "find_columns"]

# Headings in small letters, without spaces and signs. Bandwidth's message detail records have
# MessageID, CallDirection and DestinationTn (bandwidth.com/support, "Message Detail Record field
# descriptions"); the others are those of search results and of other providers. Words that may also
# name the price of one segment, such as "price" and "rate", are not among them.
_HEADINGS = {
    "id": ("messageid", "msgid", "messageuuid", "messagesid", "id"),
    "segments": (
        *("segmentcount", "segments", "totalsegments", "numsegments", "numberofsegments"),
        *("messageparts", "parts"),
    ),
    "amount": (
        *("amount", "totalamount", "billedamount", "amountbilled"),
        *("cost", "totalcost", "charge", "totalcharge"),
    ),
    "currency": ("currency", "currencycode"),
    "recipient": (
        *("destinationtn", "to", "recipient", "destination", "tonumber", "destinationnumber"),
    ),
    "direction": ("calldirection", "messagedirection", "direction"),
    "segment_number": (
        "segmentindex",
        "segmentnumber",
        "segmentid",
        "segmentsequence",
        "partnumber",
    ),
}
_DETAIL_RECORD = "calldirection"  # Bandwidth's message detail records have a line for each segment
_CURRENCY = re.compile(r"[A-Z]{3}")
_WITH_CURRENCY = re.compile(r"(.+?)[\s_]*[\s_(\[]([A-Za-z]{3})[)\]]?")


@dataclass(frozen=True, slots=True)
class InvoiceColumns:
    """The columns of an invoice that its headings do not tell.

    Attributes:
        id: The column of message ids.
        segments: The column of billed segments.
        amount: The column of amounts.
        currency: The column of currencies, or the currency of all amounts.
    """

    id: str | None = None
    segments: str | None = None
    amount: str | None = None
    currency: str | None = None


class FoundColumns(NamedTuple):
    """The columns of a file, by their roles; None for a role without a column.

    Attributes:
        id: Message ids.
        segments: Billed segments.
        amount: Amounts.
        currency: Currencies.
        recipient: Recipients.
        direction: Directions.
        segment_number: The number of the segment of each line: then each line is a segment.
        all_in: The currency of all amounts, if there is no column of them.
    """

    id: str
    segments: str | None
    amount: str | None
    currency: str | None
    recipient: str | None
    direction: str | None
    segment_number: str | None
    all_in: str | None

    @property
    def has_line_for_segment(self) -> bool:
        """Whether each line is a segment, as in Bandwidth's message detail records."""
        return self.segment_number is not None or (self.segments is None and self.amount is None)


def find_columns(header: Sequence[str], wanted: InvoiceColumns, name: str) -> FoundColumns:
    """Return the columns of an invoice.

    Args:
        header: The headings.
        wanted: The columns that were named.
        name: The name of the file, for messages.

    Raises:
        SourceError: A column that was named is missing; no column has message ids, or neither
            segments nor amounts; or several columns may have the same role.
    """
    all_in = None
    currency = wanted.currency
    if currency is not None and currency not in header and _CURRENCY.fullmatch(currency):
        currency, all_in = None, currency
    given = {
        "id": wanted.id,
        "segments": wanted.segments,
        "amount": wanted.amount,
        "currency": currency,
    }
    found: dict[str, str | None] = {}
    for role in _HEADINGS:
        if (column := given.get(role)) is not None:
            find_column(column, header, name)
            found[role] = column
        elif role == "currency" and all_in is not None:
            found[role] = None
        else:
            found[role] = _known(role, header, name)
    if found["id"] is None:
        raise SourceError(
            f"{name}: no heading is known as that of message ids; name the column with "
            f"--invoice-id; the columns are {list_columns(header)}"
        )
    counts = (found["segments"], found["amount"], found["segment_number"])
    if counts == (None, None, None) and _DETAIL_RECORD not in map(_plain, header):
        raise SourceError(
            f"{name}: no heading is known as that of segments or amounts; name one with "
            f"--invoice-segments or --invoice-amount; the columns are {list_columns(header)}"
        )
    if found["amount"] is not None and found["currency"] is None and all_in is None:
        match = _WITH_CURRENCY.fullmatch(found["amount"])
        all_in = match[2].upper() if match and _plain(match[1]) in _HEADINGS["amount"] else None
    return FoundColumns(**found, all_in=all_in)  # type: ignore[arg-type]


def _known(role: str, header: Sequence[str], name: str) -> str | None:
    """Return the only column whose heading is known for a role, or None."""
    words = _HEADINGS[role]
    found = [column for column in header if _plain(column) in words]
    if role == "amount" and not found:
        matches = ((column, _WITH_CURRENCY.fullmatch(column)) for column in header)
        found = [column for column, match in matches if match and _plain(match[1]) in words]
    if role == "id" and len(found) > 1:  # a line may have an id of its own
        found = [column for column in found if _plain(column) == words[0]] or found
    if len(found) > 1:
        option = f"--invoice-{role}" if role in InvoiceColumns.__slots__ else "another heading"
        raise SourceError(
            f"{name}: {list_columns(found)} may be the column of {role}s; choose with {option}"
        )
    return found[0] if found else None


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", heading.lower())
