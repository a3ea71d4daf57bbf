"""Polars: `import septet.frames.polars` gives expressions and series the namespace `sms`.

Expressions are element-wise, so they work in lazy frames, the streaming engine and groups. Texts
are read in place, through the Arrow C data interface; a null stays null.
"""

from __future__ import annotations

from ..costing.rates.price_columns import PRICE_TYPE, PriceFinder, find_destinations
from ..exceptions import EncodingError, MissingExtraError
from ..segmentation import Segmenter
from ..standard.encoding import Encoding

try:
    import polars as pl
except ImportError as error:
    raise MissingExtraError("polars", "polars", "septet.frames.polars") from error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from polars._typing import PolarsDataType

    from ..costing import RateCard
    from ..costing.rates.price_columns import Bound
    from ..rewriting.replacements import Level
    from ..rewriting.transliteration import When

__all__ = ["SmsExpr", "SmsSeries"]

_DEFAULT = Segmenter()
_ENCODING = pl.Enum([encoding.value for encoding in Encoding])
_PRICE = pl.Decimal(*PRICE_TYPE)
_ANALYSIS = pl.Struct({"encoding": _ENCODING, "unit_count": pl.Int32, "segment_count": pl.Int32})

# Selecting from these is three times as fast as casting a column of categories to the enum.
_ENCODINGS = pl.lit(pl.Series(_ENCODING.categories, dtype=_ENCODING))
_IS_UCS2 = pl.col("encoding") == Encoding.UCS2.value


@pl.api.register_series_namespace("sms")
class SmsSeries:
    """The namespace `sms` of Series: encodings, units and segments of its texts.

    All methods raise what `Segmenter.count_many` raises.

    Example:
        >>> pl.Series(["Hello", "é" * 161]).sms.segment_count().to_list()
        [1, 2]
    """

    def __init__(self, series: pl.Series) -> None:
        self._series = series

    def segment_count(self, segmenter: Segmenter | None = None) -> pl.Series:
        """Return the segments of each text, as Int32.

        Args:
            segmenter: The rules to count by; the default rules if omitted.
        """
        counts = (segmenter or _DEFAULT).count_many(self._series)
        return pl.Series(counts).alias(self._series.name)

    def unit_count(self, segmenter: Segmenter | None = None) -> pl.Series:
        """Return the septets or code units of each text, without headers, as Int32.

        Args:
            segmenter: The rules to count by; the default rules if omitted.
        """
        return self._field("unit_count", segmenter)

    def encoding(self, segmenter: Segmenter | None = None) -> pl.Series:
        """Return the encoding of each text, as an Enum of "gsm7" and "ucs2".

        Args:
            segmenter: The rules to count by; the default rules if omitted.
        """
        return self._field("encoding", segmenter)

    def analyze(self, segmenter: Segmenter | None = None) -> pl.Series:
        """Return a struct of `encoding`, `unit_count` and `segment_count` for each text.

        Args:
            segmenter: The rules to count by; the default rules if omitted.
        """
        analysis = pl.Series((segmenter or _DEFAULT).analyze_many(self._series))
        frame = analysis.struct.unnest().with_columns(
            encoding=_ENCODINGS.gather(_IS_UCS2.cast(pl.UInt32))
        )
        row = pl.when(pl.col("unit_count").is_not_null()).then(pl.struct(pl.all()))
        return frame.select(row.alias(self._series.name)).to_series()

    def transliterate(
        self,
        level: Level = "punctuation",
        *,
        when: When = "helps",
        segmenter: Segmenter | None = None,
    ) -> pl.Series:
        """Replace the characters that force the texts into UCS-2, as `transliterate_many` does.

        Args:
            level: "punctuation", "letters" or "all".
            when: "helps", "cheaper" or "always"; decided for each text.
            segmenter: The rules to count by; the default rules if omitted.
        """
        texts = (segmenter or _DEFAULT).transliterate_many(self._series, level, when=when)
        return pl.Series(texts).alias(self._series.name)

    def price(
        self,
        rates: RateCard,
        *,
        to: pl.Series,
        network: pl.Series | None = None,
        currency: str | None = None,
        bound: Bound | None = None,
        segmenter: Segmenter | None = None,
    ) -> pl.Series:
        """Return the price of each text, as Decimal; see `SmsExpr.price`.

        Args:
            rates: The rate card.
            to: The recipients of the texts.
            network: The networks of the recipients, if they are known.
            currency: The currency of the prices; may be omitted if the card has only one.
            bound: "lowest" or "highest", for prices that are a range.
            segmenter: The rules to count by; the default rules if omitted.
        """
        finder = PriceFinder(rates, segmenter, currency=currency, bound=bound)
        return _prices(finder, [self._series, to, *([] if network is None else [network])])

    def destination(self, rates: RateCard, *, to: pl.Series | None = None) -> pl.Series:
        """Return the destination of each number, as String; see `SmsExpr.destination`.

        Args:
            rates: The rate card.
            to: The numbers; those of this series if omitted.
        """
        numbers = self._series if to is None else to
        names, indexes = find_destinations(rates, numbers)
        distinct = pl.Series(self._series.name, names, pl.String)
        return distinct.gather(pl.Series(indexes))

    def _field(self, name: str, segmenter: Segmenter | None) -> pl.Series:
        return self.analyze(segmenter).struct.field(name).alias(self._series.name)


