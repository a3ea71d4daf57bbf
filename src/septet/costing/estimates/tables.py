"""The figures of an estimate as tables of pyarrow (extra `arrow`) or Polars (extra `polars`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from ...display.characters import code_point
from ...exceptions import MissingExtraError
from ..rates.tallies import Cost, Group
from .figures import Figures

if TYPE_CHECKING:
    from typing import TypeAlias

    import polars
    import pyarrow

    ArrowTables: TypeAlias = dict[str, pyarrow.Table]
    PolarsTables: TypeAlias = dict[str, polars.DataFrame]

__all__ = ["Table", "make_tables", "to_arrow", "to_polars"]

_COUNTS = frozenset({"messages", "segments"})
_AMOUNTS = frozenset({"cost", "saved", "lowest", "highest"})
_PRECISION, _SCALE = 38, 12  # of amounts, which shares of traffic can give twelve decimals


class Table(NamedTuple):
    """A table of figures.

    Attributes:
        columns: The names of the columns. "messages" and "segments" are integers; "cost", "saved",
            "lowest" and "highest" are `Decimal`; all others are texts.
        rows: The rows.
    """

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


def make_tables(figures: Figures) -> dict[str, Table]:
    """Return the figures as tables, by name.

    * totals: currency, messages, segments, cost, lowest, highest
    * destinations: destination, currency, messages, segments, cost, lowest, highest
    * by: column, value, currency, messages, segments, cost, lowest, highest, for the columns that
      messages were added up by
    * unpriced: reason, messages, segments
    * non_gsm_characters: char, code_point, messages
    * alternatives: kind ("MMS" or "RCS"), sent ("as SMS", "instead", or "cheaper", which has what
      is saved), currency, and the same figures; without rows if there are no such rates
    * savings: change, currency, messages, segments, saved, lowest, highest; without rows if savings
      were not looked for

    An amount that depends on networks which are not known is null, and lies between `lowest` and
    `highest`; these are equal to any other amount.

    In `by` and `savings`, a row without a currency has the messages that have no price. So the
    messages and segments of all rows add up.

    Args:
        figures: The figures.
    """
    sums = figures.sums
    savings = {} if sums.savings is None else sums.savings.ways()
    amounts = "messages", "segments", "cost", "lowest", "highest"
    return {
        "totals": Table(
            ("currency", *amounts),
            [(currency, *_cost(cost)) for currency, cost in figures.totals.items()],
        ),
        "destinations": Table(
            ("destination", "currency", *amounts),
            [
                (label, currency, *_cost(cost))
                for label, currency, cost in figures.ranked_destinations
            ],
        ),
        "by": Table(
            ("column", "value", "currency", *amounts),
            [
                (column, value, *row)
                for column, groups in sums.groups.items()
                for value, group in figures.ranked(groups)
                for row in _by_currency(group)
            ],
        ),
        "unpriced": Table(
            ("reason", "messages", "segments"),
            [
                (reason, tally.messages, tally.segments)
                for reason, tally in sorted(sums.unpriced.items())
            ],
        ),
        "non_gsm_characters": Table(
            ("char", "code_point", "messages"),
            [
                (char, code_point(char), messages)
                for char, messages in figures.ranked_non_gsm_characters
            ],
        ),
        "alternatives": Table(
            ("kind", "sent", "currency", *amounts),
            [
                (kind, sent, *row)
                for kind, each in (
                    {} if sums.savings is None else sums.savings.alternatives()
                ).items()
                for sent, group in (
                    ("as SMS", each.as_sms),
                    ("instead", each.instead),
                    ("cheaper", each.cheaper),
                )
                for row in _by_currency(group)
            ],
        ),
        "savings": Table(
            ("change", "currency", "messages", "segments", "saved", "lowest", "highest"),
            [(way, *row) for way, group in figures.ranked(savings) for row in _by_currency(group)],
        ),
    }


def to_arrow(figures: Figures) -> ArrowTables:
    """Return the tables of `make_tables` as tables of pyarrow; amounts are decimal128(38, 12).

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow
    except ImportError:
        raise MissingExtraError("pyarrow", "arrow", "Arrow tables") from None
    types = {
        **dict.fromkeys(_COUNTS, pyarrow.int64()),
        **dict.fromkeys(_AMOUNTS, pyarrow.decimal128(_PRECISION, _SCALE)),
    }
    return {
        name: pyarrow.table(
            [
                pyarrow.array(cells, types.get(column, pyarrow.string()))
                for column, cells in _columns(table)
            ],
            names=list(table.columns),
        )
        for name, table in make_tables(figures).items()
    }


def to_polars(figures: Figures) -> PolarsTables:
    """Return the tables of `make_tables` as data frames of Polars; amounts are Decimal(38, 12).

    Raises:
        MissingExtraError: Polars is not installed.
    """
    try:
        import polars
    except ImportError:
        raise MissingExtraError("polars", "polars", "Polars tables") from None
    types: dict[str, polars.DataType] = {
        **dict.fromkeys(_COUNTS, polars.Int64()),
        **dict.fromkeys(_AMOUNTS, polars.Decimal(_PRECISION, _SCALE)),
    }
    return {
        name: polars.DataFrame(
            [
                polars.Series(column, cells, types.get(column, polars.String()))
                for column, cells in _columns(table)
            ]
        )
        for name, table in make_tables(figures).items()
    }


def _cost(cost: Cost) -> tuple[object, ...]:
    return cost.messages, cost.segments, cost.amount, cost.lowest, cost.highest


def _by_currency(group: Group) -> Iterator[tuple[object, ...]]:
    """Yield currency, messages, segments and amount of a group, then what has no price."""
    messages, segments = group.messages, group.segments
    for currency, cost in sorted(group.costs.items()):
        messages -= cost.messages
        segments -= cost.segments
        yield currency, *_cost(cost)
    if messages or not group.costs:
        yield None, messages, segments, None, None, None


def _columns(table: Table) -> Iterator[tuple[str, Iterable[object]]]:
    """Yield the name and the cells of each column; texts have no lone surrogates."""
    for index, column in enumerate(table.columns):
        cells = [row[index] for row in table.rows]
        yield column, [_utf8(cell) if isinstance(cell, str) else cell for cell in cells]


def _utf8(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