@pl.api.register_expr_namespace("sms")
class SmsExpr:
    """The namespace `sms` of expressions: encodings, units and segments of the texts.

    All methods raise what `Segmenter.count_many` raises, but as a Polars `ComputeError` if a text
    cannot be encoded. Polars passes the rows in batches, so errors do not name the row.

    Example:
        >>> frame = pl.DataFrame({"body": ["Hello", None]})
        >>> frame.select(pl.col("body").sms.segment_count()).to_series().to_list()
        [1, None]
    """

    def __init__(self, expr: pl.Expr) -> None:
        self._expr = expr

    def segment_count(self, segmenter: Segmenter | None = None) -> pl.Expr:
        """Return the segments of each text, as Int32.

        Args:
            segmenter: The rules to count by; the default rules if omitted.
        """
        return self._map(SmsSeries.segment_count, segmenter, pl.Int32)

    def unit_count(self, segmenter: Segmenter | None = None) -> pl.Expr:
        """Return the septets or code units of each text, without headers, as Int32.

        Args:
            segmenter: The rules to count by; the default rules if omitted.
        """
        return self._map(SmsSeries.unit_count, segmenter, pl.Int32)

    def encoding(self, segmenter: Segmenter | None = None) -> pl.Expr:
        """Return the encoding of each text, as an Enum of "gsm7" and "ucs2".

        Args:
            segmenter: The rules to count by; the default rules if omitted.
        """
        return self._map(SmsSeries.encoding, segmenter, _ENCODING)

    def analyze(self, segmenter: Segmenter | None = None) -> pl.Expr:
        """Return a struct of `encoding`, `unit_count` and `segment_count` for each text.

        Args:
            segmenter: The rules to count by; the default rules if omitted.
        """
        return self._map(SmsSeries.analyze, segmenter, _ANALYSIS)

    def transliterate(
        self,
        level: Level = "punctuation",
        *,
        when: When = "helps",
        segmenter: Segmenter | None = None,
    ) -> pl.Expr:
        """Replace the characters that force the texts into UCS-2, as `transliterate_many` does.

        Args:
            level: "punctuation", "letters" or "all".
            when: "helps", "cheaper" or "always"; decided for each text.
            segmenter: The rules to count by; the default rules if omitted.
        """
        rules = segmenter or _DEFAULT
        rules.transliterate("", level, when=when)  # refuses wrong arguments here

        def transliterate(series: SmsSeries, rules: Segmenter | None) -> pl.Series:
            return series.transliterate(level, when=when, segmenter=rules)

        return self._map(transliterate, rules, pl.String)

    def price(
        self,
        rates: RateCard,
        *,
        to: str | pl.Expr,
        network: str | pl.Expr | None = None,
        currency: str | None = None,
        bound: Bound | None = None,
        segmenter: Segmenter | None = None,
    ) -> pl.Expr:
        """Return what each text costs, as an exact Decimal.

        It is null for a row without text, for a number without a price, and for a price that is a
        range, because the network is not known, unless `bound` is given. The sum of a column is
        that of the estimate.

        Args:
            rates: The rate card.
            to: The column of recipients, or its name.
            network: The column of their networks, or its name, for a card with rates by network.
            currency: The currency of the prices; rows in other currencies are null. It may be
                omitted if the card has only one.
            bound: "lowest" or "highest": which bound of a price is returned if it is a range.
            segmenter: The rules to count by; the default rules if omitted.

        Raises:
            ValueError: The card has several currencies and `currency` is omitted, or no rate has
                this one; or `bound` is unknown.
        """
        finder = PriceFinder(rates, segmenter, currency=currency, bound=bound)
        columns = [self._expr, *(_column(each) for each in (to, network) if each is not None)]
        return pl.map_batches(
            columns,
            lambda series: _without_row(lambda: _prices(finder, series)),
            return_dtype=_PRICE,
            is_elementwise=True,
        )

    def destination(self, rates: RateCard, *, to: str | pl.Expr | None = None) -> pl.Expr:
        """Return the destination of each number as estimates name it, as String.

        That is the country in the card, or else "+" and the prefix; null without a rate.

        Args:
            rates: The rate card.
            to: The column of numbers, or its name; this column if omitted.
        """

        def call(series: Sequence[pl.Series]) -> pl.Series:  # pragma: no cover  # in threads
            columns = _extended(series)
            return SmsSeries(columns[0]).destination(rates, to=columns[-1])

        return pl.map_batches(
            [self._expr, *([] if to is None else [_column(to)])],
            call,
            return_dtype=pl.String,
            is_elementwise=True,
        )

    def _map(
        self,
        method: Callable[[SmsSeries, Segmenter | None], pl.Series],
        segmenter: Segmenter | None,
        dtype: PolarsDataType,
    ) -> pl.Expr:
        def call(series: pl.Series) -> pl.Series:  # pragma: no cover  # in threads of Polars
            return _without_row(lambda: method(SmsSeries(series), segmenter))

        return self._expr.map_batches(call, return_dtype=dtype, is_elementwise=True)


def _column(column: str | pl.Expr) -> pl.Expr:
    return pl.col(column) if isinstance(column, str) else column


def _extended(columns: Sequence[pl.Series]) -> list[pl.Series]:
    """Return columns of one length: as in Polars, one row, such as a literal, stands for any."""
    row_count = next((len(column) for column in columns if len(column) != 1), 1)
    return [
        column.new_from_index(0, row_count) if len(column) == 1 else column for column in columns
    ]


def _prices(finder: PriceFinder, columns: Sequence[pl.Series]) -> pl.Series:
    """Return the prices of texts, by their numbers and, if known, their networks."""
    prices, indexes = finder.find(*_extended(columns))
    return pl.Series(columns[0].name, prices, _PRICE).gather(pl.Series(indexes))


def _without_row(call: Callable[[], pl.Series]) -> pl.Series:
    """Return what a call in a thread of Polars returns; errors do not name the row."""
    try:
        return call()
    except EncodingError as error:
        # Polars keeps only the message of an error; the row would be one of a batch.
        reason = str(EncodingError(error.char, error.index))
        raise pl.exceptions.ComputeError(reason) from error
